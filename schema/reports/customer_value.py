"""`customerValue` and `Customer.value`: what customers spent, when they came last, and what for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import strawberry

from domain.branches import store as branches
from domain.kernel.access import Actor
from domain.kernel.errors import Forbidden
from domain.ledger.journal import accounts_branches
from domain.reports import customer_value as report
from domain.reports import figures
from domain.reports.customer_value_store import Order, Place
from domain.reports.figures import Span
from schema.catalog.service import SERVICE, Service
from schema.connections import Connection, connection, page
from schema.context import Info, Loader
from schema.customers.loaders import CUSTOMER
from schema.customers.types import Customer
from schema.enums import enum
from schema.errors import BadUserInput
from schema.reports.arguments import WHO, AsOf, From, To, refuse_unless_possible
from schema.reports.figure import Figure, figure_of
from schema.scalars import instant

enum(
    Order,
    name="CustomerValueOrder",
    description="The order in which customers come.",
    SPENT_MOST_FIRST="Who spent the most first.",
    CAME_LAST_FIRST="Who came last first; who never came in the period last.",
    REGISTERED_FIRST_FIRST="The oldest registration first.",
)


@strawberry.type(description="How often a service was used.")
class ServiceUse:
    """A service with its count."""

    sessions: Figure = strawberry.field(description="Sessions used, less those given back.")
    service_id: strawberry.Private[str]

    @strawberry.field(description="The service.")
    async def service(self, info: Info) -> Service | None:
        return await info.context.load(SERVICE, self.service_id)


@strawberry.type(description="What a customer was worth in a period, at the branches whose books you may read.")
class CustomerValue:
    """A customer's value."""

    customer_id: strawberry.ID = strawberry.field(description="The customer's id.")
    last_visit: datetime | None = strawberry.field(
        description="When the customer came last in the period and used a session; null for never. Visits that were "
        "taken back do not count, and each is that of whoever came, whoever holds the package."
    )
    spent: Figure = strawberry.field(
        description="On a cash basis: money in less money given back. Credit that is kept is spent, credit that is "
        "used was so before; what was lost in disputes was given back."
    )
    sessions: Figure = strawberry.field(description="All sessions used, less those given back.")
    services: list[ServiceUse] = strawberry.field(description="The same by service.")

    @strawberry.field(description="The customer; null when you may not see them.")
    async def customer(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, str(self.customer_id))


def value_of(found: report.CustomerValue) -> CustomerValue:
    """The value of a customer as the graph shows it."""
    return CustomerValue(
        customer_id=strawberry.ID(found.customer_id),
        last_visit=found.last_visit,
        spent=figure_of(found.spent, found.currency),
        sessions=figure_of(found.sessions, found.currency),
        services=[
            ServiceUse(sessions=figure_of(each.sessions, found.currency), service_id=each.service_id)
            for each in found.services
        ],
    )


@dataclass(frozen=True, slots=True)
class _Within:
    """Whose value within which span is asked for."""

    customer_id: str
    span: Span


async def _values(actor: Actor, keys: list[_Within]) -> Mapping[_Within, report.CustomerValue]:
    """The values; three statements for each span asked for, and one for the currency."""
    currency = (await branches.chain(actor.chain_id)).currency
    found: dict[_Within, report.CustomerValue] = {}
    for span in {key.span for key in keys}:
        ids = [key.customer_id for key in keys if key.span == span]
        values = await report.of_customers(actor, span, ids, currency)
        found |= {_Within(customer_id, span): value for customer_id, value in values.items()}
    return found


VALUES = Loader(_values)


async def value_shown(
    info: Info, customer_id: str, first_day: date, last_day: date, as_of: datetime | None
) -> CustomerValue | None:
    """The value of one customer; None for whoever may not read reports."""
    try:
        accounts_branches(info.context.actor, "customer value")
    except Forbidden:
        return None
    within = _Within(customer_id, figures.span(first_day, last_day, as_of))
    found = await info.context.load(VALUES, within)
    return value_of(found) if found else None


async def resolve(
    info: Info,
    from_: From,
    to: To,
    order_by: Order = Order.SPENT_MOST_FIRST,
    as_of: AsOf = None,
    first: int | None = None,
    after: str | None = None,
) -> Connection[CustomerValue] | None:
    """Ask for the report."""
    span = figures.span(from_, to, as_of)
    await refuse_unless_possible(info, "customer value", as_of=as_of)
    asked = page(first, after, "customer value", span, order_by)
    found = await report.page(info.context.actor, span, order_by, asked.size + 1, _place(asked.after))
    return connection(found, asked, value_of, _keys)


def _keys(value: report.CustomerValue) -> list[str]:
    place = value.place
    return [place.customer_id, str(place.spent_minor), place.last_visit.isoformat() if place.last_visit else ""]


def _place(keys: list[str] | None) -> Place | None:
    if keys is None:
        return None
    try:
        customer_id, spent, came = keys
        amount = int(spent)
        if abs(amount) >= 2**63:
            raise ValueError(spent)
        return Place(customer_id, amount, instant(came) if came else None)
    except ValueError as error:
        raise BadUserInput("The cursor is malformed. Take it from an edge of the same connection.") from error


QUERY = strawberry.field(
    resolver=resolve,
    description="Customer value: who paid anything or came in the period, with what they spent, their last visit and "
    f"the services they used. {WHO}",
)
