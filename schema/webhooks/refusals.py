"""Refusals about webhooks as the graph shows them."""

from datetime import datetime

import strawberry

from domain.webhooks import errors
from schema.refusals import UserError, refusal


@refusal(errors.WebhookRemoved)
class WebhookRemoved(UserError):
    """Removed before."""

    webhook_id: strawberry.ID = strawberry.field(description="The webhook.")
    removed_at: datetime = strawberry.field(description="Since when nothing is told there any more.")


@refusal(errors.DeliveryForgotten)
class DeliveryForgotten(UserError):
    """Taken long ago, and not kept since, or never made."""

    webhook_id: strawberry.ID = strawberry.field(description="The webhook.")
    forgotten_position: int = strawberry.field(description="After this position everything can be told again.")
