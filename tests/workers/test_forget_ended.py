"""What ended long ago is forgotten, and nothing else; what is gone is neither told nor tried again."""

from datetime import datetime, timedelta

import orjson
import pytest
from prometheus_client import REGISTRY

from carnet.settings import Settings
from domain.inbox.errors import InboundEventForgotten
from domain.inbox.receiving_store import insert_event
from domain.inbox.retry_inbound_event import RetryInboundEvent
from domain.kernel import keeping
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.ids import new_id
from domain.webhooks import sending
from domain.webhooks.change_webhook import ChangeWebhook
from domain.webhooks.errors import DeliveryForgotten
from domain.webhooks.making import make_deliveries
from domain.webhooks.register_webhook import RegisterWebhook
from domain.webhooks.remove_webhook import RemoveWebhook
from domain.webhooks.replay_webhook import ReplayWebhook
from domain.webhooks.rules import Attempt
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused, sold
from tests.fixtures.hooked import sealed, states
from tests.fixtures.knocking import GARBAGE, event, opened, processed
from tests.fixtures.unchanged import unchanged
from workers.forget_ended import forget_ended
from workers.main import TIMETABLE

pytestmark = pytest.mark.anyio

KEPT = timedelta(days=90)
URL = "https://93.184.216.34/hook"


def counted(what: str) -> float:
    return REGISTRY.get_sample_value("carnet_forgotten_total", {"what": what}) or 0


async def told(house: Harbour, webhook_id: str, at: datetime, *statuses: int) -> None:
    """As many packages are sold, and of each the webhook is told, which answers so."""
    with on(at):
        for _ in statuses:
            await sold(house, house.ten)
        await sealed()
        await make_deliveries()
        lease = await sending.take(webhook_id)
        assert lease is not None
        due = await sending.turn(lease, 10)
        attempts = [Attempt(each.delivery_id, status, "", at, 3) for each, status in zip(due, statuses, strict=True)]
        assert await sending.turn(lease, 0, attempts, lambda _: 0) == []
        await sending.give_back(lease)


async def attempts() -> int:
    (row,) = await rows("SELECT COUNT(*) AS attempts FROM webhook_attempt")
    return int(row["attempts"])


def test_it_is_looked_for_every_hour_and_the_operator_says_how_long_things_are_kept() -> None:
    [row] = [row for row in TIMETABLE if row.sweep is forget_ended]
    assert (row.every, keeping.kept_since(MONDAY)) == (timedelta(hours=1), MONDAY - KEPT)
    try:
        Settings(keep_days=30).keep_ended()
        assert keeping.kept_since(MONDAY) == MONDAY - timedelta(days=30)
    finally:
        keeping.keep(KEPT.days)


