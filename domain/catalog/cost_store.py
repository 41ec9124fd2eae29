"""Every statement about what it costs to deliver sessions, from which day on, by the clock of each branch."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.kernel.access import Actor
from domain.kernel.calendar import local_date, start_of_day
from domain.kernel.commands import Work
from domain.kernel.db import insert, rows

FROM_THE_BEGINNING = date(1970, 1, 1)
"""From when the delivery costs of a new service count."""


@dataclass(frozen=True, slots=True)
class DeliveryCost:
    """What one session costs a branch to deliver from a local day on; None where that is not known any more."""

    branch_id: str
    starts_on: date
    cost_minor: int | None


def cost_at(service: str, branch: str, instant: str, known_at: str | None = None) -> str:
    """The expression for what a session cost at an instant, as it was known at another; its arguments are SQL."""
    known = f" AND (dc.recorded_at IS NULL OR dc.recorded_at <= {known_at})" if known_at else ""
    return f"""(SELECT dc.cost_minor FROM delivery_cost dc WHERE dc.service_id = {service} AND dc.branch_id = {branch}
        AND dc.starts_at <= {instant}{known} ORDER BY dc.starts_on DESC, dc.id DESC LIMIT 1)"""


async def costs_now(work: Work, service_id: str, branch_ids: Sequence[str]) -> dict[str, int | None]:
    """What a session costs each of the branches now."""
    found = await rows(
        f"SELECT b.id, {cost_at('$1', 'b.id', '$3')} AS cost_minor FROM branch b WHERE b.id = ANY($2)",
        service_id,
        list(branch_ids),
        work.now,
    )
    return {row["id"]: row["cost_minor"] for row in found}


async def add_costs(work: Work, service_id: str, costs: Sequence[tuple[DeliveryCost, str]]) -> None:
    """From its day on, by the clock given with it, each cost counts until a later day says otherwise."""
    await insert(
        "delivery_cost",
        [
            {
                "service_id": service_id,
                "branch_id": cost.branch_id,
                "starts_on": cost.starts_on,
                "starts_at": start_of_day(cost.starts_on, time_zone),
                "cost_minor": cost.cost_minor,
                "recorded_at": work.now,
            }
            for cost, time_zone in costs
        ],
    )


async def put_costs(
    work: Work, service_id: str, costs: Mapping[str, int | None], time_zones: Mapping[str, str], new: bool
) -> None:
    """Where a session costs another amount than now it does so from today on; of a new service, from the beginning."""
    before = await costs_now(work, service_id, list(costs))
    today = {
        branch_id: FROM_THE_BEGINNING if new else local_date(work.now, time_zones[branch_id]) for branch_id in costs
    }
    changed = [branch_id for branch_id, cost_minor in costs.items() if cost_minor != before[branch_id]]
    await add_costs(
        work,
        service_id,
        [(DeliveryCost(each, today[each], costs[each]), time_zones[each]) for each in changed],
    )


async def costs_of(actor: Actor, service_ids: Sequence[str]) -> dict[str, list[DeliveryCost]]:
    """What a session of each service costs, by branch and day, the newest word for each; nothing for outsiders."""
    if not actor.reads_business:
        return {}
    found = await rows(
        """SELECT c.service_id, c.branch_id, c.starts_on, c.cost_minor FROM delivery_cost c
        JOIN service s ON s.id = c.service_id WHERE s.chain_id = $1 AND c.service_id = ANY($2)
        AND NOT EXISTS (SELECT 1 FROM delivery_cost d WHERE d.service_id = c.service_id AND d.branch_id = c.branch_id
            AND d.starts_at = c.starts_at AND d.id > c.id) ORDER BY c.branch_id, c.starts_on""",
        actor.chain_id,
        list(service_ids),
    )
    grouped: dict[str, list[DeliveryCost]] = defaultdict(list)
    for row in found:
        grouped[row["service_id"]].append(DeliveryCost(row["branch_id"], row["starts_on"], row["cost_minor"]))
    return grouped
