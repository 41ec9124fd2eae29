"""The mutation sharePackage."""

from typing import Annotated

import strawberry

from domain.sharing.share_package import SharePackage
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.customers.refusals import CustomerMerged, NotInHousehold
from schema.packages.refusals import PackageClosed
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound
from schema.sharing.refusals import NotShared, SharedWithHolder, SharingNotAllowed


@strawberry.input(description="Who is to share a package, and how much of it.")
class SharePackageInput:
    """The input of sharePackage."""

    package_id: strawberry.ID = strawberry.field(description="The package.")
    customer_id: strawberry.ID = strawberry.field(
        description="The person: by terms that say NAMED any customer, whom a customer may name of the own household "
        "only; by terms that say HOUSEHOLD a member."
    )
    idempotency_key: str = idempotency_key()
    most_sessions: int | None = strawberry.field(
        default=None,
        description="The most sessions the person may use in all, from 0 to 1,000, counted with those used and booked "
        "before; without it as many as there are. 0 is none.",
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The person shares the package.")
class SharePackagePayload(OfPackage):
    """The outcome of sharePackage."""

    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


SharePackageResult = Annotated[
    SharePackagePayload
    | InvalidInput
    | NotFound
    | CustomerMerged
    | PackageClosed
    | SharingNotAllowed
    | SharedWithHolder
    | NotInHousehold
    | NotShared,
    strawberry.union("SharePackageResult", description="The package shared, or why not."),
]


async def resolve(info: Info, input: SharePackageInput) -> SharePackageResult:
    """Build the command and carry it out."""
    command = SharePackage(input.package_id, input.customer_id, input.most_sessions, input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    return SharePackagePayload(
        package_id=done.outcome.package_id, operation_id=strawberry.ID(done.operation_id), replayed=done.replayed
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "share_package",
        "Lets a person use the package, where its terms say NAMED, or says how much of it a member of the household "
        "may use, where they say HOUSEHOLD. Done again it sets the limit anew. The customer concerned is the holder, "
        "or a guardian of the household.",
    ),
)
