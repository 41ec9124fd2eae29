"""Extensions of many packages as the graph shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import strawberry

from domain.expiry import reading
from domain.expiry.bulk_store import Failure
from domain.expiry.reading import BulkExtensionView
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


@strawberry.type(description="A package that could not be extended, and why.")
class ExtensionFailure(OfPackage):
    """One failure."""

    code: str = strawberry.field(graphql_type=ErrorCode, description="The refusal, for programs.")
    message: str = strawberry.field(description="One sentence for people: what was so and what to do.")


async def _failures(_actor: Actor, keys: list[tuple[int, str]]) -> Mapping[tuple[int, str], list[Failure]]:
    """Of extensions that the actor was already shown; one statement for each length asked for."""
    found: dict[tuple[int, str], list[Failure]] = {}
    for size in {size for size, _ in keys}:
        failures = await reading.failures([extension_id for asked, extension_id in keys if asked == size], size)
        found |= {(size, extension_id): those for extension_id, those in failures.items()}
    return found


EXTENSION = Loader(reading.extensions_by_ids)
FAILURES = Loader(_failures)


@strawberry.type(description="An extension of many packages, which is carried out package by package.")
class BulkExtension(Node):
    """One extension of many packages."""

    days: int = strawberry.field(description="The days it adds to the last day of each lot that is left.")
    reason: str = strawberry.field(description="Why.")
    as_of: datetime = strawberry.field(description="It is for what had not lapsed at this instant, and was there.")
    packages: int = strawberry.field(
        description="How many packages it is for: as counted when it was ordered, and as it came out once it is "
        "finished, without those that were used up before their turn."
    )
    extended: int = strawberry.field(description="How many are extended so far.")
    failed: int = strawberry.field(description="How many could not be extended so far.")
    finished_at: datetime | None = strawberry.field(description="When the last one was done; null while it goes on.")
    view: strawberry.Private[BulkExtensionView]

    @strawberry.field(description="The branch whose packages it is for; null for those of the whole chain.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id) if self.view.branch_id else None

    @strawberry.field(description="The definition whose packages it is for; null for those of any.")
    async def definition(self, info: Info) -> PackageDefinition | None:
        return await info.context.load(DEFINITION, self.view.definition_id) if self.view.definition_id else None

    @strawberry.field(description="The operation that ordered it; null when you may not see that one.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id)

    @strawberry.field(description="Packages that could not be extended and why, in the order in which that was found.")
    async def failures(self, info: Info, first: int | None = None) -> list[ExtensionFailure]:
        size = page(first, None).size
        return [_failure(failure) for failure in await info.context.load(FAILURES, (size, self.view.id)) or []]


def _failure(failure: Failure) -> ExtensionFailure:
    code: Any = ErrorCode[failure.code]
    return ExtensionFailure(package_id=strawberry.ID(failure.package_id), code=code, message=failure.message)


def extension_of(view: BulkExtensionView) -> BulkExtension:
    """An extension as the graph shows it."""
    return BulkExtension(
        id=strawberry.ID(view.id),
        days=view.days,
        reason=view.reason,
        as_of=view.as_of,
        packages=view.packages,
        extended=view.extended,
        failed=view.failed,
        finished_at=view.finished_at,
        view=view,
    )


async def extension_shown(info: Info, extension_id: str) -> BulkExtension | None:
    """An extension as the actor may see it."""
    view = await info.context.load(EXTENSION, extension_id)
    return extension_of(view) if view else None
