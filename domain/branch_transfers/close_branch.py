"""Close a branch: nothing happens there any more, and its packages go on to others, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.branch_transfers import closing_store as store
from domain.branch_transfers.closing_store import Plan
from domain.branch_transfers.errors import ClosingGoesOn
from domain.branches import store as branches
from domain.branches.store import Branch
from domain.catalog.store import definitions
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.packages.errors import BranchClosed

MOST_EXCEPTIONS = 200


@dataclass(frozen=True, slots=True)
class Exempt:
    """The packages of one definition go to a branch of their own."""

    definition_id: str
    branch_id: str


@dataclass(frozen=True, slots=True)
class CloseBranch:
    """Which branch, where its packages go, and why."""

    branch_id: str
    to_branch_id: str
    reason: str
    exceptions: tuple[Exempt, ...] = ()


@dataclass(frozen=True, slots=True)
class BranchClosing:
    """The branch is closed; its bookings and packages follow by themselves, and so many packages there are."""

    branch_closing_id: str
    branch_id: str
    closed_at: datetime
    packages: int


@act
async def close_branch(work: Work, command: CloseBranch) -> BranchClosing:
    """Close the branch at once, refuse what was to come to it, and write down where its packages go; a sweep does it.

    By an owner of the whole chain. A branch that has closed can be closed again while packages are left there, such as
    those that were disputed. Refuses a plan that names the branch itself, a closed branch or what the chain does not
    have, and a branch whose packages are on their way already or all gone.
    """
    work.authorise(None)
    command = _checked(command)
    plan = Plan(command.to_branch_id, {each.definition_id: each.branch_id for each in command.exceptions})
    branch = await branches.branch(work.actor, command.branch_id, "branchId")
    await _refuse_plan(work, command, plan)
    closed_at = await store.close(branch.id, work.now)
    packages = await _left(branch, closed_at)
    ordered = BranchClosing(new_id("cls"), branch.id, closed_at, packages)
    await record(work, Recorded(ordered, branch_id=branch.id, reason=command.reason))
    await store.refuse_incoming(work, branch.id, command.reason)
    await store.insert_closing(work, ordered.branch_closing_id, branch.id, plan, command.reason, packages)
    return ordered


def _checked(command: CloseBranch) -> CloseBranch:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    ids = [each.definition_id for each in command.exceptions]
    checks.that(len(set(ids)) == len(ids), "A definition is named twice.", "packagesTo", "exceptions")
    checks.that(len(ids) <= MOST_EXCEPTIONS, f"At most {MOST_EXCEPTIONS} exceptions.", "packagesTo", "exceptions")
    for branch_id, path in _targets(command):
        checks.that(branch_id != command.branch_id, "Packages cannot go to the branch that closes.", *path)
    checks.passed()
    return replace(command, reason=reason)


def _targets(command: CloseBranch) -> list[tuple[str, tuple[str, ...]]]:
    """The branches of the plan and where they stand in the input."""
    exceptions = (
        (each.branch_id, ("packagesTo", "exceptions", str(place), "branchId"))
        for place, each in enumerate(command.exceptions)
    )
    return [(command.to_branch_id, ("packagesTo", "branchId")), *exceptions]


async def _refuse_plan(work: Work, command: CloseBranch, plan: Plan) -> None:
    """Refuse branches and definitions that the chain does not have, and branches that have closed."""
    found = {branch.id: branch for branch in await branches.by_ids(work.actor, plan.branch_ids)}
    for branch_id, path in _targets(command):
        if branch_id not in found:
            raise NotFound("branch", branch_id, *path)
        _refuse_closed(found[branch_id])
    await _refuse_strangers(work, command.exceptions)


async def _refuse_strangers(work: Work, exceptions: Sequence[Exempt]) -> None:
    ids = [each.definition_id for each in exceptions]
    known = await definitions(work.chain_id, ids) if ids else set()
    for place, each in enumerate(ids):
        if each not in known:
            raise NotFound("package definition", each, "packagesTo", "exceptions", str(place), "definitionId")


def _refuse_closed(branch: Branch) -> None:
    if branch.closed_at is not None:
        raise BranchClosed(branch.id, branch.closed_at)


async def _left(branch: Branch, closed_at: datetime) -> int:
    """How many packages are to move, now that the branch is locked; refuses where none is left or others move them."""
    if going_on := await store.going_on(branch.id):
        raise ClosingGoesOn(branch.id, going_on)
    packages = await store.count(branch.id)
    if branch.closed_at is not None and not packages:
        raise BranchClosed(branch.id, closed_at, left=False)
    return packages
