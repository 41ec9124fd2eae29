"""Committed operations get gapless, chained places, and nobody who reads the places ever misses one."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.ledger import sealing_store
from domain.ledger.seal import BEGINNING, newest_position, seal, seal_operations, verify_chain
from domain.ledger.sealing_store import Sealed
from domain.packages.sell_package import SellPackage
from domain.people.found_chain import ensure_chain
from tests.fixtures import killed_sealer
from tests.fixtures.chain import harbour
from tests.fixtures.ledgers import traded, unguard

pytestmark = pytest.mark.anyio


async def order(chain_id: str) -> list[str]:
    """The sealed order from its beginning."""
    return [sealed.operation_id for sealed in await sealing_store.after(chain_id, 0, 1000)]


async def recorded(chain_id: str) -> list[str]:
    """The operations in the order in which they were recorded."""
    found = await rows("SELECT id FROM operation WHERE chain_id = $1 ORDER BY seq", chain_id)
    return [row["id"] for row in found]


async def waiting() -> int:
    """How many operations have no place yet."""
    return len(await rows("SELECT seq FROM unsealed_operation"))


AN_OPERATION = """INSERT INTO operation
    (id, chain_id, act, principal, principal_id, effective_at, recorded_at, reason, outcome)
    VALUES ($1, $2, 'open_branch', 'STAFF', 'stf_1', $3, $3, 'opens on Sunday', $4)"""
AT = datetime(2025, 3, 30, 1, 30, tzinfo=UTC)


@asynccontextmanager
async def another_connection(url: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A second client of the same PostgreSQL database."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def test_every_committed_operation_gets_the_next_place_in_the_order_recorded(db: str) -> None:
    house = await harbour(db)
    await traded(house)

    sealed = await seal_operations()

    places = await sealing_store.after(house.chain_id, 0, 1000)
    assert [place.position for place in places] == list(range(1, len(places) + 1))
    assert [place.operation_id for place in places] == await recorded(house.chain_id)
    other = await recorded(house.other_owner.chain_id)
    assert sealed == len(places) + len(other)
    assert await order(house.other_owner.chain_id) == other
    assert await waiting() == 0
    assert await verify_chain(house.chain_id) == []


async def test_sealing_again_changes_nothing(db: str) -> None:
    chain_id = await ensure_chain("Harbour", "EUR")
    assert await seal_operations() == 1

    assert await seal_operations() == 0

    assert await newest_position(chain_id) == 1


async def test_a_batch_takes_at_most_so_many_and_the_next_goes_on(db: str) -> None:
    house = await harbour(db)
    await traded(house)

    assert await seal_operations(house.chain_id, at_most=3) == 3
    assert await newest_position(house.chain_id) == 3
    await seal_operations(house.chain_id)

    assert await order(house.chain_id) == await recorded(house.chain_id)
    assert await verify_chain(house.chain_id) == []


async def test_the_seal_covers_the_same_bytes_on_both_databases(db: str) -> None:
    chain_id = "chn_1"
    await execute(
        """INSERT INTO chain (id, name, currency, created_at, backdate_days, reversal_hours)
        VALUES ($1, 'Harbour', 'EUR', $2, 7, 48)""",
        chain_id,
        AT,
    )
    await execute(AN_OPERATION, "op_1", chain_id, AT, {"z": 1, "a": "Lisboa, às 9"})

    content = (await sealing_store.contents(["op_1"]))[0]
    sealed = seal(BEGINNING, content)

    assert content.json.decode() == (
        '{"entries":[],"lines":[],"movements":[],"operation":{"act":"open_branch","branch_id":null,"chain_id":"chn_1",'
        '"customer_id":null,"effective_at":"2025-03-30T01:30:00Z","id":"op_1","idempotency_key":null,'
        '"input_hash":null,"outcome":{"a":"Lisboa, às 9","z":1},"package_id":null,"package_version":null,'
        '"principal":"STAFF","principal_id":"stf_1","reason":"opens on Sunday","recorded_at":"2025-03-30T01:30:00Z",'
        '"reverses":null},"payments":[]}'
    )
    assert sealed == Sealed(1, "op_1", "6d58a6240af568c6011e5b755f840ce39ff938386a704e8a5e26abe29d2ad78b")


async def test_an_operation_that_commits_late_gets_a_later_place_and_no_reader_misses_it(postgres_db: str) -> None:
    chain_id = await ensure_chain("Harbour", "EUR")
    await seal_operations()
    async with another_connection(postgres_db) as late, late.transaction():
        await late.execute(AN_OPERATION, "op_late", chain_id, AT, "{}")
        await execute(AN_OPERATION, "op_soon", chain_id, AT, {})
        assert await seal_operations() == 1
        assert (await order(chain_id))[1:] == ["op_soon"]
    read = await newest_position(chain_id)

    assert await seal_operations() == 1

    assert await sealing_store.after(chain_id, read, 10) == [await sealing_store.last(chain_id)]
    assert (await order(chain_id))[1:] == ["op_soon", "op_late"]
    assert (await recorded(chain_id))[1:] == ["op_late", "op_soon"]
    assert await verify_chain(chain_id) == []


async def test_what_was_rolled_back_leaves_no_gap(postgres_db: str) -> None:
    chain_id = await ensure_chain("Harbour", "EUR")
    async with another_connection(postgres_db) as other:
        attempt = other.transaction()
        await attempt.start()
        await other.execute(AN_OPERATION, "op_never", chain_id, AT, "{}")
        await attempt.rollback()
    await execute(AN_OPERATION, "op_next", chain_id, AT, {})

    await seal_operations()

    assert (await order(chain_id))[1:] == ["op_next"]
    assert await newest_position(chain_id) == 2


async def test_sealers_at_the_same_time_give_each_operation_one_place(db: str) -> None:
    house = await harbour(db)
    await traded(house)

    await asyncio.gather(*(seal_operations(at_most=2) for _ in range(8)))
    while await seal_operations():
        pass

    assert await order(house.chain_id) == await recorded(house.chain_id)
    assert await newest_position(house.chain_id) == len(await recorded(house.chain_id))
    assert await verify_chain(house.chain_id) == []


@asynccontextmanager
async def a_sealer_at_work(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Stops a sealer in the middle of its transaction for as long as the block runs."""
    read, entered, leave = sealing_store.waiting, asyncio.Event(), asyncio.Event()

    async def read_slowly(chain_id: str, at_most: int) -> list[str]:
        entered.set()
        await leave.wait()
        return await read(chain_id, at_most)

    monkeypatch.setattr(sealing_store, "waiting", read_slowly)
    sealer = asyncio.create_task(seal_operations())
    await entered.wait()
    try:
        async with asyncio.timeout(2):
            yield
    finally:
        leave.set()
        assert await sealer > 0


