"""Who may do and read what with packages and the books, as the policy table says, over HTTP."""

import re
from typing import Any

import pytest

from domain.kernel import reads
from domain.kernel.access import Actor, Principal, Scope
from domain.kernel.ids import new_id
from domain.ledger.accounts import PaymentMethod, Received
from tests.fixtures.askers import askers, key_for, people
from tests.fixtures.chain import Harbour, customer, customer_actor, harbour
from tests.fixtures.desk import sold, used
from tests.fixtures.graph import Graph, graph
from tests.fixtures.ledgers import traded
from tests.fixtures.package_acts import (
    DISPUTE,
    GOODWILL,
    LOSE,
    PAY,
    PLAN,
    REDEEM,
    REVERSE,
    SELL,
    VOID,
    WIN,
    agreeing,
    disputing,
    gift,
    payment,
    sale,
    settling,
    undoing,
    use,
    voiding,
)
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

ONLINE = (Received(PaymentMethod.ONLINE_LINK, 45000),)

DOCUMENTS = {
    "sell_package": SELL,
    "record_payment": PAY,
    "redeem_session": REDEEM,
    "reverse_redemption": REVERSE,
    "grant_goodwill": GOODWILL,
    "open_dispute": DISPUTE,
    "win_dispute": WIN,
    "lose_dispute": LOSE,
    "void_sale": VOID,
    "agree_instalments": PLAN,
}


async def test_the_matrix_is_the_one_that_was_agreed(sqlite_db: str) -> None:
    house = await harbour(sqlite_db)
    found = {act: [name for name, asker in (await askers(house)).items() if asker.may(act)] for act in DOCUMENTS}
    desk = ["owner", "manager there", "desk"]
    assert found == {
        "sell_package": [*desk, "key SELL"],
        "record_payment": [*desk, "key SELL"],
        "redeem_session": [*desk, "practitioner", "key REDEEM"],
        "reverse_redemption": [*desk, "key REDEEM"],
        "grant_goodwill": ["owner", "manager there"],
        "open_dispute": ["owner", "manager there", "key ACCOUNTING"],
        "win_dispute": ["owner", "manager there", "key ACCOUNTING"],
        "lose_dispute": ["owner", "manager there", "key ACCOUNTING"],
        "void_sale": desk,
        "agree_instalments": [*desk, "key SELL"],
    }


EVERYTHING = "{ packages { totalCount nodes { id } } operations(first: 100) { nodes { act } } }"
BOOKS = {
    "journalEntries": "{ journalEntries { nodes { id lines { account } } } }",
    "trialBalance": "{ trialBalance { lines { account } } }",
}


@pytest.mark.parametrize("query", BOOKS.values(), ids=BOOKS)
async def test_the_books_are_open_to_those_who_read_accounts(db: str, query: str) -> None:
    house = await harbour(db)
    await traded(house)
    async with graph() as app:
        for name, asker in (await askers(house)).items():
            may = bool(asker.held & reads.BOOKS.roles or asker.scopes & reads.BOOKS.scopes)
            response = (await app.post(asker.credentials, query)).json()
            codes = [error["extensions"]["code"] for error in response.get("errors", [])]
            assert codes == ([] if may else ["FORBIDDEN"]), name
            (books,) = response["data"].values()
            assert (books is not None) is may, name


async def test_packages_and_operations_are_read_where_a_role_is_held_and_by_keys_that_read(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)
    at_home = await sold(house, house.ten)
    found: dict[str, tuple[list[bool], int]] = {}
    async with graph() as app:
        for name, asker in (await askers(house)).items():
            read = await app.ask(asker.credentials, EVERYTHING)
            ids = [node["id"] for node in read["packages"]["nodes"]]
            assert read["packages"]["totalCount"] == len(ids)
            sales = [node for node in read["operations"]["nodes"] if node["act"] == "sell_package"]
            found[name] = ([package_id in ids for package_id in (trade.package_id, at_home)], len(sales))
    everything, nothing = ([True, True], 2), ([False, False], 0)
    assert found == {
        "owner": everything,
        "manager there": everything,
        "manager elsewhere": ([True, False], 0),  # one session of it was performed there
        "desk": everything,
        "practitioner": everything,
        "accountant": everything,
        "holder": everything,
        "household": nothing,
        "stranger": nothing,
        "key READ": everything,
        "key SELL": nothing,
        "key REDEEM": nothing,
        "key BOOK": nothing,
        "key ACCOUNTING": nothing,
    }


