"""Customers over HTTP: registered, looked up, and shown as far as whoever asks may see them."""

import pytest

from domain.kernel.access import Actor
from domain.kernel.db import execute
from tests.fixtures.chain import Harbour, customer, customer_actor, harbour
from tests.fixtures.graph import Graph, graph
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

REGISTER = """mutation($input: RegisterCustomerInput!) { registerCustomer(input: $input) {
  __typename
  ... on RegisterCustomerPayload { customer { name phone email tags notes references homeBranch { code } } }
  ... on CustomerExists { customerId }
  ... on CustomerReferenceTaken { reference customerId path }
} }"""
HOUSEHOLD = """mutation($input: FormHouseholdInput!) { formHousehold(input: $input) {
  __typename
  ... on FormHouseholdPayload { household { name members { name } } }
  ... on AlreadyInHousehold { customerId householdId path }
} }"""
EVERYTHING = """{ customers { totalCount nodes { name phone email country birthday tags whatsappConsent notes
  registeredAt references homeBranch { code } household { name reference members { name phone } } } } }"""
FIND = "query($filter: CustomerFilterInput) { customers(filter: $filter) { totalCount nodes { id } } }"


async def _found(app: Graph, actor: Actor, **which: object) -> list[str]:
    found = (await app.ask(actor, FIND, filter=which))["customers"]
    ids = [node["id"] for node in found["nodes"]]
    assert found["totalCount"] == len(ids)
    return ids


async def test_a_registered_customer_is_answered_in_normal_form(db: str) -> None:
    house = await harbour(db)
    ines = {
        "firstName": " Inês ",
        "lastName": "Rocha",
        "homeBranchId": house.lis,
        "phone": "0912 345 678",
        "country": "PT",
        "email": "Ines@Example.COM",
        "tags": ["vip"],
        "references": ["C-17"],
        "notes": "Prefers mornings.",
    }
    async with graph() as app:
        registered = await app.act(house.desk_lis, REGISTER, input=ines)
    assert registered["customer"] == {
        "name": "Inês Rocha",
        "phone": "+351912345678",
        "email": "ines@example.com",
        "tags": ["vip"],
        "notes": "Prefers mornings.",
        "references": ["C-17"],
        "homeBranch": {"code": "LIS"},
    }


async def test_the_same_person_is_refused_with_the_customer_who_may_be_seen(db: str) -> None:
    house = await harbour(db)
    ana = {"firstName": "ANA", "lastName": "Sílva", "phone": "+351 922 925 005"}
    async with graph() as app, unchanged():
        seen = await app.act(house.desk_lis, REGISTER, input=ana | {"homeBranchId": house.lis})
        hidden = await app.act(house.manager_mad, REGISTER, input=ana | {"homeBranchId": house.mad})
    assert seen == {"__typename": "CustomerExists", "customerId": house.ana}
    assert hidden == {"__typename": "CustomerExists", "customerId": None}


async def test_a_household_forms_once(db: str) -> None:
    house = await harbour(db)
    bia, gil = [await customer(house.desk_lis, name, "Rocha", house.lis) for name in ("Bia", "Gil")]
    async with graph() as app:
        formed = await app.act(house.desk_lis, HOUSEHOLD, input={"name": "Rocha", "customerIds": [bia, gil]})
        async with unchanged():
            again = await app.act(house.desk_lis, HOUSEHOLD, input={"name": "Rocha", "customerIds": [bia, house.ana]})
    assert formed["household"] == {"name": "Rocha", "members": [{"name": "Bia Rocha"}, {"name": "Gil Rocha"}]}
    assert again["__typename"] == "AlreadyInHousehold"
    assert (again["customerId"], again["path"]) in [(bia, ["customerIds"]), (house.ana, ["customerIds"])]


