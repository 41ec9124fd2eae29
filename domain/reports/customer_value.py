"""Customer value: what customers spent on a cash basis, when they came last, and which services they used.

Spent is money in less money given back: credit that is kept is spent, credit that is used was so before. Visits are
those of whoever came, and money that of whoever it was taken in for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.kernel.access import Actor
from domain.reports import customer_value_store as store
from domain.reports.arithmetic import Term, as_parts, formula, summed
from domain.reports.collections import money_in
from domain.reports.customer_value_store import Order, Place, Spent
from domain.reports.figures import Figure, Span, Uses
from domain.reports.sessions_store import zones


@dataclass(frozen=True, slots=True)
class Service:
    """How many sessions of a service were used, less those given back."""

    service_id: str
    sessions: Figure


@dataclass(frozen=True, slots=True)
class CustomerValue:
    """What a customer was worth within a span."""

    customer_id: str
    currency: str
    last_visit: datetime | None
    spent: Figure
    sessions: Figure
    services: tuple[Service, ...]
    place: Place


async def page(actor: Actor, span: Span, order: Order, limit: int, after: Place | None = None) -> list[CustomerValue]:
    """Customers with any payment or visit within the span, from the one after a place on, in three statements."""
    clocks = await zones(actor)
    found = await store.page(actor, span, clocks, order, limit, after)
    services = await store.services(actor, span, clocks, [spent.customer_id for spent in found]) if found else {}
    return [_value(span, spent, services[spent.customer_id]) for spent in found]


async def of_customers(
    actor: Actor, span: Span, customer_ids: Sequence[str], currency: str
) -> dict[str, CustomerValue]:
    """The value of certain customers, also of those who neither paid nor came, in three statements."""
    clocks = await zones(actor)
    found = await store.of_customers(actor, span, clocks, customer_ids)
    services = await store.services(actor, span, clocks, customer_ids)
    nothing = (Spent(each, currency, 0, 0, None) for each in customer_ids if each not in found)
    return {
        spent.customer_id: _value(span, spent, services[spent.customer_id]) for spent in (*found.values(), *nothing)
    }


def _value(span: Span, spent: Spent, services: dict[str, int]) -> CustomerValue:
    used = tuple(
        Service(service_id, _sessions(Uses(span, service_id=service_id, customer_id=spent.customer_id), count))
        for service_id, count in services.items()
    )
    return CustomerValue(
        customer_id=spent.customer_id,
        currency=spent.currency,
        last_visit=spent.last_visit,
        spent=_spent(span, spent),
        sessions=_sessions(Uses(span, customer_id=spent.customer_id), sum(services.values())),
        services=used,
        place=spent.place,
    )


def _sessions(uses: Uses, count: int) -> Figure:
    return Figure("Sessions", count, "Sessions used, less those given back", uses)


def _spent(span: Span, spent: Spent) -> Figure:
    paid = replace(money_in(span), customer_id=spent.customer_id)
    lost = replace(store.lost(span), customer_id=spent.customer_id)
    terms = [
        Term(1, Figure("Paid", spent.paid_minor, "Money in less what was taken back or refunded", paid)),
        Term(-1, Figure("Lost", spent.lost_minor, "Given back in disputes that were lost", lost, -1)),
    ]
    return Figure("Spent", summed(terms), formula(terms, spent.currency), as_parts(terms))
