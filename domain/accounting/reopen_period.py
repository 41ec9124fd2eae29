"""Reopen the period that was closed last, so that its days can be posted to again."""

from dataclasses import dataclass, replace
from datetime import date

from domain.accounting import periods_store as store
from domain.accounting.errors import NothingClosed
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record


@dataclass(frozen=True, slots=True)
class ReopenPeriod:
    """Why the period that was closed last is reopened."""

    reason: str


@dataclass(frozen=True, slots=True)
class PeriodWasReopened:
    """The days that are open again; without a first open day the books are open from their beginning."""

    period_id: str
    open_from: date | None
    last_day: date


@act
async def reopen_period(work: Work, command: ReopenPeriod) -> PeriodWasReopened:
    """The newest closed period is open again; what was posted behind it meanwhile stays where it is.

    Refuses when no period is closed.
    """
    work.authorise(None)
    command = _checked(command)
    await store.lock_books(work)
    period = await store.newest_closed(work)
    if period is None:
        raise NothingClosed
    await store.note_reopened(work, period)
    await store.open_from(work, period.first_day)
    reopened = PeriodWasReopened(period.id, period.first_day, period.last_day)
    await record(work, Recorded(reopened, reason=command.reason))
    return reopened


def _checked(command: ReopenPeriod) -> ReopenPeriod:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)
