"""Webhooks over HTTP: registered, read with every attempt, replayed, and nobody's but the owner's."""

import orjson
import pytest

from domain.kernel.ids import new_id
from tests.fixtures.chain import harbour
from tests.fixtures.desk import sold
from tests.fixtures.graph import graph
from tests.fixtures.hooked import hooked, receiving, sealed
from tests.fixtures.package_acts import mutation
from tests.fixtures.unchanged import unchanged
from workers.deliver_webhooks import deliver_webhooks

pytestmark = pytest.mark.anyio

_WEBHOOK = "id url description eventTypes state stoppedBecause position waiting removedAt secrets { endsAt }"
REGISTER = mutation("registerWebhook", f"secret webhook {{ {_WEBHOOK} }}")
CHANGE = mutation("changeWebhook", f"webhook {{ {_WEBHOOK} }}")
ROTATE = mutation("rotateWebhookSecret", "secret formerUntil webhook { secrets { endsAt } }")
REPLAY = mutation("replayWebhook", "delivery { id state replaysId } webhook { id }")
REMOVE = mutation("removeWebhook", "webhook { id removedAt }")
LIST = "{ webhooks { nodes { id } } webhookDeliveries { nodes { id } } }"
LOG = """query($filter: WebhookDeliveryFilterInput) { webhookDeliveries(first: 1, filter: $filter) {
  pageInfo { hasNextPage } nodes { id eventType state body attemptCount dueAt packageId replaysId
    webhook { id } operation { act position } attempts { status detail } }
} }"""


async def test_an_owner_registers_changes_rotates_and_removes_a_webhook(db: str) -> None:
    house = await harbour(db)
    wanted = {"url": "https://93.184.216.34/hook", "eventTypes": ["SESSION_REDEEMED"], "description": "till"}
    async with graph() as app:
        made = await app.act(house.owner, REGISTER, input=wanted)
        webhook = made["webhook"]
        assert made["secret"].startswith("whsec_")
        assert webhook | {"id": "", "position": 0} == {
            **wanted,
            "id": "",
            "state": "ACTIVE",
            "stoppedBecause": "",
            "position": 0,
            "waiting": 0,
            "removedAt": None,
            "secrets": [{"endsAt": None}],
        }
        change = {"webhookId": webhook["id"], "eventTypes": [], "paused": True}
        changed = await app.act(house.owner, CHANGE, input=change)
        assert changed["webhook"] == webhook | {"eventTypes": [], "state": "PAUSED"}
        rotated = await app.act(house.owner, ROTATE, input={"webhookId": webhook["id"]})
        assert rotated["secret"] not in ("", made["secret"])
        assert rotated["webhook"]["secrets"] == [{"endsAt": None}, {"endsAt": rotated["formerUntil"]}]
        one = {"webhookId": webhook["id"]}
        assert (await app.ask(house.owner, LIST))["webhooks"]["nodes"] == [{"id": webhook["id"]}]
        removed = (await app.act(house.owner, REMOVE, input=one))["webhook"]
        again = await app.act(house.owner, REMOVE, input=one)
        assert (again["code"], again["webhookId"], again["path"]) == ("WEBHOOK_REMOVED", removed["id"], ["webhookId"])
        assert again["removedAt"] == removed["removedAt"]
        assert (await app.ask(house.owner, LIST))["webhooks"]["nodes"] == []
        known = "query($id: ID!) { node(id: $id) { ... on Webhook { url } } }"
        assert (await app.ask(house.owner, known, id=webhook["id"]))["node"] == {"url": wanted["url"]}


async def test_every_attempt_can_be_read_and_a_delivery_replayed(db: str) -> None:
    house = await harbour(db)
    async with graph() as app, receiving() as receiver:
        webhook_id = await hooked(house.owner, receiver, "package.sold")
        package_id = await sold(house, house.ten)
        await sealed()
        receiver.answers.append(503)
        await deliver_webhooks()
        chosen = {"webhookId": webhook_id, "eventType": "PACKAGE_SOLD", "state": "WAITING", "packageId": package_id}

        [delivery] = (await app.ask(house.owner, LOG, filter=chosen))["webhookDeliveries"]["nodes"]
        replay = {"webhookId": webhook_id, "deliveryId": delivery["id"]}
        hastened = (await app.act(house.owner, REPLAY, input=replay))["delivery"]
        await deliver_webhooks()
        replayed = (await app.act(house.owner, REPLAY, input=replay))["delivery"]
        log = (await app.ask(house.owner, LOG))["webhookDeliveries"]

    assert delivery["attempts"] == [{"status": 503, "detail": "no"}]
    assert (delivery["attemptCount"], delivery["dueAt"] is None, delivery["replaysId"]) == (1, False, None)
    assert delivery["operation"] == {
        "act": "sell_package",
        "position": orjson.loads(delivery["body"])["data"]["position"],
    }
    assert delivery["webhook"] == {"id": webhook_id}
    assert hastened == {"id": delivery["id"], "state": "WAITING", "replaysId": None}
    assert replayed == {"id": replayed["id"], "state": "WAITING", "replaysId": delivery["id"]}
    assert replayed["id"] != delivery["id"]
    assert receiver.types == ["package.sold"]
    assert (log["nodes"][0]["id"], log["pageInfo"]["hasNextPage"]) == (replayed["id"], True)


async def test_an_address_of_our_own_is_refused_with_a_sentence_on_what_to_do(sqlite_db: str) -> None:
    house = await harbour(sqlite_db)
    async with graph() as app, unchanged():
        refused = await app.act(house.owner, REGISTER, input={"url": "https://[::ffff:127.0.0.1]/"})

    assert (refused["__typename"], refused["path"]) == ("InvalidInput", ["url"])
    assert refused["message"] == (
        "url leads to ::ffff:127.0.0.1, which is not on the public internet; whoever runs Carnet can allow it by "
        "CARNET_ALLOWED_ADDRESSES. Give an https address that everybody on the internet can reach."
    )


async def test_webhooks_of_another_chain_are_as_if_there_were_none(db: str) -> None:
    house = await harbour(db)
    async with graph() as app, receiving() as receiver:
        webhook_id = await hooked(house.owner, receiver)
        await sold(house, house.ten)
        await sealed()
        await deliver_webhooks()
        [delivery] = (await app.ask(house.owner, LOG))["webhookDeliveries"]["nodes"]
        nothing: dict[str, object] = {"webhooks": {"nodes": []}, "webhookDeliveries": {"nodes": []}}
        for actor in (house.other_owner, house.manager_lis, house.accountant):
            assert await app.ask(actor, LIST) == nothing
            nodes = await app.ask(
                actor, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[webhook_id, delivery["id"]]
            )
            assert nodes == {"nodes": [None, None]}
        for each in (webhook_id, new_id("whk")):
            refused = await app.act(house.other_owner, REMOVE, input={"webhookId": each})
            assert (refused["__typename"], refused["noun"], refused["id"]) == ("NotFound", "webhook", each)
