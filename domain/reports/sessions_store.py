"""The conditions and values of sessions behind figures: used, at what they cost to deliver, or of certain packages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.catalog.cost_store import cost_at
from domain.kernel.access import Actor
from domain.kernel.calendar import end_of_day, start_of_day
from domain.kernel.db import Where, rows
from domain.ledger.journal import accounts_branches
from domain.ledger.persons import persons
from domain.reports.figures import Deliveries, Lines, Lives, Moved, Span, Taken, Uses

USED = "(CASE WHEN m.target = 'CONSUMED' THEN m.sessions ELSE -m.sessions END)"
_FIRST, _LAST = date(1900, 1, 1), date(9000, 1, 1)
OF_THESE_BOOKS = "o.act <> 'import_package'"
_TAKEN = {
    Taken.ISSUED: ("m.source = 'ISSUED'", "m.sessions"),
    Taken.USED: ("m.source = 'CONSUMED' OR m.target = 'CONSUMED'", USED),
    Taken.LAPSED: (
        "m.source = 'EXPIRED' OR m.target = 'EXPIRED'",
        "(CASE WHEN m.target = 'EXPIRED' THEN m.sessions ELSE -m.sessions END)",
    ),
}
# What is given back costs what it cost when it was used.
_VISITED = """COALESCE((SELECT MIN(v.effective_at) FROM movement v
    WHERE v.operation_id = o.reverses AND v.target = 'CONSUMED'), m.effective_at)"""


@dataclass(frozen=True, slots=True)
class Zone:
    """Branches that go by the same clock."""

    time_zone: str
    branch_ids: tuple[str, ...]


async def zones(actor: Actor) -> list[Zone]:
    """The clocks of the branches whose books the actor may read; their days begin at different instants."""
    where = Where()
    where.add("chain_id = {chain}", chain=actor.chain_id)
    where.add_given("id = ANY({value})", accounts_branches(actor, "reports"))
    found: dict[str, list[str]] = {}
    for row in await rows(f"SELECT id, time_zone FROM branch WHERE {where} ORDER BY id", *where.args):
        found.setdefault(row["time_zone"], []).append(row["id"])
    return [Zone(name, tuple(branch_ids)) for name, branch_ids in found.items()]


def add_moved(where: Where, actor: Actor, chosen: Moved, clocks: Sequence[Zone]) -> str:
    """Add the conditions of movements `m`, their package `p` and operation `o`; answers what each of them counts for.

    Days are those of the branch visited.
    """
    where.add("p.chain_id = {chain}", chain=actor.chain_id)
    where.add_given("o.recorded_at <= {value}", chosen.span.as_of)
    if isinstance(chosen, Lives):
        return _add_lives(where, actor, chosen)
    where.add("m.source = 'CONSUMED' OR m.target = 'CONSUMED'")
    _add_days(where, chosen.span, clocks)
    where.add_given("m.branch_id = ANY({value})", list(chosen.branch_ids) or None)
    add_package(where, chosen, "m.package_id")
    return _add_uses(where, chosen) if isinstance(chosen, Uses) else _add_deliveries(where, chosen)


def _add_lives(where: Where, actor: Actor, chosen: Lives) -> str:
    condition, value = _TAKEN[chosen.taken]
    where.add(condition)
    where.add("m.package_id = ANY({ids})", ids=list(chosen.package_ids))
    where.add_given("p.selling_branch_id = ANY({value})", accounts_branches(actor, "reports"))
    return value


def _add_uses(where: Where, chosen: Uses) -> str:
    where.add_given("m.service_id = {value}", chosen.service_id)
    if chosen.customer_id is not None:
        where.add(f"m.operation_id IN {visits_of(where.value([chosen.customer_id]))}")
    return USED


def visits_of(customer_ids: str) -> str:
    """What was done for customers, and what took it back whoever that was for; found by the customer, not the day."""
    known_as = persons(customer_ids)
    return f"""(SELECT id FROM operation WHERE customer_id IN {known_as} AND reverses IS NULL
        UNION ALL SELECT r.id FROM operation d JOIN operation r ON r.reverses = d.id
        WHERE d.customer_id IN {known_as})"""


def _add_deliveries(where: Where, chosen: Deliveries) -> str:
    where.add(OF_THESE_BOOKS)
    cost = delivery_cost(where, chosen.span)
    where.add(f"{cost} IS NOT NULL" if chosen.known else f"{cost} IS NULL")
    return f"({USED} * {cost})" if chosen.known else USED


def delivery_cost(where: Where, span: Span) -> str:
    """The expression for what delivering a session of `m` cost, as it was known then."""
    known_at = where.value(span.as_of) if span.as_of else None
    return cost_at("m.service_id", "m.branch_id", _VISITED, known_at)


def inside(day: date) -> date:
    """The day, or the nearest one whose instants the calendar still knows; Carnet knows of nothing beyond."""
    return min(max(day, _FIRST), _LAST)


def _add_days(where: Where, span: Span, clocks: Sequence[Zone]) -> None:
    """The days of the branch visited; what encloses all of them is said first, for the index of instants."""
    begins = {zone: start_of_day(inside(span.first_day or date.min), zone.time_zone) for zone in clocks}
    ends = {zone: end_of_day(inside(span.last_day), zone.time_zone) for zone in clocks}
    if not clocks:
        where.add("1 = 0")
        return
    where.add(
        "m.effective_at >= {first} AND m.effective_at < {last}", first=min(begins.values()), last=max(ends.values())
    )
    days = (
        f"(m.branch_id = ANY({where.value(list(zone.branch_ids))}) AND m.effective_at >= {where.value(begins[zone])}"
        f" AND m.effective_at < {where.value(ends[zone])})"
        for zone in clocks
    )
    where.add(" OR ".join(days))


def add_package(where: Where, chosen: Lines | Uses | Deliveries, column: str) -> None:
    """The conditions on the package, whose id is in this column; an empty definition means no package."""
    where.add_given(f"{column} = {{value}}", chosen.package_id)
    if chosen.definition_id == "":
        where.add(f"{column} IS NULL")
    else:
        where.add_given("p.definition_id = {value}", chosen.definition_id)
