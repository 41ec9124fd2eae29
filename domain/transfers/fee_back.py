"""The fee of a transfer that is taken back: owed no more, and what of it was paid is the customer's credit."""

from dataclasses import replace

from domain.kernel.calendar import local_date
from domain.kernel.commands import Work
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Charged, Entry, Event
from domain.ledger.charges import owed_by, taken_back
from domain.packages import store as packages
from domain.transfers.store import Transfer


async def charges_of(found: Transfer) -> list[Charged]:
    """The fee; whoever owes it is locked before the packages, as everywhere."""
    charges = await ledger.charges_of(found.operation_id) if found.operation_id else []
    for customer_id in sorted({charge.customer_id for charge in charges}):
        await packages.lock_customer(customer_id)
    return charges


async def mirrors_of(charges: list[Charged]) -> tuple[Charged, ...]:
    """What takes the fee back, once whoever owes it is locked."""
    return taken_back(charges, await owed_by(charges[0].customer_id)) if charges else ()


async def entries(work: Work, found: Transfer, mirrors: tuple[Charged, ...]) -> list[Entry]:
    """The mirror of the fee, of today where it was charged; what had been paid of it is the customer's credit."""
    if not mirrors:
        return []
    place = await packages.place(work, found.branch_id)
    lines = await ledger.lines_of(found.operation_id or "", (Event.CHARGE,))
    told = (accounts.mirror(Event.REVERSAL, lines), *map(accounts.credited, mirrors))
    return [replace(each, posted_on=local_date(work.now, place.time_zone)) for each in told if each]
