"""A customer's account: what is owed for sessions that no package had."""

from datetime import datetime

import strawberry

from domain.payments import reading
from domain.payments.reading import ChargeView
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.service import SERVICE, Service
from schema.context import Info, Loader
from schema.scalars import Money, money_of

CHARGES = Loader(reading.charges_of)


@strawberry.type(description="Sessions that no package had, put to a customer's account at list price.")
class Charge:
    """One charge."""

    id: strawberry.ID = strawberry.field(description="Its id.")
    operation_id: strawberry.ID = strawberry.field(description="The operation that charged it.")
    booking_id: strawberry.ID | None = strawberry.field(description="The booking it was for, if any.")
    sessions: int = strawberry.field(description="How many sessions; negative where it takes a charge back.")
    amount: Money = strawberry.field(description="What is owed for them, with tax.")
    tax: Money = strawberry.field(description="The tax in it.")
    charged_at: datetime = strawberry.field(description="When the visit was.")
    view: strawberry.Private[ChargeView]

    @strawberry.field(description="Where the visit was.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id)

    @strawberry.field(description="For which service.")
    async def service(self, info: Info) -> Service | None:
        return await info.context.load(SERVICE, self.view.service_id)


async def charges_shown(info: Info, customer_id: str) -> list[Charge]:
    """What was charged to a customer, as far as the actor may see it."""
    return [_charge_of(view) for view in await info.context.load(CHARGES, customer_id) or []]


def _charge_of(view: ChargeView) -> Charge:
    return Charge(
        id=strawberry.ID(view.id),
        operation_id=strawberry.ID(view.operation_id),
        booking_id=strawberry.ID(view.booking_id) if view.booking_id else None,
        sessions=view.sessions,
        amount=money_of(view.amount_minor, view.currency),
        tax=money_of(view.tax_minor, view.currency),
        charged_at=view.charged_at,
        view=view,
    )
