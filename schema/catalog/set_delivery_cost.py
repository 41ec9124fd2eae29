"""The mutation setDeliveryCost."""

from datetime import date
from typing import Annotated

import strawberry

from domain.catalog.set_delivery_cost import SetDeliveryCost
from schema.acts import carry_out, describe, operation_id, parsed
from schema.branches.refusals import BooksClosed, WrongCurrency
from schema.catalog.service import SERVICE, Service
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.scalars import MoneyInput


@strawberry.input(description="What a session of a service costs a branch to deliver, from a day on.")
class SetDeliveryCostInput:
    """The input of setDeliveryCost."""

    service_id: strawberry.ID = strawberry.field(description="The service.")
    branch_id: strawberry.ID = strawberry.field(description="The branch that performs it.")
    cost: MoneyInput = strawberry.field(description="What one session costs to deliver; zero where it costs nothing.")
    starts_on: date = strawberry.field(
        description="From which day on, by the branch's clock; today, a future day, or a past one whose books are open."
    )


@strawberry.type(description="The cost counts from its day on.")
class SetDeliveryCostPayload:
    """The outcome of setDeliveryCost."""

    service: Service | None = strawberry.field(description="The service with its costs.")
    operation_id: strawberry.ID = operation_id()


SetDeliveryCostResult = Annotated[
    SetDeliveryCostPayload | InvalidInput | NotFound | WrongCurrency | BooksClosed,
    strawberry.union("SetDeliveryCostResult", description="The cost set, or why not."),
]


async def resolve(info: Info, input: SetDeliveryCostInput) -> SetDeliveryCostResult:
    """Build the command and carry it out."""
    (cost,) = parsed((input.cost, ("cost",)))
    command = SetDeliveryCost(input.service_id, input.branch_id, cost.amount_minor, cost.currency, input.starts_on)
    done = await carry_out(info, command)
    return SetDeliveryCostPayload(
        service=await info.context.load(SERVICE, done.outcome.service_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "set_delivery_cost",
        "Sets what a session of a service costs a branch to deliver, from a day on until a later day says otherwise; "
        "for the same day the newest word counts. Reports of profit reckon each visit with the cost of its day, so a "
        "past day changes what they say of the visits since; the journal is not touched. A day in closed books "
        "is refused. In these reports sessions and their cost count on the day of the visit, and revenue on the day of "
        "its posting.",
    ),
)
