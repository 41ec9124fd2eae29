"""Every statement by which sealed operations become deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kernel.db import execute, insert, rows
from domain.webhooks.events import Told


@dataclass(frozen=True, slots=True)
class Behind:
    """A webhook that has not come to the end of the sealed order."""

    id: str
    chain_id: str
    event_types: tuple[str, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Before:
    """What a webhook was told before, where it is told again."""

    id: str
    body: str
    waits: bool


async def behind() -> list[str]:
    """The webhooks to which something more is to be told."""
    found = await rows(
        """SELECT w.id FROM webhook w WHERE w.state = 'ACTIVE' AND w.removed_at IS NULL AND EXISTS (
            SELECT 1 FROM sealed_operation s WHERE s.chain_id = w.chain_id AND s.position > w.position)
        ORDER BY w.id"""
    )
    return [row["id"] for row in found]


async def lock(webhook_id: str) -> Behind | None:
    """The webhook, whose place in the order nobody else changes; None while somebody else may."""
    found = await rows(
        """SELECT id, chain_id, event_types, position FROM webhook
        WHERE id = $1 AND state = 'ACTIVE' AND removed_at IS NULL FOR UPDATE SKIP LOCKED""",
        webhook_id,
    )
    return Behind(**found[0] | {"event_types": tuple(found[0]["event_types"])}) if found else None


async def told_after(chain_id: str, position: int, at_most: int) -> list[Told]:
    """The next sealed operations of the chain, in their order."""
    found = await rows(
        """SELECT s.position, s.operation_id, o.act, o.chain_id, o.branch_id, o.package_id, o.package_version,
            o.customer_id, o.recorded_at
        FROM sealed_operation s JOIN operation o ON o.id = s.operation_id
        WHERE s.chain_id = $1 AND s.position > $2 ORDER BY s.position LIMIT $3""",
        chain_id,
        position,
        at_most,
    )
    return [Told(**row) for row in found]


async def before(webhook_id: str, first: int, last: int) -> dict[int, Before]:
    """By position, what the webhook was first told between these, and whether some of it still waits."""
    found = await rows(
        """SELECT position, id, body, state FROM webhook_delivery
        WHERE webhook_id = $1 AND position >= $2 AND position <= $3 ORDER BY id""",
        webhook_id,
        first,
        last,
    )
    waiting = {row["position"] for row in found if row["state"] == "WAITING"}
    return {row["position"]: Before(row["id"], row["body"], row["position"] in waiting) for row in reversed(found)}


async def due_of_packages(webhook_id: str, package_ids: Sequence[str]) -> Mapping[str, datetime]:
    """Of the packages for which something waits, when that is due."""
    found = await rows(
        """SELECT package_id, due_at FROM webhook_delivery
        WHERE webhook_id = $1 AND state = 'WAITING' AND package_id = ANY($2) ORDER BY due_at""",
        webhook_id,
        list(package_ids),
    )
    return {row["package_id"]: row["due_at"] for row in found}


async def insert_deliveries(deliveries: Sequence[Mapping[str, Any]]) -> None:
    """Deliveries that wait to be sent."""
    await insert("webhook_delivery", deliveries)


async def move(webhook_id: str, position: int) -> None:
    """The webhook has come to this place."""
    await execute("UPDATE webhook SET position = $2 WHERE id = $1", webhook_id, position)
