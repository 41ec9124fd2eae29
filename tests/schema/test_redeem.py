"""Sessions are used over HTTP: what was taken from where, every refusal with its facts, and at what cost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.catalog.terms import Activation, BranchScope, Expiry, GraceAllows, Item, Sharing, Use, Validity, Where, Who
from domain.kernel.db import counting, execute
from domain.kernel.ids import new_id
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import REDEEM, euros, refused, use

pytestmark = pytest.mark.anyio

BARE = """mutation($input: RedeemSessionInput!) { redeemSession(input: $input) {
  ... on RedeemSessionPayload { redemption { id remaining lots { sessions } } } } }"""


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def five(house: Harbour, code: str, **rest: Any) -> str:
    """A package of five physiotherapy sessions for 200.00 on these terms, sold now."""
    of = terms(Item((house.physio,), 5), price_minor=20000, **rest)
    return await sold(house, await published(house.owner, code, of))


async def test_paid_sessions_are_taken_before_the_free_one(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.buy_3_free_1)
        given = use(house, package_id, serviceId=house.massage, sessions=4, visitedAt="2026-03-02T11:00:00+01:00")
        async with graph() as app:
            answer = await app.act(house.practitioner_lis, REDEEM, input=given)
    redemption = answer["redemption"]
    assert redemption.pop("id").startswith("op_")
    assert [lot.pop("lotId")[:4] for lot in redemption["lots"]] == ["lot_", "lot_"]
    assert answer == {
        "__typename": "RedeemSessionPayload",
        "replayed": False,
        "redemption": {
            "sessions": 4,
            "visitedAt": "2026-03-02T10:00:00Z",
            "lots": [
                {"sessions": 3, "origin": "PURCHASE", "bonus": False},
                {"sessions": 1, "origin": "BONUS", "bonus": True},
            ],
            "remaining": 0,
            "remainingOfService": 0,
        },
        "package": {
            "id": package_id,
            "version": 2,
            "status": "USED_UP",
            "balance": {
                "issued": 4,
                "available": 0,
                "held": 0,
                "consumed": 4,
                "expired": 0,
                "refunded": 0,
                "moved": 0,
                "remaining": 0,
            },
        },
    }


async def test_without_a_package_the_customers_own_and_shared_ones_are_tried(house: Harbour) -> None:
    package_id = await sold(house, house.bundle, customer_id=house.rui)
    async with graph() as app:
        given = use(house, None, customerId=house.ana, serviceId=house.facial)
        answer = await app.act(house.desk_lis, REDEEM, input=given)
    assert answer["package"]["id"] == package_id
    assert (answer["redemption"]["remaining"], answer["redemption"]["remainingOfService"]) == (5, 1)


async def test_too_few_sessions_are_refused_with_what_there_is(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    async with graph() as app:
        assert await refused(app, house.owner, REDEEM, use(house, package_id, sessions=11)) == (
            "NotEnoughSessions",
            {"path": [], "triedPackageId": package_id, "asked": 11, "remaining": 10},
        )
        nobodys = use(house, None, customerId=house.eva)
        assert await refused(app, house.owner, REDEEM, nobodys) == (
            "NotEnoughSessions",
            {"path": [], "triedPackageId": None, "asked": 1, "remaining": 0},
        )


async def test_a_lapsed_package_is_refused_with_its_last_day(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    async with graph() as app:
        with on(datetime(2026, 9, 12, 23, tzinfo=UTC)):
            assert await refused(app, house.owner, REDEEM, use(house, package_id)) == (
                "PackageExpired",
                {
                    "path": [],
                    "packageId": package_id,
                    "expiredOn": "2026-08-29",
                    "lapsedAt": "2026-09-12T23:00:00Z",
                },
            )
        with on(datetime(2026, 9, 12, 22, 59, 59, tzinfo=UTC)):
            done = await app.act(house.owner, REDEEM, input=use(house, package_id))
            assert (done["redemption"]["remaining"], done["package"]["status"]) == (9, "IN_GRACE")


async def test_grace_for_booked_sessions_refuses_walk_ins(house: Harbour) -> None:
    with on(MONDAY):
        validity = Validity(9, expiry=Expiry.SOFT, grace_days=5, grace_allows=GraceAllows.BOOKED_ONLY)
        booked = replace(terms(Item((house.physio,), 5), price_minor=20000), validity=validity)
        package_id = await sold(house, await published(house.owner, "BOOKED", booked))
    with on(MONDAY + timedelta(days=10)):
        async with graph() as app:
            assert await refused(app, house.owner, REDEEM, use(house, package_id)) == (
                "GraceForBookedOnly",
                {
                    "path": [],
                    "packageId": package_id,
                    "expiredOn": "2026-03-11",
                    "lapsesAt": "2026-03-17T00:00:00Z",
                },
            )


async def test_a_package_that_waits_for_its_payment_is_refused(house: Harbour) -> None:
    package_id = await five(house, "WAIT", use=Use(activation=Activation.FULL_PAYMENT))
    async with graph() as app:
        assert await refused(app, house.owner, REDEEM, use(house, package_id)) == (
            "PackagePending",
            {"path": [], "packageId": package_id, "outstanding": euros("200.00")},
        )


async def test_use_beyond_what_is_paid_is_refused_where_the_terms_say_so(house: Harbour) -> None:
    definition = await published(
        house.owner, "PAID", terms(Item((house.physio,), 5), price_minor=20000, use=Use(up_to_paid=True))
    )
    package_id = await sold(house, definition, payments=cash(5000))
    async with graph() as app:
        assert await refused(app, house.owner, REDEEM, use(house, package_id, sessions=2)) == (
            "NotPaidFor",
            {"path": [], "packageId": package_id, "paid": euros("50.00"), "outstanding": euros("150.00")},
        )


async def test_a_branch_that_the_terms_exclude_is_refused_with_those_they_allow(house: Harbour) -> None:
    package_id = await five(house, "HERE", where=Where(BranchScope.SELLING_BRANCH))
    async with graph() as app:
        assert await refused(app, house.owner, REDEEM, use(house, package_id, branchId=house.mad)) == (
            "WrongBranch",
            {"path": [], "packageId": package_id, "branchId": house.mad, "usableAt": [house.lis]},
        )


async def test_a_closed_branch_performs_nothing(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    await execute("UPDATE branch SET closed_at = $1 WHERE id = $2", datetime(2026, 1, 31, 18, tzinfo=UTC), house.mad)
    async with graph() as app:
        assert await refused(app, house.owner, REDEEM, use(house, package_id, branchId=house.mad)) == (
            "BranchClosed",
            {"path": [], "branchId": house.mad, "closedAt": "2026-01-31T18:00:00Z"},
        )


async def test_a_service_that_the_package_is_not_for_is_refused_with_those_it_is_for(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    async with graph() as app:
        assert await refused(app, house.owner, REDEEM, use(house, package_id, serviceId=house.facial)) == (
            "WrongService",
            {"path": [], "packageId": package_id, "serviceId": house.facial, "services": [house.physio]},
        )


async def test_a_practitioner_that_the_terms_exclude_is_refused(house: Harbour) -> None:
    practitioner = house.practitioner_lis.id
    package_id = await five(house, "PAULO", where=Where(practitioner_ids=(practitioner,)))
    async with graph() as app:
        for other in (None, house.desk_lis.id):
            assert await refused(app, house.owner, REDEEM, use(house, package_id, practitionerId=other)) == (
                "WrongPractitioner",
                {"path": [], "packageId": package_id, "practitionerIds": [practitioner]},
            )
        done = await app.act(house.owner, REDEEM, input=use(house, package_id, practitionerId=practitioner))
    assert done["redemption"]["remaining"] == 4


async def test_a_person_who_shares_nothing_is_refused(house: Harbour) -> None:
    package_id = await five(house, "SHARED", who=Who(sharing=Sharing.HOUSEHOLD))
    async with graph() as app:
        assert await refused(app, house.owner, REDEEM, use(house, package_id, customerId=house.eva)) == (
            "PersonMayNotUse",
            {"path": [], "packageId": package_id, "personId": house.eva},
        )
        done = await app.act(house.owner, REDEEM, input=use(house, package_id, customerId=house.rui))
    assert done["redemption"]["remaining"] == 4


async def test_a_visit_outside_the_time_allowed_is_refused_with_that_time(house: Harbour) -> None:
    with on(MONDAY - timedelta(days=30)):
        package_id = await sold(house, house.ten)
    with on(MONDAY):
        async with graph() as app:
            for visited_at in ("2026-02-23T09:59:59Z", "2026-03-02T10:00:01Z", "0001-01-01T00:00:00Z"):
                assert await refused(app, house.owner, REDEEM, use(house, package_id, visitedAt=visited_at)) == (
                    "BadVisitTime",
                    {
                        "path": [],
                        "visitedAt": visited_at,
                        "earliest": "2026-02-23T10:00:00Z",
                        "latest": "2026-03-02T10:00:00Z",
                    },
                )


async def test_what_is_not_there_is_named(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    prefixes = {"package": "pkg", "service": "srv", "branch": "brn", "customer": "cus", "practitioner": "stf"}
    async with graph() as app:
        for noun, prefix in prefixes.items():
            nothing = new_id(prefix)
            given = use(house, package_id) | {f"{noun}Id": nothing}
            assert await refused(app, house.owner, REDEEM, given) == (
                "NotFound",
                {"path": [f"{noun}Id"], "noun": noun, "id": nothing},
            )


async def test_a_redemption_is_nine_statements_and_one_more_to_read_the_package(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    async with graph() as app:
        for document, statements in ((BARE, 9), (REDEEM, 10), (BARE, 9), (REDEEM, 10)):  # the history grows
            with counting() as counter:
                await app.act(house.desk_lis, document, input=use(house, package_id, sessions=2))
            # who asks, the eight of the act, and the package where it is wanted
            assert len(counter) == statements, counter.statements


async def test_a_refusal_costs_no_more_than_a_redemption(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    await used(house, package_id, sessions=10)
    async with graph() as app:
        with counting() as counter:
            answer = await app.act(house.desk_lis, REDEEM, input=use(house, package_id))
    assert answer["__typename"] == "NotEnoughSessions"
    assert len(counter) == 5, counter.statements  # who asks, the place, the package, its lots, and the key


async def test_each_act_of_one_document_shows_the_package_right_after_it(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    twice = """mutation($one: RedeemSessionInput!, $two: RedeemSessionInput!) {
      one: redeemSession(input: $one) { ... on RedeemSessionPayload { package { balance { remaining } } } }
      two: redeemSession(input: $two) { ... on RedeemSessionPayload { package { balance { remaining } } } } }"""
    async with graph() as app:
        done = await app.ask(house.owner, twice, one=use(house, package_id), two=use(house, package_id, sessions=2))
    assert [act["package"]["balance"]["remaining"] for act in (done["one"], done["two"])] == [9, 7]
