"""Collections, profit, metrics and customer value over HTTP, each figure open to the rows behind it."""

from typing import Any

import pytest

from domain.kernel import reads
from domain.kernel.db import counting
from tests.fixtures.askers import askers
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import cash, on, sold, used
from tests.fixtures.graph import graph
from tests.fixtures.money_acts import deposited
from tests.fixtures.told_months import at, told_months

pytestmark = pytest.mark.anyio

SPRING = {"from": "2026-03-01", "to": "2026-06-30"}
AMOUNT = "{ amount { amount } }"
VARIABLES = "$from: Date!, $to: Date!, $asOf: DateTime, $first: Int, $after: String"
COLLECTIONS = f"""query({VARIABLES}, $method: PaymentMethod) {{
  collections(from: $from, to: $to, asOf: $asOf, method: $method) {{
    rows(first: $first, after: $after) {{ pageInfo {{ hasNextPage endCursor }}
      nodes {{ day method branch {{ code }} collected {AMOUNT} }} }}
    totals {{ collected {{ amount {{ amount currency }} formula }} byMethod {{ method collected {AMOUNT} }}
      disputed {AMOUNT} }} }} }}"""
PROFIT = f"""query({VARIABLES}, $groupBy: ProfitGroupBy!) {{
  packageProfit(from: $from, to: $to, asOf: $asOf, groupBy: $groupBy) {{
    rows(first: $first, after: $after) {{ pageInfo {{ hasNextPage endCursor }} nodes {{
      month package {{ id }} definition {{ code }} branch {{ code }}
      figures {{ revenue {AMOUNT} deliveryCost {{ amount {{ amount }} formula }} sessionsWithoutCost {{ count }}
        profit {{ amount {{ amount }} formula }} }} }} }} }} }}"""
OPENED = """query($from: Date!, $to: Date!) { packageProfit(from: $from, to: $to, groupBy: BRANCH) { totals {
  profit { amount { amount } }
  deliveryCost { amount { amount } formula rows { nodes { postedOn amount { amount } sessions branch { code } } } }
  sessionsWithoutCost { count amount { amount } rows { nodes { sessions amount { amount } service { code } } } }
} } }"""
RATIO = "{ percent part { count amount { amount } } whole { count amount { amount } } }"
METRICS = f"""query({VARIABLES}) {{ packageMetrics(from: $from, to: $to, asOf: $asOf) {{ rows {{
  definition {{ code }} figures {{
    sold {{ count packages(first: $first, after: $after) {{ nodes {{ id }} pageInfo {{ endCursor }} }} }}
    ended {{ count }}
    utilisationOfSold {RATIO} lapseRate {RATIO} contribution {RATIO}
    renewalRate {{ percent part {{ count packages {{ nodes {{ id }} }} }} whole {{ count }} }}
    daysToExhaust {{ median mean packages {{ count }} }} }} }} }} }}"""
VALUE = """{ customerId lastVisit spent { amount { amount } formula } sessions { count }
  services { service { code } sessions { count } } }"""
VALUES = f"""query({VARIABLES}, $orderBy: CustomerValueOrder! = SPENT_MOST_FIRST) {{
  customerValue(from: $from, to: $to, asOf: $asOf, first: $first, after: $after, orderBy: $orderBy) {{
    pageInfo {{ hasNextPage endCursor }} nodes {{ customer {{ firstName }} {VALUE[1:-1]} }} }} }}"""
OF_CUSTOMERS = f"""query($from: Date!, $to: Date!) {{ customers {{ nodes {{ firstName
  value(from: $from, to: $to) {VALUE} }} }} }}"""


async def test_collections_are_told_page_by_page_with_their_totals(db: str) -> None:
    house = (await told_months(db)).house
    async with graph() as app:
        with counting() as counter:
            found = (await app.ask(house.accountant, COLLECTIONS, **SPRING, first=2))["collections"]
        # who asks, the currency, the page, its branches, the totals by method, disputes
        assert len(counter) == 6, counter.statements
        after = found["rows"]["pageInfo"]["endCursor"]
        rest = await app.ask(house.accountant, COLLECTIONS, **SPRING, first=100, after=after)
        by_card = await app.ask(house.accountant, COLLECTIONS, **SPRING, method="CARD")
    assert found["rows"]["nodes"] == [
        {"day": "2026-03-02", "method": method, "branch": {"code": "LIS"}, "collected": {"amount": {"amount": amount}}}
        for method, amount in (("CARD", "100.00"), ("CASH", "450.00"))
    ]
    assert len(rest["collections"]["rows"]["nodes"]) == 6
    assert found["totals"] == {
        "collected": {"amount": {"amount": "1110.00", "currency": "EUR"}, "formula": "1289.00 - 179.00 = 1110.00"},
        "byMethod": [
            {"method": method, "collected": {"amount": {"amount": amount}}}
            for method, amount in (
                ("BANK_TRANSFER", "80.00"),
                ("CARD", "100.00"),
                ("CASH", "480.00"),
                ("ONLINE_LINK", "450.00"),
            )
        ],
        "disputed": {"amount": {"amount": "90.00"}},
    }
    assert len(by_card["collections"]["rows"]["nodes"]) == 1


