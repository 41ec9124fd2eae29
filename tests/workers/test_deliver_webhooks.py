"""Webhooks over a real socket: checked by the library that others use, in time, and by whichever worker is alive."""

import asyncio
import signal
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from prometheus_client import REGISTRY

from domain.accounting.connectors.http import Request, Response
from domain.kernel import addresses, vault
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows, transaction
from domain.webhooks import sending
from domain.webhooks.rotate_webhook_secret import RotateWebhookSecret
from domain.webhooks.sending import Lease
from tests.fixtures import killed_deliverer
from tests.fixtures.chain import harbour
from tests.fixtures.children import ROOT, carnet, started
from tests.fixtures.databases import VAULT_KEY
from tests.fixtures.desk import on, sold, used
from tests.fixtures.hooked import HANG, HANG_UP, hooked, receiving, sealed, states
from tests.fixtures.own_queue import Queue, own_queue
from tests.fixtures.waiting import eventually
from workers import deliver_webhooks as worker
from workers import webhook_rounds
from workers.calls import Calls, Patience
from workers.deliver_webhooks import deliver_webhooks
from workers.main import TIMETABLE

pytestmark = pytest.mark.anyio

SOLD, USED = "package.sold", "session.redeemed"
WITHIN = 2.0
"""Seconds from the commit until a webhook has left."""


@pytest.fixture
def queue() -> Iterator[Queue]:
    with own_queue() as queue:
        queue.start()
        yield queue


async def said(webhook_id: str) -> list[tuple[int | None, str]]:
    """What was written down of every attempt."""
    found = await rows(
        """SELECT a.status, a.detail FROM webhook_attempt a JOIN webhook_delivery d ON d.id = a.delivery_id
        WHERE d.webhook_id = $1 ORDER BY a.id""",
        webhook_id,
    )
    return [(row["status"], row["detail"]) for row in found]


def test_webhooks_are_delivered_twice_a_second() -> None:
    [row] = [row for row in TIMETABLE if row.sweep is deliver_webhooks]

    assert (row.every, row.at_most) == (timedelta(seconds=0.5), timedelta(minutes=10))
    assert row.at_most.total_seconds() > worker._SHIFT + webhook_rounds.PATIENCE.whole


async def test_a_receiver_is_told_what_happened_and_can_check_that_it_was_us(db: str) -> None:
    house = await harbour(db)
    before = REGISTRY.get_sample_value("carnet_webhooks_delivered_total") or 0
    async with receiving() as receiver:
        webhook_id = await hooked(house.owner, receiver, SOLD, USED)
        package_ids = [await sold(house, house.ten) for _ in range(12)]
        for package_id in package_ids:
            await used(house, package_id)
        await sealed()

        await deliver_webhooks()

        heard = [(got.event["type"], got.event["data"]["packageId"]) for got in receiver.taken]
        assert sorted(heard) == sorted((name, package_id) for package_id in package_ids for name in (SOLD, USED))
        assert all(heard.index((SOLD, package)) < heard.index((USED, package)) for package in package_ids)
        assert [got.id for got in receiver.taken] == [got.event["id"] for got in receiver.taken]
        assert {state for _, state, _ in await states(webhook_id)} == {"DELIVERED"}
        assert REGISTRY.get_sample_value("carnet_webhooks_delivered_total") == before + 24

        rotated = await run_command(house.owner, RotateWebhookSecret(webhook_id))
        for secret in (receiver.secret, rotated.outcome.secret):
            receiver.secret = secret
            await sold(house, house.ten)
            await sealed()
            await deliver_webhooks()
        assert [got.signatures for got in receiver.taken[24:]] == [2, 2]


async def test_what_a_receiver_does_wrong_is_written_down_and_tried_again_with_the_same_id(db: str) -> None:
    house = await harbour(db)
    async with receiving() as receiver:
        webhook_id = await hooked(house.owner, receiver, SOLD)
        receiver.answers.extend((500, 302, HANG_UP, 204))
        receiver.headers["location"] = "http://127.0.0.1:1/elsewhere"
        await sold(house, house.ten)
        await sealed()
        for later in (0, 6, 400, 3000):
            with on(datetime.now(UTC) + timedelta(seconds=later)):
                receiver.secret = ""  # the library goes by the real clock
                await deliver_webhooks()

    assert len({got.id for got in (*receiver.refused, *receiver.taken)}) == 1
    assert await states(webhook_id) == [(SOLD, "DELIVERED", 4)]
    wrong, redirected, dropped, taken = await said(webhook_id)
    assert wrong == (500, "no")
    assert redirected == (302, "It leads to http://127.0.0.1:1/elsewhere, and is not followed: give that address.")
    assert dropped[0] is None and dropped[1]
    assert taken == (204, "")


