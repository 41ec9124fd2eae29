"""Extend many packages, after a closure for instance: one act that is carried out package by package."""

from dataclasses import dataclass, replace

from domain.branches import store as branches
from domain.catalog.store import definitions
from domain.expiry import bulk_store as store
from domain.expiry.bulk_store import Chosen
from domain.expiry.extend_package import MOST_DAYS
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class ExtendPackages:
    """Add days to what is left of all packages, or of those at home at a branch or of a definition."""

    days: int
    reason: str
    branch_id: str | None = None
    definition_id: str | None = None


@dataclass(frozen=True, slots=True)
class ExtensionOrdered:
    """The extension, which goes on by itself from now on, and how many packages it is for."""

    bulk_extension_id: str
    packages: int


@act
async def extend_packages(work: Work, command: ExtendPackages) -> ExtensionOrdered:
    """Write down what is to be done, to the packages that have something left at this instant; a sweep does it.

    Needs the whole chain unless a branch is named. Refuses a branch or definition that the chain does not have.
    """
    work.authorise(command.branch_id)
    command = _checked(command)
    await _refuse_strangers(work, command)
    chosen = Chosen(work.chain_id, command.branch_id, command.definition_id, work.now)
    ordered = ExtensionOrdered(new_id("ext"), await store.count(chosen))
    await record(work, Recorded(ordered, branch_id=command.branch_id, reason=command.reason))
    await store.insert_extension(
        ordered.bulk_extension_id, work.operation_id, chosen, command.days, command.reason, ordered.packages
    )
    return ordered


def _checked(command: ExtendPackages) -> ExtendPackages:
    checks = Checks()
    checks.between(command.days, 1, MOST_DAYS, "days")
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _refuse_strangers(work: Work, command: ExtendPackages) -> None:
    if command.branch_id is not None:
        await branches.branch(work.actor, command.branch_id, "branchId")
    if command.definition_id is not None and not await definitions(work.chain_id, [command.definition_id]):
        raise NotFound("package definition", command.definition_id, "definitionId")
