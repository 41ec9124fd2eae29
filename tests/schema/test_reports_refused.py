"""What reports and the journal are asked that cannot be answered: a typed refusal, and not a report full of zeros."""

import pytest

from domain.kernel.access import Actor
from schema.refusals import ErrorCode
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.graph import Graph, graph

pytestmark = pytest.mark.anyio

_MARCH = 'from: "2026-03-01", to: "2026-03-31"'
OF_A_BRANCH = {
    "deferredRevenue": f"{{ deferredRevenue({_MARCH}, %s) {{ currency }} }}",
    "reconciliation": f"{{ reconciliation({_MARCH}, %s) {{ currency }} }}",
    "collections": f"{{ collections({_MARCH}, %s) {{ totals {{ collected {{ formula }} }} }} }}",
    "packageProfit": f"{{ packageProfit({_MARCH}, groupBy: MONTH, %s) {{ totals {{ profit {{ formula }} }} }} }}",
    "packageMetrics": f"{{ packageMetrics({_MARCH}, %s) {{ totals {{ sold {{ count }} }} }} }}",
    "trialBalance": '{ trialBalance(until: "2026-03-31", %s) { lines { account } } }',
}
REPORTS = OF_A_BRANCH | {"customerValue": f"{{ customerValue({_MARCH}, %s) {{ nodes {{ customerId }} }} }}"}


def test_an_inverted_period_is_no_refusal_of_an_act() -> None:
    assert "INVERTED_PERIOD" not in ErrorCode.__members__


async def messages(app: Graph, actor: Actor, query: str) -> list[str]:
    """What is wrong with the query, in sentences; nothing for one that is answered."""
    body = (await app.post(actor, query)).json()
    return [error["message"] for error in body.get("errors", [])]


@pytest.mark.parametrize("report", OF_A_BRANCH)
async def test_a_branch_that_there_is_not_or_that_is_of_another_chain(db: str, report: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for actor, branch_id in ((house.owner, "brn_none"), (house.other_owner, house.lis)):
            asked = OF_A_BRANCH[report] % f'branchId: "{branch_id}"'
            expected = f"There is no branch '{branch_id}' that you may see. Check the id."
            assert await messages(app, actor, asked) == [expected]
        asked = OF_A_BRANCH[report] % f'branchId: "{house.lis}"'
        assert await messages(app, house.owner, asked) == []


async def test_a_definition_that_there_is_not(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        found = await messages(app, house.owner, OF_A_BRANCH["deferredRevenue"] % 'definitionId: "dfn_none"')
    assert found == ["There is no package definition 'dfn_none' that you may see. Check the id."]


@pytest.mark.parametrize("report", REPORTS)
async def test_as_of_an_instant_that_is_still_to_come(db: str, report: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        async with graph() as app:
            later = await messages(app, house.owner, REPORTS[report] % 'asOf: "2026-03-02T10:00:01Z"')
            assert await messages(app, house.owner, REPORTS[report] % 'asOf: "2026-03-02T10:00:00Z"') == []
    assert later == ["What will be known later cannot be told yet: ask as of an instant past."]


_ENTRIES = '{ journalEntries(filter: { postedFrom: "2026-03-31", postedUntil: "%s" }) { nodes { id } } }'


async def test_entries_of_days_that_end_before_they_begin(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        assert await messages(app, house.owner, _ENTRIES % "2026-03-30") == [
            "The period ends on 2026-03-30, before it begins on 2026-03-31. Exchange the two days."
        ]
        assert await app.errors(house.owner, _ENTRIES % "2026-03-30") == ["BAD_USER_INPUT"]
        assert await app.errors(house.desk_lis, _ENTRIES % "2026-03-30") == ["FORBIDDEN"]
        assert await messages(app, house.owner, _ENTRIES % "2026-03-31") == []


@pytest.mark.parametrize("report", sorted(set(REPORTS) - {"trialBalance"}))
async def test_a_period_that_ends_before_it_begins(db: str, report: str) -> None:
    house = await harbour(db)
    inverted = REPORTS[report].replace(_MARCH, 'from: "2026-03-31", to: "2026-03-01"').replace(", %s", "")
    async with graph() as app:
        (error,) = (await app.post(house.owner, inverted)).json()["errors"]
    assert error["message"] == "The period ends on 2026-03-01, before it begins on 2026-03-31. Exchange the two days."
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("report", OF_A_BRANCH)
async def test_those_who_may_not_read_it_are_not_told_which_branches_there_are(db: str, report: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for actor in (house.desk_lis, await customer_actor(house, house.ana)):
            some, none = [
                await messages(app, actor, OF_A_BRANCH[report] % f'branchId: "{branch_id}"')
                for branch_id in (house.lis, "brn_none")
            ]
            assert some == none != []
