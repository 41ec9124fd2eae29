"""Whatever is wrong with an input is a typed refusal or one of the closed list of codes, and writes nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import orjson
import pytest

from domain.kernel.access import Actor
from domain.kernel.ids import new_id
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.graph import Graph, graph
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

EUR = {"amount": "50.00", "currency": "EUR"}
PROBLEMS = "... on InvalidInput { problems { path message } }"


def _mutation(name: str, facts: str = "") -> str:
    """The mutation with its input as a variable, answering with the refusal."""
    return f"""mutation($input: {name[0].upper()}{name[1:]}Input!) {{ {name}(input: $input) {{
      __typename ... on UserError {{ code path message }} {facts} }} }}"""


def _branch(**changed: Any) -> dict[str, Any]:
    return {"code": "OPO", "name": "Porto", "timeZone": "Europe/Lisbon"} | changed


def _service(house: Harbour, **changed: Any) -> dict[str, Any]:
    prices = [{"branchId": house.lis, "listPrice": EUR}]
    return {"code": "YOGA", "name": "Yoga", "durationMinutes": 60, "prices": prices} | changed


def _package(house: Harbour, **changed: Any) -> dict[str, Any]:
    return {
        "code": "NEW10",
        "name": "Ten",
        "items": [{"services": [house.physio], "paid": 10}],
        "price": EUR,
        "validity": {"days": 180},
    } | changed


def _customer(house: Harbour, **changed: Any) -> dict[str, Any]:
    return {"firstName": "Noa", "homeBranchId": house.lis} | changed


def _invalid(house: Harbour) -> list[tuple[str, dict[str, Any], list[str]]]:
    """(mutation, input, the path of each problem)."""
    item = {"services": [house.physio], "paid": 10}
    price = {"branchId": house.lis, "listPrice": EUR}
    return [
        ("openBranch", _branch(code="", name=" ", timeZone="Mars/Olympus"), ["timeZone", "code", "name"]),
        ("openBranch", _branch(code="lower", name="x" * 121), ["code", "name"]),
        ("openBranch", _branch(name="line\nbreak", timeZone=""), ["timeZone", "name"]),
        ("defineService", _service(house, durationMinutes=0), ["durationMinutes"]),
        ("defineService", _service(house, durationMinutes=-(2**31)), ["durationMinutes"]),
        ("defineService", _service(house, prices=[price, price]), ["prices.0.branchId", "prices.1.branchId"]),
        (
            "defineService",
            _service(house, prices=[price | {"listPrice": EUR | {"amount": amount}} for amount in ("5.001", "NaN")]),
            ["prices.0.listPrice.amount", "prices.1.listPrice.amount"],
        ),
        (
            "defineService",
            _service(house, prices=[price | {"deliveryCost": EUR | {"amount": "-1"}}]),
            ["prices.0.deliveryCost"],
        ),
        ("definePackage", _package(house, items=[]), ["items"]),
        ("definePackage", _package(house, items=[item | {"paid": -1}]), ["items.0"]),
        ("definePackage", _package(house, items=[item | {"paid": 2**31 - 1}]), ["items"]),
        ("definePackage", _package(house, items=[item | {"services": []}]), ["items.0.services"]),
        ("definePackage", _package(house, price=EUR | {"amount": "-5"}), ["price.amount"]),
        (
            "definePackage",
            _package(house, price=EUR | {"amount": "1e3", "taxRate": "lots"}),
            ["price.amount", "price.taxRate"],
        ),
        ("definePackage", _package(house, price=EUR | {"taxRate": "100.01"}), ["price.taxRate"]),
        ("definePackage", _package(house, validity={}), ["validity"]),
        ("definePackage", _package(house, validity={"days": 1, "months": 1}), ["validity"]),
        ("definePackage", _package(house, validity={"days": 1, "graceDays": 3}), ["validity.graceDays"]),
        ("definePackage", _package(house, where={"scope": "LISTED"}), ["where.branches"]),
        ("definePackage", _package(house, change={"topUpPrice": "FIXED"}), ["change.topUpPrice"]),
        ("definePackage", _package(house, refund={"penaltyPercent": "101"}), ["refund.penaltyPercent"]),
        ("registerCustomer", _customer(house, firstName="", email="@", phone="12"), ["firstName", "phone", "email"]),
        ("registerCustomer", _customer(house, phone="912345678"), ["phone"]),
        ("registerCustomer", _customer(house, country="XX"), ["country"]),
        ("registerCustomer", _customer(house, birthday="2999-01-01"), ["birthday"]),
        ("registerCustomer", _customer(house, notes="n" * 10_001, tags=["t"] * 3 + ["x" * 61]), ["tags", "notes"]),
        ("formHousehold", {"name": "", "customerIds": []}, ["name", "customerIds"]),
        ("formHousehold", {"name": "S", "customerIds": [house.eva, house.eva]}, ["customerIds"]),
        ("grantRole", {"role": "OWNER"}, ["name"]),
        ("grantRole", {"role": "OWNER", "name": "X", "staffId": house.owner.id}, ["staffId"]),
        ("createApiKey", {"name": "", "scopes": []}, ["name", "scopes"]),
    ]


async def test_every_bad_field_is_named_and_nothing_is_written(db: str) -> None:
    house = await harbour(db)
    async with graph() as app, unchanged():
        for mutation, given, paths in _invalid(house):
            answer = await app.act(house.owner, _mutation(mutation, PROBLEMS), input=given)
            assert answer["__typename"] == "InvalidInput", (mutation, given, answer)
            assert [".".join(problem["path"]) for problem in answer["problems"]] == paths, (mutation, given, answer)


def _unknown(house: Harbour) -> list[tuple[str, dict[str, Any], list[str]]]:
    """(mutation, input, path of what was not found)."""
    none, item = new_id("brn"), {"services": [new_id("srv")], "paid": 1}
    price = {"branchId": none, "listPrice": EUR}
    return [
        ("defineService", _service(house, prices=[price]), ["prices", "0", "branchId"]),
        (
            "defineService",
            _service(house, prices=[price | {"branchId": house.other_branch}]),
            ["prices", "0", "branchId"],
        ),
        ("definePackage", _package(house, items=[item]), ["items", "0", "services"]),
        ("definePackage", _package(house, where={"scope": "LISTED", "branches": [none]}), ["where", "branches"]),
        ("definePackage", _package(house, where={"practitioners": ["x" * 5000]}), ["where", "practitioners"]),
        ("definePackage", _package(house, change={"upgradeTo": [none]}), ["change", "upgradeTo"]),
        ("publishPackageDefinition", {"definitionId": none}, ["definitionId"]),
        ("retirePackageDefinition", {"definitionId": ""}, ["definitionId"]),
        ("registerCustomer", _customer(house, homeBranchId=house.other_branch), ["homeBranchId"]),
        ("registerCustomer", _customer(house, householdId=none), ["householdId"]),
        ("formHousehold", {"name": "X", "customerIds": [house.eva, house.other_customer]}, ["customerIds"]),
        ("grantRole", {"role": "MANAGER", "name": "X", "branchId": house.other_branch}, ["branchId"]),
        ("grantRole", {"role": "MANAGER", "staffId": house.other_owner.id}, ["staffId"]),
        ("revokeApiKey", {"apiKeyId": "ck_secret"}, ["apiKeyId"]),
    ]


async def test_unknown_and_foreign_ids_are_not_found_and_nothing_is_written(db: str) -> None:
    house = await harbour(db)
    async with graph() as app, unchanged():
        for mutation, given, path in _unknown(house):
            answer = await app.act(house.owner, _mutation(mutation), input=given)
            assert (answer["__typename"], answer["path"]) == ("NotFound", path), (mutation, given, answer)


async def test_what_the_schema_does_not_know_is_bad_user_input_and_nothing_is_written(db: str) -> None:
    house = await harbour(db)
    cases: list[tuple[str, dict[str, Any]]] = [
        ("openBranch", _branch(currency="EURO")),
        ("openBranch", _branch(code=7)),
        ("openBranch", _branch(surprise="field")),
        ("openBranch", {"code": "OPO"}),
        ("defineService", _service(house, durationMinutes=2**31)),
        ("defineService", _service(house, durationMinutes="60")),
        (
            "defineService",
            _service(house, prices=[{"branchId": house.lis, "listPrice": {"amount": 50, "currency": "EUR"}}]),
        ),
        ("definePackage", _package(house, price=EUR | {"bonusOrder": "SIDEWAYS"})),
        ("registerCustomer", _customer(house, birthday="1990-02-30")),
        ("registerCustomer", _customer(house, firstName="N\0a")),
        ("grantRole", {"role": "KING", "name": "X"}),
        ("createApiKey", {"name": "X", "scopes": ["EVERYTHING"]}),
    ]
    async with graph() as app, unchanged():
        for mutation, given in cases:
            response = await app.post(house.owner, _mutation(mutation), input=given)
            assert response.status_code < 500
            assert {error["extensions"]["code"] for error in response.json()["errors"]} == {"BAD_USER_INPUT"}, given


async def test_whom_the_policy_does_not_name_is_forbidden_and_nothing_is_written(db: str) -> None:
    house = await harbour(db)
    ana = await customer_actor(house, house.ana)
    cases: list[tuple[str, dict[str, Any], list[Actor]]] = [
        ("openBranch", _branch(), [house.manager_lis, house.desk_lis, house.accountant, ana]),
        ("defineService", _service(house), [house.manager_lis, house.desk_lis, ana]),
        ("definePackage", _package(house), [house.desk_lis, house.accountant, ana]),
        ("publishPackageDefinition", {"definitionId": house.ten}, [house.desk_lis, ana]),
        ("retirePackageDefinition", {"definitionId": house.ten}, [house.practitioner_lis, ana]),
        ("registerCustomer", _customer(house), [house.practitioner_lis, house.manager_mad, house.accountant, ana]),
        ("grantRole", {"role": "OWNER", "staffId": house.desk_lis.id}, [house.manager_lis, house.desk_lis, ana]),
        ("createApiKey", {"name": "X", "scopes": ["READ"]}, [house.manager_lis, house.accountant, ana]),
        ("revokeApiKey", {"apiKeyId": house.integrator.id}, [house.manager_lis, house.desk_lis, ana]),
    ]
    async with graph() as app, unchanged():
        for mutation, given, actors in cases:
            for actor in actors:
                assert await app.errors(actor, _mutation(mutation), input=given) == ["FORBIDDEN"], (mutation, actor)


@pytest.mark.parametrize(
    "field", ["branches", "staff", "apiKeys", "services", "packageDefinitions", "customers", "households"]
)
async def test_a_page_has_from_1_to_100_nodes_and_a_cursor_of_its_own(db: str, field: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for first in (0, -1, 101):
            assert await app.errors(house.owner, f"{{ {field}(first: {first}) {{ nodes {{ id }} }} }}") == [
                "BAD_USER_INPUT"
            ]
        for cursor in await _bad_cursors(app, house, field):
            asked = f"query($after: String) {{ {field}(after: $after) {{ nodes {{ id }} }} }}"
            assert await app.errors(house.owner, asked, after=cursor) == ["BAD_USER_INPUT"], cursor


async def _bad_cursors(app: Graph, house: Harbour, field: str) -> list[str]:
    """No cursors, one of another connection, and a good one into which a NUL was smuggled."""
    mine = "packages" if field == "customers" else "customers"
    asked = f"{{ {field} {{ pageInfo {{ endCursor }} }} other: {mine} {{ pageInfo {{ endCursor }} }} }}"
    found = await app.ask(house.owner, asked)
    good = orjson.loads(urlsafe_b64decode(found[field]["pageInfo"]["endCursor"] + "=="))
    smuggled = urlsafe_b64encode(orjson.dumps([good[0], "a\0"])).decode()
    return ["", "nonsense", "é", "W10", smuggled, *filter(None, [found["other"]["pageInfo"]["endCursor"]])]
