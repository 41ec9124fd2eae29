"""Hooks over HTTP: what is taken, what is not and why; and what the owner, and nobody else, reads of it."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import orjson
import pytest

from carnet.hooks import hooks_route
from domain.inbox.close_inbound_hook import CloseInboundHook
from domain.inbox.rotate_inbound_secret import RotateInboundSecret
from domain.kernel import clock, vault
from domain.kernel.commands import run_command
from domain.kernel.db import counting, rows
from domain.kernel.ids import new_id
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.graph import graph
from tests.fixtures.knocking import GARBAGE, Knocking, Sender, became, event, knocking, opened, processed
from tests.fixtures.package_acts import mutation
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

MILLISECONDS = 50
"""Within which half of the events are answered, on a machine that does other things, too."""

_HOOK = "id name provider path formerUntil closedAt waiting rejected"
_EVENT = "id eventId state problem message body repeated attemptCount dueAt hook { id } operation { act }"
OPEN = mutation("openInboundHook", f"secret hook {{ {_HOOK} }}")
ROTATE = mutation("rotateInboundSecret", "secret formerUntil hook { formerUntil }")
CLOSE = mutation("closeInboundHook", "hook { id closedAt }")
RETRY = mutation("retryInboundEvent", f"event {{ {_EVENT} }}")
LIST = "{ inboundHooks { nodes { id waiting rejected } } inboundEvents { nodes { id } } }"
EVENTS = f"""query($filter: InboundEventFilterInput) {{ inboundEvents(filter: $filter) {{
  pageInfo {{ hasNextPage }} nodes {{ {_EVENT} }} }} }}"""


@pytest.fixture
async def house(db: str) -> Harbour:
    return await harbour(db)


@pytest.fixture
async def cal(house: Harbour) -> AsyncIterator[Knocking]:
    async with knocking(await opened(house.owner)) as client:
        yield client


def refusal(answer: httpx2.Response) -> tuple[int, str, str]:
    """The status, the code and the sentence."""
    [error] = answer.json()["errors"]
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    return answer.status_code, error["extensions"]["code"], error["message"]


async def test_an_event_is_kept_as_it_came_and_once_however_often_it_comes(house: Harbour, cal: Knocking) -> None:
    body = b' {"type" : "booking.created"}\n'
    await cal.tell(body, "evt")
    (kept,) = await rows("SELECT * FROM inbound_event")
    assert (kept["event_id"], bytes(kept["body"]), kept["state"], kept["repeated"]) == ("evt", body, "RECEIVED", 0)
    async with unchanged(but=("inbound_event",)):
        await cal.tell(body, "evt")
        await cal.tell(b'{"type": "another body"}', "evt")
    assert await rows("SELECT * FROM inbound_event") == [kept | {"repeated": 2}]
    other = await opened(house.owner, "other")
    await cal.post(body, other.headers("evt", body), other.hook_id)
    assert len(await became()) == 2


async def test_the_same_event_in_fifty_requests_at_once_is_one(house: Harbour, cal: Knocking) -> None:
    package_id = await sold(house, house.ten)
    body = orjson.dumps(event(house, "created", clock.now(), startsAt=clock.now() + timedelta(days=2)))
    headers = cal.sender.headers("evt", body)

    answers = await asyncio.gather(*(cal.post(body, headers) for _ in range(50)))
    await processed()

    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b'{"received":true}')}
    (row,) = await rows("SELECT state, repeated, attempts FROM inbound_event")
    assert (row["state"], row["repeated"], row["attempts"]) == ("PROCESSED", 49, 1)
    (lot,) = await rows("SELECT held FROM lot WHERE package_id = $1", package_id)
    assert lot["held"] == 1


async def test_what_is_not_taken_says_why_and_leaves_nothing(house: Harbour, cal: Knocking) -> None:
    body = b'{"type":"booking.created"}'
    good = cal.sender.headers("evt", body)
    forger = Sender(cal.sender.hook_id, (await opened(house.owner, "other")).secret)
    stale = cal.sender.headers("evt", body, clock.now() - timedelta(seconds=310))
    shut = await opened(house.owner, "shut")
    await run_command(house.owner, CloseInboundHook(shut.hook_id))
    async with unchanged():
        malformed = [
            await cal.post(body, good | {"webhook-signature": "v1 none"}),
            await cal.post(body, {}),
            await cal.post(body, good | {"webhook-timestamp": "today"}),
        ]
        assert {refusal(each)[:2] for each in malformed} == {(400, "HEADER_MALFORMED")}
        assert refusal(await cal.post(body, forger.headers("evt", body))) == (
            401,
            "SIGNATURE_WRONG",
            "No signature is by the secret of this hook over the bytes that came.",
        )
        assert refusal(await cal.post(body + b" ", good))[:2] == (401, "SIGNATURE_WRONG")
        assert refusal(await cal.post(body, stale)) == (
            400,
            "TIMESTAMP_STALE",
            "webhook-timestamp is more than five minutes from now. Sign at every attempt, by a clock.",
        )
        for hook_id in (new_id("ihk"), "ihk_1", "x" * 300, house.owner.id, f"{cal.sender.hook_id}/", "a/b"):
            assert refusal(await cal.post(body, good, hook_id))[:2] == (404, "HOOK_UNKNOWN")
        assert refusal(await cal.post(body, shut.headers("evt", body), shut.hook_id))[:2] == (410, "HOOK_CLOSED")
        large = b" " * (256 * 1024 + 1)
        assert refusal(await cal.post(large, cal.sender.headers("evt", large)))[0] == 413
        got = await cal.http.get(f"/hooks/{cal.sender.hook_id}")
        assert (got.status_code, got.headers["allow"]) == (405, "POST")
    largest = b" " * (256 * 1024)
    await cal.tell(largest)


async def test_what_is_forged_costs_one_look_at_most(cal: Knocking) -> None:
    body = b'{"type":"booking.created"}'
    forged = Sender(cal.sender.hook_id, "whsec_" + "A" * 44).headers("evt", body)
    for hook_id, looks in ((cal.sender.hook_id, 1), (new_id("ihk"), 1), ("ihk_1", 0)):
        with counting() as counter:
            assert (await cal.post(body, forged, hook_id)).status_code in (401, 404)
        assert [each.split()[0] for each in counter.statements] == ["SELECT"] * looks


async def test_both_secrets_are_good_until_the_former_one_ends(house: Harbour, cal: Knocking) -> None:
    former = cal.sender
    with on(MONDAY):
        done = await run_command(house.owner, RotateInboundSecret(former.hook_id, 2))
        for number, secret in enumerate((former.secret, done.outcome.secret)):
            cal.sender = Sender(former.hook_id, secret)
            await cal.tell(b"{}", f"evt-{number}")
    with on(MONDAY + timedelta(hours=2)):
        await cal.tell(b"{}", "evt-2")
        assert (await cal.post(b"{}", former.headers("evt-3", b"{}"))).status_code == 401


async def test_where_the_secret_cannot_be_opened_the_sender_is_to_try_again(cal: Knocking) -> None:
    vault.use_keys([vault.new_key()])
    headers = cal.sender.headers("evt", b"{}")
    async with unchanged():
        assert refusal(await cal.post(b"{}", headers)) == (500, "INTERNAL", "Internal error")


async def test_an_event_is_answered_in_milliseconds(house: Harbour, cal: Knocking) -> None:
    took = []
    for number in range(60):
        body = orjson.dumps(event(house, "created", clock.now(), reference=f"A-{number}"))
        headers = cal.sender.headers(f"evt-{number}", body)
        began = time.perf_counter()
        answer = await cal.post(body, headers)
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200

    assert sorted(took)[30] < MILLISECONDS, took


async def test_an_owner_opens_reads_rotates_retries_and_closes(house: Harbour) -> None:
    async with graph() as app:
        made = await app.act(house.owner, OPEN, input={"name": "cal"})
        hook = made["hook"]
        assert hook | {"id": "", "path": ""} == {
            "id": "",
            "name": "cal",
            "provider": "SCHEDULER",
            "path": "",
            "formerUntil": None,
            "closedAt": None,
            "waiting": 0,
            "rejected": 0,
        }
        assert hook["path"] == f"/hooks/{hook['id']}" == hooks_route().url_path_for("Hooks", hook=hook["id"])
        taken = await app.act(house.owner, OPEN, input={"name": "cal"})
        assert (taken["code"], taken["hookId"], taken["path"]) == ("INBOUND_NAME_TAKEN", hook["id"], ["name"])
        async with knocking(Sender(hook["id"], made["secret"])) as cal:
            await cal.tell(GARBAGE, "evt-1")
            await processed()
            await cal.tell(b'{"type": "\xff"}'.replace(b"\xff", "ä".encode()), "evt-2")
        one = {"nodes": [{"id": hook["id"], "waiting": 1, "rejected": 1}]}
        assert (await app.ask(house.owner, LIST))["inboundHooks"] == one
        chosen = {"hookId": hook["id"], "state": "REJECTED", "eventId": "evt-1"}
        [rejected] = (await app.ask(house.owner, EVENTS, filter=chosen))["inboundEvents"]["nodes"]
        assert rejected | {"id": ""} == {
            "id": "",
            "eventId": "evt-1",
            "state": "REJECTED",
            "problem": "INVALID_INPUT",
            "message": "Invalid JSON: EOF while parsing an object at line 1 column 1.",
            "body": "{",
            "repeated": 0,
            "attemptCount": 1,
            "dueAt": None,
            "hook": {"id": hook["id"]},
            "operation": None,
        }
        newest = (await app.ask(house.owner, EVENTS))["inboundEvents"]["nodes"]
        assert [each["body"] for each in newest] == ['{"type": "ä"}', "{"]
        retried = (await app.act(house.owner, RETRY, input={"eventId": rejected["id"]}))["event"]
        assert (retried["state"], retried["problem"], retried["dueAt"] is None) == ("RECEIVED", None, False)
        rotated = await app.act(house.owner, ROTATE, input={"hookId": hook["id"]})
        assert rotated["hook"] == {"formerUntil": rotated["formerUntil"]} and rotated["secret"] != made["secret"]
        closed = (await app.act(house.owner, CLOSE, input={"hookId": hook["id"]}))["hook"]
        again = await app.act(house.owner, CLOSE, input={"hookId": hook["id"]})
        assert (again["code"], again["closedAt"]) == ("INBOUND_HOOK_CLOSED", closed["closedAt"])
        assert (await app.ask(house.owner, LIST))["inboundHooks"]["nodes"] == []


async def test_what_an_event_did_is_in_the_audit_log_and_it_is_not_done_again(house: Harbour, cal: Knocking) -> None:
    await sold(house, house.ten)
    await cal.tell(event(house, "created", clock.now(), startsAt=clock.now() + timedelta(days=2)))
    await processed()
    async with graph() as app:
        [done] = (await app.ask(house.owner, EVENTS))["inboundEvents"]["nodes"]
        assert (done["state"], done["message"], done["operation"]) == ("PROCESSED", "BOOKED", {"act": "sync_booking"})
        again = await app.act(house.owner, RETRY, input={"eventId": done["id"]})
    assert (again["code"], again["eventId"], again["path"]) == ("INBOUND_EVENT_PROCESSED", done["id"], ["eventId"])


async def test_hooks_of_another_chain_are_as_if_there_were_none(house: Harbour, cal: Knocking) -> None:
    await cal.tell(GARBAGE)
    async with graph() as app:
        [told] = (await app.ask(house.owner, EVENTS))["inboundEvents"]["nodes"]
        nothing: dict[str, object] = {"inboundHooks": {"nodes": []}, "inboundEvents": {"nodes": []}}
        ids = [cal.sender.hook_id, told["id"]]
        for actor in (house.other_owner, house.manager_lis, house.accountant):
            assert await app.ask(actor, LIST) == nothing
            nodes = await app.ask(actor, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
            assert nodes == {"nodes": [None, None]}
        mine = await app.ask(house.owner, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
        assert mine == {"nodes": [{"id": each} for each in ids]}
        for hook_id in (cal.sender.hook_id, new_id("ihk")):
            refused = await app.act(house.other_owner, CLOSE, input={"hookId": hook_id})
            assert (refused["__typename"], refused["noun"], refused["id"]) == ("NotFound", "hook", hook_id)
        for event_id in (told["id"], new_id("ine")):
            refused = await app.act(house.other_owner, RETRY, input={"eventId": event_id})
            assert (refused["__typename"], refused["noun"], refused["id"]) == ("NotFound", "event", event_id)
