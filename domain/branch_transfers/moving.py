"""What of a package goes along to another home branch, and what that posts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.branch_transfers.errors import AlreadyAtHome, NothingToMove
from domain.branch_transfers.store import Moved
from domain.branches.store import Branch
from domain.expiry.rules.lapsing import Came, Home, let_lapse
from domain.kernel.calendar import local_date
from domain.ledger import accounts
from domain.ledger.draft import Draft
from domain.ledger.post import Posting
from domain.ledger.rules import Lot
from domain.packages import rules
from domain.packages.errors import BranchClosed, PackageDisputed
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class PackageMoved:
    """A package that is at home elsewhere now, and what went along with it: sessions, their value, what is unpaid."""

    package_id: str
    branch_transfer_id: str
    from_branch_id: str
    from_branch: str
    to_branch_id: str
    to_branch: str
    sessions: int
    value_minor: int
    unpaid_minor: int
    currency: str


def refuse_state(sold: Sold, to: Branch) -> None:
    """Refuse a package that is closed or disputed, one that is there already, and a branch that has closed."""
    rules.refuse_ended(sold)
    if sold.home_branch_id == to.id:
        raise AlreadyAtHome(sold.id, to.id)
    if to.closed_at is not None:
        raise BranchClosed(to.id, to.closed_at)
    if sold.disputed_at is not None:
        raise PackageDisputed(sold.id, sold.disputed_at, for_use=False)


def due(sold: Sold, lots: Sequence[Lot], now: datetime) -> list[Lot]:
    """The lots that have lapsed by the clock and are still to be posted."""
    return [lot for lot in lots if rules.is_due(lot, sold.disputed_at, now)]


def refuse_nothing(sold: Sold, lots: Sequence[Lot]) -> None:
    """Refuse a package of which nothing is left and nothing unpaid; the lots are those by the clock."""
    if not any(lot.left for lot in lots) and not sold.outstanding.amount_minor:
        raise NothingToMove(sold.id)


def moved(
    sold: Sold, lots: Sequence[Lot], came: Mapping[str, Sequence[Came]], to: Branch, now: datetime
) -> tuple[Moved, Posting]:
    """What goes along, and its posting: at the old home first what has lapsed by then, as though a sweep had run.

    Sessions, held ones too, and their dates stay as they are; who owes them changes, on the new home's day.
    """
    draft = Draft(lots)
    home = Home(sold.id, sold.home_branch_id, sold.home_time_zone, sold.lapse_tax, sold.homed_at)
    lapsed = let_lapse(draft, due(sold, lots, now), home, came)
    refuse_nothing(sold, draft.after)
    what = Moved(
        sessions=sum(lot.left for lot in draft.after),
        value_minor=sum(lot.value_left_minor for lot in draft.after),
        unpaid_minor=sold.outstanding.amount_minor,
    )
    entry = accounts.branch_transfer(sold.id, sold.home_branch_id, to.id, what.value_minor, what.unpaid_minor)
    day = local_date(now, to.time_zone)
    return what, Posting(sold.id, sold.version, sold.currency, day, draft, (*lapsed, entry))


def package_moved(sold: Sold, transfer_id: str, home: Branch, to: Branch, what: Moved) -> PackageMoved:
    """The outcome of a move."""
    return PackageMoved(
        package_id=sold.id,
        branch_transfer_id=transfer_id,
        from_branch_id=home.id,
        from_branch=home.name,
        to_branch_id=to.id,
        to_branch=to.name,
        sessions=what.sessions,
        value_minor=what.value_minor,
        unpaid_minor=what.unpaid_minor,
        currency=sold.currency,
    )
