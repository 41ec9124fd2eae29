"""Refusals about sharing as the graph shows them."""

import strawberry

from domain.catalog.terms import Sharing
from domain.sharing import errors
from schema.refusals import UserError, refusal

ID = strawberry.ID


@refusal(errors.SharingNotAllowed)
class SharingNotAllowed(UserError):
    """Not by these terms."""

    package_id: ID = strawberry.field(description="The package.")
    sharing: Sharing = strawberry.field(description="With whom its terms let it be shared.")


@refusal(errors.SharedWithHolder)
class SharedWithHolder(UserError):
    """The holder's own."""

    package_id: ID = strawberry.field(description="The package.")
    customer_id: ID = strawberry.field(description="Its holder.")


@refusal(errors.NotShared)
class NotShared(UserError):
    """With nobody, or not with this person."""

    package_id: ID = strawberry.field(description="The package.")
    customer_id: ID | None = strawberry.field(
        name="notSharedWith",  # a nullable customerId could not be asked for along with that of other refusals
        description="The person with whom it is not shared; null when it is shared with nobody.",
    )
