"""Acts about webhooks: where events go, which, with which secrets, and what is refused without a trace."""

from datetime import timedelta

import pytest

from domain.inbox import reading as inbox_reading
from domain.kernel import addresses, vault
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from domain.webhooks import reading
from domain.webhooks.change_webhook import ChangeWebhook, change
from domain.webhooks.errors import WebhookRemoved
from domain.webhooks.making import make_deliveries
from domain.webhooks.register_webhook import RegisterWebhook, register
from domain.webhooks.remove_webhook import RemoveWebhook
from domain.webhooks.replay_webhook import ReplayWebhook
from domain.webhooks.rotate_webhook_secret import RotateWebhookSecret
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused, sold
from tests.fixtures.hooked import sealed, states
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

URL = "https://93.184.216.34/hook"


async def registered(house: Harbour, *types: str) -> str:
    """The id of a webhook of the owner's, which nobody listens to."""
    webhook_id: str = (await run_command(house.owner, RegisterWebhook(URL, types))).outcome.webhook_id
    return webhook_id


async def secrets_of(webhook_id: str) -> list[tuple[str, object]]:
    found = await rows("SELECT secret, ends_at FROM webhook_secret WHERE webhook_id = $1 ORDER BY id", webhook_id)
    return [(vault.unseal(row["secret"]), row["ends_at"]) for row in found]


