"""Branches that close as the graph shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from domain.branch_transfers import reading
from domain.branch_transfers.closing_store import Failure
from domain.branch_transfers.reading import BranchClosingView
from domain.kernel.access import Actor
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.loaders import DEFINITION
from schema.catalog.types import PackageDefinition
from schema.connections import page
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.ledger.operation import Operation, operation_shown
from schema.packages.types import OfPackage
from schema.refusals import ErrorCode


@strawberry.type(description="A package that could not move, and why; it is still at home at the branch that closed.")
class ClosingFailure(OfPackage):
    """One failure."""

    code: str | None = strawberry.field(
        graphql_type=ErrorCode | None, description="The refusal, for programs; null where Carnet itself failed."
    )
    message: str = strawberry.field(description="One sentence for people: what was so and what to do.")


@strawberry.type(description="The packages of one definition, and the branch that they go to.")
class ClosingException:
    """One exception of a plan."""

    definition_id: strawberry.ID = strawberry.field(description="The definition.")
    branch_id: strawberry.ID = strawberry.field(description="The branch.")

    @strawberry.field(description="The definition.")
    async def definition(self, info: Info) -> PackageDefinition | None:
        return await info.context.load(DEFINITION, self.definition_id)

    @strawberry.field(description="The branch that its packages go to.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id)


async def _failures(_actor: Actor, keys: list[tuple[int, str]]) -> Mapping[tuple[int, str], list[Failure]]:
    """Of closings that the actor was already shown; one statement for each length asked for."""
    found: dict[tuple[int, str], list[Failure]] = {}
    for size in {size for size, _ in keys}:
        failures = await reading.failures([closing_id for asked, closing_id in keys if asked == size], size)
        found |= {(size, closing_id): those for closing_id, those in failures.items()}
    return found


CLOSING = Loader(reading.closings_by_ids)
FAILURES = Loader(_failures)


@strawberry.type(description="A branch that closes; its bookings are called off and its packages go to other branches.")
class BranchClosing(Node):
    """One closing."""

    reason: str = strawberry.field(description="Why.")
    as_of: datetime = strawberry.field(description="When it was ordered.")
    packages: int = strawberry.field(
        description="How many packages have something to move: as counted when it was ordered, and as it came out once "
        "it is finished."
    )
    moved: int = strawberry.field(description="How many have moved so far.")
    failed: int = strawberry.field(description="How many could not move so far.")
    bookings: int = strawberry.field(description="How many bookings at the branch were called off so far.")
    finished_at: datetime | None = strawberry.field(description="When the last one was done; null while it goes on.")
    view: strawberry.Private[BranchClosingView]

    @strawberry.field(description="The branch that closes.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id)

    @strawberry.field(description="The branch that its packages go to.")
    async def packages_to(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.to_branch_id)

    @strawberry.field(description="Definitions whose packages go elsewhere.")
    def exceptions(self) -> list[ClosingException]:
        return [
            ClosingException(
                definition_id=strawberry.ID(each["definition_id"]), branch_id=strawberry.ID(each["branch_id"])
            )
            for each in self.view.exceptions
        ]

    @strawberry.field(description="The operation that ordered it; null when you may not see that one.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id)

    @strawberry.field(description="Packages that could not move and why, in the order in which that was found.")
    async def failures(self, info: Info, first: int | None = None) -> list[ClosingFailure]:
        size = page(first, None).size
        return [_failure(failure) for failure in await info.context.load(FAILURES, (size, self.view.id)) or []]


def _failure(failure: Failure) -> ClosingFailure:
    code: Any = ErrorCode.__members__.get(failure.code)
    return ClosingFailure(package_id=strawberry.ID(failure.package_id), code=code, message=failure.message)


def closing_of(view: BranchClosingView) -> BranchClosing:
    """A closing as the graph shows it."""
    return BranchClosing(
        id=strawberry.ID(view.id),
        reason=view.reason,
        as_of=view.as_of,
        packages=view.packages,
        moved=view.moved,
        failed=view.failed,
        bookings=view.bookings,
        finished_at=view.finished_at,
        view=view,
    )


async def closing_shown(info: Info, closing_id: str) -> BranchClosing | None:
    """A closing as the actor may see it."""
    view = await info.context.load(CLOSING, closing_id)
    return closing_of(view) if view else None