async def test_profit_is_told_by_package_definition_branch_and_month(db: str) -> None:
    told = await told_months(db)
    async with graph() as app:
        found = {
            by: (await app.ask(told.house.owner, PROFIT, **SPRING, groupBy=by))["packageProfit"]["rows"]["nodes"]
            for by in ("PACKAGE", "DEFINITION", "BRANCH", "MONTH")
        }
    assert found["PACKAGE"][0] == {
        "month": None,
        "package": {"id": told.ana_ten},
        "definition": None,
        "branch": None,
        "figures": {
            "revenue": {"amount": {"amount": "90.00"}},
            "deliveryCost": {
                "amount": {"amount": "45.00"},
                "formula": "1 × 20.00 + 1 × 25.00 = 45.00",  # noqa: RUF001
            },
            "sessionsWithoutCost": {"count": 0},
            "profit": {"amount": {"amount": "45.00"}, "formula": "90.00 - 45.00 = 45.00"},
        },
    }
    assert [node["definition"]["code"] for node in found["DEFINITION"]] == ["PHY10", "MASB3F1", "FAC3T"]
    assert [node["branch"]["code"] for node in found["BRANCH"]] == ["LIS", "MAD"]
    assert [node["month"] for node in found["MONTH"]] == ["2026-03-01", "2026-04-01", "2026-06-01"]


async def test_what_sessions_cost_opens_to_the_visits_and_those_without_a_cost_are_counted(db: str) -> None:
    house = (await told_months(db)).house
    async with graph() as app:
        totals = (await app.ask(house.owner, OPENED, **SPRING))["packageProfit"]["totals"]
    assert totals["profit"]["amount"] == {"amount": "329.00"}
    cost = totals["deliveryCost"]
    assert [(row["postedOn"], row["branch"]["code"], row["amount"]["amount"]) for row in cost["rows"]["nodes"]] == [
        ("2026-03-03", "LIS", "36.00"),
        ("2026-03-04", "MAD", "25.00"),
        ("2026-03-04", "MAD", "25.00"),
        ("2026-04-02", "LIS", "-36.00"),
        ("2026-04-02", "LIS", "20.00"),
    ]
    assert cost["amount"]["amount"] == "70.00"
    unknown = totals["sessionsWithoutCost"]
    assert (unknown["count"], unknown["amount"]) == (4, None)
    visits = [(row["sessions"], row["service"]["code"]) for row in unknown["rows"]["nodes"]]
    assert visits == [(1, "MAS60"), (2, "MAS60"), (1, "MAS60")]  # the last one of the bonus lot


async def test_a_page_of_a_hundred_packages_is_six_statements(db: str) -> None:
    with on(at(3, 2)):
        house = await harbour(db)
        for _ in range(12):
            await used(house, await sold(house, house.ten, payments=cash(45000)))
    async with graph() as app:
        for by in ("PACKAGE", "DEFINITION", "BRANCH", "MONTH"):
            with counting() as counter:
                found = await app.ask(house.owner, PROFIT, **SPRING, groupBy=by, first=100)
            assert len(found["packageProfit"]["rows"]["nodes"]) == (12 if by == "PACKAGE" else 1)
            # who asks, the clocks, the keys, the sums, and what the rows are about; or when sessions were used
            assert len(counter) <= 6, counter.statements
        with counting() as counter:
            await app.ask(house.owner, VALUES, **SPRING, first=100)
        # who asks, the clocks, the page, services used, customers, and services
        assert len(counter) == 6, counter.statements


