"""Sealed operations become deliveries: in their order, each once, a batch in one short transaction.

The place that a webhook has come to moves in the transaction that writes its deliveries, so none is lost or made
twice. Who moves it back is told again, under the same ids, but for what still waits.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from domain.kernel import clock
from domain.kernel.db import retrying, transaction
from domain.kernel.ids import new_id
from domain.webhooks import making_store as store
from domain.webhooks.events import Told, body_of, type_of
from domain.webhooks.rules import DeliveryState

_BATCH = 500


async def make_deliveries() -> int:
    """For every webhook, of all that is sealed; returns how many were made.

    One with which Carnet fails keeps no other waiting.
    """
    made, failing = 0, list[Exception]()
    for webhook_id in await store.behind():
        try:
            made += await _all_of(webhook_id)
        except Exception as error:
            error.add_note(f"This is about the webhook {webhook_id}.")
            failing.append(error)
    if failing:
        raise ExceptionGroup("webhooks whose deliveries cannot be made", failing)
    return made


async def _all_of(webhook_id: str) -> int:
    made, more = 0, True
    while more:
        batch, more = await retrying(partial(_batch, webhook_id))
        made += batch
    return made


async def _batch(webhook_id: str) -> tuple[int, bool]:
    """How many were made, and whether there may be more."""
    async with transaction():
        webhook = await store.lock(webhook_id)
        if webhook is None:
            return 0, False
        passed = await store.told_after(webhook.chain_id, webhook.position, _BATCH)
        if not passed:
            return 0, False
        deliveries = await _deliveries(webhook, passed)
        await store.insert_deliveries(deliveries)
        await store.move(webhook.id, passed[-1].position)
        return len(deliveries), len(passed) == _BATCH


async def _deliveries(webhook: store.Behind, passed: Sequence[Told]) -> list[dict[str, Any]]:
    wanted = [told for told in passed if _is_wanted(webhook, told)]
    if not wanted:
        return []
    before = await store.before(webhook.id, wanted[0].position, wanted[-1].position)
    fresh = [told for told in wanted if told.position not in before or not before[told.position].waits]
    due = await store.due_of_packages(webhook.id, sorted({told.package_id for told in fresh if told.package_id}))
    now = clock.now()
    return [
        _delivery(webhook.id, told, before.get(told.position), now, max(now, due.get(told.package_id or "", now)))
        for told in fresh
    ]


def _is_wanted(webhook: store.Behind, told: Told) -> bool:
    name = type_of(told.act)
    return name is not None and (not webhook.event_types or name in webhook.event_types)


def _delivery(
    webhook_id: str, told: Told, before: store.Before | None, now: datetime, due_at: datetime
) -> dict[str, Any]:
    """It goes out with what waits before it for its package, which is when it could be sent at the earliest."""
    delivery_id = new_id("whd")
    return {
        "id": delivery_id,
        "webhook_id": webhook_id,
        "position": told.position,
        "operation_id": told.operation_id,
        "package_id": told.package_id,
        "event_type": type_of(told.act),
        "body": before.body if before else body_of(delivery_id, told),
        "state": DeliveryState.WAITING.value,
        "due_at": due_at,
        "created_at": now,
        "replays": before.id if before else None,
    }
