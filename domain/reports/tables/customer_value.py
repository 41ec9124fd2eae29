"""Customer value as a table: a row for each customer who paid or came, in the order in which they were registered."""

from collections.abc import Sequence

from domain.catalog import reading as catalog
from domain.customers import reading as customers
from domain.kernel.access import Actor
from domain.kernel.csv import Cell
from domain.kernel.money import Money
from domain.reports import customer_value
from domain.reports.customer_value import CustomerValue
from domain.reports.customer_value_store import Order
from domain.reports.tables.table import Asked, Rows, of_books

_CHUNK = 1_000
_COLUMNS = ("customer_id", "name", "last_visit", "spent", "sessions", "services", "currency")


async def _rows(actor: Actor, asked: Asked) -> Rows:
    after = None
    while found := await customer_value.page(actor, asked.span, Order.REGISTERED_FIRST_FIRST, _CHUNK, after):
        yield await _chunk(actor, found)
        after = found[-1].place


async def _chunk(actor: Actor, found: Sequence[CustomerValue]) -> list[tuple[Cell, ...]]:
    """Services as `PHY45 7; MAS60 2`, with the sessions used of each; names of those whom the reader may see."""
    people = await customers.by_ids(actor, [value.customer_id for value in found])
    names = {each.id: f"{each.first_name} {each.last_name}".strip() for each in people}
    used = {service.service_id for value in found for service in value.services}
    codes = {service.id: service.code for service in await catalog.services_by_ids(actor, sorted(used))}
    return [
        (
            value.customer_id,
            names.get(value.customer_id),
            value.last_visit,
            Money(value.spent.value, value.currency),
            value.sessions.value,
            "; ".join(f"{codes[service.service_id]} {service.sessions.value}" for service in value.services),
            value.currency,
        )
        for value in found
    ]


CUSTOMER_VALUE = of_books("customer value", _COLUMNS, _rows, without="branch_id")