async def test_a_webhook_is_registered_where_the_order_ends_and_its_secret_is_told_once(db: str) -> None:
    house = await harbour(db)
    await sealed()
    done = await register(house.owner, RegisterWebhook(URL, ("session.redeemed", "package.sold"), " our till "))

    (row,) = await rows("SELECT url, description, event_types, state, position FROM webhook")
    (last,) = await rows("SELECT MAX(position) AS position FROM sealed_operation WHERE chain_id = $1", house.chain_id)
    assert row == {
        "url": URL,
        "description": "our till",
        "event_types": ["package.sold", "session.redeemed"],
        "state": "ACTIVE",
        "position": last["position"],
    }
    secret = done.outcome.secret or ""
    assert secret.startswith("whsec_") and len(secret) == 50
    assert await secrets_of(done.outcome.webhook_id) == [(secret, None)]
    (kept,) = await rows("SELECT outcome FROM operation WHERE id = $1", done.operation_id)
    assert kept["outcome"] == {"webhook_id": done.outcome.webhook_id, "secret": None}
    (written,) = await rows("SELECT secret FROM webhook_secret")
    assert secret.removeprefix("whsec_") not in written["secret"]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://127.0.0.1/hook", "url leads to 127.0.0.1, which is not on the public internet; whoever"),
        ("https://localhost/hook", "url leads to localhost"),
        ("https://internal.example/hook", r"url leads to internal.example, which is not on"),
        ("https://2130706433/hook", "no proper name or address"),
        ("http://93.184.216.34/hook", "url does not begin with https://"),
        ("https://93.184.216.34/" + "x" * 980, "at most 1000"),
    ],
)
async def test_what_leads_into_a_network_of_our_own_is_refused(
    sqlite_db: str, url: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await harbour(sqlite_db)
    webhook_id = await registered(house)
    look_up = addresses.look_up

    async def look_up_here(name: str) -> object:
        return ["10.0.0.5"] if name == "internal.example" else await look_up(name)

    monkeypatch.setattr(addresses, "look_up", look_up_here)
    async with unchanged():
        for attempt in (
            register(house.owner, RegisterWebhook(url)),
            change(house.owner, ChangeWebhook(webhook_id, url=url)),
        ):
            with pytest.raises(InvalidInput, match=why) as caught:
                await attempt
            assert caught.value.path == ("url",)


async def test_who_may_not_is_refused_before_anything_is_looked_up(
    sqlite_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await harbour(sqlite_db)
    asked: list[str] = []

    async def look_up(name: str) -> list[str]:
        asked.append(name)
        return []

    monkeypatch.setattr(addresses, "look_up", look_up)
    with pytest.raises(Forbidden):
        await register(house.manager_lis, RegisterWebhook("https://hooks.example.com/"))
    assert asked == []


async def test_events_that_there_are_not_and_inputs_of_nothing_are_refused(db: str) -> None:
    house = await harbour(db)
    webhook_id = await registered(house)

    unknown = await refused(InvalidInput, house.owner, RegisterWebhook(URL, ("package.sold", "package.eaten")))
    assert (unknown.path, unknown.message) == (("eventTypes", "1"), "There is no event 'package.eaten'.")
    await refused(InvalidInput, house.owner, ChangeWebhook(webhook_id))
    await refused(InvalidInput, house.owner, RotateWebhookSecret(webhook_id, 169))
    await refused(InvalidInput, house.owner, ReplayWebhook(webhook_id))
    await refused(InvalidInput, house.owner, ReplayWebhook(webhook_id, new_id("whd"), 0))
    ahead = await refused(InvalidInput, house.owner, ReplayWebhook(webhook_id, after_position=1000))
    assert ahead.path == ("afterPosition",)


async def test_webhooks_of_others_and_what_is_removed_cannot_be_changed(db: str) -> None:
    house = await harbour(db)
    webhook_id = await registered(house)
    for command in (
        ChangeWebhook(webhook_id, paused=True),
        RemoveWebhook(webhook_id),
        RotateWebhookSecret(webhook_id),
        ReplayWebhook(webhook_id, after_position=0),
    ):
        assert (await refused(NotFound, house.other_owner, command)).noun == "webhook"
        await refused(Forbidden, house.manager_lis, command)
    assert (await refused(NotFound, house.owner, ReplayWebhook(webhook_id, new_id("whd")))).noun == "delivery"

    await run_command(house.owner, RemoveWebhook(webhook_id))

    for command in (
        ChangeWebhook(webhook_id, paused=True),
        RemoveWebhook(webhook_id),
        RotateWebhookSecret(webhook_id),
        ReplayWebhook(webhook_id, after_position=0),
    ):
        assert (await refused(WebhookRemoved, house.owner, command)).webhook_id == webhook_id


async def test_what_waits_when_a_webhook_is_removed_is_cancelled(db: str) -> None:
    house = await harbour(db)
    webhook_id = await registered(house, "package.sold")
    await sold(house, house.ten)
    await sealed()
    assert await make_deliveries() == 1

    await run_command(house.owner, RemoveWebhook(webhook_id))
    await sold(house, house.ten)
    await sealed()

    assert await make_deliveries() == 0
    assert await states(webhook_id) == [("package.sold", "CANCELLED", 0)]


async def test_a_secret_is_rotated_and_at_most_two_are_good_at_a_time(db: str) -> None:
    house = await harbour(db)
    day = timedelta(days=1)
    with on(MONDAY):
        webhook_id = await registered(house)
        second = (await run_command(house.owner, RotateWebhookSecret(webhook_id))).outcome
    with on(MONDAY + day / 2):
        third = (await run_command(house.owner, RotateWebhookSecret(webhook_id, former_hours=0))).outcome

    assert (second.former_until, third.former_until) == (MONDAY + day, MONDAY + day / 2)
    found = await secrets_of(webhook_id)
    assert [ends_at for _, ends_at in found] == [MONDAY + day / 2, MONDAY + day / 2, None]
    assert [secret for secret, _ in found][1:] == [second.secret, third.secret]
    kept = await rows("SELECT outcome FROM operation WHERE act = 'rotate_webhook_secret'")
    assert [row["outcome"]["secret"] for row in kept] == [None, None]


async def test_sqlite_reads_a_page_past_nothing_of_other_chains(
    sqlite_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await harbour(sqlite_db)
    plans: list[str] = []

    async def explained(sql: str, *args: object) -> list[dict[str, object]]:
        if sql.startswith("SELECT id"):
            return [{"id": "one"}, {"id": "two"}]
        plans.extend(str(step["detail"]) for step in await rows(f"EXPLAIN QUERY PLAN {sql}", *args))
        return []

    monkeypatch.setattr(reading, "rows", explained)
    monkeypatch.setattr(inbox_reading, "rows", explained)
    await reading.deliveries(house.owner, reading.DeliveryFilter(), 50)
    await reading.deliveries(house.owner, reading.DeliveryFilter(package_id="pkg"), 50, "dlv_7")
    await inbox_reading.events(house.owner, inbox_reading.EventFilter(), 50, "evt_7")
    found = {step for step in plans if step.startswith(("SCAN", "SEARCH"))} - {"SCAN of_one"}
    assert found == {
        "SEARCH d USING INDEX sqlite_autoindex_webhook_delivery_1 (id=?)",
        "SEARCH webhook_delivery USING COVERING INDEX ix_webhook_delivery_state (webhook_id=? AND state=?)",
        "SEARCH webhook_delivery USING INDEX ix_webhook_delivery_state (webhook_id=? AND state=? AND id<?)",
        "SEARCH e USING INDEX sqlite_autoindex_inbound_event_1 (id=?)",
        "SEARCH inbound_event USING COVERING INDEX ix_inbound_event_state (hook_id=? AND state=? AND id<?)",
    }
