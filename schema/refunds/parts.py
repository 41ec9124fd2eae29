"""The parts in which a refund is paid out, as the graph shows them."""

from collections.abc import Mapping
from datetime import datetime

import strawberry

from domain.kernel.access import Actor
from domain.ledger.accounts import PaymentMethod
from domain.refunds import reading
from domain.refunds.view import PartView
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info, Loader
from schema.ledger.operation import Operation, operation_shown
from schema.people.loaders import STAFF
from schema.people.types import Staff
from schema.scalars import Money, money_of


async def _parts(_actor: Actor, refund_ids: list[str]) -> Mapping[str, list[PartView]]:
    """The parts of refunds that the actor was already shown."""
    return await reading.parts(refund_ids)


PARTS = Loader(_parts)


@strawberry.type(description="A part of a refund: on the payment that it goes back on, or as the customer's credit.")
class RefundPart:
    """One part."""

    id: strawberry.ID = strawberry.field(description="Its id; payOutRefund takes it.")
    payment_id: strawberry.ID | None = strawberry.field(
        description="The payment that it goes back on; null for what no payment here brought in."
    )
    method: PaymentMethod = strawberry.field(description="How it was, or is to be, paid out.")
    amount: Money = strawberry.field(description="How much.")
    paid_out_at: datetime | None = strawberry.field(description="When it was paid out; null while it is owed.")
    view: strawberry.Private[PartView]

    @strawberry.field(description="Where it was, or is to be, paid out.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id)

    @strawberry.field(description="Who paid it out, of the staff; null while it is owed.")
    async def paid_out_by(self, info: Info) -> Staff | None:
        return await info.context.load(STAFF, self.view.paid_out_by) if self.view.paid_out_by else None

    @strawberry.field(description="The operation that paid it out; null while it is owed and when you may not see it.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id) if self.view.operation_id else None


async def parts_shown(info: Info, refund_id: str, currency: str) -> list[RefundPart]:
    """The parts of a refund that the actor was shown; many refunds take one statement together."""
    return [_part(view, currency) for view in await info.context.load(PARTS, refund_id) or []]


def _part(view: PartView, currency: str) -> RefundPart:
    return RefundPart(
        id=strawberry.ID(view.id),
        payment_id=strawberry.ID(view.payment_id) if view.payment_id else None,
        method=view.method,
        amount=money_of(view.amount_minor, currency),
        paid_out_at=view.paid_out_at,
        view=view,
    )
