"""A denial leaves a row of its own and nothing else, whichever way it was asked, and never becomes another answer."""

from typing import Any

import pytest

from domain.kernel import denials
from domain.kernel.access import POLICIES, Role
from domain.kernel.commands import carried_out, run_command, run_together
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from domain.kernel.reads import BOOKS, DENIALS
from domain.packages.grant_goodwill import GrantGoodwill
from domain.people.grant_role import GrantRole
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused, sold
from tests.fixtures.graph import graph
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

LIST = """query($first: Int, $after: String) { denials(first: $first, after: $after) {
  nodes { id asked principal { kind id } needs deniedAt } pageInfo { hasNextPage endCursor } } }"""
IRIS = GrantRole(Role.OWNER, name="Iris")


async def written() -> list[tuple[str, str, str]]:
    """What was denied to whom and what it would have taken, oldest first."""
    found = await rows("SELECT asked, principal_id, needs FROM denial ORDER BY id")
    return [(row["asked"], row["principal_id"], row["needs"]) for row in found]


async def test_an_act_that_is_denied_leaves_one_row_however_it_was_asked(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    elsewhere = GrantGoodwill(package_id, 1, "sorry")
    async with unchanged():
        with pytest.raises(Forbidden):  # nowhere in the chain
            await run_command(house.desk_lis, IRIS, "a key of Dora")
        with pytest.raises(Forbidden):  # not at this branch
            await run_command(house.manager_mad, elsewhere)
        with pytest.raises(Forbidden):  # the second of two
            await run_together(house.manager_mad, [elsewhere, elsewhere])
        with pytest.raises(Forbidden):  # before long work begins
            await carried_out(house.manager_mad, IRIS, "a key of Maria")
    owner, manager = POLICIES["grant_role"].needs, POLICIES["grant_goodwill"].needs
    assert owner == "the role OWNER for the whole chain"
    assert await written() == [
        ("grant_role", house.desk_lis.id, owner),
        ("grant_goodwill", house.manager_mad.id, manager),
        ("grant_goodwill", house.manager_mad.id, manager),
        ("grant_role", house.manager_mad.id, owner),
    ]


async def test_other_refusals_are_no_denials(db: str) -> None:
    house = await harbour(db)
    await refused(NotFound, house.owner, GrantRole(Role.OWNER, staff_id=new_id("stf")))
    await refused(NotFound, house.owner, GrantRole(Role.OWNER, staff_id=house.other_owner.id))
    await refused(InvalidInput, house.owner, GrantRole(Role.OWNER))
    assert await written() == []


async def test_what_may_not_be_read_is_noted_once_for_a_request(db: str) -> None:
    house = await harbour(db)
    asked = "{ one: journalEntries { nodes { id } } two: journalEntries { nodes { id } } viewer { id } }"
    async with graph() as app, unchanged():
        assert await app.errors(house.desk_lis, asked) == ["FORBIDDEN", "FORBIDDEN"]
        assert await app.errors(house.desk_lis, "{ denials { nodes { id } } }") == ["FORBIDDEN"]
        grant = 'mutation { grantRole(input: {role: OWNER, name: "Iris"}) { __typename } }'
        assert await app.errors(house.desk_lis, grant) == ["FORBIDDEN"]
    dora = house.desk_lis.id
    assert await written() == [
        ("read journal entries", dora, BOOKS.needs),
        ("read denials", dora, DENIALS.needs),
        ("grant_role", dora, POLICIES["grant_role"].needs),
    ]


async def test_the_owner_reads_denials_of_the_chain_newest_first_and_nobody_else_does(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        await refused(Forbidden, house.desk_lis, IRIS)
    await refused(Forbidden, house.integrator, IRIS)
    async with graph() as app:
        first = (await app.ask(house.owner, LIST, first=1))["denials"]
        second = (await app.ask(house.owner, LIST, first=1, after=first["pageInfo"]["endCursor"]))["denials"]
        (newest,), (oldest,) = first["nodes"], second["nodes"]
        assert newest["principal"] == {"kind": "INTEGRATION", "id": house.integrator.id}
        assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
        assert oldest == {
            "id": oldest["id"],
            "asked": "grant_role",
            "principal": {"kind": "STAFF", "id": house.desk_lis.id},
            "needs": "the role OWNER for the whole chain",
            "deniedAt": "2026-03-02T10:00:00Z",
        }
        await _nobody_else_reads(app, house, oldest["id"])


async def _nobody_else_reads(app: Any, house: Harbour, denial_id: str) -> None:
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await app.ask(house.owner, node, id=denial_id))["node"] == {"id": denial_id}
    assert (await app.ask(house.other_owner, LIST))["denials"]["nodes"] == []
    for actor in (house.other_owner, house.manager_lis, house.accountant):
        assert (await app.ask(actor, node, id=denial_id))["node"] is None
    for actor in (house.manager_lis, house.accountant):
        assert await app.errors(actor, LIST) == ["FORBIDDEN"]


async def test_a_denial_that_cannot_be_written_down_stays_a_denial(
    sqlite_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await harbour(sqlite_db)

    async def full(records: list[dict[str, Any]]) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(denials, "_write", full)
    with pytest.raises(Forbidden):
        await run_command(house.desk_lis, IRIS)
    async with graph() as app:
        assert await app.errors(house.desk_lis, "{ journalEntries { nodes { id } } }") == ["FORBIDDEN"]
    assert await written() == []
