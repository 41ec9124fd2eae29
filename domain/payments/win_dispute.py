"""Win a dispute: the provider gives the payment back, and the package the days in which it could not be used."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.expiry.rules import LotDated
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Account, Entry, Event
from domain.ledger.draft import Draft
from domain.ledger.post import Posting, post
from domain.packages import rules as package_rules
from domain.packages import store as packages
from domain.packages.sold import Sold
from domain.payments import rules, store
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
    package that is not disputed. Losing a dispute is not an act yet: it closes a package, which only refunds will be
    able to.
    """
    sold = await packages.lock(work, command.package_id)
    work.authorise(sold.home_branch_id)
    command = _checked(command)
    if sold.disputed_at is None:
        raise NotDisputed(sold.id)
    dispute, today = await store.open_dispute(sold.id), local_date(work.now, sold.home_time_zone)
    draft = Draft(await ledger.lots_of([sold.id]))
    days = await _days_lost(sold, sold.disputed_at, dispute, draft, today)
    _lengthen(draft, sold, days)
    won = _outcome(sold, sold.disputed_at, draft, days, today, work.now)
    entries = (await _given_back(dispute, sold),)
    await post(
        work,
        Posting(sold.id, sold.version, sold.currency, today, draft, entries),
        _recorded(command, sold, won),
    )
    await store.end(dispute, work.operation_id, work.now, today, {lot_id: lost.days for lot_id, lost in days.items()})
    await store.thaw(sold.id, sold.disputed_at, work.now, _start_by(sold, draft, days))
    return won


def _checked(command: WinDispute) -> WinDispute:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _days_lost(
    sold: Sold, disputed_at: datetime, dispute: store.Dispute, draft: Draft, today: date
) -> dict[str, timedelta]:
    """By how many days which lots live longer; those that lose none are left out."""
    freezes = await packages.freezes(sold.id)
    reinstated = await store.reinstated_since(sold.id, disputed_at)
    since = {lot_id: local_date(at, sold.home_time_zone) for lot_id, at in reinstated.items()}
    lost = {
        lot.id: rules.days_lost(lot.id, since.get(lot.id, dispute.starts_on), today, freezes)
        for lot in rules.suspended(draft.after, disputed_at)
    }
    return {lot_id: days for lot_id, days in lost.items() if days}


def _lengthen(draft: Draft, sold: Sold, days: dict[str, timedelta]) -> None:
    draft.redate(
        package_rules.dated(lot, lot.last_day + days[lot.id], sold.terms, sold.home_time_zone)
        for lot in draft.after
        if lot.id in days
    )


async def _given_back(dispute: store.Dispute, sold: Sold) -> Entry | None:
    """The mirror of what was kept back, from the entry that the dispute began with."""
    lines = await ledger.lines_of(dispute.opened_by)
    (kept,) = [line for line in lines if line.account is Account.DISPUTES]
    entry = accounts.dispute(kept.branch_id, sold.id, kept.amount_minor)
    return accounts.mirror(Event.DISPUTE_WON, entry.lines) if entry else None


def _start_by(sold: Sold, draft: Draft, days: dict[str, timedelta]) -> date | None:
    """The last day to start moves along, also after the first use: that may still turn out to be a mistake."""
    of_sale = [days[lot.id] for lot in draft.after if lot.id in days and lot.origin in package_rules.SOLD]
    return sold.start_by and sold.start_by + max(of_sale, default=timedelta())


def _outcome(
    sold: Sold, disputed_at: datetime, draft: Draft, days: dict[str, timedelta], today: date, now: datetime
) -> DisputeWon:
    lots = tuple(
        LotDated(lot_id, draft.lots[lot_id].last_day - days[lot_id], draft.lots[lot_id].last_day)
        for lot_id in sorted(days)
    )
    return DisputeWon(sold.id, disputed_at, today, lots, package_rules.remaining(draft.after, now))


def _recorded(command: WinDispute, sold: Sold, won: DisputeWon) -> Recorded:
    return Recorded(
        won,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
    )
