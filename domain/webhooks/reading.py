"""Every statement by which the graph reads webhooks and what became of their deliveries: for who owns the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.kernel.access import Actor
from domain.kernel.db import Where, newest_ids, rows
from domain.kernel.reads import HOOKS
from domain.webhooks.rules import Attempt, DeliveryState
from domain.webhooks.view import DELIVERY, WEBHOOK, DeliveryView, SecretView, WebhookView, delivery_of, webhook_of


@dataclass(frozen=True, slots=True)
class DeliveryFilter:
    """Which deliveries; every part that is given must hold."""

    webhook_id: str | None = None
    state: DeliveryState | None = None
    event_type: str | None = None
    operation_id: str | None = None
    package_id: str | None = None


async def page(actor: Actor, after: str | None, limit: int) -> list[WebhookView]:
    """The webhooks of the chain that are not removed, in the order of their registration, from after this id."""
    if not HOOKS.lets(actor):
        return []
    found = await rows(
        f"{WEBHOOK} WHERE chain_id = $1 AND removed_at IS NULL AND id > $2 ORDER BY id LIMIT $3",
        actor.chain_id,
        after or "",
        limit,
    )
    return [webhook_of(row) for row in found]


async def by_ids(actor: Actor, ids: Sequence[str]) -> Mapping[str, WebhookView]:
    """Those of the webhooks that the actor may see, removed ones too, by id."""
    if not HOOKS.lets(actor):
        return {}
    found = await rows(f"{WEBHOOK} WHERE chain_id = $1 AND id = ANY($2)", actor.chain_id, list(ids))
    return {row["id"]: webhook_of(row) for row in found}


async def secrets_of(actor: Actor, webhook_ids: Sequence[str]) -> Mapping[str, list[SecretView]]:
    """Of each webhook that the actor may see, since when which secrets sign, the newest first."""
    seen = await by_ids(actor, webhook_ids)
    grouped: dict[str, list[SecretView]] = {webhook_id: [] for webhook_id in seen}
    found = await rows(
        "SELECT webhook_id, created_at, ends_at FROM webhook_secret WHERE webhook_id = ANY($1) ORDER BY id DESC",
        list(seen),
    )
    for row in found:
        grouped[row["webhook_id"]].append(SecretView(**row))
    return grouped


async def waiting_of(actor: Actor, webhook_ids: Sequence[str]) -> Mapping[str, int]:
    """Of each webhook that the actor may see, how many deliveries wait."""
    seen = await by_ids(actor, webhook_ids)
    found = await rows(
        """SELECT webhook_id, COUNT(*) AS waiting FROM webhook_delivery
        WHERE webhook_id = ANY($1) AND state = 'WAITING' GROUP BY webhook_id""",
        list(seen),
    )
    return dict.fromkeys(seen, 0) | {row["webhook_id"]: row["waiting"] for row in found}


async def deliveries(actor: Actor, chosen: DeliveryFilter, limit: int, before: str | None = None) -> list[DeliveryView]:
    """Deliveries, newest first, before an id."""
    if not HOOKS.lets(actor):
        return []
    known = await rows("SELECT id FROM webhook WHERE chain_id = $1 ORDER BY id DESC", actor.chain_id)
    those = [row["id"] for row in known if chosen.webhook_id in (None, row["id"])]
    if not those:
        return []
    where = Where()
    for column in ("operation_id", "package_id", "event_type"):
        where.add_given(f"{column} = {{value}}", getattr(chosen, column))
    states = [chosen.state] if chosen.state else list(DeliveryState)
    newest = newest_ids("webhook_delivery", "webhook_id", where, those, states, limit, before)
    found = await rows(
        f"{DELIVERY} WHERE d.id IN ({newest}) ORDER BY d.id DESC LIMIT {where.value(limit)}", *where.args
    )
    return [delivery_of(row) for row in found]


async def deliveries_by_ids(actor: Actor, ids: Sequence[str]) -> Mapping[str, DeliveryView]:
    """Those of the deliveries that the actor may see, by id."""
    if not HOOKS.lets(actor):
        return {}
    where = _of_chain(actor)
    where.add("d.id = ANY({ids})", ids=list(ids))
    return {row["id"]: delivery_of(row) for row in await rows(f"{_DELIVERIES} WHERE {where}", *where.args)}


async def attempts_of(actor: Actor, delivery_ids: Sequence[str]) -> Mapping[str, list[Attempt]]:
    """Of each delivery that the actor may see, how its attempts ended, in their order."""
    seen = await deliveries_by_ids(actor, delivery_ids)
    grouped: dict[str, list[Attempt]] = {delivery_id: [] for delivery_id in seen}
    found = await rows(
        """SELECT delivery_id, status, detail, attempted_at, milliseconds FROM webhook_attempt
        WHERE delivery_id = ANY($1) ORDER BY id""",
        list(seen),
    )
    for row in found:
        grouped[row["delivery_id"]].append(Attempt(**row))
    return grouped


_DELIVERIES = f"{DELIVERY} JOIN webhook w ON w.id = d.webhook_id"


def _of_chain(actor: Actor) -> Where:
    where = Where()
    where.add("w.chain_id = {chain}", chain=actor.chain_id)
    return where