READ = """query($package: ID!, $sale: ID!, $customer: ID!) {
  package(id: $package) { id } node(id: $sale) { id } customer(id: $customer) { id }
  packages(filter: {holderId: $customer}) { totalCount nodes { id } }
  operations(filter: {packageId: $package}) { nodes { id } }
}"""


async def test_customers_read_their_own_and_shared_packages_and_nothing_else(db: str) -> None:
    house = await harbour(db)
    shared = await run_and_use(house, house.buy_3_free_1, house.massage)
    alone = await run_and_use(house, house.ten, house.physio)
    actors = {name: await customer_actor(house, who) for name, who in people(house).items()}
    async with graph() as app:
        for name, actor, package, sees in (
            ("holder", actors["holder"], shared, True),
            ("holder", actors["holder"], alone, True),
            ("household", actors["household"], shared, True),
            ("household", actors["household"], alone, False),
            ("stranger", actors["stranger"], shared, False),
            ("stranger", actors["stranger"], alone, False),
        ):
            package_id, sale_id = package
            found = await app.ask(actor, READ, package=package_id, sale=sale_id, customer=house.ana)
            assert found["package"] == ({"id": package_id} if sees else None), name
            assert (package_id in [node["id"] for node in found["packages"]["nodes"]]) is sees, name
            assert found["packages"]["totalCount"] == len(found["packages"]["nodes"])
            assert found["node"] == ({"id": sale_id} if sees else None), name
            assert len(found["operations"]["nodes"]) == (2 if sees else 0), name


async def run_and_use(house: Harbour, definition_id: str, service_id: str) -> tuple[str, str]:
    """A package of Ana's that was used once, and the operation that sold it."""
    package_id = await sold(house, definition_id)
    await used(house, package_id, service_id=service_id)
    async with graph() as app:
        log = "query($id: ID!) { package(id: $id) { history(first: 1) { nodes { id } } } }"
        history = (await app.ask(house.owner, log, id=package_id))["package"]["history"]
    return package_id, history["nodes"][0]["id"]


async def test_an_outcome_hides_the_package_from_those_who_may_act_on_it_but_not_see_it(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten, branch_id=house.mad, customer_id=house.eva)
    async with graph() as app:
        paid = await app.act(house.desk_lis, PAY, input=payment(house, package_id, "1.00"))
        assert (paid["__typename"], paid["package"]) == ("RecordPaymentPayload", None)
        redeemed = await app.act(house.desk_lis, REDEEM, input=use(house, package_id))
        assert redeemed["package"]["id"] == package_id, "what was used at a branch is seen there from then on"
        seller = await key_for(house, Scope.SELL)
        sold_by_key = await app.act(seller, SELL, input=sale(house))
        assert sold_by_key["package"] is None
        assert (await app.act(seller, PAY, input=payment(house, sold_by_key["packageId"], "1.00")))[
            "activated"
        ] is False


FOREIGN = {
    "package": "query($id: ID!) { package(id: $id) { id } }",
    "node": "query($id: ID!) { node(id: $id) { id } }",
    "filter": "query($id: ID!) { packages(filter: {branchId: $id}) { totalCount nodes { id } } }",
    "books": "query($id: ID!) { journalEntries(filter: {operationId: $id, branchId: $id}) { nodes { id } } }",
    "balance": "query($id: ID!) { trialBalance(branchId: $id) { lines { account } } }",
}


