"""The figures of a chain's spreadsheets come out of the database, and out of the graph."""

from pathlib import Path

import pytest

from domain.imports.write import Written
from tests.fixtures.graph import graph
from tests.fixtures.imported import assert_as_promised, balances, import_into, owner, promised, promised_figures
from tests.fixtures.imported_graph import graph_balances, graph_figures
from tests.fixtures.spreadsheets import HARBOUR, SMALL

pytestmark = pytest.mark.anyio


async def assert_shown_as_promised(directory: Path) -> None:
    """The graph shows the owner what the example promises."""
    person = await owner()
    async with graph() as client:
        assert await graph_figures(client, person) == promised_figures(directory)
        assert await graph_balances(client, person) == await balances(person.chain_id)
        customers = (await client.ask(person, "{ customers(first: 1) { totalCount } }"))["customers"]
        assert customers["totalCount"] == promised(directory)["customers"]["distinct_persons"]


async def test_a_whole_chain_moves_in_with_every_session_and_every_cent(sqlite_db: str) -> None:
    assert await import_into(directory=HARBOUR) == Written(customers=1164, packages=1920)
    await assert_as_promised(HARBOUR)
    await assert_shown_as_promised(HARBOUR)


async def test_a_small_chain_is_shown_as_it_moved_in(db: str) -> None:
    await import_into()
    await assert_shown_as_promised(SMALL)


async def test_a_person_is_found_by_every_reference(db: str) -> None:
    await import_into()
    query = "query ($reference: String!) { customers(filter: {reference: $reference}) { nodes { id firstName } } }"
    async with graph() as client:
        person = await owner()
        found = [await client.ask(person, query, reference=one) for one in ("C-00012", "C-00030", "C-00040")]
    assert found[0]["customers"]["nodes"][0]["firstName"] == "Hilayda"
    assert found[0] == found[1] == found[2]