async def test_who_is_gone_is_asked_once(db: str) -> None:
    house = await harbour(db)
    async with receiving() as receiver:
        await hooked(house.owner, receiver, SOLD)
        receiver.answers.extend([410] * 5)
        for _ in range(2):
            await sold(house, house.ten)
            await sealed()
            await deliver_webhooks()

    assert (len(receiver.refused), receiver.taken) == (1, [])


async def test_an_address_that_has_become_ours_is_not_called(db: str) -> None:
    house = await harbour(db)
    async with receiving() as receiver:
        webhook_id = await hooked(house.owner, receiver, SOLD)
        addresses.allow([])
        await sold(house, house.ten)
        await sealed()
        await deliver_webhooks()

    assert (receiver.taken, receiver.refused) == ([], [])
    why = "the address leads to 127.0.0.1, which is not on the public internet"
    assert await said(webhook_id) == [(None, f"{why}; whoever runs Carnet can allow it by CARNET_ALLOWED_ADDRESSES")]


async def test_a_receiver_that_never_answers_keeps_no_other_waiting(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_rounds, "PATIENCE", Patience(connect=1, silence=3, whole=3))
    house = await harbour(db)
    async with receiving() as receiver, receiving() as silent:
        slow, quick = await hooked(house.owner, silent, SOLD), await hooked(house.owner, receiver, SOLD)
        silent.answers.append(HANG)
        await sold(house, house.ten)
        await sealed()
        sweep = asyncio.create_task(deliver_webhooks())
        await eventually(lambda: len(receiver.taken) == 1)
        await sold(house, house.ten)
        await sealed()
        began = time.monotonic()
        await eventually(lambda: len(receiver.taken) == 2)
        assert not sweep.done() and time.monotonic() - began < WITHIN
        await sweep

    assert [state for _, state, _ in await states(quick)] == ["DELIVERED", "DELIVERED"]
    assert [state for _, state, _ in await states(slow)] == ["WAITING", "DELIVERED"]


