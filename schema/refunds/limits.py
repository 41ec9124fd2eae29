"""Reading how much of refunds roles may agree to."""

import strawberry

from domain.refunds import limits_reading
from schema.context import Info
from schema.refunds.set_refund_limit import RefundLimit, limit_of


@strawberry.type
class RefundLimitQueries:
    """Mixed into the root query."""

    @strawberry.field(
        description="The limits on what roles may agree to refund that count now, by role, that of the chain first; "
        "a role without one may agree to any amount."
    )
    async def refund_limits(self, info: Info) -> list[RefundLimit] | None:
        return [limit_of(each) for each in await limits_reading.limits(info.context.actor)]
