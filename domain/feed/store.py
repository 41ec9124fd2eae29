"""Every statement that acknowledging needs."""

from dataclasses import dataclass

from domain.kernel.commands import Work
from domain.kernel.db import execute, insert, rows
from domain.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Reader:
    """A feed of somebody, and how far it has come."""

    id: str
    feed: str
    position: int


async def lock(work: Work, feed: str) -> Reader | None:
    """The actor's own feed of this name, which nobody else can move until the act ends."""
    found = await rows(
        """SELECT id, feed, position FROM feed_reader WHERE chain_id = $1 AND principal_id = $2 AND feed = $3
        FOR UPDATE""",
        work.chain_id,
        work.actor.id,
        feed,
    )
    return Reader(**found[0]) if found else None


async def feeds(work: Work) -> int:
    """How many feeds the actor has."""
    found = await rows(
        "SELECT COUNT(*) AS feeds FROM feed_reader WHERE chain_id = $1 AND principal_id = $2",
        work.chain_id,
        work.actor.id,
    )
    return int(found[0]["feeds"])


async def begin(work: Work, feed: str, position: int) -> Reader:
    """A feed that the actor reads from now on."""
    reader = Reader(new_id("fdr"), feed, position)
    record = {
        "id": reader.id,
        "chain_id": work.chain_id,
        "principal": work.actor.kind.value,
        "principal_id": work.actor.id,
        "feed": feed,
        "position": position,
        "began_at": work.now,
        "acknowledged_at": work.now,
    }
    await insert("feed_reader", [record])
    return reader


async def move(work: Work, reader: Reader, position: int) -> None:
    """A feed that is locked has come so far."""
    await execute(
        "UPDATE feed_reader SET position = $2, acknowledged_at = $3 WHERE id = $1", reader.id, position, work.now
    )