async def test_what_carnet_gets_wrong_with_one_event_is_written_down_and_the_others_arrive(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, bodies = Calls.call, []

    async def failing(calls: Calls, request: Request) -> Response:
        bodies.append(request.body)
        if len(bodies) == 1:
            raise RuntimeError("whsec_told")
        return await call(calls, request)

    monkeypatch.setattr(Calls, "call", failing)
    house = await harbour(db)
    async with receiving() as receiver:
        webhook_id = await hooked(house.owner, receiver, SOLD)
        for _ in range(3):
            await sold(house, house.ten)
        await sealed()
        await deliver_webhooks()

    assert (len(bodies), len(receiver.taken)) == (3, 2)
    assert sorted(await states(webhook_id)) == [(SOLD, "DELIVERED", 1), (SOLD, "DELIVERED", 1), (SOLD, "WAITING", 1)]
    assert (None, "Carnet failed (RuntimeError), and nobody knows whether it arrived.") in await said(webhook_id)


async def test_a_secret_that_cannot_be_opened_keeps_no_other_webhook_waiting_and_is_told(db: str) -> None:
    house = await harbour(db)
    async with receiving() as receiver, receiving() as other:
        broken = await hooked(house.owner, other, SOLD)
        vault.use_keys([vault.new_key()])
        await hooked(house.owner, receiver, SOLD)
        await sold(house, house.ten)
        await sealed()
        with pytest.raises(ExceptionGroup, match="webhooks that cannot be served") as caught:
            await deliver_webhooks()

    assert [error.__notes__ for error in caught.value.exceptions] == [[f"This is about the webhook {broken}."]]
    assert (receiver.types, other.types) == ([SOLD], [])


async def test_what_a_killed_worker_has_sent_and_not_written_down_comes_again_under_its_id(
    db: str, tmp_path: Path
) -> None:
    house = await harbour(db)
    async with receiving() as receiver:
        webhook_id = await hooked(house.owner, receiver, SOLD)
        await sold(house, house.ten)
        await sealed()
        dying = [sys.executable, killed_deliverer.__file__, db, VAULT_KEY]
        with started(dying, tmp_path / "killed.log", {"PYTHONPATH": str(ROOT)}) as process:
            await eventually(lambda: process.poll() is not None)
        assert process.returncode == -signal.SIGKILL
        assert await states(webhook_id) == [(SOLD, "WAITING", 0)]
        await deliver_webhooks()
        assert len(receiver.taken) == 1, "the lease of the dead one has not run out"
        receiver.secret = ""
        with on(datetime.now(UTC) + timedelta(seconds=16)):
            await deliver_webhooks()

    assert len(receiver.taken) == 2 and len({got.id for got in receiver.taken}) == 1
    assert await states(webhook_id) == [(SOLD, "DELIVERED", 1)]


async def test_two_workers_and_a_receiver_that_fails_at_random_lose_nothing_and_keep_the_order(db: str) -> None:
    house = await harbour(db)
    random = Random(7)
    async with receiving() as receiver:
        webhook_id = await hooked(house.owner, receiver, SOLD, USED)
        package_ids = [await sold(house, house.ten) for _ in range(6)]
        for _ in range(3):
            for package_id in package_ids:
                await used(house, package_id)
        await sealed()
        receiver.secret = ""
        receiver.answers.extend(random.choice((500, 429, HANG_UP, 204, 204, 204)) for _ in range(40))
        at = datetime.now(UTC)
        while {state for _, state, _ in await states(webhook_id)} != {"DELIVERED"}:
            with on(at):
                await asyncio.gather(deliver_webhooks(), deliver_webhooks())
            at += timedelta(hours=27)

    assert len({got.id for got in receiver.taken}) == len(receiver.taken) == 24
    for package_id in package_ids:
        versions = [
            got.event["data"]["packageVersion"]
            for got in receiver.taken
            if got.event["data"]["packageId"] == package_id
        ]
        assert versions == [1, 2, 3, 4]


async def test_a_receiver_that_is_busy_says_when_it_wants_to_be_asked_again(db: str) -> None:
    house = await harbour(db)
    async with receiving() as receiver:
        webhook_id = await hooked(house.owner, receiver, SOLD)
        receiver.headers["retry-after"] = "3600"
        receiver.answers.extend((429, 503, 500))
        began = datetime.now(UTC)
        for _ in range(3):
            await sold(house, house.ten)
        await deliver_webhooks()

    found = await rows(
        """SELECT d.due_at, a.status FROM webhook_delivery d JOIN webhook_attempt a ON a.delivery_id = d.id
        WHERE d.webhook_id = $1""",
        webhook_id,
    )
    waits = {row["status"]: (row["due_at"] - began).total_seconds() for row in found}
    assert 3600 <= waits[429] < 4100 and 3600 <= waits[503] < 4100 and waits[500] < 60


async def test_a_lease_is_renewed_while_answers_are_awaited_and_who_lost_it_waits_no_longer(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep, kept = sending.keep, []

    async def keeping(lease: Lease) -> bool:
        kept.append(await keep(lease))
        return kept[-1]

    monkeypatch.setattr(sending, "RENEWED_EVERY", timedelta(seconds=0.05))
    monkeypatch.setattr(sending, "keep", keeping)
    house = await harbour(db)
    async with receiving() as receiver:
        webhook_id = await hooked(house.owner, receiver, SOLD)
        receiver.answers.append(HANG)
        await sold(house, house.ten)
        sweep = asyncio.create_task(deliver_webhooks())
        await eventually(lambda: len(receiver.refused) == 1)
        (taken,) = await rows("SELECT leased_until FROM webhook")
        await eventually(lambda: len(kept) == 2)
        (renewed,) = await rows("SELECT leased_until FROM webhook")
        assert renewed["leased_until"] > taken["leased_until"]
        async with transaction():
            await execute("UPDATE webhook SET leased_by = 'another'")
        await asyncio.wait_for(sweep, 5)

    assert kept[-2:] == [True, False]
    assert await states(webhook_id) == [(SOLD, "WAITING", 0)]


async def test_webhooks_leave_soon_after_the_commit_also_in_a_burst_and_beside_receivers_that_take_nothing(
    db: str, queue: Queue, tmp_path: Path
) -> None:
    house = await harbour(db)
    settings = {
        "CARNET_DATABASE_URL": db,
        "CARNET_REDIS_URL": queue.url,
        "CARNET_HOME": str(tmp_path / "home"),
        "CARNET_VAULT_KEYS": VAULT_KEY,
        "CARNET_ALLOWED_ADDRESSES": "127.0.0.1",
    }
    async with receiving() as receiver, receiving() as elsewhere, receiving() as silent:
        await hooked(house.owner, receiver, SOLD)
        with started(carnet("worker"), tmp_path / "worker.log", settings):
            await sold(house, house.ten)
            await eventually(lambda: len(receiver.taken) == 1)  # it has started
            await hooked(house.owner, elsewhere, SOLD)
            await hooked(house.owner, silent, SOLD)
            elsewhere.answers.extend([302] * 100)
            silent.answers.extend([HANG] * 100)
            committed = {await sold(house, house.ten): time.time() for _ in range(30)}
            await eventually(lambda: len(receiver.taken) == 31)

    came = {got.event["data"]["packageId"]: at for got, at in zip(receiver.taken, receiver.times, strict=True)}
    took = sorted(came[package_id] - at for package_id, at in committed.items())
    assert took[15] < WITHIN, took
