"""Whatever is wrong with what is asked of packages and the books is refused, never a fault, and writes nothing."""

from typing import Any

import pytest

from domain.kernel.ids import new_id
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.cursors import forged
from tests.fixtures.desk import sold, used
from tests.fixtures.graph import graph, token_of
from tests.fixtures.package_acts import (
    GOODWILL,
    PAY,
    REDEEM,
    REVERSE,
    SELL,
    euros,
    gift,
    payment,
    sale,
    undoing,
    use,
)
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

PACKAGES = """query($after: String, $filter: PackageFilterInput) { packages(first: 1, after: $after, filter: $filter) {
  totalCount nodes { id } pageInfo { endCursor } } }"""
HISTORY = """query($id: ID!, $after: String, $before: String) { package(id: $id) {
  history(first: 1, after: $after, before: $before) { nodes { id } pageInfo { endCursor } } } }"""
OPERATIONS = """query($after: String, $filter: OperationFilterInput) {
  operations(first: 1, after: $after, filter: $filter) { nodes { id } pageInfo { endCursor } } }"""
ENTRIES = """query($after: String, $filter: JournalEntryFilterInput) {
  journalEntries(first: 1, after: $after, filter: $filter) { nodes { id } pageInfo { endCursor } } }"""
EXPLAIN = "query($id: ID!, $at: DateTime) { package(id: $id) { explanation(at: $at) { steps { act } } } }"
BALANCE = "query($until: Date, $branch: ID) { trialBalance(until: $until, branchId: $branch) { lines { account } } }"

NO_AMOUNT = ("1e5", "NaN", "Infinity", " 5", "5 ", "+5", "5,00", ".5", "5.", "", "5\n", "\u0665.00", "0x5", "1_000")
NO_INSTANT = (
    "2026-03-02T10:00:00",
    "2026-03-02",
    "2026-02-30T10:00:00Z",
    "2026-03-02T10:00:00+25:00",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
    "10000-01-01T00:00:00Z",
    "NaN",
    "",
    1772445600,
)


def invalid(house: Harbour, package_id: str) -> list[tuple[str, dict[str, Any], list[str]]]:
    """(document, input, the path of each problem)."""
    cash = {"method": "CASH"}
    return [
        *((PAY, payment(house, package_id, amount), ["amount.amount"]) for amount in NO_AMOUNT),
        (PAY, payment(house, package_id, "5.001"), ["amount.amount"]),
        (PAY, payment(house, package_id, "10000000000000.00"), ["amount.amount"]),
        (PAY, payment(house, package_id, "9" * 1000), ["amount.amount"]),
        *((PAY, payment(house, package_id, amount), ["amount"]) for amount in ("0", "0.00", "-0.01", "-450.00")),
        (
            SELL,
            sale(house, payments=[cash | {"amount": euros(amount)} for amount in ("5.001", "1.00", "NaN")]),
            ["payments.0.amount.amount", "payments.2.amount.amount"],
        ),
        (
            SELL,
            sale(house, payments=[cash | {"amount": euros(amount)} for amount in ("0.00", "1.00", "-5.00")]),
            ["payments.0.amount", "payments.2.amount"],
        ),
        (SELL, sale(house, payments=[cash | {"amount": euros("0.01")}] * 21), ["payments"]),
        (SELL, sale(house, reference=" "), ["reference"]),
        (SELL, sale(house, reference="r" * 65, reason="x" * 501), ["reference", "reason"]),
        (SELL, sale(house, reference="bell\x07"), ["reference"]),
        *((REDEEM, use(house, package_id, sessions=n), ["sessions"]) for n in (0, -1, 1001, 2**31 - 1, -(2**31))),
        (REDEEM, use(house, None), ["packageId"]),
        (REDEEM, use(house, package_id, sessions=0, reason="x" * 200_000), ["sessions", "reason"]),
        *((GOODWILL, gift(package_id, sessions=n), ["sessions"]) for n in (0, -1, 1001, 2**31 - 1)),
        *((GOODWILL, gift(package_id, reason=text), ["reason"]) for text in ("", " \t", "x" * 501, "bell\x07")),
        (GOODWILL, gift(package_id, sessions=0, reason="", lastDay="1999-12-31"), ["sessions", "reason", "lastDay"]),
    ]


