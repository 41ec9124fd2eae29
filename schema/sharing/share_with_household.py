"""The mutation shareWithHousehold."""

from typing import Annotated

import strawberry

from domain.sharing.share_with_household import ShareWithHousehold
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.packages.refusals import PackageClosed
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound
from schema.sharing.refusals import SharingNotAllowed


@strawberry.input(description="What the household is to share.")
class ShareWithHouseholdInput:
    """The input of shareWithHousehold."""

    package_id: strawberry.ID = strawberry.field(description="The package, which only its holder may use now.")
    idempotency_key: str = idempotency_key()
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The household shares the package.")
class ShareWithHouseholdPayload(OfPackage):
    """The outcome of shareWithHousehold."""

    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


ShareWithHouseholdResult = Annotated[
    ShareWithHouseholdPayload | InvalidInput | NotFound | PackageClosed | SharingNotAllowed,
    strawberry.union("ShareWithHouseholdResult", description="The package shared, or why not."),
]


async def resolve(info: Info, input: ShareWithHouseholdInput) -> ShareWithHouseholdResult:
    """Build the command and carry it out."""
    done = await carry_out(info, ShareWithHousehold(input.package_id, input.reason), input.idempotency_key)
    return ShareWithHouseholdPayload(
        package_id=done.outcome.package_id, operation_id=strawberry.ID(done.operation_id), replayed=done.replayed
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "share_with_household",
        "Lets the members of the holder's household use the package again after that was revoked; a package whose "
        "terms say HOUSEHOLD is shared from its sale on. What was said of single members still holds. The customer "
        "concerned is the holder, or a guardian of the household.",
    ),
)