async def test_a_walk_in_of_another_branch_is_found_by_what_they_give_and_not_by_browsing(db: str) -> None:
    house = await harbour(db)
    known = {"phone": "+34600100200", "email": "noa@example.com", "references": ("N-1",)}
    noa = await customer(house.owner, "Noa", "Vidal", house.mad, **known)
    async with graph() as app:
        for spelling in ("+34 600 100 200", "0034600100200", "600 100 200", "(0) 600-100-200", "34600100200"):
            assert await _found(app, house.desk_lis, phone=spelling) == [noa], spelling
        assert await _found(app, house.desk_lis, phone="600100200", country="ES") == [noa]
        assert await _found(app, house.desk_lis, phone="600100200", country="PT") == []
        assert await _found(app, house.desk_lis, email=" Noa@Example.com ") == [noa]
        assert await _found(app, house.manager_lis, reference="N-1") == [noa]
        assert await _found(app, house.desk_lis) == [house.ana, house.rui]
        assert await _found(app, house.desk_lis, homeBranchId=house.mad) == []
        assert (await app.ask(house.desk_lis, "query($id: ID!) { customer(id: $id) { id } }", id=noa))[
            "customer"
        ] is None


async def test_only_the_desk_and_above_look_up_the_whole_chain(db: str) -> None:
    house = await harbour(db)
    noa = await customer(house.owner, "Noa", "Vidal", house.mad, phone="+34600100200")
    async with graph() as app:
        assert await _found(app, house.practitioner_lis, phone="+34600100200") == []
        assert await _found(app, house.other_owner, phone="+34600100200") == []
        assert await _found(app, await customer_actor(house, house.ana), phone="+34600100200") == []
        assert await _found(app, house.accountant, phone="+34600100200") == [noa]  # sees all of the chain anyway


async def test_a_phone_that_is_none_finds_nobody(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for text in ("", "+", "call me", "9" * 41, "+351"):
            assert await _found(app, house.owner, phone=text) == [], text


async def test_a_customer_sees_the_own_record_and_only_names_in_the_household(db: str) -> None:
    house = await _family(db)
    async with graph() as app:
        seen = (await app.ask(await customer_actor(house, house.ana), EVERYTHING))["customers"]
    own, other = seen["nodes"]
    assert seen["totalCount"] == 2
    assert (own["name"], own["phone"], own["email"]) == ("Ana Silva", "+351922925005", "ana@example.com")
    assert (own["tags"], own["notes"], own["references"], own["homeBranch"]) == (None, None, [], {"code": "LIS"})
    members = [{"name": "Ana Silva", "phone": "+351922925005"}, {"name": "Rui Silva", "phone": None}]
    household = {"name": "Silva", "reference": None, "members": members}
    assert own["household"] == other["household"] == household
    shown = {name: value for name, value in other.items() if value not in (None, [])}
    assert shown == {"name": "Rui Silva", "household": household}


async def test_what_is_hidden_of_others_cannot_be_guessed_by_asking_for_it(db: str) -> None:
    house = await harbour(db)
    ana, rui = await customer_actor(house, house.ana), await customer_actor(house, house.rui)
    async with graph() as app:
        assert await _found(app, rui, phone="+351922925005") == []
        assert await _found(app, rui, email="ana@example.com") == []
        assert await _found(app, rui, homeBranchId=house.lis) == [house.rui]
        assert await _found(app, ana, phone="+351922925005") == [house.ana]


async def test_customers_come_page_by_page_from_either_end(db: str) -> None:
    house = await harbour(db)
    page = """query($after: String, $order: CustomerOrder!) { customers(first: 2, after: $after, orderBy: $order) {
      nodes { id } pageInfo { hasNextPage endCursor } } }"""
    async with graph() as app:
        for order, expected in (
            ("REGISTERED_FIRST_FIRST", [house.ana, house.rui, house.eva]),
            ("REGISTERED_LAST_FIRST", [house.eva, house.rui, house.ana]),
        ):
            first = (await app.ask(house.owner, page, order=order))["customers"]
            assert first["pageInfo"]["hasNextPage"] is True
            rest = (await app.ask(house.owner, page, order=order, after=first["pageInfo"]["endCursor"]))["customers"]
            assert [node["id"] for node in first["nodes"] + rest["nodes"]] == expected
            assert rest["pageInfo"]["hasNextPage"] is False


async def _family(db: str) -> Harbour:
    """The chain, in which Rui has everything that could be hidden of him."""
    house = await harbour(db)
    await execute(
        "UPDATE customer SET phone = '+351911111111', email = 'rui@example.com', country = 'PT',"
        " birthday = '1990-01-01', whatsapp_consent = TRUE, notes = 'Pays late' WHERE id = $1",
        house.rui,
    )
    return house
