"""Refunds are read over HTTP by whoever they concern: single ones, lists, those of packages, and their parts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from domain.kernel.commands import run_command
from domain.kernel.db import counting, rows
from domain.ledger.accounts import PaymentMethod
from domain.payments.record_payment import RecordPayment
from domain.refunds.refuse_refund import RefuseRefund
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, cash, on, used
from tests.fixtures.given_back import approved, given_back, paid, returnable
from tests.fixtures.graph import Graph, graph

pytestmark = pytest.mark.anyio

FIELDS = """id state sessions allSessions refund { amount currency } goodwill { amount } total { amount } fee { amount }
    waived { amount } cleared { amount } value { amount } tax { amount } toCredit reckonedBy coolingOff
    requestedAt decidedAt agreedAt completedAt reason hardship decision
    steps { label formula amount { amount } sessions } parts { method amount { amount } branch { code } paidOutAt }
    bookings { id } customer { id } package { id } branch { code } requestedBy { id } decidedBy { id }
    operation { act }"""
READ = f"query($id: ID!) {{ refund(id: $id) {{ {FIELDS} }} node(id: $id) {{ id }} }}"
LIST = """query($filter: RefundFilterInput, $order: RefundOrder! = REQUESTED_LAST_FIRST, $first: Int, $after: String) {
    refunds(filter: $filter, orderBy: $order, first: $first, after: $after) {
        nodes { id } pageInfo { hasNextPage endCursor } } }"""
PAGE = f"{{ refunds {{ nodes {{ {FIELDS} }} }} }}"
OF_PACKAGES = "{ packages { nodes { id refunds(first: 2) { nodes { id parts { id } } pageInfo { hasNextPage } } } } }"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class There:
    """Ana's first and second refund of a package in Lisbon, and Eva's of one in Madrid."""

    package: str
    first: str
    second: str
    third: str


async def given(house: Harbour) -> There:
    """On Monday the desk gives 2 of Ana's 10 back, 4 used, for 10.00 of goodwill by the word of the manager.

    150.00 of it was paid in Madrid. On Tuesday Ana asks for the rest, on Wednesday Eva for all of hers, who is refused.
    """
    with on(MONDAY):
        definition = await returnable(house)
        ana = await paid(house, definition, *cash(30000))
        more = RecordPayment(ana, house.mad, PaymentMethod.CARD, 15000, "EUR")
        await run_command(house.owner, more)
        await used(house, ana, sessions=4)
        eva = await paid(house, definition, customer_id=house.eva, branch_id=house.mad)
        first = (await given_back(house, ana, 2, goodwill_minor=1000)).outcome.refund_id
        await approved(house, first)
    with on(MONDAY + DAY):
        own = await customer_actor(house, house.ana)
        second = (await given_back(house, ana, actor=own, reason="I move away")).outcome.refund_id
    with on(MONDAY + 2 * DAY):
        own = await customer_actor(house, house.eva)
        third = (await given_back(house, eva, actor=own)).outcome.refund_id
        await run_command(house.manager_mad, RefuseRefund(third, "was promised otherwise"))
    return There(ana, first, second, third)


async def test_a_refund_is_read_with_all_there_is_to_it(db: str) -> None:
    """10 for 450.00, 4 used and 4 kept: 450.00 - 360.00 and 10.00 come back by the card that was used last."""
    with on(MONDAY):
        house = await harbour(db)
    there = await given(house)
    async with graph() as app:
        found = await app.ask(house.owner, READ, id=there.first)
        own = (await app.ask(await customer_actor(house, house.ana), READ, id=there.first))["refund"]
        waiting = (await app.ask(house.desk_lis, READ, id=there.second))["refund"]
        said = (await app.ask(await customer_actor(house, house.ana), READ, id=there.second))["refund"]
    refund = found["refund"]
    assert found["node"] == {"id": there.first}
    assert refund == {
        "id": there.first,
        "state": "APPROVED",
        "sessions": 2,
        "allSessions": False,
        "refund": {"amount": "90.00", "currency": "EUR"},
        "goodwill": {"amount": "10.00"},
        "total": {"amount": "100.00"},
        "fee": {"amount": "0.00"},
        "waived": {"amount": "0.00"},
        "cleared": {"amount": "0.00"},
        "value": {"amount": "90.00"},
        "tax": {"amount": "0.00"},
        "toCredit": False,
        "reckonedBy": "PAID_SESSIONS",
        "coolingOff": False,
        "requestedAt": "2026-03-02T10:00:00Z",
        "decidedAt": "2026-03-02T10:00:00Z",
        "agreedAt": "2026-03-02T10:00:00Z",
        "completedAt": None,
        "reason": "moves to another town",
        "hardship": "",
        "decision": "",
        "steps": [
            {"label": "Paid", "formula": "450.00", "amount": {"amount": "450.00"}, "sessions": None},
            {
                "label": "Value of 4 sessions used and 4 kept",
                "formula": "450.00 × 8 / 10 = 360.00",  # noqa: RUF001
                "amount": {"amount": "360.00"},
                "sessions": 8,
            },
            {
                "label": "Refund",
                "formula": "450.00 - 360.00 = 90.00",
                "amount": {"amount": "90.00"},
                "sessions": 2,
            },
        ],
        "parts": [{"method": "CARD", "amount": {"amount": "100.00"}, "branch": {"code": "MAD"}, "paidOutAt": None}],
        "bookings": [],
        "customer": {"id": house.ana},
        "package": {"id": there.package},
        "branch": {"code": "LIS"},
        "requestedBy": {"id": house.desk_lis.id},
        "decidedBy": {"id": house.manager_lis.id},
        "operation": {"act": "approve_refund"},
    }
    assert own == refund | {"reason": None, "hardship": None, "decision": None}
    assert (said["reason"], said["hardship"]) == ("I move away", None)
    assert (waiting["state"], waiting["sessions"], waiting["allSessions"], waiting["reason"]) == (
        "REQUESTED",
        4,
        True,
        "I move away",
    )
    assert (waiting["parts"], waiting["requestedBy"], waiting["operation"], waiting["value"]) == ([], None, None, None)


async def test_customers_read_their_own_and_the_staff_of_branches_what_concerns_these(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
    there = await given(house)
    first, second, third = there.first, there.second, there.third
    ana, rui, eva = [await customer_actor(house, who) for who in (house.ana, house.rui, house.eva)]
    seen: list[tuple[Any, list[str]]] = [
        (house.owner, [third, second, first]),
        (house.accountant, [third, second, first]),
        (house.desk_lis, [second, first]),
        (house.manager_mad, [third, first]),
        (ana, [second, first]),
        (rui, []),
        (eva, [third]),
        (house.other_owner, []),
    ]
    async with graph() as app:
        for actor, ids in seen:
            assert await _listed(app, actor) == ids
            for refund_id in (first, second, third):
                found = await app.ask(actor, READ, id=refund_id)
                assert (found["refund"] is not None, found["node"] is not None) == (refund_id in ids,) * 2
        paid_there = (await app.ask(house.manager_mad, READ, id=first))["refund"]
        assert (paid_there["package"], paid_there["branch"]) == (None, {"code": "LIS"})


async def _listed(app: Graph, actor: Any, **asked: Any) -> list[str]:
    return [node["id"] for node in (await app.ask(actor, LIST, **asked))["refunds"]["nodes"]]


async def test_lists_are_filtered_ordered_and_paged(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
    there = await given(house)
    first, second, third = there.first, there.second, there.third
    filters: list[tuple[dict[str, Any], list[str]]] = [
        ({"packageId": there.package}, [second, first]),
        ({"customerId": house.eva}, [third]),
        ({"branchId": house.mad}, [third]),
        ({"states": ["REQUESTED", "REFUSED"]}, [third, second]),
        ({"requestedFrom": "2026-03-03T10:00:00Z"}, [third, second]),
        ({"requestedBefore": "2026-03-03T10:00:00Z"}, [first]),
        ({"states": ["APPROVED"], "branchId": house.mad}, []),
        ({"packageId": "pkg_none"}, []),
    ]
    async with graph() as app:
        for chosen, ids in filters:
            assert await _listed(app, house.owner, filter=chosen) == ids, chosen
        assert await _listed(app, house.owner, order="REQUESTED_FIRST_FIRST") == [first, second, third]
        for order, ids in (
            ("REQUESTED_LAST_FIRST", [third, second, first]),
            ("REQUESTED_FIRST_FIRST", [first, second]),
        ):
            begun = (await app.ask(house.owner, LIST, order=order, first=1))["refunds"]
            after = begun["pageInfo"]["endCursor"]
            assert (begun["nodes"], begun["pageInfo"]["hasNextPage"]) == ([{"id": ids[0]}], True)
            assert await _listed(app, house.owner, order=order, first=1, after=after) == [ids[1]]
        other = {"filter": {"states": ["REQUESTED"]}, "order": "REQUESTED_FIRST_FIRST", "after": after}
        assert await app.errors(house.owner, LIST, **other) == ["BAD_USER_INPUT"]


async def test_pages_of_refunds_take_as_many_statements_however_many_there_are(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        definition = await returnable(house)
        packages = [await paid(house, definition) for _ in range(3)]
        refunds = [(await given_back(house, packages[0], 1)).outcome.refund_id]
        numbers = []
        async with graph() as app:
            for _ in range(2):
                with counting() as counter:
                    listed = (await app.ask(house.owner, PAGE))["refunds"]["nodes"]
                with counting() as of_packages:
                    told = (await app.ask(house.owner, OF_PACKAGES))["packages"]["nodes"]
                numbers.append((len(counter), len(of_packages)))
                assert [node["id"] for node in listed] == refunds[::-1]
                by_package = {node["id"]: node["refunds"] for node in told}
                more = [await given_back(house, each, 1) for each in packages[:1] * 3 + packages]
                refunds += [done.outcome.refund_id for done in more]
            newest = by_package[packages[0]]
            assert [node["id"] for node in newest["nodes"]] == [refunds[4], refunds[3]]
            assert (newest["pageInfo"]["hasNextPage"], len(newest["nodes"][0]["parts"])) == (True, 1)
            assert [len(by_package[package_id]["nodes"]) for package_id in packages] == [2, 1, 1]
    # who asks, the page, parts, branches, customers, packages with their lots, staff, operations; and who asks,
    # packages with their lots, their refunds, the parts
    assert numbers == [(8, 4)] * 2
    assert (await rows("SELECT COUNT(*) AS found FROM refund"))[0]["found"] == 13
