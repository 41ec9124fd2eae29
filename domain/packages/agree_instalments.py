"""Agree when what is owed for a package is due: a plan that takes the place of the one before."""

from dataclasses import dataclass, replace

from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.packages import instalments_store, rules, store
from domain.packages.rules import Planned
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class AgreeInstalments:
    """Days and amounts for all that is outstanding on a package."""

    package_id: str
    instalments: tuple[Planned, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class InstalmentsAgreed:
    """The plan that counts from now on, the how manieth it is, and what it is for."""

    package_id: str
    plan: int
    instalments: tuple[Planned, ...]
    outstanding_minor: int
    currency: str


@act
async def agree_instalments(work: Work, command: AgreeInstalments) -> InstalmentsAgreed:
    """Write the plan down; no money moves.

    Refuses a package that is closed, days that are over or do not rise, another currency, and another sum than what
    is outstanding.
    """
    sold = await store.lock(work, command.package_id)
    work.authorise(sold.home_branch_id)
    command = _checked(command)
    rules.refuse_ended(sold)
    rules.refuse_plan(command.instalments, sold.outstanding, local_date(work.now, sold.home_time_zone))
    number = await instalments_store.plans_agreed(sold.id) + 1
    agreed = InstalmentsAgreed(
        sold.id, number, command.instalments, sold.outstanding.amount_minor, sold.outstanding.currency
    )
    await record(work, _recorded(command, sold, agreed))
    plan = rules.agreed(command.instalments, sold.home_time_zone)
    await instalments_store.insert_plan(sold.id, work.operation_id, number, plan)
    return agreed


def _checked(command: AgreeInstalments) -> AgreeInstalments:
    checks = Checks()
    checks.that(bool(command.instalments), "At least one instalment.", "instalments")
    rules.check_plan(checks, command.instalments)
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)


def _recorded(command: AgreeInstalments, sold: Sold, agreed: InstalmentsAgreed) -> Recorded:
    return Recorded(
        agreed,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
    )
