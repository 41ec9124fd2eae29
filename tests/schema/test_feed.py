"""The journal and the audit log over HTTP in the sealed order, as other systems take them over."""

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from email.message import Message
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request

import pytest

from domain.kernel.access import Scope
from domain.kernel.commands import run_command
from domain.kernel.db import counting, rows
from domain.ledger.seal import newest_position, seal_operations
from domain.people.revoke_api_key import RevokeApiKey
from tests.fixtures.askers import key_for
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.feeds import FEED, LOG, in_order, page, read, readers
from tests.fixtures.graph import Graph, graph
from tests.fixtures.ledgers import traded
from tests.fixtures.package_acts import mutation

pytestmark = pytest.mark.anyio

DOCUMENT = Path(__file__).parents[2] / "docs" / "feed.md"
ACKNOWLEDGE = mutation(
    "acknowledgeEntries",
    "reader { feed position newestPosition behind waitingSince acknowledgedAt reader { kind id } }",
)
READERS = """query($first: Int, $after: String) { feedReaders(first: $first, after: $after) {
  nodes { id feed position behind waitingSince reader { kind } apiKey { name revokedAt } }
  pageInfo { hasNextPage endCursor } } }"""


async def busy(db: str) -> tuple[Harbour, str]:
    """A package sold, paid and used, another one sold and paid, all of it sealed; and the secret of a key."""
    house = await harbour(db)
    secret = await key_for(house, Scope.ACCOUNTING)
    await traded(house)
    await sold(house, house.ten, payments=cash(45000))
    await seal_operations()
    return house, secret


def told(nodes: Sequence[Any]) -> list[tuple[int, str, str]]:
    return [(node["position"], node["id"], node["event"]) for node in nodes]


async def test_the_journal_is_read_to_its_end_in_pages_of_any_length_that_hold_whole_operations(db: str) -> None:
    house, secret = await busy(db)
    whole = await in_order(house.chain_id)
    assert [event for _, _, event in whole] == [
        *("SALE", "PAYMENT", "SESSION", "SESSION", "REVERSAL", "SESSION", "SALE", "PAYMENT")
    ]
    async with graph() as app:
        for first in (2, 3, 7, 8, 1000):
            assert told(await read(app, secret, 0, first)) == whole, first
        one = await page(app, house.accountant, first=7)
        two = await page(app, house.accountant, first=7, after=one["pageInfo"]["endCursor"])
        end = await page(app, house.accountant, first=7, after=two["pageInfo"]["endCursor"])
    assert [told(each["nodes"]) for each in (one, two, end)] == [whole[:6], whole[6:], []]
    assert [each["pageInfo"]["hasNextPage"] for each in (one, two, end)] == [True, False, False]
    assert [each["pageInfo"]["hasPreviousPage"] for each in (one, two, end)] == [False, True, True]


async def test_a_page_goes_on_behind_any_entry_and_behind_any_position(db: str) -> None:
    house, _ = await busy(db)
    whole = await in_order(house.chain_id)
    edges = FEED.replace("pageInfo {", "edges { cursor } pageInfo {")
    async with graph() as app:
        cursors = [edge["cursor"] for edge in (await page(app, house.owner, edges))["edges"]]
        for place, cursor in enumerate(cursors, 1):
            assert told((await page(app, house.owner, after=cursor))["nodes"]) == whole[place:]
        for position, before in ((0, False), (1, True)):
            found = await page(app, house.owner, afterPosition=position)
            assert found["pageInfo"]["hasPreviousPage"] is before
        for position in range(await newest_position(house.chain_id) + 2):
            rest = [each for each in whole if each[0] > position]
            assert told((await page(app, house.owner, afterPosition=position))["nodes"]) == rest


async def test_what_is_not_sealed_yet_is_read_once_it_is(db: str) -> None:
    house, _ = await busy(db)
    newest = await newest_position(house.chain_id)
    await sold(house, house.bundle)
    either = "query { journalEntries(first: 100) { nodes { event position } } }"
    async with graph() as app:
        assert await read(app, house.owner, newest) == []
        assert (await app.ask(house.owner, either))["journalEntries"]["nodes"][-1] == {
            "event": "SALE",
            "position": None,
        }
        await seal_operations()
        assert [node["event"] for node in await read(app, house.owner, newest)] == ["SALE"]
        assert (await app.ask(house.owner, either))["journalEntries"]["nodes"][-1]["position"] == newest + 1


async def test_operations_are_read_in_the_same_order(db: str) -> None:
    house, _ = await busy(db)
    secret = await key_for(house, Scope.READ)
    newest = await newest_position(house.chain_id)
    async with graph() as app:
        found = await read(app, secret, 0, 7, LOG)
        assert [node["position"] for node in found] == list(range(1, newest + 1))
        assert await read(app, house.owner, 0, 1000, LOG) == found
        sales = (await page(app, house.owner, LOG, filter={"act": "sell_package"}))["nodes"]
        assert sales == [node for node in found if node["act"] == "sell_package"]