async def test_metrics_are_told_as_parts_of_wholes(db: str) -> None:
    told = await told_months(db)
    async with graph() as app:
        rows = (await app.ask(told.house.owner, METRICS, **SPRING))["packageMetrics"]["rows"]
        known = {row["definition"]["code"]: row["figures"] for row in rows}
        first = (await app.ask(told.house.owner, METRICS, **SPRING, first=1))["packageMetrics"]["rows"][0]["figures"]
        after = first["sold"]["packages"]["pageInfo"]["endCursor"]
        errors = await app.errors(told.house.owner, METRICS, **SPRING, first=1, after=after)
    massages = known["MASB3F1"]
    assert [node["id"] for node in massages["sold"]["packages"]["nodes"]] == [told.rui_massages, told.rui_again]
    assert massages["utilisationOfSold"] == {
        "percent": "50.00",
        "part": {"count": 4, "amount": None},
        "whole": {"count": 8, "amount": None},
    }
    assert massages["renewalRate"] == {
        "percent": "100.00",
        "part": {"count": 1, "packages": {"nodes": [{"id": told.rui_massages}]}},
        "whole": {"count": 1},
    }
    assert massages["daysToExhaust"] == {"median": "10.0", "mean": "10.0", "packages": {"count": 1}}
    assert massages["contribution"]["percent"] == "57.14"
    assert massages["contribution"]["part"] == {"count": None, "amount": {"amount": "180.00"}}
    assert known["PHY10"]["lapseRate"]["percent"] is None
    assert [node["id"] for node in first["sold"]["packages"]["nodes"]] == [told.ana_ten]
    assert errors == ["BAD_USER_INPUT"]  # the cursor is that of one definition's packages only


async def test_customers_are_told_by_what_they_were_worth(db: str) -> None:
    house = (await told_months(db)).house
    async with graph() as app:
        first = (await app.ask(house.owner, VALUES, **SPRING, first=2))["customerValue"]
        after = first["pageInfo"]["endCursor"]
        (rui,) = (await app.ask(house.owner, VALUES, **SPRING, first=2, after=after))["customerValue"]["nodes"]
        each = (await app.ask(house.owner, OF_CUSTOMERS, **SPRING))["customers"]["nodes"]
        hidden = [
            (await app.ask(actor, OF_CUSTOMERS, **SPRING))["customers"]["nodes"][0]["value"]
            for actor in (house.desk_lis, await customer_actor(house, house.ana))
        ]
    assert [node["customer"]["firstName"] for node in first["nodes"]] == ["Ana", "Eva"]
    assert rui == {
        "customer": {"firstName": "Rui"},
        "customerId": house.rui,
        "lastVisit": "2026-03-12T10:00:00Z",
        "spent": {"amount": {"amount": "210.00"}, "formula": "210.00"},
        "sessions": {"count": 4},
        "services": [{"service": {"code": "MAS60"}, "sessions": {"count": 4}}],
    }
    assert {node["firstName"]: node["value"]["spent"]["amount"]["amount"] for node in each} == {
        "Ana": "450.00",
        "Rui": "210.00",
        "Eva": "360.00",
    }
    assert hidden == [None, None]


ASKED: dict[str, tuple[str, dict[str, Any]]] = {
    "collections": (COLLECTIONS, {}),
    "packageProfit": (PROFIT, {"groupBy": "MONTH"}),
    "packageMetrics": (METRICS, {}),
    "customerValue": (VALUES, {}),
}


@pytest.mark.parametrize("report", ASKED)
async def test_reports_are_open_to_those_who_read_accounts(db: str, report: str) -> None:
    house = await harbour(db)
    query, rest = ASKED[report]
    async with graph() as app:
        for name, asker in (await askers(house)).items():
            may = bool(asker.held & reads.BOOKS.roles or asker.scopes & reads.BOOKS.scopes)
            response = (await app.post(asker.credentials, query, **SPRING, **rest)).json()
            codes = [error["extensions"]["code"] for error in response.get("errors", [])]
            assert codes == ([] if may else ["FORBIDDEN"]), name
            assert (response["data"][report] is not None) is may, name


@pytest.mark.parametrize("report", ASKED)
async def test_what_cannot_be_asked_is_refused_in_a_sentence(sqlite_db: str, report: str) -> None:
    house = await harbour(sqlite_db)
    query, rest = ASKED[report]
    async with graph() as app:
        inverted = {"from": "2026-03-02", "to": "2026-03-01"}
        (error,) = (await app.post(house.owner, query, **inverted, **rest)).json()["errors"]
        assert (error["extensions"]["code"], error["message"]) == (
            "BAD_USER_INPUT",
            "The period ends on 2026-03-01, before it begins on 2026-03-02. Exchange the two days.",
        )
        everything = {"from": "0001-01-01", "to": "9999-12-31"}
        assert (await app.ask(house.owner, query, **everything, **rest))[report] is not None
        if report != "packageMetrics":  # of which there are no packages here
            assert await app.errors(house.owner, query, **SPRING, **rest, first=101) == ["BAD_USER_INPUT"]
            assert await app.errors(house.owner, query, **SPRING, **rest, after="nonsense") == ["BAD_USER_INPUT"]


async def test_whoever_paid_and_never_came_used_no_sessions(db: str) -> None:
    with on(at(3, 2)):
        house = await harbour(db)
        await deposited(house, 3000)
    async with graph() as app:
        (node,) = (await app.ask(house.owner, VALUES, **SPRING))["customerValue"]["nodes"]
    assert (node["sessions"], node["services"]) == ({"count": 0}, [])
