"""The statement by which the refunds that were agreed in a period are read, to be reckoned anew."""

from collections.abc import Sequence
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.calendar import end_of_day, start_of_day
from domain.kernel.db import Where, rows
from domain.ledger.persons import person
from domain.refunds.rules import Reckoned
from domain.reports.figures import Span
from domain.reports.sessions_store import Zone, inside
from domain.reports.simulated import Agreed


async def agreed(
    actor: Actor, span: Span, clocks: Sequence[Zone], branch_id: str | None, definition_id: str | None, limit: int
) -> list[Agreed]:
    """At most so many refunds in the order in which they were agreed; days are those of their home branches."""
    if not clocks:
        return []
    where = Where()
    where.add("r.chain_id = {chain}", chain=actor.chain_id)
    _add_days(where, span, clocks)
    where.add_given("r.home_branch_id = {value}", branch_id)
    where.add_given("p.definition_id = {value}", definition_id)
    found = await rows(
        f"""SELECT r.id AS refund_id, r.package_id, {person("r.customer_id")} AS customer_id, r.currency, r.reckoned_by,
            r.refund_minor, r.goodwill_minor, r.fee_minor, r.cleared_minor, r.to_credit, r.standing AS grounds
        FROM refund r JOIN package p ON p.id = r.package_id WHERE {where}
        ORDER BY r.agreed_at, r.operation_id LIMIT {where.value(limit)}""",
        *where.args,
    )
    return [_agreed(row) for row in found]


def _add_days(where: Where, span: Span, clocks: Sequence[Zone]) -> None:
    """What encloses all clocks is said first, for the index of instants."""
    assert span.first_day is not None
    begins = {zone: start_of_day(inside(span.first_day), zone.time_zone) for zone in clocks}
    ends = {zone: end_of_day(inside(span.last_day), zone.time_zone) for zone in clocks}
    where.add("r.agreed_at >= {first} AND r.agreed_at < {last}", first=min(begins.values()), last=max(ends.values()))
    days = (
        f"(r.home_branch_id = ANY({where.value(list(zone.branch_ids))}) AND r.agreed_at >= {where.value(begins[zone])}"
        f" AND r.agreed_at < {where.value(ends[zone])})"
        for zone in clocks
    )
    where.add(" OR ".join(days))


def _agreed(row: dict[str, Any]) -> Agreed:
    return Agreed(**row | {"reckoned_by": Reckoned(row["reckoned_by"]), "to_credit": bool(row["to_credit"])})
