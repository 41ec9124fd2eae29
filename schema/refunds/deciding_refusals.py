"""Refusals about deciding on refunds and paying them out as the graph shows them."""

from datetime import datetime

import strawberry

from domain.kernel.principals import Role
from domain.refunds import deciding_errors as errors
from domain.refunds.asked import State
from domain.refunds.rules.limits import Which
from schema.refunds import enums as enums
from schema.refusals import UserError, refusal
from schema.scalars import Money

ID = strawberry.ID


@refusal(errors.RefundPending)
class RefundPending(UserError):
    """One at a time."""

    package_id: ID = strawberry.field(description="The package.")
    refund_id: ID = strawberry.field(description="The refund that waits.")
    requested_at: datetime = strawberry.field(description="When it was asked for.")


@refusal(errors.WrongRefundState)
class WrongRefundState(UserError):
    """Decided, or not agreed."""

    refund_id: ID = strawberry.field(description="The refund.")
    state: State = strawberry.field(description="Its state.")
    since: datetime = strawberry.field(description="Since when it is in it.")


@refusal(errors.RefundAboveLimit)
class RefundAboveLimit(UserError):
    """Too much for one person."""

    refund_id: ID = strawberry.field(description="The refund, which goes on waiting.")
    role: Role = strawberry.field(description="The role that you hold which may agree to the most.")
    which: Which = strawberry.field(description="Which of its limits is in the way.")
    limit: Money = strawberry.field(name="limitAmount", description="The limit.")
    already: Money = strawberry.field(name="agreedToday", description="What counts against it already.")
    asked: Money = strawberry.field(name="amountAsked", description="What this refund would add.")


@refusal(errors.PartPaidOut)
class PartPaidOut(UserError):
    """Nothing is paid out twice."""

    refund_id: ID = strawberry.field(description="The refund.")
    part_ids: list[ID] = strawberry.field(description="The parts named that are paid out.")
    paid_out_at: datetime = strawberry.field(description="When the last of them was.")