async def test_a_branch_reads_its_own_lines_and_another_chain_its_own_order(db: str) -> None:
    house, _ = await busy(db)
    async with graph() as app:
        in_madrid = await read(app, house.manager_mad, 0)
        assert [[line["branch"]["code"] for line in node["lines"]] for node in in_madrid] == [["MAD", "MAD"]]
        assert await read(app, house.owner, 0) != in_madrid
        assert await read(app, house.other_owner, 0) == []
        assert {node["act"] for node in await read(app, house.other_owner, 0, 100, LOG)} >= {"found_chain"}
        assert await app.errors(house.desk_lis, FEED) == ["FORBIDDEN"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"first": 1}, "has more than 1 entries, and a page does not end inside one. Ask for more at a time."),
        ({"first": 1001}, "A page holds from 1 to 1000 nodes; 1001 were asked for."),
        ({"first": 0}, "A page holds from 1 to 1000 nodes; 0 were asked for."),
        ({"afterPosition": -1}, "Positions begin at 1; afterPosition 0 is before all of them."),
        ({"afterPosition": 3, "after": "x"}, "The cursor is malformed. Take it from an edge of the same connection."),
        ({"after": "x"}, "The cursor is malformed. Take it from an edge of the same connection."),
    ],
)
async def test_what_cannot_be_read_is_told(sqlite_db: str, asked: dict[str, Any], message: str) -> None:
    house, _ = await busy(sqlite_db)
    async with graph() as app:
        body = (await app.post(house.owner, FEED, **asked)).json()
    assert [error["extensions"]["code"] for error in body["errors"]] == ["BAD_USER_INPUT"]
    assert message in body["errors"][0]["message"]


async def test_positions_and_cursors_are_good_in_the_sealed_order_only(sqlite_db: str) -> None:
    house, _ = await busy(sqlite_db)
    other = FEED.replace("orderBy: SEALED_FIRST_FIRST", "")
    async with graph() as app:
        cursor = (await page(app, house.owner))["pageInfo"]["endCursor"]
        posted = (await page(app, house.owner, other))["pageInfo"]["endCursor"]
        for document, asked in (
            (other, {"after": cursor}),
            (other, {"afterPosition": 3}),
            (other, {"first": 101}),
            (FEED, {"after": posted}),
            (FEED, {"after": cursor, "afterPosition": 3}),
            (LOG.replace("SEALED_FIRST_FIRST", "RECORDED_LAST_FIRST"), {"afterPosition": 3}),
            (LOG, {"after": cursor}),
        ):
            assert await app.errors(house.owner, document, **asked) == ["BAD_USER_INPUT"], asked


async def test_a_thousand_entries_with_their_lines_are_one_page_of_five_statements(db: str) -> None:
    house, _ = await busy(db)
    async with graph() as app:
        body = (await app.post(house.accountant, FEED, first=1000)).json()
        assert body["extensions"]["cost"]["requestedQueryCost"] == 1 + 1 + 1000 * (1 + 4 * 4)
        with counting() as counter:
            await page(app, house.accountant, first=1000)
    assert len(counter) == 4, counter.statements  # who asks, the page, lines, branches


async def test_a_key_acknowledges_what_it_has_taken_over_and_all_see_what_waits(db: str) -> None:
    with on(MONDAY):
        house, secret = await busy(db)
        newest = await newest_position(house.chain_id)
    (key_id,) = [row["id"] for row in await rows("SELECT id FROM api_key WHERE name = 'Only ACCOUNTING'")]
    async with graph() as app:
        with on(MONDAY + timedelta(minutes=1)):
            done = await app.act(secret, ACKNOWLEDGE, input={"position": newest - 1})
            assert done == {
                "__typename": "AcknowledgeEntriesPayload",
                "reader": {
                    "feed": "journal",
                    "position": newest - 1,
                    "newestPosition": newest,
                    "behind": 1,
                    "waitingSince": "2026-03-02T10:00:00Z",
                    "acknowledgedAt": "2026-03-02T10:01:00Z",
                    "reader": {"kind": "INTEGRATION", "id": key_id},
                },
            }
        assert (await app.act(secret, ACKNOWLEDGE, input={"position": newest}))["reader"]["waitingSince"] is None
        await app.act(house.accountant, ACKNOWLEDGE, input={"position": 0, "feed": "by hand"})
        await run_command(house.owner, RevokeApiKey(key_id))
        one = (await app.ask(house.owner, READERS, first=1))["feedReaders"]
        two = (await app.ask(house.owner, READERS, after=one["pageInfo"]["endCursor"]))["feedReaders"]
        seen = (await app.ask(house.accountant, READERS))["feedReaders"]["nodes"]
        for nobody in (house.manager_lis, house.desk_lis, house.other_owner):
            assert (await app.ask(nobody, READERS))["feedReaders"]["nodes"] == []
        node = "query($id: ID!) { node(id: $id) { ... on FeedReader { feed } } }"
        assert (await app.ask(house.owner, node, id=two["nodes"][0]["id"]))["node"] == {"feed": "by hand"}
        assert (await app.ask(house.other_owner, node, id=two["nodes"][0]["id"]))["node"] is None
    (key,), (person,) = one["nodes"], two["nodes"]
    assert (key["position"], key["behind"], key["apiKey"]["name"]) == (newest, 0, "Only ACCOUNTING")
    assert key["apiKey"]["revokedAt"] is not None
    assert (person["reader"], person["apiKey"], person["position"]) == ({"kind": "STAFF"}, None, 0)
    assert seen == [key | {"apiKey": None}, person]


