"""Refusals of acknowledgements as the graph shows them."""

import strawberry

from domain.feed import errors
from schema.refusals import UserError, refusal

ID = strawberry.ID


@refusal(errors.PositionNotSealed)
class PositionNotSealed(UserError):
    """Too far."""

    position: int = strawberry.field(description="The position as it was sent.")
    newest: int = strawberry.field(description="The last position of the sealed order.")


@refusal(errors.AcknowledgedFurther)
class AcknowledgedFurther(UserError):
    """Not far enough."""

    reader_id: ID = strawberry.field(description="The feed.")
    position: int = strawberry.field(description="The position as it was sent.")
    acknowledged: int = strawberry.field(description="Up to where it was acknowledged before.")