async def test_deliveries_that_were_taken_go_after_90_days_with_their_attempts(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.forget_ended._BATCH", 2)
    house = await harbour(db)
    await sealed()
    webhook_id: str = (await run_command(house.owner, RegisterWebhook(URL, ("package.sold",)))).outcome.webhook_id
    await told(house, webhook_id, MONDAY, 204, 204, 204, 500)
    await execute("UPDATE webhook_delivery SET state = 'FAILED', due_at = NULL WHERE state = 'WAITING'")
    await told(house, webhook_id, MONDAY + timedelta(days=1), 204, 500)
    found = await rows("SELECT id, position FROM webhook_delivery ORDER BY position")
    with on(MONDAY + KEPT):
        async with unchanged():
            await forget_ended()
    before = counted("deliveries")
    with on(MONDAY + KEPT + timedelta(seconds=1)):
        await forget_ended()
        assert counted("deliveries") - before == 3
        async with unchanged():
            await forget_ended()

        assert await states(webhook_id) == [("package.sold", each, 1) for each in ("FAILED", "DELIVERED", "WAITING")]
        assert await attempts() == 3
        gone = await refused(DeliveryForgotten, house.owner, ReplayWebhook(webhook_id, found[0]["id"]))
        assert (gone.forgotten_position, gone.path) == (found[2]["position"], ("deliveryId",))
        too_early = ReplayWebhook(webhook_id, after_position=found[1]["position"])
        assert (await refused(DeliveryForgotten, house.owner, too_early)).path == ("afterPosition",)
        assert (await run_command(house.owner, ReplayWebhook(webhook_id, found[3]["id"]))).outcome.delivery_id
        await run_command(house.owner, ReplayWebhook(webhook_id, after_position=found[2]["position"]))
        await make_deliveries()
    replayed = await rows("SELECT replays FROM webhook_delivery WHERE replays IS NOT NULL ORDER BY position, id")
    assert [row["replays"] for row in replayed] == [found[3]["id"], found[4]["id"]]


async def test_what_is_about_to_be_told_again_stays_until_it_was(db: str) -> None:
    house = await harbour(db)
    await sealed()
    webhook_id: str = (await run_command(house.owner, RegisterWebhook(URL, ("package.sold",)))).outcome.webhook_id
    await told(house, webhook_id, MONDAY, 204)
    (first,) = await rows("SELECT id FROM webhook_delivery")
    with on(MONDAY + KEPT + timedelta(days=1)):
        await run_command(house.owner, ChangeWebhook(webhook_id, paused=True))
        await run_command(house.owner, ReplayWebhook(webhook_id, after_position=0))
        await forget_ended()
        await run_command(house.owner, ChangeWebhook(webhook_id, paused=False))
        await make_deliveries()
        await forget_ended()
    (again,) = await rows("SELECT id, replays, state FROM webhook_delivery")
    assert (again["replays"], again["state"]) == (first["id"], "WAITING")


async def test_what_was_cancelled_goes_90_days_after_its_webhook_and_attempts_cannot_go_alone(db: str) -> None:
    house = await harbour(db)
    await sealed()
    webhook_id: str = (await run_command(house.owner, RegisterWebhook(URL, ("package.sold",)))).outcome.webhook_id
    await told(house, webhook_id, MONDAY, 500)
    async with unchanged():
        for spoiler in ("DELETE FROM webhook_attempt", "UPDATE webhook_attempt SET status = 204"):
            with pytest.raises(Exception, match="webhook_attempt is append-only"):
                await execute(spoiler)
    with on(MONDAY + timedelta(days=1)):
        await run_command(house.owner, RemoveWebhook(webhook_id))
    with on(MONDAY + KEPT + timedelta(days=1)):
        async with unchanged():
            await forget_ended()
    with on(MONDAY + KEPT + timedelta(days=1, seconds=1)):
        await forget_ended()
    assert (await states(webhook_id), await attempts()) == ([], 0)


async def test_bodies_go_when_an_event_had_its_effect_or_meant_nothing_and_it_is_known_for_ever(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.forget_ended._BATCH", 1)
    with on(MONDAY):
        house = await harbour(db)
        cal = await opened(house.owner)
        await sold(house, house.ten)
        bodies = {
            "done": orjson.dumps(event(house, "created", MONDAY)),
            "nothing": b'{"type": "client.renamed", "name": "Ana"}',
            "bad": GARBAGE,
            "waits": orjson.dumps(event(house, "created", MONDAY, customerId=new_id("cus"), reference="A-2")),
        }
        ids = {name: new_id("ine") for name in bodies}
        for name, body in bodies.items():
            assert await insert_event(ids[name], cal.hook_id, name, body, MONDAY)
        await processed()
    with on(MONDAY + KEPT):
        async with unchanged():
            await forget_ended()
    before = counted("bodies")
    with on(MONDAY + KEPT + timedelta(seconds=1)):
        await forget_ended()
        found = await rows("SELECT event_id, state, body FROM inbound_event ORDER BY id")
        assert [(row["event_id"], row["state"], bytes(row["body"])) for row in found] == [
            ("done", "PROCESSED", b""),
            ("nothing", "IGNORED", b""),
            ("bad", "REJECTED", GARBAGE),
            ("waits", "RECEIVED", bodies["waits"]),
        ]
        assert counted("bodies") - before == 2
        assert not await insert_event(new_id("ine"), cal.hook_id, "done", bodies["done"], MONDAY)
        gone = await refused(InboundEventForgotten, house.owner, RetryInboundEvent(ids["nothing"]))
        assert (gone.event_id, gone.path) == (ids["nothing"], ("eventId",))
