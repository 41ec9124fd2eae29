"""What handing sessions on depends on: both packages, who holds and receives them, the bookings, and the branches."""

from dataclasses import dataclass
from datetime import datetime

from domain.bookings import carrying
from domain.bookings.carrying import Carrying
from domain.customers.merging_errors import CustomerErased
from domain.kernel.commands import Work
from domain.kernel.db import Outdated
from domain.kernel.errors import NotFound
from domain.ledger import store as ledger
from domain.ledger.rules import Lot
from domain.packages import store as packages
from domain.packages.errors import BranchClosed
from domain.packages.merged_store import no_customer
from domain.packages.rules import refuse_closed
from domain.packages.sold import Place, Sold
from domain.transfers import rules, store
from domain.transfers.asked import Asked
from domain.transfers.errors import PackagesDiffer, TransferLimitReached, TransferToOneself
from domain.transfers.rules import Part


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that decides, as it is now, and the sessions that go; locked where it was read for an act."""

    asked: Asked
    now: datetime
    sold: Sold
    version: int
    """The package's version as whoever asks for a quote reads it; an act that locks gives it the next one."""
    version_id: str
    lots: tuple[Lot, ...]
    into: Sold | None
    into_lots: tuple[Lot, ...]
    place: Place | None
    carrying: Carrying
    parts: tuple[Part, ...]

    @property
    def sessions(self) -> int:
        """How many sessions go."""
        return sum(part.sessions for part in self.parts)


async def judged(work: Work, asked: Asked, *, lock: bool) -> Situation:
    """The situation, unless something keeps the sessions from going; locks customers, then packages, then bookings."""
    ids = [asked.package_id] + ([asked.into_package_id] if asked.into_package_id else [])
    known = await store.versions(work.chain_id, ids)
    same_household = await _refuse_persons(work, asked, known)
    place = await packages.place(work, asked.branch_id) if asked.branch_id else None
    found = await (packages.lock_together(work, ids) if lock else packages.read(work, ids))
    sold, into = _both(found, asked)
    if any(each.holder_id != known[each.id][0] for each in found):
        raise Outdated
    rules.refuse_recipient(sold, same_household)
    await _refuse_state(sold, into, place, work.now)
    _refuse_unlike(sold, into, known)
    lots = await ledger.lots_of(ids)
    own = tuple(lot for lot in lots if lot.package_id == sold.id)
    going = Carrying()
    if asked.with_bookings:
        going = await carrying.coming(work.chain_id, sold.id, work.now)
    parts = rules.parts(sold, own, going.of_lots, asked.sessions, work.now)
    into_lots = tuple(lot for lot in lots if lot.package_id != sold.id)
    version_id = known[sold.id][1]
    version = sold.version - 1 if lock else sold.version
    return Situation(asked, work.now, sold, version, version_id, own, into, into_lots, place, going, tuple(parts))


async def _refuse_persons(work: Work, asked: Asked, known: dict[str, tuple[str, str]]) -> bool:
    """Whether holder and recipient are of one household.

    Refuses packages, and a recipient, that there are not, and a holder who was erased: nobody can hand on for them.
    """
    if asked.package_id not in known:
        raise NotFound("package", asked.package_id, "packageId")
    holder_id = known[asked.package_id][0]
    persons = await store.persons(work.chain_id, [holder_id, asked.recipient_id])
    recipient, holder = persons.get(asked.recipient_id), persons.get(holder_id)
    if recipient is None or recipient.erased_at is not None:
        raise await no_customer(work.chain_id, asked.recipient_id, "recipientId")
    if asked.recipient_id == holder_id:
        raise TransferToOneself(asked.package_id, holder_id)
    into = asked.into_package_id
    if into is not None and (into not in known or known[into][0] != asked.recipient_id):
        raise NotFound("package", into, "intoPackageId")
    if holder is None:
        raise Outdated
    if holder.erased_at is not None:
        raise CustomerErased(holder_id, holder.erased_at, "packageId")
    return holder.household_id is not None and holder.household_id == recipient.household_id


def _both(found: list[Sold], asked: Asked) -> tuple[Sold, Sold | None]:
    by_id = {each.id: each for each in found}
    return by_id[asked.package_id], by_id[asked.into_package_id] if asked.into_package_id else None


async def _refuse_state(sold: Sold, into: Sold | None, place: Place | None, now: datetime) -> None:
    """Refuse packages that may not be used, branches that are closed, and one handed on too often."""
    rules.refuse_blocked(sold, now)
    if into is not None:
        rules.refuse_blocked(into, now)
    if place is not None:
        refuse_closed(place, now)
    await refuse_closed_home(sold, now)
    most = sold.terms.who.maximum_transfers
    if most is not None and await store.handed_on(sold.id) >= most:
        raise TransferLimitReached(sold.id, most)


async def refuse_closed_home(sold: Sold, now: datetime) -> None:
    """Nothing leaves the books of a branch that has closed, or comes back to them; one that is open stays so."""
    closed_at = await store.closed_at(sold.home_branch_id)
    if closed_at is not None and now >= closed_at:
        raise BranchClosed(sold.home_branch_id, closed_at)


def _refuse_unlike(sold: Sold, into: Sold | None, known: dict[str, tuple[str, str]]) -> None:
    if into is not None and (known[sold.id][1] != known[into.id][1] or not rules.fits(sold, into)):
        raise PackagesDiffer(sold.id, into.id)
