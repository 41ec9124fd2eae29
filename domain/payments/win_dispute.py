"""Win a dispute: the provider gives the payment back, and the package the days in which it could not be used."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.expiry.rules import LotDated
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Entry, Event, Line
from domain.ledger.draft import Draft
from domain.ledger.post import Posting, post
from domain.packages import rules
from domain.packages import store as packages
from domain.packages.sold import Sold
from domain.payments import store, thawing
from domain.payments.errors import NotDisputed


@dataclass(frozen=True, slots=True)
class WinDispute:
    """The dispute over a package is settled in favour of the business."""

    package_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DisputeWon:
    """The package can be used again; the days that were lost were added to what the dispute kept alive."""

    package_id: str
    disputed_at: datetime
    thawed_on: date
    lots: tuple[LotDated, ...]
    remaining: int


@act
async def win_dispute(work: Work, command: WinDispute) -> DisputeWon:
    """Mirror what the provider kept back, but not its fee, and end the freeze.

    The local days since the dispute began, but for those that were frozen anyway, are added to the last day of each
    lot that had something left and had not lapsed then; what was reinstated meanwhile gets those since. Refuses a
    package that is not disputed.
    """
    sold = await packages.lock(work, command.package_id)
    work.authorise(sold.home_branch_id)
    command = _checked(command)
    if sold.disputed_at is None:
        raise NotDisputed(sold.id)
    dispute, today = await store.open_dispute(sold.id), local_date(work.now, sold.home_time_zone)
    draft = Draft(await ledger.lots_of([sold.id]))
    days = await thawing.days_lost(sold, sold.disputed_at, dispute, draft, today)
    lots = thawing.lengthen(draft, sold, days)
    won = DisputeWon(sold.id, sold.disputed_at, today, lots, rules.remaining(draft.after, work.now))
    entries = (_given_back(await thawing.kept_back(dispute), sold),)
    await post(
        work,
        Posting(sold.id, sold.version, sold.currency, today, draft, entries),
        _recorded(command, sold, won),
    )
    await thawing.thaw(work, sold, dispute, draft, days)
    return won


def _checked(command: WinDispute) -> WinDispute:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


def _given_back(kept: Line, sold: Sold) -> Entry | None:
    """The mirror of what was kept back."""
    entry = accounts.dispute(kept.branch_id, sold.id, kept.amount_minor)
    return accounts.mirror(Event.DISPUTE_WON, entry.lines) if entry else None


def _recorded(command: WinDispute, sold: Sold, won: DisputeWon) -> Recorded:
    return Recorded(
        won,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
    )
