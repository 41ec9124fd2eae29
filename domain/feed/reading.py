"""What the graph and the figures read of who reads the feed, for those who may read the books of the whole chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kernel.access import Actor, Principal
from domain.kernel.db import Where, rows
from domain.kernel.reads import ALL_BOOKS


@dataclass(frozen=True, slots=True)
class ReaderView:
    """A feed of somebody: how far it has come, how far it could be, and since when an entry waits for it."""

    id: str
    feed: str
    principal: Principal
    principal_id: str
    position: int
    began_at: datetime
    acknowledged_at: datetime
    newest: int
    waiting_since: datetime | None


# Operations without an entry are nothing that an acknowledgement waits for.
_NEXT = """SELECT s.operation_id FROM sealed_operation s JOIN journal_entry e ON e.operation_id = s.operation_id
    WHERE s.chain_id = r.chain_id AND s.position > r.position ORDER BY s.position LIMIT 1"""
_NEWEST = "SELECT COALESCE(MAX(n.position), 0) FROM sealed_operation n WHERE n.chain_id = r.chain_id"
_READER = f"""SELECT r.id, r.feed, r.principal, r.principal_id, r.position, r.began_at, r.acknowledged_at,
    ({_NEWEST}) AS newest, o.recorded_at AS waiting_since
    FROM feed_reader r LEFT JOIN operation o ON o.id = ({_NEXT})"""


def _reader(row: dict[str, Any]) -> ReaderView:
    return ReaderView(**row | {"principal": Principal(row["principal"])})


async def readers_page(actor: Actor, limit: int, after_id: str | None = None) -> list[ReaderView]:
    """The chain's feeds in the order in which they began, after an id; nothing for those who may not see them."""
    where = Where()
    where.add_given("r.id > {value}", after_id)
    return await _readers(actor, where, limit)


async def readers_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, ReaderView]:
    """Those of the feeds that the actor may see, by id."""
    where = Where()
    where.add("r.id = ANY({ids})", ids=list(ids))
    return {view.id: view for view in await _readers(actor, where, len(ids))}


async def _readers(actor: Actor, where: Where, limit: int) -> list[ReaderView]:
    if not ALL_BOOKS.lets(actor):
        return []
    where.add("r.chain_id = {chain}", chain=actor.chain_id)
    found = await rows(f"{_READER} WHERE {where} ORDER BY r.id LIMIT {where.value(limit)}", *where.args)
    return [_reader(row) for row in found]


async def of_keys() -> list[ReaderView]:
    """The feeds of all keys that may still be used, of every chain."""
    found = await rows(
        f"{_READER} JOIN api_key k ON k.id = r.principal_id AND k.revoked_at IS NULL ORDER BY r.id",
    )
    return [_reader(row) for row in found]
