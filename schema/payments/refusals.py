"""Refusals about disputes as the graph shows them."""

from datetime import datetime

import strawberry

from domain.payments import errors
from schema.refusals import UserError, refusal
from schema.scalars import Money

ID = strawberry.ID


@refusal(errors.AlreadyDisputed)
class AlreadyDisputed(UserError):
    """Disputed before."""

    package_id: ID = strawberry.field(description="The package.")
    disputed_at: datetime = strawberry.field(description="Since when a payment for it is disputed.")


@refusal(errors.DisputeExceedsPaid)
class DisputeExceedsPaid(UserError):
    """Too much money."""

    package_id: ID = strawberry.field(description="The package.")
    paid: Money = strawberry.field(description="What the provider collected for it.")
    disputed: Money = strawberry.field(description="What was said to be disputed.")


@refusal(errors.NotDisputed)
class NotDisputed(UserError):
    """Nothing to settle."""

    package_id: ID = strawberry.field(description="The package.")
