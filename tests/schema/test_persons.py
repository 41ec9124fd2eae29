"""People over HTTP: proposed as one, merged, parted, exported and erased, with every fact of what is refused."""

from typing import Any

import orjson
import pytest

from tests.fixtures.chain import Harbour, customer, customer_actor, harbour
from tests.fixtures.desk import sold
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import MONEY, SELL, euros, key, mutation, refused, sale

pytestmark = pytest.mark.anyio

MERGE = mutation(
    "mergeCustomers",
    f"""operationId replayed mergeId packageIds bookings credit {MONEY} owed {MONEY}
    customerId customer {{ name email }}""",
)
UNDO = mutation(
    "undoCustomerMerge",
    f"""operationId replayed customerId keptId packageIds credit {MONEY} creditSpent {MONEY} owed {MONEY}
    customer {{ name mergedInto {{ id }} }}""",
)
ERASE = mutation("eraseCustomer", "operationId customerId customers operations customer { name phone erasedAt }")
EXPORT = mutation("exportCustomer", "operationId document customer { id }")
DUPLICATES = """query($after: String) { duplicateCustomers(first: 1, after: $after) {
  nodes { one { name } other { name } because } pageInfo { hasNextPage endCursor } } }"""
CUSTOMER = """query($id: ID!) { customer(id: $id) { name erasedAt mergedInto { id name }
  merges { id kept { name } merged { name } undoneAt } } }"""


def merging(house: Harbour, **changed: Any) -> dict[str, Any]:
    """The input that makes Eva Ana."""
    given = {"keepId": house.ana, "mergeId": house.eva, "reason": "the same passport", "idempotencyKey": key()}
    return given | changed


async def test_pairs_are_proposed_page_by_page(db: str) -> None:
    house = await harbour(db)
    await customer(house.owner, "Anna", "Silva", house.lis, email="ana@example.com")
    await customer(house.owner, "Anita", "Silva", house.lis, phone="+351922925005")
    async with graph() as app:
        first = (await app.ask(house.owner, DUPLICATES))["duplicateCustomers"]
        after = first["pageInfo"]["endCursor"]
        second = (await app.ask(house.owner, DUPLICATES, after=after))["duplicateCustomers"]
        nobody = (await app.ask(house.desk_lis, DUPLICATES))["duplicateCustomers"]
    names = {"one": {"name": "Ana Silva"}, "other": {"name": "Anna Silva"}, "because": ["EMAIL"]}
    assert (first["nodes"], first["pageInfo"]["hasNextPage"]) == ([names], True)
    assert second["nodes"][0] | {"other": {"name": "Anita Silva"}, "because": ["PHONE"]} == second["nodes"][0]
    assert (second["pageInfo"]["hasNextPage"], nobody["nodes"]) == (False, [])


async def test_two_are_merged_once_and_parted_again(db: str) -> None:
    house = await harbour(db)
    package = await sold(house, house.ten, customer_id=house.eva)
    token_of_eva = await customer_actor(house, house.eva)
    asked = merging(house)
    selling = sale(house, customerId=house.eva)
    async with graph() as app:
        done = await app.act(house.owner, MERGE, input=asked)
        gone = await refused(app, house.desk_lis, SELL, selling)
        again = await app.act(house.owner, MERGE, input=asked)
        eva = (await app.ask(house.owner, CUSTOMER, id=house.eva))["customer"]
        to_ana = (await app.ask(token_of_eva, CUSTOMER, id=house.ana))["customer"]
        as_eva = (await app.ask(token_of_eva, "{ viewer { id } }"))["viewer"]
        undo = {"mergeId": done["mergeId"], "reason": "two sisters", "idempotencyKey": key()}
        parted = await app.act(house.owner, UNDO, input=undo)
        twice, facts = await refused(app, house.owner, UNDO, undo | {"idempotencyKey": key()})
    assert (gone[0], gone[1]["mergedIntoId"], gone[1]["path"]) == ("CustomerMerged", house.ana, ["customerId"])
    assert (twice, facts["mergeId"], facts["path"]) == ("MergeUndone", done["mergeId"], [])
    assert (done["packageIds"], done["bookings"], done["credit"]) == ([package], 0, euros("0.00"))
    assert (done["customerId"], again["replayed"], again["mergeId"]) == (house.ana, True, done["mergeId"])
    assert (eva["mergedInto"], as_eva["id"]) == ({"id": house.ana, "name": "Ana Silva"}, house.ana)
    merge = {"id": done["mergeId"], "kept": {"name": "Ana Silva"}, "merged": {"name": "Eva Ruiz"}, "undoneAt": None}
    assert (eva["merges"], to_ana["merges"]) == ([merge], [])
    assert (parted["customerId"], parted["keptId"], parted["packageIds"]) == (house.eva, house.ana, [package])
    assert parted["customer"] == {"name": "Eva Ruiz", "mergedInto": None}


async def test_why_not_is_told_with_its_facts(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        same = await refused(app, house.owner, MERGE, merging(house, mergeId=house.ana))
        assert same == ("SameCustomer", {"path": ["mergeId"], "customerId": house.ana})
        for stranger in (house.other_customer, house.other_customer[:-1] + "0"):
            absent = await refused(app, house.owner, MERGE, merging(house, mergeId=stranger))
            assert absent == ("NotFound", {"path": ["mergeId"], "noun": "customer", "id": stranger})
        await app.act(house.owner, MERGE, input=merging(house))
        gone = await refused(app, house.owner, MERGE, merging(house, keepId=house.rui))
        facts = {"path": ["mergeId"], "customerId": house.eva, "mergedIntoId": house.ana}
        assert gone == ("CustomerMerged", facts)
        await sold(house, house.ten)
        still = await refused(app, house.owner, ERASE, {"customerId": house.ana, "reason": "a letter"})
        left = {"sessions": 10, "bookings": 0, "credit": euros("0.00"), "owed": euros("450.00")}
        assert still == ("CustomerStillHolds", {"path": ["confirm"], "customerId": house.ana} | left)
        assert await app.errors(house.desk_lis, MERGE, input=merging(house)) == ["FORBIDDEN"]
        erasing = {"customerId": house.ana, "reason": "a letter"}
        assert await app.errors(house.manager_lis, ERASE, input=erasing) == ["FORBIDDEN"]


async def test_somebody_takes_their_document_along_and_is_forgotten(db: str) -> None:
    house = await harbour(db)
    ana = await customer_actor(house, house.ana)
    async with graph() as app:
        exported = await app.act(ana, EXPORT, input={"customerId": house.ana})
        erased = await app.act(house.owner, ERASE, input={"customerId": house.ana, "reason": "a letter"})
        again = await refused(app, house.owner, ERASE, {"customerId": house.ana, "reason": "a letter"})
        assert await app.errors(ana, "{ viewer { id } }") == ["UNAUTHENTICATED"]
    assert orjson.loads(exported["document"])["customers"][0]["email"] == "ana@example.com"
    assert (erased["customers"], erased["customer"]["name"], erased["customer"]["phone"]) == (1, "Erased", None)
    assert again == (
        "CustomerErased",
        {"path": ["customerId"], "customerId": house.ana, "erasedAt": erased["customer"]["erasedAt"]},
    )
