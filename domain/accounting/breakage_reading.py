"""What the graph reads of estimated breakage, for those who may read the books of the whole chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.kernel.access import Actor
from domain.kernel.db import Where, rows
from domain.kernel.reads import ALL_BOOKS


@dataclass(frozen=True, slots=True)
class RunView:
    """A run that catches packages up with an estimate or a method, and how far it has come."""

    id: str
    operation_id: str
    definition_id: str | None
    posted_on: date
    packages: int
    done: int
    failed: int
    changed_minor: int
    currency: str
    started_at: datetime
    finished_at: datetime | None


_RUN = f"""SELECT {", ".join(f"r.{name}" for name in RunView.__slots__ if name != "currency")}, c.currency
    FROM breakage_run r JOIN chain c ON c.id = r.chain_id"""


@dataclass(frozen=True, slots=True)
class EstimateView:
    """What share of a definition's sessions was expected never to be used, from then on until the next estimate."""

    id: str
    definition_id: str
    operation_id: str
    rate_bp: int
    estimated_at: datetime


async def runs_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, RunView]:
    """Those of the runs that the actor may see, by id."""
    if not ALL_BOOKS.lets(actor):
        return {}
    found = await rows(f"{_RUN} WHERE r.chain_id = $1 AND r.id = ANY($2)", actor.chain_id, list(ids))
    return {row["id"]: RunView(**row) for row in found}


async def runs_page(actor: Actor, limit: int, before_id: str | None = None) -> list[RunView]:
    """The runs that the actor may see, newest first, before an id."""
    if not ALL_BOOKS.lets(actor):
        return []
    where = Where()
    where.add("r.chain_id = {chain}", chain=actor.chain_id)
    where.add_given("r.id < {value}", before_id)
    found = await rows(f"{_RUN} WHERE {where} ORDER BY r.id DESC LIMIT {where.value(limit)}", *where.args)
    return [RunView(**row) for row in found]


async def estimates_page(
    actor: Actor, limit: int, before_id: str | None = None, definition_id: str | None = None
) -> list[EstimateView]:
    """The estimates of the chain's definitions, or of one, newest first, before an id."""
    if not ALL_BOOKS.lets(actor):
        return []
    where = Where()
    where.add("d.chain_id = {chain}", chain=actor.chain_id)
    where.add_given("e.definition_id = {value}", definition_id)
    where.add_given("e.id < {value}", before_id)
    columns = ", ".join(f"e.{name}" for name in EstimateView.__slots__)
    found = await rows(
        f"""SELECT {columns} FROM breakage_estimate e JOIN package_definition d ON d.id = e.definition_id
        WHERE {where} ORDER BY e.id DESC LIMIT {where.value(limit)}""",
        *where.args,
    )
    return [EstimateView(**row) for row in found]
