"""The statements of customer value: what each customer spent, when they came last, and what for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.db import Where, rows
from domain.ledger.accounts import Account, Event
from domain.ledger.persons import person, persons
from domain.reports.collections import money_in
from domain.reports.figures import Lines, Span, Uses
from domain.reports.rows_store import add_lines
from domain.reports.sessions_store import USED, Zone, add_moved, visits_of


class Order(StrEnum):
    """In which order customers come."""

    SPENT_MOST_FIRST = "SPENT_MOST_FIRST"
    CAME_LAST_FIRST = "CAME_LAST_FIRST"
    REGISTERED_FIRST_FIRST = "REGISTERED_FIRST_FIRST"


@dataclass(frozen=True, slots=True)
class Place:
    """The customer behind whom a page begins, with what the order goes by."""

    customer_id: str
    spent_minor: int
    last_visit: datetime | None


@dataclass(frozen=True, slots=True)
class Spent:
    """What one customer paid, what of it went back in lost disputes, and when they came last."""

    customer_id: str
    currency: str
    paid_minor: int
    lost_minor: int
    last_visit: datetime | None

    @property
    def place(self) -> Place:
        """Where the page behind this customer begins."""
        return Place(self.customer_id, self.paid_minor - self.lost_minor, self.last_visit)


NEVER = datetime(1, 1, 2, tzinfo=UTC)
"""Stands for the last visit of those who never came."""

_LINES = "FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id JOIN operation o ON o.id = e.operation_id"
_USES = "FROM movement m JOIN package p ON p.id = m.package_id JOIN operation o ON o.id = m.operation_id"
# Whoever came: what is given back is taken off those who had used it, whoever holds the package.
_CAME = "COALESCE((SELECT r.customer_id FROM operation r WHERE r.id = o.reverses), o.customer_id)"
_ORDERS = {
    Order.SPENT_MOST_FIRST: ("s.spent DESC", "s.spent < {spent} OR (s.spent = {spent} AND s.id > {id})"),
    Order.CAME_LAST_FIRST: (
        "s.came DESC",
        "s.came < {came} OR (s.came = {came} AND s.id > {id})",
    ),
    Order.REGISTERED_FIRST_FIRST: ("s.id", "s.id > {id}"),
}


def lost(span: Span) -> Lines:
    """The lines of money that went back to customers because a dispute over it was lost."""
    return Lines(span, (Account.DISPUTES,), (Event.DISPUTE_LOST,))


async def page(
    actor: Actor, span: Span, clocks: Sequence[Zone], order: Order, limit: int, after: Place | None
) -> list[Spent]:
    """Customers with any payment or visit within the span, from the one after a place on."""
    by, behind = _ORDERS[order]
    where = Where()
    found = _spent(where, actor, span, clocks, None)
    if after is not None:
        last = after.last_visit or NEVER
        values: dict[str, Any] = {"id": after.customer_id, "spent": after.spent_minor, "came": last}
        where.add(behind, **{name: value for name, value in values.items() if f"{{{name}}}" in behind})
    condition = f"WHERE {where}" if str(where) else ""
    return [
        _of(row)
        for row in await rows(
            f"SELECT * FROM ({found}) AS s {condition} ORDER BY {by}, s.id LIMIT {where.value(limit)}", *where.args
        )
    ]


async def of_customers(
    actor: Actor, span: Span, clocks: Sequence[Zone], customer_ids: Sequence[str]
) -> dict[str, Spent]:
    """The same of certain customers; of those with neither payment nor visit there is nothing."""
    where = Where()
    found = await rows(_spent(where, actor, span, clocks, list(customer_ids)), *where.args)
    return {row["id"]: _of(row) for row in found if row["id"] in customer_ids}


def _spent(where: Where, actor: Actor, span: Span, clocks: Sequence[Zone], customer_ids: list[str] | None) -> str:
    only = "" if customer_ids is None else f" AND o.customer_id IN {persons(where.value(customer_ids))}"
    paid, back = _money(where, actor, money_in(span), only), _money(where, actor, lost(span), only)
    visits = _uses(where, actor, span, clocks)
    gone = "" if span.as_of is None else f" AND r.recorded_at <= {where.value(span.as_of)}"
    never = where.value(NEVER)
    return f"""SELECT c.id, h.currency, COALESCE(f.paid, 0) AS paid, COALESCE(f.lost, 0) AS lost,
        COALESCE(f.paid, 0) - COALESCE(f.lost, 0) AS spent, COALESCE(f.came, {never}) AS came FROM (
            SELECT COALESCE(k.merged_into_id, k.id) AS customer_id, SUM(t.paid) AS paid, SUM(t.lost) AS lost,
            MAX(t.came) AS came FROM (
                SELECT o.customer_id, l.debit_minor - l.credit_minor AS paid, 0 AS lost,
                    CAST(NULL AS TIMESTAMPTZ) AS came {_LINES} WHERE {paid}
                UNION ALL SELECT o.customer_id, 0, l.credit_minor - l.debit_minor, CAST(NULL AS TIMESTAMPTZ)
                    {_LINES} WHERE {back}
                UNION ALL SELECT o.customer_id, 0, 0, m.effective_at {_USES} WHERE {visits}
                    {only} AND m.target = 'CONSUMED'
                    AND NOT EXISTS (SELECT 1 FROM operation r WHERE r.reverses = o.id{gone})
            ) AS t JOIN customer k ON k.id = t.customer_id GROUP BY COALESCE(k.merged_into_id, k.id)
        ) AS f JOIN customer c ON c.id = f.customer_id JOIN chain h ON h.id = c.chain_id"""


def _money(where: Where, actor: Actor, lines: Lines, only: str) -> str:
    own = Where()
    own.args = where.args
    add_lines(own, actor, lines)
    return f"{own}{only}"


def _uses(where: Where, actor: Actor, span: Span, clocks: Sequence[Zone]) -> str:
    own = Where()
    own.args = where.args
    add_moved(own, actor, Uses(span), clocks)
    return str(own)


def _of(row: dict[str, Any]) -> Spent:
    came = datetime.fromisoformat(row["came"]) if isinstance(row["came"], str) else row["came"]
    return Spent(row["id"], row["currency"], int(row["paid"]), int(row["lost"]), None if came == NEVER else came)


async def services(
    actor: Actor, span: Span, clocks: Sequence[Zone], customer_ids: Sequence[str]
) -> dict[str, dict[str, int]]:
    """How many sessions of each service the customers used, less those given back."""
    where = Where()
    uses = _uses(where, actor, span, clocks)
    ids = where.value(list(customer_ids))
    found = await rows(
        f"""SELECT customer_id, service_id, SUM(sessions) AS sessions FROM (
            SELECT {person(_CAME)} AS customer_id, m.service_id, {USED} AS sessions {_USES} WHERE {uses}
            AND m.operation_id IN {visits_of(ids)}
        ) AS u WHERE customer_id = ANY({ids}) AND service_id IS NOT NULL
        GROUP BY customer_id, service_id ORDER BY service_id""",
        *where.args,
    )
    grouped: dict[str, dict[str, int]] = {customer_id: {} for customer_id in customer_ids}
    for row in found:
        grouped[row["customer_id"]][row["service_id"]] = int(row["sessions"])
    return grouped
