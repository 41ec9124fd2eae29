"""The end of a dispute: the freeze that it was ends, and what it kept alive gets the lost days back."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from domain.expiry.rules import LotDated
from domain.kernel.calendar import local_date
from domain.kernel.commands import Work
from domain.ledger import store as ledger
from domain.ledger.accounts import Account, Line
from domain.ledger.draft import Draft
from domain.packages import rules as package_rules
from domain.packages import store as packages
from domain.packages.sold import Sold
from domain.payments import rules, store
from domain.payments.store import Dispute


async def days_lost(
    sold: Sold, disputed_at: datetime, dispute: Dispute, draft: Draft, today: date
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


def lengthen(draft: Draft, sold: Sold, days: Mapping[str, timedelta]) -> tuple[LotDated, ...]:
    """Move the last day of these lots by the days that they have lost, and tell from when to when."""
    before = {lot_id: draft.lots[lot_id].last_day for lot_id in sorted(days)}
    draft.redate(
        package_rules.dated(lot, lot.last_day + days[lot.id], sold.terms, sold.home_time_zone)
        for lot in draft.after
        if lot.id in days
    )
    return tuple(LotDated(lot_id, last_day, draft.lots[lot_id].last_day) for lot_id, last_day in before.items())


async def kept_back(dispute: Dispute) -> Line:
    """What the provider keeps back, as it was posted when the dispute began."""
    lines = await ledger.lines_of(dispute.opened_by)
    (kept,) = [line for line in lines if line.account is Account.DISPUTES]
    return kept


async def thaw(work: Work, sold: Sold, dispute: Dispute, draft: Draft, days: Mapping[str, timedelta]) -> None:
    """Write down that the dispute has ended, now that its end is posted."""
    assert sold.disputed_at is not None
    today = local_date(work.now, sold.home_time_zone)
    await store.end(dispute, work.operation_id, work.now, today, {lot_id: lost.days for lot_id, lost in days.items()})
    await store.thaw(sold.id, sold.disputed_at, work.now, _start_by(sold, draft, days))


def _start_by(sold: Sold, draft: Draft, days: Mapping[str, timedelta]) -> date | None:
    """The last day to start moves along, also after the first use: that may still turn out to be a mistake."""
    of_sale = [days[lot.id] for lot in draft.after if lot.id in days and lot.origin in package_rules.SOLD]
    return sold.start_by and sold.start_by + max(of_sale, default=timedelta())
