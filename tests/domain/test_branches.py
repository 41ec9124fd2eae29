"""A branch opens under its own code, by its own clock, in the currency of its chain."""

from dataclasses import replace

import pytest

from domain.branches import store
from domain.branches.errors import BranchCodeTaken, WrongCurrency
from domain.branches.open_branch import OpenBranch
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

PORTO = OpenBranch("OPO", " Porto ", "Europe/Lisbon")


async def test_a_branch_opens_with_the_currency_and_the_name_of_its_chain(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, PORTO)
    branch = await store.branch(house.owner, done.outcome.branch_id)
    assert (branch.code, branch.name, branch.time_zone) == ("OPO", "Porto", "Europe/Lisbon")
    assert (branch.currency, branch.legal_entity, branch.closed_at) == ("EUR", "Harbour Wellness", None)
    written = await rows("SELECT act, principal_id, branch_id, outcome FROM operation WHERE id = $1", done.operation_id)
    assert written == [
        {
            "act": "open_branch",
            "principal_id": house.owner.id,
            "branch_id": branch.id,
            "outcome": {"branch_id": branch.id},
        }
    ]


async def test_a_branch_may_belong_to_a_legal_entity_of_its_own(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, replace(PORTO, currency="EUR", legal_entity="Harbour Norte Lda"))
    assert (await store.branch(house.owner, done.outcome.branch_id)).legal_entity == "Harbour Norte Lda"


async def test_a_branch_that_cannot_be_is_refused(db: str) -> None:
    house = await harbour(db)
    wrong: dict[str, tuple[str, ...]] = {
        "code": ("", "opo", "A" * 21, "OPO\n1"),
        "name": ("  ", "x" * 121, "Por\x00to"),
        "legal_entity": ("x" * 121,),
        "time_zone": ("", "Lisbon", "Europe", "europe/lisbon/x", "../etc/passwd", "Europe/Lisbon\x00"),
    }
    paths = {"legal_entity": "legalEntity", "time_zone": "timeZone"}
    async with unchanged():
        for field, value in [(field, value) for field, values in wrong.items() for value in values]:
            with pytest.raises(InvalidInput) as refused:
                await run_command(house.owner, replace(PORTO, **{field: value}))
            assert refused.value.path == (paths.get(field, field),)


async def test_all_bad_fields_are_named_at_once(db: str) -> None:
    house = await harbour(db)
    with pytest.raises(InvalidInput) as refused:
        await run_command(house.owner, OpenBranch("", "", "Mars/Base"))
    assert [problem.path for problem in refused.value.problems] == [("timeZone",), ("code",), ("name",)]


async def test_a_branch_in_another_currency_than_its_chain_is_refused(db: str) -> None:
    house = await harbour(db)
    async with unchanged():
        with pytest.raises(WrongCurrency) as refused:
            await run_command(house.owner, replace(PORTO, currency="GBP"))
    assert (refused.value.currency, refused.value.expected, refused.value.path) == ("GBP", "EUR", ("currency",))


async def test_two_branches_of_a_chain_never_share_a_code(db: str) -> None:
    house = await harbour(db)
    async with unchanged():
        with pytest.raises(BranchCodeTaken) as refused:
            await run_command(house.owner, replace(PORTO, code="LIS"))
    assert (refused.value.branch_code, refused.value.branch_id) == ("LIS", house.lis)


async def test_branches_of_two_chains_may_share_a_code_and_never_see_each_other(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.other_owner, OpenBranch("LIS", "Lisson Grove", "Europe/London"))
    seen = [branch.id for branch in await store.page(house.other_owner, None, 10)]
    assert seen == [house.other_branch, done.outcome.branch_id]
    assert await store.by_ids(house.owner, [done.outcome.branch_id, house.lis]) == [
        await store.branch(house.owner, house.lis)
    ]
    for unknown in (done.outcome.branch_id, new_id("brn"), "", "brn_x"):
        with pytest.raises(NotFound) as refused:
            await store.branch(house.owner, unknown, "branchId")
        assert (refused.value.noun, refused.value.path) == ("branch", ("branchId",))


async def test_only_an_owner_opens_branches(db: str) -> None:
    house = await harbour(db)
    ana = await customer_actor(house, house.ana)
    async with unchanged():
        for actor in (
            house.manager_lis,
            house.desk_lis,
            house.practitioner_lis,
            house.accountant,
            house.integrator,
            ana,
        ):
            with pytest.raises(Forbidden):
                await run_command(actor, PORTO)


async def test_branches_come_page_by_page_in_the_order_in_which_they_opened(db: str) -> None:
    house = await harbour(db)
    first = await store.page(house.desk_lis, None, 2)
    second = await store.page(house.desk_lis, first[-1].id, 2)
    assert [branch.code for branch in first + second] == ["LIS", "MAD", "PDL"]
