"""Refusals about customers and households as the graph shows them."""

from datetime import datetime

import strawberry

from domain.customers import errors, merging_errors
from schema.refusals import UserError, refusal
from schema.scalars import Money

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


@refusal(merging_errors.SameCustomer)
class SameCustomer(UserError):
    """One and the same."""

    customer_id: ID = strawberry.field(description="The customer.")


@refusal(merging_errors.CustomerMerged)
class CustomerMerged(UserError):
    """Somebody else by now."""

    customer_id: ID = strawberry.field(description="The customer.")
    merged_into_id: ID = strawberry.field(description="Who they turned out to be.")


@refusal(merging_errors.CustomerErased)
class CustomerErased(UserError):
    """Forgotten."""

    customer_id: ID = strawberry.field(description="The customer.")
    erased_at: datetime = strawberry.field(description="Since when.")


@refusal(merging_errors.MergeUndone)
class MergeUndone(UserError):
    """Undone before."""

    merge_id: ID = strawberry.field(description="The merge.")
    undone_at: datetime = strawberry.field(description="Since when.")


@refusal(merging_errors.MergeTooOld)
class MergeTooOld(UserError):
    """Too late."""

    merge_id: ID = strawberry.field(description="The merge.")
    until: datetime = strawberry.field(description="Until when it could be undone.")


@refusal(merging_errors.CustomerStillHolds)
class CustomerStillHolds(UserError):
    """Not wound up."""

    customer_id: ID = strawberry.field(description="The customer.")
    sessions: int = strawberry.field(description="Sessions that have not lapsed.")
    credit: Money = strawberry.field(
        description="What the chain owes them in money: credit, and refunds that are not paid out."
    )
    owed: Money = strawberry.field(description="What they owe for packages and on the account.")
    bookings: int = strawberry.field(description="Visits that they booked and that have not ended.")