async def test_every_bad_field_is_named(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    redemption = (await used(house, package_id)).operation_id
    table = invalid(house, package_id)
    table += [(REVERSE, undoing(redemption, reason=text), ["reason"]) for text in ("", "\n", "x" * 501, "bell\x07")]
    async with graph() as app, unchanged():
        for document, given, paths in table:
            answer = await app.act(house.owner, document, input=given)
            assert answer["__typename"] == "InvalidInput", (str(given)[:200], answer)
            assert [".".join(problem["path"]) for problem in answer["problems"]] == paths, (str(given)[:200], answer)


def unknown(house: Harbour, package_id: str) -> list[tuple[str, dict[str, Any], list[str]]]:
    """(document, input, path of what was not found)."""
    table = []
    for bad in ("", "pkg_", "x" * 100_000, "'; DROP TABLE package; --", "%", "\u202e", house.ana, house.chain_id):
        table += [
            (PAY, payment(house, bad, "1.00"), ["packageId"]),
            (REDEEM, use(house, bad), ["packageId"]),
            (GOODWILL, gift(bad), ["packageId"]),
            (REVERSE, undoing(bad), ["redemptionId"]),
            (SELL, sale(house, definitionId=bad), ["definitionId"]),
            (REDEEM, use(house, package_id, serviceId=bad), ["serviceId"]),
            (REDEEM, use(house, package_id, practitionerId=bad), ["practitionerId"]),
            (SELL, sale(house, branchId=bad), ["branchId"]),
        ]
    return table


async def test_malformed_ids_and_ids_of_another_kind_are_not_found(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    async with graph() as app, unchanged():
        for document, given, path in unknown(house, package_id):
            answer = await app.act(house.owner, document, input=given)
            assert (answer["__typename"], answer["path"]) == ("NotFound", path), (str(given)[:200], answer)


def untyped(house: Harbour, package_id: str) -> list[tuple[str, dict[str, Any]]]:
    """What the schema itself refuses."""
    return [
        *(
            (REDEEM, use(house, package_id, sessions=n))
            for n in (2**31, -(2**31) - 1, 2**53, 1.5, "1", True, None, [1])
        ),
        *((REDEEM, use(house, package_id, visitedAt=instant)) for instant in NO_INSTANT),
        *((REDEEM, use(house, package_id) | {field: None}) for field in ("serviceId", "branchId", "idempotencyKey")),
        (REDEEM, use(house, package_id, surprise=1)),
        (REDEEM, use(house, package_id, packageId=1.5)),
        *((PAY, payment(house, package_id, "1") | {"amount": bad}) for bad in (5, "5.00", None, {"amount": "5.00"})),
        *(
            (PAY, payment(house, package_id, "1") | {"amount": euros("5") | {"amount": n}})
            for n in (5, 5.0, None, True)
        ),
        *((PAY, payment(house, package_id, "1") | {"amount": euros("5") | {"currency": c}}) for c in ("eur", "XXX", 9)),
        *((PAY, payment(house, package_id, "1", method=method)) for method in ("BITCOIN", "cash", "", None, 1)),
        (REVERSE, undoing(new_id("op"), fault="NOBODY")),
        *((GOODWILL, gift(package_id, lastDay=day)) for day in ("2026-02-30", "10000-01-01", "tomorrow", 5)),
        (GOODWILL, gift(package_id, serviceIds=[None])),
        (SELL, sale(house, payments=[{"method": "CASH"}])),
    ]


async def test_what_the_schema_does_not_know_is_bad_user_input(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    async with graph() as app, unchanged():
        for document, given in untyped(house, package_id):
            response = await app.post(house.owner, document, input=given)
            codes = {error["extensions"]["code"] for error in response.json()["errors"]}
            assert (response.status_code, codes) == (400, {"BAD_USER_INPUT"}), (given, response.text[:300])


async def test_text_that_no_database_can_keep_is_refused(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    literal = """mutation { grantGoodwill(input: {packageId: "%s", sessions: 1, reason: "%s",
      idempotencyKey: "abcdefgh"}) { __typename } }"""
    raw = b'{"query": "query($id: ID!) { package(id: $id) { id } }", "variables": {"id": "\\ud800"}}'
    headers = {"authorization": f"Bearer {token_of(house.owner)}", "content-type": "application/json"}
    async with graph() as app, unchanged():
        for given in (gift(package_id, reason="a\0b"), gift(f"{package_id}\0"), gift(package_id) | {"reason\0": "x"}):
            assert await app.errors(house.owner, GOODWILL, input=given) == ["BAD_USER_INPUT"]
        assert await app.errors(house.owner, literal % (package_id, "\\u0000")) == ["BAD_USER_INPUT"]
        for lone in ("\\uD800", "\\u{DFFF}"):
            assert await app.errors(house.owner, literal % (package_id, lone)) == ["GRAPHQL_PARSE_FAILED"]
        surrogate = await app.http.post("/graphql", content=raw, headers=headers)
        assert surrogate.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_cursors_that_nobody_gave_out_are_refused_or_lead_to_nothing(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    await used(house, package_id)
    too_long, late = "9" * 30, "2026-01-01T00:00:00+00:00"
    instants = ("", "now", "2026-01-01", "2026-01-01T00:00:00", *(i for i in NO_INSTANT if isinstance(i, str)))
    refused: list[tuple[str, list[tuple[str, ...]]]] = [
        (PACKAGES, [(), (late,), (late, "x", "y"), *((instant, "pkg_x") for instant in instants)]),
        (OPERATIONS, [(), ("1", "2"), ("-1",), ("1.5",), (str(2**63),), (too_long,), ("9" * 5000,), ("x",)]),
        (HISTORY, [(), ("-1",), (str(2**31),), (str(2**63),), (too_long,), ("x",)]),
    ]
    async with graph() as app:
        for document, forgeries in refused:
            (page,) = (await app.ask(house.owner, document, id=package_id)).values()
            cursor = (page.get("history") or page)["pageInfo"]["endCursor"]
            for keys in forgeries:
                for end in ("after", "before") if document is HISTORY else ("after",):
                    part = {"id": package_id, end: forged(cursor, *keys)}
                    assert await app.errors(house.owner, document, **part) == ["BAD_USER_INPUT"], keys
        cursor = (await app.ask(house.owner, ENTRIES))["journalEntries"]["pageInfo"]["endCursor"]
        end = await app.ask(house.owner, ENTRIES, after=forged(cursor, "z" * 5000))
    assert end["journalEntries"]["nodes"] == []


async def test_filters_at_the_edge_of_the_calendar_and_of_numbers_find_what_they_say(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    everything, nothing = True, False
    table: list[tuple[str, dict[str, Any], bool]] = [
        (PACKAGES, {"expiringBefore": "9999-12-31"}, everything),
        (PACKAGES, {"expiringBefore": "0001-01-01"}, nothing),
        (PACKAGES, {"remainingAtMost": 2**31 - 1}, everything),
        (PACKAGES, {"remainingAtMost": -(2**31)}, nothing),
        (PACKAGES, {"statuses": ["ACTIVE"] * 5000}, everything),
        (PACKAGES, {"statuses": ["EXPIRED", "PENDING"] * 2500}, nothing),
        (PACKAGES, {"reference": "x" * 100_000}, nothing),
        (PACKAGES, {"holderId": "\u202e"}, nothing),
        (OPERATIONS, {"recordedFrom": "9999-12-31T23:59:59.999999Z"}, nothing),
        (OPERATIONS, {"recordedFrom": "0001-01-01T00:00:00Z"}, everything),
        (OPERATIONS, {"recordedBefore": "9999-12-31T23:59:59.999999Z"}, everything),
        (OPERATIONS, {"act": "x" * 100_000}, nothing),
        (ENTRIES, {"postedFrom": "0001-01-01", "postedUntil": "9999-12-31"}, everything),
        (ENTRIES, {"postedUntil": "0001-01-01"}, nothing),
    ]
    async with graph() as app:
        for document, which, found in table:
            (page,) = (await app.ask(house.owner, document, filter=which)).values()
            assert bool(page["nodes"]) is found, str(which)[:200]
        for until, found in (("9999-12-31", everything), ("0001-01-01", nothing)):
            assert bool((await app.ask(house.owner, BALANCE, until=until))["trialBalance"]["lines"]) is found
        assert await app.errors(house.owner, BALANCE, branch="x" * 100_000) == ["BAD_USER_INPUT"]
        assert (await app.ask(house.owner, EXPLAIN, id="x" * 100_000))["package"] is None
        for instant in NO_INSTANT:
            assert await app.errors(house.owner, EXPLAIN, id=package_id, at=instant) == ["BAD_USER_INPUT"], instant


@pytest.mark.parametrize("field", ["packages", "operations", "journalEntries"])
async def test_a_page_has_from_1_to_100_nodes_and_a_cursor_of_its_own(sqlite_db: str, field: str) -> None:
    house = await harbour(sqlite_db)
    page = f"query($first: Int, $after: String) {{ {field}(first: $first, after: $after) {{ nodes {{ id }} }} }}"
    async with graph() as app:
        for first in (0, -1, 101, 2**31 - 1, 2**31, "1", 1.5):
            codes = await app.errors(house.owner, page, first=first)
            assert codes in (["BAD_USER_INPUT"], ["QUERY_TOO_COSTLY"]), first
        for cursor in ("", "nonsense", "é", "W10", "WyIwMDAwMDAwMCIsICJhXHUwMDAwIl0", "=" * 50_000):
            assert await app.errors(house.owner, page, after=cursor) == ["BAD_USER_INPUT"], cursor[:20]
