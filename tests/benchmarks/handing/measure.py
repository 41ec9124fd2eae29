"""Measures the rendering and sending of documents to systems on loopback, and webhooks from commit to arrival."""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from statistics import median

from domain.accounting.connectors.protocol import System
from domain.accounting.sync import connections_store, documents_store, syncing
from domain.accounting.sync.legs import Draft, Leg
from domain.kernel import vault
from domain.kernel.clock import now
from domain.kernel.db import connect, disconnect, rows, transaction
from domain.kernel.db.migrate import migrate
from domain.ledger.accounts import Account
from tests.benchmarks.figures import Aim, Figure
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.children import carnet, started
from tests.fixtures.databases import VAULT_KEY
from tests.fixtures.desk import sold
from tests.fixtures.hooked import HANG, Receiver, hooked, receiving
from tests.fixtures.own_queue import own_queue
from tests.fixtures.postgres import Server
from tests.fixtures.synced_systems import organisation
from tests.fixtures.waiting import eventually

_NAME, _TEMPLATE = "carnet_bench_handing", "carnet_bench_handing_template"
_SYSTEMS = (System.XERO, System.QUICKBOOKS, System.ERPNEXT, System.ODOO)


def handing(server: Server, documents: int = 2000, webhooks: int = 20, burst: int = 150) -> Iterator[Figure]:
    """Of each system on a database of its own, then the webhooks, one by one and many."""
    with server.database(_TEMPLATE) as template:
        asyncio.run(migrate(template))
        for system in _SYSTEMS:
            with server.database(_NAME, _TEMPLATE) as url:
                seconds = asyncio.run(_sent(url, system, documents))
            name = f"a document rendered and sent to {system} on loopback, of {documents:,}: ms"
            yield Figure(name, 1000 * seconds / documents, aim=Aim(most=5))
        with server.database(_NAME, _TEMPLATE) as url:
            alone, together = asyncio.run(_told(url, webhooks, burst))
    yield from _arrived(f"a webhook, from the commit until it has arrived, of {webhooks}: ms", alone)
    yield from _arrived(f"the same of a burst of {burst}, beside receivers that take nothing: ms", together)


def _arrived(name: str, took: Sequence[float]) -> Iterator[Figure]:
    yield Figure(f"{name}, median", 1000 * median(took), aim=Aim(most=2000))
    yield Figure(f"{name}, slowest", 1000 * max(took), aim=Aim(most=2000))


async def _sent(url: str, system: System, documents: int) -> float:
    """Seconds for all of them; what they are sent to works in the same process, and takes its part of them."""
    await connect(url)
    try:
        async with organisation(system) as books:
            house = await harbour(url)
            connection_id = await books.connect(house)
            await _made(house, connection_id, documents)
            began = time.perf_counter()
            while await syncing.sync_connection(connection_id):
                pass
            seconds = time.perf_counter() - began
            assert len(books.fake.books.times()) == documents
            return seconds
    finally:
        await disconnect()


async def _made(house: Harbour, connection_id: str, documents: int) -> None:
    """Sessions that were performed, each a document."""
    connection = await connections_store.connection(connection_id)
    legs = (
        Leg(Account.DEFERRED_REVENUE, house.lis, "LIS", 4500),
        Leg(Account.REVENUE, house.lis, "LIS", -4500, service_id=house.physio, service="PHY45"),
    )
    draft = Draft(house.lis, date(2026, 3, 2), "EUR", "Session performed, LIS", legs, (), 1, 1)
    async with transaction():
        await documents_store.insert_drafts(connection, [draft] * documents, now(), whole=True)
    assert len(await rows("SELECT id FROM sync_document")) == documents


async def _told(url: str, webhooks: int, burst: int) -> tuple[list[float], list[float]]:
    """Seconds of each, one after the other, and of many at once; by a worker as it is run."""
    await connect(url)
    vault.use_keys([VAULT_KEY])
    try:
        house = await harbour(url)
        async with receiving() as receiver:
            await hooked(house.owner, receiver, "package.sold")
            with ExitStack() as stack:
                _at_work(url, stack)
                await _taken(house, receiver)  # it has started
                alone = [await _taken(house, receiver) for _ in range(webhooks)]
                return alone, await _burst(house, receiver, burst)
    finally:
        vault.use_keys([])
        await disconnect()


def _at_work(url: str, stack: ExitStack) -> None:
    queue = stack.enter_context(own_queue())
    queue.start()
    home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="carnet-bench-")))
    settings = {
        "CARNET_DATABASE_URL": url,
        "CARNET_REDIS_URL": queue.url,
        "CARNET_HOME": str(home),
        "CARNET_VAULT_KEYS": VAULT_KEY,
        "CARNET_ALLOWED_ADDRESSES": "127.0.0.1",
    }
    stack.enter_context(started(carnet("worker"), home / "worker.log", settings))


async def _taken(house: Harbour, receiver: Receiver) -> float:
    before = len(receiver.taken)
    await sold(house, house.ten)
    began = time.perf_counter()
    await eventually(lambda: len(receiver.taken) > before)
    return time.perf_counter() - began


async def _burst(house: Harbour, receiver: Receiver, events: int) -> list[float]:
    """One receiver leads elsewhere and one is silent, for which nobody else waits."""
    async with receiving() as elsewhere, receiving() as silent:
        for other, answer in ((elsewhere, 302), (silent, HANG)):
            await hooked(house.owner, other, "package.sold")
            other.answers.extend([answer] * 2 * events)
        before = len(receiver.taken)
        sold_at = {await sold(house, house.ten): time.time() for _ in range(events)}
        await eventually(lambda: len(receiver.taken) == before + events)
    came = [got.event["data"]["packageId"] for got in receiver.taken[before:]]
    return [at - sold_at[package_id] for package_id, at in zip(came, receiver.times[before:], strict=True)]