async def test_an_acknowledgement_is_refused_with_what_is_so(sqlite_db: str) -> None:
    house, _ = await busy(sqlite_db)
    newest = await newest_position(house.chain_id)
    async with graph() as app:
        assert await app.act(house.owner, ACKNOWLEDGE, input={"position": newest + 1}) == {
            "__typename": "PositionNotSealed",
            "code": "POSITION_NOT_SEALED",
            "message": f"Position {newest + 1} is not there yet; the newest is {newest}. Acknowledge what was read.",
            "path": ["position"],
            "position": newest + 1,
            "newest": newest,
        }
        await app.act(house.owner, ACKNOWLEDGE, input={"position": 9})
        back = await app.act(house.owner, ACKNOWLEDGE, input={"position": 8})
        assert {**back, "readerId": None} == {
            "__typename": "AcknowledgedFurther",
            "code": "ACKNOWLEDGED_FURTHER",
            "message": "The feed journal is acknowledged up to position 9 and does not go back to 8. To read again, "
            "ask for what is behind any position.",
            "path": ["position"],
            "readerId": None,
            "position": 8,
            "acknowledged": 9,
        }
    assert await readers() == [(house.owner.id, "journal", 9)]


async def test_a_reader_that_dies_before_it_acknowledges_reads_again_and_loses_nothing(db: str) -> None:
    house, secret = await busy(db)
    taken: list[str] = []
    async with graph() as app:
        for dies in (False, True, True, False, True, False, False, False):
            nodes = (await page(app, secret, first=4, afterPosition=await _acknowledged(app, secret)))["nodes"]
            taken += [node["id"] for node in nodes]
            if nodes and not dies:
                answer = await app.act(secret, ACKNOWLEDGE, input={"position": nodes[-1]["position"]})
                assert answer["__typename"] == "AcknowledgeEntriesPayload"
            if dies:
                await used(house, await sold(house, house.ten))
                await seal_operations()
    whole = [entry_id for _, entry_id, _ in await in_order(house.chain_id)]
    assert len(whole) == 8 + 3 * 2 and sorted(set(taken)) == sorted(whole)
    assert len(taken) > len(whole)


async def _acknowledged(app: Graph, who: str) -> int:
    known = (await app.ask(who, READERS))["feedReaders"]["nodes"]
    position: int = known[0]["position"] if known else 0
    return position


def documented() -> dict[str, Any]:
    """What the reader of the documents defines."""
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    reader: dict[str, Any] = {}
    exec(code, reader)  # noqa: S102 - of our own documents
    return reader


def test_the_reader_of_the_documents_waits_as_long_as_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARNET_URL", "http://carnet.test/graphql")
    monkeypatch.setenv("CARNET_KEY", "key")
    busy, later, wrong = Message(), Message(), Message()
    busy["Retry-After"] = "7"
    answers: list[Any] = [
        HTTPError("", 429, "", busy, None),
        HTTPError("", 503, "", later, None),
        ConnectionRefusedError(),
        BytesIO(b'{"data": 1}'),
        HTTPError("", 401, "", wrong, None),
    ]
    waited: list[int] = []

    def answer(request: Request, timeout: int) -> Any:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    reader = documented()
    reader |= {"urlopen": answer, "time": SimpleNamespace(sleep=waited.append)}
    assert (reader["ask"]("query"), waited) == (1, [7, 5, 5])
    with pytest.raises(HTTPError):
        reader["ask"]("query")


async def test_the_reader_of_the_documents_takes_everything_over_once(sqlite_db: str) -> None:
    house, secret = await busy(sqlite_db)
    reader = documented()
    kept: list[tuple[list[str], int]] = []
    loop = asyncio.get_running_loop()
    async with graph() as app:

        def ask(document: str, **variables: object) -> Any:
            return asyncio.run_coroutine_threadsafe(app.ask(secret, document, **variables), loop).result(10)

        def write(entries: list[Any], position: int) -> None:
            kept.append(([entry["id"] for entry in entries], position))

        async def taken_over(position: int) -> int:
            reached: int = await asyncio.to_thread(reader["take_over"], ask, position, write)
            return reached

        position = await taken_over(0)
        assert await taken_over(position) == position
        await sold(house, house.bundle)
        await seal_operations()
        assert await taken_over(position) == await newest_position(house.chain_id)
        assert await _acknowledged(app, secret) == await newest_position(house.chain_id)
    whole = await in_order(house.chain_id)
    assert kept == [([each[1] for each in whole[:8]], position), ([whole[8][1]], whole[8][0])]
