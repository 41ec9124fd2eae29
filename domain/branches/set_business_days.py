"""Says on which days a branch does no business."""

from dataclasses import dataclass, replace

from domain.branches import business_days, business_days_store, store
from domain.branches.business_days import DayOfWeek, Holiday
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record


@dataclass(frozen=True, slots=True)
class SetBusinessDays:
    """The days of the week without business, and the holidays besides; they take the place of all before."""

    branch_id: str
    weekend: tuple[DayOfWeek, ...]
    holidays: tuple[Holiday, ...] = ()


@dataclass(frozen=True, slots=True)
class BusinessDaysSet:
    """What counts at the branch from now on."""

    branch_id: str
    weekend: tuple[DayOfWeek, ...]
    holidays: tuple[Holiday, ...]


@act
async def set_business_days(work: Work, command: SetBusinessDays) -> BusinessDaysSet:
    """From now on terms of so many business days are reckoned by these, for packages at home at the branch.

    Also for those that were sold before: cooling-off that is not over may end on another day. Refuses a week without a
    business day.
    """
    work.authorise(command.branch_id)
    command = _checked(command)
    branch = await store.branch(work.actor, command.branch_id, "branchId")
    await business_days_store.replace_days(branch.id, business_days.stored(command.weekend), command.holidays)
    outcome = BusinessDaysSet(branch.id, command.weekend, command.holidays)
    await record(work, Recorded(outcome, branch_id=branch.id))
    return outcome


def _checked(command: SetBusinessDays) -> SetBusinessDays:
    checks = Checks()
    holidays = business_days.check(checks, command.weekend, command.holidays)
    checks.passed()
    return replace(command, holidays=holidays)
