"""Pure rules of refunds: what used sessions are worth, what is kept, what comes back, and how it is paid and booked."""

from domain.refunds.rules.booking import Settling as Settling
from domain.refunds.rules.booking import agreed as agreed
from domain.refunds.rules.booking import later_tax as later_tax
from domain.refunds.rules.booking import tax_share as tax_share
from domain.refunds.rules.cooling_off import WEEKEND as WEEKEND
from domain.refunds.rules.cooling_off import is_cooling_off as is_cooling_off
from domain.refunds.rules.cooling_off import last_day as last_day
from domain.refunds.rules.counting import REFUNDABLE as REFUNDABLE
from domain.refunds.rules.counting import Moment as Moment
from domain.refunds.rules.counting import bought as bought
from domain.refunds.rules.counting import given_back as given_back
from domain.refunds.rules.paying_back import PaidBack as PaidBack
from domain.refunds.rules.paying_back import PaidIn as PaidIn
from domain.refunds.rules.paying_back import over_payments as over_payments
from domain.refunds.rules.paying_back import to_credit as to_credit
from domain.refunds.rules.penalty import Penalty as Penalty
from domain.refunds.rules.penalty import penalty as penalty
from domain.refunds.rules.quoting import Quote as Quote
from domain.refunds.rules.quoting import Reckoned as Reckoned
from domain.refunds.rules.quoting import Reckoning as Reckoning
from domain.refunds.rules.quoting import quote as quote
from domain.refunds.rules.standing import Bought as Bought
from domain.refunds.rules.standing import BoughtItem as BoughtItem
from domain.refunds.rules.standing import Counted as Counted
from domain.refunds.rules.standing import Standing as Standing
from domain.refunds.rules.used_value import used_value as used_value
