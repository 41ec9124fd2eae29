"""What was sealed is told once, in order for each package, tried again by the schedule, and again when asked for."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.webhooks import sending
from domain.webhooks.change_webhook import ChangeWebhook
from domain.webhooks.making import make_deliveries
from domain.webhooks.register_webhook import RegisterWebhook
from domain.webhooks.replay_webhook import ReplayWebhook
from domain.webhooks.rotate_webhook_secret import RotateWebhookSecret
from domain.webhooks.rules import Attempt
from domain.webhooks.schedule import PAUSES
from domain.webhooks.sending import Lease, Outgoing
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.hooked import sealed, states

pytestmark = pytest.mark.anyio

SOLD, USED = "package.sold", "session.redeemed"


async def webhook(house: Harbour, *types: str) -> str:
    """The id of a webhook that is told of sales and visits from now on, unless said otherwise."""
    await sealed()
    command = RegisterWebhook("https://93.184.216.34/hook", types or (SOLD, USED))
    webhook_id: str = (await run_command(house.owner, command)).outcome.webhook_id
    return webhook_id


async def made() -> int:
    """Seal everything, and make what is to be told of it."""
    await sealed()
    return await make_deliveries()


async def leased(webhook_id: str) -> Lease:
    lease = await sending.take(webhook_id)
    assert lease is not None
    return lease


def told(outgoing: Sequence[Outgoing]) -> list[tuple[str, str]]:
    """The event and the package of each."""
    events: list[dict[str, Any]] = [orjson.loads(each.body) for each in outgoing]
    return [(event["type"], event["data"]["packageId"]) for event in events]


async def answered(lease: Lease, *statuses: int | None, at_most: int = 10) -> list[Outgoing]:
    """A round in which each gets one of these answers, the last one of them from then on."""
    outgoing = await sending.turn(lease, at_most)
    given = [*statuses, *statuses[-1:] * len(outgoing)][: len(outgoing)]
    attempts = [
        Attempt(each.delivery_id, status, "", datetime.now(UTC), 3)
        for each, status in zip(outgoing, given, strict=True)
    ]
    assert await sending.turn(lease, 0, attempts, lambda _: 0) == []
    return outgoing


async def test_what_is_sealed_after_the_registration_is_told_once_in_order(db: str) -> None:
    house = await harbour(db)
    before = await sold(house, house.ten)
    webhook_id = await webhook(house)
    after = await sold(house, house.ten)
    await used(house, after)
    await used(house, before)

    assert (await made(), await made()) == (3, 0)
    found = await rows(
        """SELECT d.body, s.position, o.package_id, o.package_version FROM webhook_delivery d
        JOIN operation o ON o.id = d.operation_id JOIN sealed_operation s ON s.operation_id = o.id ORDER BY d.id"""
    )
    data = [orjson.loads(row["body"])["data"] for row in found]
    assert [(each["packageId"], each["packageVersion"]) for each in data] == [(after, 1), (after, 2), (before, 2)]
    assert [each["position"] for each in data] == [row["position"] for row in found]
    (row,) = await rows("SELECT position FROM webhook WHERE id = $1", webhook_id)
    (last,) = await rows("SELECT MAX(position) AS position FROM sealed_operation WHERE chain_id = $1", house.chain_id)
    assert row["position"] == last["position"]


async def test_every_event_is_told_unless_some_are_named_and_connections_never_are(db: str) -> None:
    house = await harbour(db)
    await sealed()
    every = await run_command(house.owner, RegisterWebhook("https://93.184.216.34/hook"))
    await run_command(house.owner, ChangeWebhook(every.outcome.webhook_id, description="all of it"))
    await sold(house, house.ten)
    other = await webhook(house, USED)

    assert await made() == 1
    assert await states(every.outcome.webhook_id) == [(SOLD, "WAITING", 0)]
    assert await states(other) == []


async def test_many_workers_make_each_delivery_once(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.webhooks.making._BATCH", 2)
    house = await harbour(db)
    webhook_id = await webhook(house, SOLD)
    for _ in range(7):
        await sold(house, house.ten)
    await sealed()

    counts = await asyncio.gather(*(make_deliveries() for _ in range(4)))
    await make_deliveries()

    assert sum(counts) <= 7
    found = await rows("SELECT position FROM webhook_delivery WHERE webhook_id = $1", webhook_id)
    assert len({row["position"] for row in found}) == len(found) == 7


async def test_a_later_event_of_a_package_waits_for_the_earlier_one_and_others_do_not(db: str) -> None:
    house = await harbour(db)
    webhook_id = await webhook(house)
    one, other = await sold(house, house.ten), await sold(house, house.ten)
    await used(house, one)
    await used(house, other)
    await made()
    lease = await leased(webhook_id)

    assert told(await answered(lease, 500, 204)) == [(SOLD, one), (SOLD, other)]
    assert told(await answered(lease, 204)) == [(USED, other)]
    assert await answered(lease, 204) == []
    await used(house, one)  # comes while the first one waits
    await made()
    await sending.give_back(lease)
    assert await sending.ready() == []
    with on(datetime.now(UTC) + timedelta(seconds=6)):
        lease = await leased(webhook_id)
        for expected in (SOLD, USED, USED):
            assert told(await answered(lease, 204)) == [(expected, one)]


async def test_an_event_is_attempted_ten_times_and_the_next_of_its_package_goes_then(db: str) -> None:
    house = await harbour(db)
    webhook_id = await webhook(house)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        await used(house, package_id)
        await made()
    at, ids = MONDAY, set[str]()
    for pause in PAUSES:
        at += pause
        with on(at - timedelta(seconds=1)):
            assert await sending.ready() == []
        with on(at):
            lease = await leased(webhook_id)
            (outgoing,) = await answered(lease, None)
            ids.add(outgoing.headers["webhook-id"])
            assert told([outgoing]) == [(SOLD, package_id)]
            await sending.give_back(lease)

    assert len(ids) == 1, "the id is the same at every attempt"
    with on(at):
        assert told(await answered(await leased(webhook_id), 200)) == [(USED, package_id)]
    assert await states(webhook_id) == [(SOLD, "FAILED", 10), (USED, "DELIVERED", 1)]
    (logged,) = await rows("SELECT COUNT(*) AS attempts FROM webhook_attempt")
    assert logged["attempts"] == 11


async def test_who_is_gone_is_told_no_more_until_a_person_lets_it_go_on(db: str) -> None:
    house = await harbour(db)
    webhook_id = await webhook(house)
    await sold(house, house.ten)
    await made()
    lease = await leased(webhook_id)
    await answered(lease, 410)
    await sending.give_back(lease)
    await sold(house, house.ten)

    assert (await made(), await sending.ready(), await sending.take(webhook_id)) == (0, [], None)
    (row,) = await rows("SELECT state, stopped_because FROM webhook")
    assert row["state"] == "STOPPED"
    assert "it wants no more events (410)" in row["stopped_because"]

    await run_command(house.owner, ChangeWebhook(webhook_id, paused=False))
    assert await made() == 1
    await answered(await leased(webhook_id), 204)
    assert await states(webhook_id) == [(SOLD, "DELIVERED", 2), (SOLD, "DELIVERED", 1)]
    (row,) = await rows("SELECT state, stopped_because FROM webhook")
    assert row == {"state": "ACTIVE", "stopped_because": ""}


async def test_what_happens_in_a_pause_is_told_after_it(db: str) -> None:
    house = await harbour(db)
    webhook_id = await webhook(house)
    await sold(house, house.ten)
    await made()
    lease = await leased(webhook_id)
    await run_command(house.owner, ChangeWebhook(webhook_id, paused=True))
    await sold(house, house.ten)

    assert (await made(), await sending.turn(lease, 10)) == (0, [])
    await sending.give_back(lease)
    assert (await sending.ready(), await sending.take(webhook_id)) == ([], None)
    await run_command(house.owner, ChangeWebhook(webhook_id, paused=False, url="https://93.184.216.34/new"))
    assert await made() == 1
    lease = await leased(webhook_id)
    assert [each.url for each in await sending.turn(lease, 10)] == ["https://93.184.216.34/new"] * 2


async def test_who_has_lost_the_lease_changes_nothing(db: str) -> None:
    house = await harbour(db)
    webhook_id = await webhook(house)
    await sold(house, house.ten)
    await made()
    slow = await leased(webhook_id)
    (outgoing,) = await sending.turn(slow, 10)
    assert await sending.take(webhook_id) is None
    with on(datetime.now(UTC) + timedelta(seconds=16)):
        quick = await leased(webhook_id)
        attempt = Attempt(outgoing.delivery_id, 204, "", datetime.now(UTC), 5)
        assert (await sending.keep(slow), await sending.turn(slow, 10, [attempt])) == (False, [])
        await sending.give_back(slow)
        assert await states(webhook_id) == [(SOLD, "WAITING", 0)]
        assert [each.delivery_id for each in await answered(quick, 204)] == [outgoing.delivery_id]
    assert await states(webhook_id) == [(SOLD, "DELIVERED", 1)]


async def test_both_secrets_sign_while_one_is_rotated_out(db: str) -> None:
    house = await harbour(db)
    webhook_id = await webhook(house)
    await sold(house, house.ten)
    await made()
    lease = await leased(webhook_id)

    async def signatures() -> int:
        (outgoing,) = await sending.turn(lease, 10)
        return len(outgoing.headers["webhook-signature"].split())

    assert await signatures() == 1
    await run_command(house.owner, RotateWebhookSecret(webhook_id))
    assert await signatures() == 2
    with on(datetime.now(UTC) + timedelta(hours=24, seconds=1)):
        assert await signatures() == 1


async def test_one_delivery_is_replayed_as_it_was_under_its_first_id(db: str) -> None:
    house = await harbour(db)
    webhook_id = await webhook(house)
    await sold(house, house.ten)
    await made()
    lease = await leased(webhook_id)
    (first,) = await answered(lease, 204)

    replays = [
        (await run_command(house.owner, ReplayWebhook(webhook_id, first.delivery_id))).outcome.delivery_id
        for _ in range(2)
    ]

    assert replays[0] == replays[1] != first.delivery_id, "what waits is not replayed once more"
    (again,) = await answered(lease, 204)
    assert (again.delivery_id, again.headers["webhook-id"], again.body) == (replays[0], first.delivery_id, first.body)
    assert await states(webhook_id) == [(SOLD, "DELIVERED", 1), (SOLD, "DELIVERED", 1)]
    third = (await run_command(house.owner, ReplayWebhook(webhook_id, replays[0]))).outcome.delivery_id
    (row,) = await rows("SELECT replays FROM webhook_delivery WHERE id = $1", third)
    assert row["replays"] == first.delivery_id


async def test_what_waits_is_tried_now_with_what_has_to_go_before_it(db: str) -> None:
    house = await harbour(db)
    webhook_id = await webhook(house)
    package_id = await sold(house, house.ten)
    await used(house, package_id)
    await made()
    lease = await leased(webhook_id)
    await answered(lease, 500)
    assert await answered(lease, 204) == []
    (_, later) = await rows("SELECT id FROM webhook_delivery ORDER BY id")

    await run_command(house.owner, ReplayWebhook(webhook_id, later["id"]))

    assert told(await answered(lease, 204)) == [(SOLD, package_id)]
    assert told(await answered(lease, 204)) == [(USED, package_id)]


async def test_everything_after_a_position_is_told_again_but_for_what_still_waits(db: str) -> None:
    house = await harbour(db)
    webhook_id = await webhook(house)
    (start,) = await rows("SELECT position FROM webhook")
    one, other = await sold(house, house.ten), await sold(house, house.ten)
    await made()
    lease = await leased(webhook_id)
    first, _ = await answered(lease, 204, 500)

    await run_command(house.owner, ReplayWebhook(webhook_id, after_position=start["position"]))

    assert await made() == 1
    (again,) = await answered(lease, 204)
    assert (again.headers["webhook-id"], again.body) == (first.delivery_id, first.body)
    assert told([again]) == [(SOLD, one)]
    assert await states(webhook_id) == [(SOLD, "DELIVERED", 1), (SOLD, "WAITING", 1), (SOLD, "DELIVERED", 1)]
    with on(datetime.now(UTC) + timedelta(seconds=6)):
        assert told(await answered(lease, 204)) == [(SOLD, other)]


async def test_a_new_webhook_is_told_of_the_past_when_it_asks_for_it(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    webhook_id = await webhook(house)
    await run_command(house.owner, ReplayWebhook(webhook_id, after_position=0))

    assert await made() == 1
    assert told(await answered(await leased(webhook_id), 204)) == [(SOLD, package_id)]