async def answered(app: Graph, credentials: Actor, query: str, known: str, **variables: Any) -> str:
    """The answer without what differs from request to request, the id replaced."""
    response = await app.post(credentials, query, **variables)
    text = re.sub(r'"(requestId":"\w+"|currentlyAvailable":\d+)', "", response.text)
    return f"{response.status_code} {text}".replace(known, "<id>")


async def test_ids_of_another_chain_are_answered_byte_for_byte_as_absent_ones(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)
    async with graph() as app:
        entry = (await app.ask(house.owner, "{ journalEntries(first: 1) { nodes { id } } }"))["journalEntries"]
        known = {
            "pkg": trade.package_id,
            "op": trade.redeemed,
            "jrn": entry["nodes"][0]["id"],
            "brn": house.lis,
            "srv": house.physio,
            "cus": house.ana,
            "def": house.ten,
            "stf": house.practitioner_lis.id,
        }
        for prefix, foreign in known.items():
            absent = new_id(prefix)
            for query in FOREIGN.values():
                asked = [await answered(app, house.other_owner, query, one, id=one) for one in (foreign, absent)]
                assert asked[0] == asked[1], (prefix, query)


async def test_acts_on_what_another_chain_has_are_answered_byte_for_byte_as_on_what_is_absent(db: str) -> None:
    house = await harbour(db)
    trade = await traded(house)
    there = {"branchId": house.other_branch, "customerId": house.other_customer}
    table = [
        (SELL, sale(house) | there, "definitionId", house.ten),
        (SELL, sale(house), "branchId", house.lis),
        (PAY, payment(house, trade.package_id, "1.00") | {"branchId": house.other_branch}, "packageId", None),
        (REDEEM, use(house, trade.package_id) | {"branchId": house.other_branch}, "serviceId", house.physio),
        (REDEEM, use(house, trade.package_id), "branchId", house.lis),
        (REVERSE, undoing(trade.redeemed), "redemptionId", trade.redeemed),
        (GOODWILL, gift(trade.package_id), "packageId", trade.package_id),
        (DISPUTE, disputing(trade.package_id), "packageId", trade.package_id),
        (WIN, settling(trade.package_id), "packageId", trade.package_id),
        (LOSE, settling(trade.package_id), "packageId", trade.package_id),
        (VOID, voiding(trade.package_id), "packageId", trade.package_id),
        (PLAN, agreeing(trade.package_id, ("2100-01-01", "1.00")), "packageId", trade.package_id),
    ]
    async with graph() as app, unchanged():
        for document, given, field, foreign in table:
            known = foreign or trade.package_id
            absent = new_id(known.partition("_")[0])
            said = [
                await answered(app, house.other_owner, document, one, input=given | {field: one})
                for one in (known, absent)
            ]
            assert said[0] == said[1], (field, said)
            assert '"NotFound"' in said[0], said[0]


async def test_a_customer_of_another_chain_with_the_same_name_sees_nothing(sqlite_db: str) -> None:
    house = await harbour(sqlite_db)
    trade = await traded(house)
    joe = Actor(Principal.CUSTOMER, house.other_customer, house.other_owner.chain_id)
    async with graph() as app:
        found = await app.ask(joe, READ, package=trade.package_id, sale=trade.sale, customer=house.ana)
    assert found == {
        "package": None,
        "node": None,
        "customer": None,
        "packages": {"totalCount": 0, "nodes": []},
        "operations": {"nodes": []},
    }


async def test_a_token_of_one_chain_cannot_name_another(sqlite_db: str) -> None:
    house = await harbour(sqlite_db)
    stolen = Actor(Principal.STAFF, house.owner.id, house.other_owner.chain_id)
    noa = await customer(house.owner, "Noa", "Vidal", house.lis)
    async with graph() as app:
        for actor in (stolen, Actor(Principal.CUSTOMER, noa, house.other_owner.chain_id)):
            assert await app.errors(actor, "{ packages { totalCount } }") == ["UNAUTHENTICATED"]
