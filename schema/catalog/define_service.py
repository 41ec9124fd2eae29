"""The mutation defineService."""

from typing import Annotated

import strawberry

from domain.catalog.define_service import DefineService
from domain.catalog.store import BranchPrice
from schema.acts import carry_out, describe, operation_id
from schema.branches.refusals import WrongCurrency
from schema.catalog.amounts import Amounts
from schema.catalog.service import SERVICE, Service
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.scalars import MoneyInput


@strawberry.input(description="What a session costs at one branch.")
class ServicePriceInput:
    """A price of the service."""

    branch_id: strawberry.ID = strawberry.field(description="The branch that offers the service.")
    list_price: MoneyInput = strawberry.field(description="What a customer pays for a single session.")
    delivery_cost: MoneyInput | None = strawberry.field(
        default=None,
        description="What delivering a session costs the branch; another amount than now counts from today, by its "
        "clock, and left out it is not known any more.",
    )


@strawberry.input(description="The service as it is to be from now on.")
class DefineServiceInput:
    """The input of defineService."""

    code: str = strawberry.field(description="1 to 20 of A-Z, 0-9 and hyphens; a known one changes that service.")
    name: str = strawberry.field(description="Its name for people, at most 120 characters.")
    duration_minutes: int = strawberry.field(description="How long a session lasts, from 1 to 1440.")
    prices: list[ServicePriceInput] = strawberry.field(
        description="What a session costs, branch by branch; it is not offered at any other."
    )
    category: str = strawberry.field(default="", description="The heading it is listed under.")
    group_class: bool = strawberry.field(default=False, description="Whether several customers come to one session.")
    tax_code: str = strawberry.field(default="", description="Its tax code in the chain's accounts.")


@strawberry.type(description="The service is as asked.")
class DefineServicePayload:
    """The outcome of defineService."""

    service: Service | None = strawberry.field(description="The service.")
    created: bool = strawberry.field(description="Whether it is new.")
    operation_id: strawberry.ID = operation_id()


DefineServiceResult = Annotated[
    DefineServicePayload | InvalidInput | NotFound | WrongCurrency,
    strawberry.union("DefineServiceResult", description="The service defined, or why not."),
]


async def resolve(info: Info, input: DefineServiceInput) -> DefineServiceResult:
    """Build the command and carry it out."""
    amounts = Amounts()
    prices = tuple(_price(amounts, price, "prices", str(index)) for index, price in enumerate(input.prices))
    amounts.passed()
    command = DefineService(**{**vars(input), "prices": prices}, currencies=tuple(amounts.currencies))
    done = await carry_out(info, command)
    return DefineServicePayload(
        service=await info.context.load(SERVICE, done.outcome.service_id),
        created=done.outcome.created,
        operation_id=strawberry.ID(done.operation_id),
    )


def _price(amounts: Amounts, price: ServicePriceInput, *path: str) -> BranchPrice:
    return BranchPrice(
        price.branch_id,
        amounts.money(price.list_price, *path, "listPrice"),
        amounts.money_if_given(price.delivery_cost, *path, "deliveryCost"),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "define_service",
        "Defines a service with its prices under its code. A known code changes that service as a whole, so the same "
        "input again changes nothing; packages that were sold keep the prices they were sold with.",
    ),
)
