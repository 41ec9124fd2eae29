"""Pure rules of the money journal: which lines each event posts (accounting.md, Entries)."""

from domain.ledger.accounts.disputes import dispute as dispute
from domain.ledger.accounts.disputes import dispute_fee as dispute_fee
from domain.ledger.accounts.disputes import dispute_lost as dispute_lost
from domain.ledger.accounts.lines import Account as Account
from domain.ledger.accounts.lines import Entry as Entry
from domain.ledger.accounts.lines import Event as Event
from domain.ledger.accounts.lines import Line as Line
from domain.ledger.accounts.lines import PaymentMethod as PaymentMethod
from domain.ledger.accounts.lines import check_balanced as check_balanced
from domain.ledger.accounts.lines import entry as entry
from domain.ledger.accounts.lines import mirror as mirror
from domain.ledger.accounts.sales import Charged as Charged
from domain.ledger.accounts.sales import Received as Received
from domain.ledger.accounts.sales import Settled as Settled
from domain.ledger.accounts.sales import charge as charge
from domain.ledger.accounts.sales import credited as credited
from domain.ledger.accounts.sales import opening as opening
from domain.ledger.accounts.sales import payment as payment
from domain.ledger.accounts.sales import payout as payout
from domain.ledger.accounts.sales import sale as sale
from domain.ledger.accounts.sessions import Performed as Performed
from domain.ledger.accounts.sessions import lapse as lapse
from domain.ledger.accounts.sessions import reestimate as reestimate
from domain.ledger.accounts.sessions import reinstatement as reinstatement
from domain.ledger.accounts.sessions import renewal as renewal
from domain.ledger.accounts.sessions import session as session
