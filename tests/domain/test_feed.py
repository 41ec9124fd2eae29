"""Who reads the feed misses nothing, and says how far it has come in a row of its own."""

import asyncio
from dataclasses import replace

import pytest

from domain.feed.acknowledge_entries import AcknowledgeEntries
from domain.feed.errors import AcknowledgedFurther, PositionNotSealed
from domain.kernel.access import Actor, Scope
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput
from domain.ledger import sealed
from domain.ledger.journal import EntryFilter
from domain.ledger.seal import newest_position, seal_operations
from domain.ledger.sealed import Place
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import refused, sold
from tests.fixtures.feeds import in_order, readers
from tests.fixtures.ledgers import traded
from tests.fixtures.races import at_once
from tests.fixtures.slow_posting import SlowPosting

pytestmark = pytest.mark.anyio


async def acknowledged(actor: Actor, position: int, feed: str = "journal") -> int:
    """Up to where the feed is acknowledged then."""
    reached: int = (await run_command(actor, AcknowledgeEntries(position, feed))).outcome.position
    return reached


async def behind(house: Harbour, position: int) -> list[str]:
    """The ids of all entries behind a position, in the sealed order."""
    return [each.id for each in await sealed.entries(house.owner, EntryFilter(), 1000, Place(position))]


async def test_who_reads_the_feed_misses_no_act_that_commits_late(
    postgres_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await harbour(postgres_db)
    slow = SlowPosting(monkeypatch)
    late = asyncio.create_task(run_command(house.owner, SellPackage(house.ten, house.ana, house.lis)))
    await slow.begun.wait()
    monkeypatch.undo()
    await sold(house, house.ten, customer_id=house.eva, branch_id=house.mad)
    await seal_operations()
    soon = await behind(house, 0)
    read = await newest_position(house.chain_id)

    slow.go_on()
    sale = (await late).operation_id
    assert await behind(house, read) == []
    await seal_operations()

    came = await behind(house, read)
    assert (len(soon), len(came)) == (1, 1)
    assert [row["id"] for row in await rows("SELECT id FROM journal_entry WHERE operation_id = $1", sale)] == came
    assert soon + came == [entry_id for _, entry_id, _ in await in_order(house.chain_id)]


async def test_each_feed_is_acknowledged_by_itself_and_leaves_no_operation(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    sealed_before = await seal_operations(house.chain_id)

    assert await acknowledged(house.integrator, 0) == 0
    assert await acknowledged(house.integrator, 12) == 12
    assert await acknowledged(house.integrator, 5, " ledger ") == 5
    assert await acknowledged(house.accountant, 7) == 7
    assert await acknowledged(house.integrator, 12) == 12
    assert await acknowledged(house.integrator, sealed_before) == sealed_before

    assert await readers() == [
        (house.integrator.id, "journal", sealed_before),
        (house.integrator.id, "ledger", 5),
        (house.accountant.id, "journal", 7),
    ]
    assert await seal_operations() == await _of_other_chains(house)


async def _of_other_chains(house: Harbour) -> int:
    found = await rows("SELECT COUNT(*) AS n FROM operation WHERE chain_id <> $1", house.chain_id)
    return int(found[0]["n"])


async def test_a_feed_goes_neither_back_nor_beyond_what_is_sealed(db: str) -> None:
    house = await harbour(db)
    newest = await seal_operations(house.chain_id)
    await sold(house, house.ten)
    await acknowledged(house.integrator, 9)

    beyond = await refused(PositionNotSealed, house.integrator, AcknowledgeEntries(newest + 1))
    assert (beyond.position, beyond.newest) == (newest + 1, newest)
    back = await refused(AcknowledgedFurther, house.integrator, AcknowledgeEntries(8))
    assert (back.feed, back.position, back.acknowledged) == ("journal", 8, 9)
    await refused(PositionNotSealed, house.other_owner, AcknowledgeEntries(1))


async def test_a_feed_has_a_name_and_a_position_and_one_reader_has_twenty_at_most(sqlite_db: str) -> None:
    house = await harbour(sqlite_db)
    await seal_operations()
    wrong = await refused(InvalidInput, house.integrator, AcknowledgeEntries(-1, " "))
    assert [problem.path for problem in wrong.problems] == [("feed",), ("position",)]
    await refused(InvalidInput, house.integrator, AcknowledgeEntries(1, "f" * 61))
    for number in range(20):
        await acknowledged(house.integrator, 1, f"feed {number}")
    many = await refused(InvalidInput, house.integrator, AcknowledgeEntries(1, "one more"))
    assert [problem.message for problem in many.problems] == [
        "One reader has at most 20 feeds. Go on with one that is there."
    ]
    assert await acknowledged(house.integrator, 2, "feed 0") == 2
    assert await acknowledged(house.owner, 1, "one more") == 1


async def test_only_who_takes_over_the_books_of_the_chain_acknowledges(sqlite_db: str) -> None:
    house = await harbour(sqlite_db)
    await seal_operations()
    reads = replace(house.integrator, scopes=frozenset(Scope) - {Scope.ACCOUNTING})
    for nobody in (house.manager_lis, house.desk_lis, house.practitioner_lis, reads):
        await refused(Forbidden, nobody, AcknowledgeEntries(1))


async def test_acknowledgements_at_the_same_time_end_at_the_furthest(db: str) -> None:
    house = await harbour(db)
    newest = await seal_operations(house.chain_id)

    done = await at_once(*(run_command(house.integrator, AcknowledgeEntries(newest - late)) for late in range(6)))

    assert await readers() == [(house.integrator.id, "journal", newest)]
    assert {type(each) for each in done if isinstance(each, Exception)} <= {AcknowledgedFurther}
