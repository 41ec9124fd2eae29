"""When several take the same unique thing at once, each caller still gets a definite answer."""

import asyncio

import pytest

from domain.catalog.define_package import DefinePackage
from domain.catalog.terms import Item
from domain.kernel.commands import run_command
from domain.kernel.db import insert, rows, transaction
from domain.kernel.ids import new_id
from tests.fixtures.chain import harbour, terms
from tests.fixtures.desk import MONDAY

pytestmark = pytest.mark.anyio


async def test_one_key_sent_four_times_behind_a_stranger_who_takes_the_code_first(postgres_db: str) -> None:
    house = await harbour(postgres_db)
    taken, go_on = asyncio.Event(), asyncio.Event()

    async def stranger() -> None:
        async with transaction():
            definition = {"id": new_id("def"), "chain_id": house.chain_id, "code": "RACE", "created_at": MONDAY}
            await insert("package_definition", [definition])
            taken.set()
            await go_on.wait()

    first = asyncio.create_task(stranger())
    await taken.wait()
    command = DefinePackage("RACE", "Race", terms(Item((house.physio,), 5), price_minor=100))
    ours = [asyncio.create_task(run_command(house.owner, command, "definition RACE")) for _ in range(4)]
    await asyncio.sleep(0.3)  # they wait for the stranger's row now; were they slower, the test would still pass
    go_on.set()
    await first
    done = await asyncio.gather(*ours)
    assert sorted(each.replayed for each in done) == [False, True, True, True]
    assert len({each.operation_id for each in done}) == 1
    assert len(await rows("SELECT id FROM operation WHERE idempotency_key = 'definition RACE'")) == 1
