"""Refusals about customers and households as the graph shows them."""

import strawberry

from domain.customers import errors
from schema.refusals import UserError, refusal

ID = strawberry.ID


@refusal(errors.CustomerExists)
class CustomerExists(UserError):
    """Known already."""

    customer_id: ID | None = strawberry.field(description="That customer; null when you may not see them.")


@refusal(errors.CustomerReferenceTaken)
class CustomerReferenceTaken(UserError):
    """In use."""

    reference: str = strawberry.field(description="The reference.")
    customer_id: ID | None = strawberry.field(description="Who has it; null when you may not see them.")


@refusal(errors.AlreadyInHousehold)
class AlreadyInHousehold(UserError):
    """A member elsewhere."""

    customer_id: ID = strawberry.field(description="The customer.")
    household_id: ID = strawberry.field(description="The household the customer is in.")


@refusal(errors.NotInHousehold)
class NotInHousehold(UserError):
    """No member."""

    customer_id: ID = strawberry.field(description="The customer.")


@refusal(errors.GuardianNeeded)
class GuardianNeeded(UserError):
    """Nobody would act for it."""

    household_id: ID = strawberry.field(description="The household.")
