"""The mutation extendPackages."""

from typing import Annotated

import strawberry

from domain.expiry.extend_package import MOST_DAYS
from domain.expiry.extend_packages import ExtendPackages
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.expiry.types import BulkExtension, extension_shown
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="By how many days which packages are extended, and why.")
class ExtendPackagesInput:
    """The input of extendPackages."""

    days: int = strawberry.field(description=f"Days to add to the last day of what is left, 1 to {MOST_DAYS}.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()
    branch_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only packages at home at this branch; those of the whole chain unless given."
    )
    definition_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only packages of this definition; those of any unless given."
    )


@strawberry.type(description="The extension is written down, and goes on by itself.")
class ExtendPackagesPayload:
    """The outcome of extendPackages."""

    bulk_extension_id: strawberry.ID = strawberry.field(description="The extension's id, to ask how far it has come.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()

    @strawberry.field(description="The extension, as far as it has come; null when you may order it but not see it.")
    async def bulk_extension(self, info: Info) -> BulkExtension | None:
        return await extension_shown(info, self.bulk_extension_id)


ExtendPackagesResult = Annotated[
    ExtendPackagesPayload | InvalidInput | NotFound,
    strawberry.union("ExtendPackagesResult", description="The extension ordered, or why not."),
]


async def resolve(info: Info, input: ExtendPackagesInput) -> ExtendPackagesResult:
    """Build the command and carry it out."""
    command = ExtendPackages(input.days, input.reason, input.branch_id, input.definition_id)
    done = await carry_out(info, command, input.idempotency_key)
    return ExtendPackagesPayload(
        bulk_extension_id=strawberry.ID(done.outcome.bulk_extension_id),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "extend_packages",
        "Adds days to all that is left now of many packages, after a closure for instance: for the whole chain it "
        "needs the role for the whole chain. The packages are extended one after the other from then on, each once; "
        "what lapses before its turn comes back.",
    ),
)
