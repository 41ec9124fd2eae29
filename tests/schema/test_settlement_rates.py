"""Two companies under one name: what Madrid earns for Lisbon's packages, set, used, read and told over HTTP."""

from typing import Any

import pytest

from domain.branches.open_branch import OpenBranch
from domain.catalog.define_service import DefineService
from domain.catalog.store import BranchPrice
from domain.catalog.terms import BranchScope, Item, Where
from domain.kernel.commands import run_command
from domain.kernel.db import counting, execute
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import REDEEM, REVERSE, mutation, refused, undoing, use

pytestmark = pytest.mark.anyio

RATE = "id basis percent startsOn homeBranch { code } performingBranch { code } operation { act }"
SET = mutation("setSettlementRate", f"operationId rate {{ {RATE} }}")
RATES = f"""query($branchId: ID, $first: Int, $after: String) {{
  settlementRates(branchId: $branchId, first: $first, after: $after) {{
    nodes {{ {RATE} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
JOURNAL = """query($filter: JournalEntryFilterInput) { journalEntries(filter: $filter) { nodes { lines {
  account intercompany branch { code } counterparty { code } debit { amount } credit { amount } } } } }"""
USABLE = "query($id: ID!) { package(id: $id) { usableAt { code } } }"


def rate(**changed: Any) -> dict[str, Any]:
    """The input by which a session earns 72 per cent of the list price from Monday on, unless changed."""
    return {"basis": "LIST_PERCENT", "percent": "72", "startsOn": "2026-03-02"} | changed


async def porto(house: Harbour) -> str:
    """A branch of another company, where physiotherapy costs 40.00."""
    opened = await run_command(house.owner, OpenBranch("OPO", "Porto", "Europe/Lisbon", legal_entity="Douro Lda"))
    branch_id: str = opened.outcome.branch_id
    prices = (BranchPrice(house.lis, 5000), BranchPrice(house.mad, 5000), BranchPrice(branch_id, 4000))
    await run_command(house.owner, DefineService("PHY45", "Physiotherapy 45", 45, prices))
    return branch_id


async def test_a_session_in_porto_is_between_two_companies_and_one_in_madrid_is_not(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        opo = await porto(house)
        package_id = await sold(house, house.ten)
        async with graph() as app:
            await app.act(house.owner, SET, input=rate())
            told = await app.act(
                house.accountant, SET, input=rate(homeBranchId=house.lis, performingBranchId=opo, percent="90.5")
            )
            assert told["rate"] | {"id": None} == {
                "id": None,
                "basis": "LIST_PERCENT",
                "percent": "90.50",
                "startsOn": "2026-03-02",
                "homeBranch": {"code": "LIS"},
                "performingBranch": {"code": "OPO"},
                "operation": {"act": "set_settlement_rate"},
            }
            in_porto = await app.act(house.owner, REDEEM, input=use(house, package_id, branchId=opo, sessions=2))
            redemption_id = in_porto["redemption"]["id"]
            await app.act(house.owner, SET, input=rate(performingBranchId=opo, homeBranchId=house.lis, percent="0"))
            await app.act(house.owner, REVERSE, input=undoing(redemption_id))
            await app.act(house.manager_mad, REDEEM, input=use(house, package_id, branchId=house.mad))
            with counting() as counter:
                found = await app.ask(house.owner, JOURNAL, filter={"packageId": package_id})
    # who asks, the page, lines, branches
    assert len(counter) == 4, counter.statements
    _, session, reversal, in_madrid = found["journalEntries"]["nodes"]
    assert [_short(line) for line in session["lines"]] == [
        "DEFERRED_REVENUE LIS 90.00",
        "DUE_TO_BRANCH LIS -72.40 to OPO, another company",
        "REVENUE LIS -17.60",
        "DUE_FROM_BRANCH OPO 72.40 to LIS, another company",
        "REVENUE OPO -72.40",
    ]
    mirror = [
        "DEFERRED_REVENUE LIS -90.00",
        "DUE_TO_BRANCH LIS 72.40 to OPO, another company",
        "REVENUE LIS 17.60",
        "DUE_FROM_BRANCH OPO -72.40 to LIS, another company",
        "REVENUE OPO 72.40",
    ]
    assert sorted(_short(line) for line in reversal["lines"]) == sorted(mirror)
    assert [_short(line) for line in in_madrid["lines"]] == [
        "DEFERRED_REVENUE LIS 45.00",
        "DUE_TO_BRANCH LIS -36.00 to MAD",
        "REVENUE LIS -9.00",
        "DUE_FROM_BRANCH MAD 36.00 to LIS",
        "REVENUE MAD -36.00",
    ]


def _short(line: dict[str, Any]) -> str:
    debit, credit = line["debit"]["amount"], line["credit"]["amount"]
    towards = f" to {line['counterparty']['code']}" if line["counterparty"] else ""
    other = ", another company" if line["intercompany"] else ""
    amount = debit if credit == "0.00" else f"-{credit}"
    return f"{line['account']} {line['branch']['code']} {amount}{towards}{other}"


async def test_rates_are_read_by_those_who_read_the_books_of_a_branch_they_concern(db: str) -> None:
    house = await harbour(db)
    pairs = ((None, None), (house.lis, house.mad), (house.pdl, None), (house.mad, house.pdl))
    async with graph() as app:
        for home, performing in pairs:
            await app.act(house.owner, SET, input=rate(homeBranchId=home, performingBranchId=performing))

        async def seen(actor: Any, **which: Any) -> list[str]:
            found = (await app.ask(actor, RATES, **which))["settlementRates"]["nodes"]
            return [
                "-".join((each[side] or {"code": "*"})["code"] for side in ("homeBranch", "performingBranch"))
                for each in found
            ]

        assert await seen(house.accountant) == ["MAD-PDL", "PDL-*", "LIS-MAD", "*-*"]
        assert await seen(house.manager_lis) == ["PDL-*", "LIS-MAD", "*-*"]
        assert await seen(house.accountant, branchId=house.pdl) == ["MAD-PDL", "PDL-*", "*-*"]
        assert await seen(house.other_owner) == []
        set_last = (await app.ask(house.owner, RATES, first=1))["settlementRates"]["nodes"][0]["id"]
        again = "query($id: ID!) { node(id: $id) { id } }"
        assert (await app.ask(house.manager_mad, again, id=set_last))["node"] == {"id": set_last}
        for stranger in (house.manager_lis, house.other_owner):
            assert (await app.ask(stranger, again, id=set_last))["node"] is None
        first = (await app.ask(house.owner, RATES, first=3))["settlementRates"]["pageInfo"]
        assert await seen(house.owner, after=first["endCursor"]) == ["*-*"]
        with counting() as counter:
            await seen(house.owner)
        # who asks, the page, branches, operations
        assert len(counter) == 4, counter.statements
        for actor in (house.desk_lis, await customer_actor(house, house.ana)):
            denied = (await app.post(actor, RATES)).json()
            assert denied["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_rate_that_cannot_be_is_refused_with_its_place(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for changed, kind, path in (
            ({"percent": "12,5"}, "InvalidInput", ["percent"]),
            ({"percent": "100.01"}, "InvalidInput", ["percent"]),
            ({"percent": None}, "InvalidInput", ["percent"]),
            ({"basis": "SESSION_VALUE"}, "InvalidInput", ["percent"]),
            ({"homeBranchId": house.other_branch}, "NotFound", ["homeBranchId"]),
            ({"performingBranchId": "brn_none"}, "NotFound", ["performingBranchId"]),
        ):
            found, facts = await refused(app, house.owner, SET, rate(**changed))
            assert (found, facts["path"]) == (kind, path)


async def test_a_package_tells_where_it_may_be_used(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        listed = terms(Item((house.physio,), 10), price_minor=45000, where=Where(BranchScope.LISTED, (house.mad,)))
        in_madrid_too = await sold(house, await published(house.owner, "LISTED", listed))
        where_sold = await sold(house, house.trial)
        anywhere = await sold(house, house.ten)
        async with graph() as app:

            async def usable(package_id: str) -> list[str] | None:
                found = (await app.ask(house.owner, USABLE, id=package_id))["package"]["usableAt"]
                return None if found is None else [branch["code"] for branch in found]

            assert await usable(in_madrid_too) == ["MAD", "LIS"]
            assert await usable(where_sold) == ["LIS"]
            assert await usable(anywhere) is None
            await used(house, in_madrid_too, branch_id=house.mad)
            await execute("UPDATE branch SET closed_at = $2 WHERE id = $1", house.mad, MONDAY)
            assert await usable(in_madrid_too) == ["LIS"]
