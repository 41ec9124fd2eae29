"""Renewal inside grace: who buys a package again takes along what the one in its grace still holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.kernel.commands import Recorded, Work
from domain.kernel.ids import new_id
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Entry
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posted, Posting
from domain.ledger.rules import Bucket, Lot, Origin
from domain.packages import rules, store
from domain.packages.rules import Status
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class Renewed:
    """A package that was renewed, and how many of its sessions moved into the new one."""

    package_id: str
    sessions: int


@dataclass(frozen=True, slots=True)
class PackageRenewed:
    """What the sale of the new package did to an old one."""

    package_id: str
    sessions: int
    renewed_by_package_id: str


@dataclass(frozen=True, slots=True)
class Leaving:
    """An old package, locked, from which everything available has moved out in a draft; an operation of its own."""

    work: Work
    sold: Sold
    draft: Draft

    @property
    def renewed(self) -> Renewed:
        """What is told about it."""
        return Renewed(self.sold.id, sum(movement.sessions for movement in self.draft.movements))

    @property
    def value_minor(self) -> int:
        """The value that its sessions take with them."""
        return sum(movement.carried.value_minor for movement in self.draft.movements)


async def leaving(work: Work, definition_id: str, customer_id: str, branch_id: str) -> list[Leaving]:
    """Lock the customer's packages of the definition that are renewed by a sale now, and move out what they have.

    Those are in grace, their terms say so, and nothing blocks them; a package that may be used only up to what is
    paid waits until all of it is. What a booking holds stays with it.
    """
    held = await store.lock_in_grace(work, definition_id, customer_id, work.now)
    lots = await ledger.lots_of([sold.id for sold in held]) if held else []
    found = []
    for sold in held:
        own = [lot for lot in lots if lot.package_id == sold.id]
        if _renews(sold, own, work.now):
            locked = await store.lock(work, sold.id)
            found.append(Leaving(work.another(), locked, _moved_out(own, work.now, branch_id)))
    return found


def _renews(sold: Sold, lots: Sequence[Lot], now: datetime) -> bool:
    unpaid = sold.terms.use.up_to_paid and sold.outstanding.amount_minor > 0
    available = any(lot.available for lot in lots if now < lot.lapses_at)
    in_grace = rules.status(sold, lots, now) is Status.IN_GRACE
    return sold.terms.validity.renewal_in_grace and in_grace and available and not unpaid


def _moved_out(lots: Sequence[Lot], now: datetime, branch_id: str) -> Draft:
    draft = Draft(lots)
    for lot in lots:
        if lot.available and now < lot.lapses_at:
            draft.move(lot.id, Bucket.AVAILABLE, Bucket.MOVED, lot.available, Occasion(now, branch_id=branch_id))
    return draft


def take_over(draft: Draft, package_id: str, old: Sequence[Leaving]) -> None:
    """Issue a lot in the new package for each that was moved out, dated as the sale has dated its own."""
    dates = draft.after[0]
    for each in old:
        for movement in each.draft.movements:
            lot = _taken_over(each.draft.lots[movement.lot_id], package_id, dates, movement.occasion.effective_at)
            draft.issue(lot, movement.sessions, movement.carried, movement.occasion)


def _taken_over(old: Lot, package_id: str, dates: Lot, now: datetime) -> Lot:
    return Lot(
        id=new_id("lot"),
        package_id=package_id,
        origin=Origin.TRANSFER,
        bonus=old.bonus,
        item=old.item,
        services=old.services,
        issued_at=now,
        last_day=dates.last_day,
        expires_at=dates.expires_at,
        lapses_at=dates.lapses_at,
        priority=old.priority,
        breakage_bp=old.breakage_bp,
    )


def entries(old: Sequence[Leaving], home_branch_id: str, package_id: str) -> list[Entry | None]:
    """The value that moves from each old package into the new one, told by the operation that sells the new one."""
    return [
        accounts.renewal(each.sold.home_branch_id, each.sold.id, home_branch_id, package_id, each.value_minor)
        for each in old
    ]


def postings(old: Sequence[Leaving], package_id: str, branch_id: str, posted_on: date) -> list[Posted]:
    """What the sale does to the old packages: an operation for each."""
    return [
        Posted(
            each.work,
            Posting(each.sold.id, each.sold.version, each.sold.currency, posted_on, each.draft),
            _recorded(each, package_id, branch_id),
        )
        for each in old
    ]


def _recorded(each: Leaving, package_id: str, branch_id: str) -> Recorded:
    return Recorded(
        PackageRenewed(each.sold.id, each.renewed.sessions, package_id),
        branch_id=branch_id,
        package_id=each.sold.id,
        package_version=each.sold.version,
        customer_id=each.sold.holder_id,
    )