async def test_a_sealer_leaves_a_chain_alone_while_another_is_at_it(
    postgres_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ensure_chain("Harbour", "EUR")

    async with a_sealer_at_work(monkeypatch):
        assert await seal_operations() == 0


async def test_a_sealer_keeps_no_writer_waiting(postgres_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house = await harbour(postgres_db)

    async with a_sealer_at_work(monkeypatch):
        sold = await run_command(house.owner, SellPackage(house.ten, house.ana, house.lis))

    assert sold.operation_id in await order(house.chain_id)


async def test_one_chain_that_cannot_be_sealed_keeps_no_other_waiting(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chains = [await ensure_chain(name, "EUR") for name in ("Harbour", "Thames", "Rhine")]
    read = sealing_store.last

    async def fail_for_thames(chain_id: str) -> Sealed | None:
        if chain_id == chains[1]:
            raise KeyError("Thames")
        return await read(chain_id)

    monkeypatch.setattr(sealing_store, "last", fail_for_thames)
    with pytest.raises(ExceptionGroup, match="not every chain could be sealed"):
        await seal_operations()

    assert [len(await order(chain_id)) for chain_id in chains] == [1, 0, 1]


async def test_a_sealer_that_is_killed_before_its_commit_has_done_nothing(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    await seal_operations(at_most=2)
    script = Path(killed_sealer.__file__)

    killed = await asyncio.create_subprocess_exec(sys.executable, str(script), db, cwd=script.parents[2])

    assert await killed.wait() == -signal.SIGKILL
    assert await newest_position(house.chain_id) == 2
    await seal_operations()
    assert await order(house.chain_id) == await recorded(house.chain_id)
    assert await waiting() == 0
    assert await verify_chain(house.chain_id) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE operation SET reason = 'because' WHERE id = $1",
        "UPDATE movement SET sessions = sessions + 1 WHERE operation_id = $1",
        "UPDATE journal_entry SET posted_on = '2020-01-01' WHERE operation_id = $1",
        """UPDATE journal_line SET package_id = NULL
        WHERE entry_id IN (SELECT id FROM journal_entry WHERE operation_id = $1)""",
        "UPDATE payment SET amount_minor = amount_minor - 1 WHERE operation_id = $1",
        "DELETE FROM movement WHERE operation_id = $1",
    ],
)
async def test_whatever_is_changed_behind_the_ledgers_breaks_exactly_its_seal(db: str, change: str) -> None:
    house = await harbour(db)
    sale = (await traded(house)).sale
    await seal_operations()
    position = 1 + (await order(house.chain_id)).index(sale)
    await unguard()

    assert await execute(change, sale) > 0

    broken = await verify_chain(house.chain_id)
    assert [(each.position, each.operation_id) for each in broken] == [(position, sale)]
    assert await verify_chain(house.chain_id, after=position) == []


async def test_a_place_that_was_taken_out_shows_where_it_was(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    await seal_operations()
    third, fourth = await sealing_store.after(house.chain_id, 2, 2)
    await unguard()

    await execute("DELETE FROM sealed_operation WHERE chain_id = $1 AND position = 3", house.chain_id)

    broken = await verify_chain(house.chain_id)
    assert [(each.position, each.operation_id, each.found) for each in broken] == [
        (3, fourth.operation_id, fourth.hash)
    ]
    assert third.operation_id not in await order(house.chain_id)
