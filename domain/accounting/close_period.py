"""Close the books: from then on nothing is posted in them any more."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.accounting import periods_store as store
from domain.accounting.errors import PeriodClosed, PeriodNotOver, PeriodUnfinished
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record


@dataclass(frozen=True, slots=True)
class ClosePeriod:
    """Up to which day the books are closed, and why."""

    last_day: date
    reason: str


@dataclass(frozen=True, slots=True)
class PeriodWasClosed:
    """The days that were closed, from the beginning of the books where there is no first one; then which are open."""

    period_id: str
    first_day: date | None
    last_day: date
    open_from: date


@act
async def close_period(work: Work, command: ClosePeriod) -> PeriodWasClosed:
    """Everything up to the day is closed: what still comes for it is posted on the first open day.

    Operations on their way are waited for, and what the clock has decided must have been posted. Refuses a day that
    is closed already or not over at every branch, and a period of which lapses or estimates are still being posted.
    """
    work.authorise(None)
    command = _checked(command)
    first_day = await store.lock_books(work)
    time_zones = await store.clocks(work)
    if first_day is not None and command.last_day < first_day:
        raise PeriodClosed(command.last_day, first_day)
    today = min((local_date(work.now, zone) for zone in time_zones), default=work.now.date())
    if command.last_day >= today:
        raise PeriodNotOver(command.last_day, today)
    if await store.lapses_wait(work, command.last_day, time_zones):
        raise PeriodUnfinished(command.last_day, lapses=True)
    if await store.estimates_wait(work, command.last_day):
        raise PeriodUnfinished(command.last_day, lapses=False)
    return await _close(work, command, first_day)


def _checked(command: ClosePeriod) -> ClosePeriod:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _close(work: Work, command: ClosePeriod, first_day: date | None) -> PeriodWasClosed:
    open_from = command.last_day + timedelta(days=1)
    period = await store.insert_period(work, first_day, command.last_day)
    await store.open_from(work, open_from)
    closed = PeriodWasClosed(period.id, first_day, command.last_day, open_from)
    await record(work, Recorded(closed, reason=command.reason))
    return closed
