"""The mutation revokeSharing."""

from typing import Annotated

import strawberry

from domain.sharing.revoke_sharing import RevokeSharing
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.customers.refusals import CustomerMerged
from schema.packages.refusals import PackageClosed
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound
from schema.sharing.refusals import NotShared, SharedWithHolder, SharingNotAllowed


@strawberry.input(description="Who is to share a package no more.")
class RevokeSharingInput:
    """The input of revokeSharing."""

    package_id: strawberry.ID = strawberry.field(description="The package.")
    idempotency_key: str = idempotency_key()
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="The person; left out, everybody but the holder."
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The right has ended.")
class RevokeSharingPayload(OfPackage):
    """The outcome of revokeSharing."""

    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


RevokeSharingResult = Annotated[
    RevokeSharingPayload
    | InvalidInput
    | NotFound
    | CustomerMerged
    | PackageClosed
    | SharingNotAllowed
    | SharedWithHolder
    | NotShared,
    strawberry.union("RevokeSharingResult", description="The right ended, or why not."),
]


async def resolve(info: Info, input: RevokeSharingInput) -> RevokeSharingResult:
    """Build the command and carry it out."""
    command = RevokeSharing(input.package_id, input.customer_id, input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    return RevokeSharingPayload(
        package_id=done.outcome.package_id, operation_id=strawberry.ID(done.operation_id), replayed=done.replayed
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "revoke_sharing",
        "Ends the right of a person, or of everybody but the holder, to use the package from now on. History stays as "
        "it is: what they have used stays used, and visits that are booked may take place or be moved; new ones are "
        "refused. The customer concerned is the holder, or a guardian of the household.",
    ),
)
