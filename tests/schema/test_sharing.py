"""A family shares its packages over HTTP: limits, guardians who revoke, and a history that stays."""

from typing import Any

import pytest

from domain.kernel.db import counting
from tests.fixtures.booking_acts import BOOK, booking
from tests.fixtures.chain import customer_actor
from tests.fixtures.families import family, shared
from tests.fixtures.graph import graph
from tests.fixtures.money_acts import paid
from tests.fixtures.package_acts import PLAN, REDEEM, agreeing, key, mutation, refused, use

pytestmark = pytest.mark.anyio

PACKAGE = "package { id version sharing shares { customerId mostSessions used } }"
SHARE = mutation("sharePackage", f"operationId replayed packageId {PACKAGE}")
AGAIN = mutation("shareWithHousehold", f"operationId replayed {PACKAGE}")
REVOKE = mutation("revokeSharing", f"operationId replayed packageId {PACKAGE}")
CHANGE = mutation(
    "changeHousehold", "operationId household { name members { firstName isGuardian } guardians { firstName } }"
)
HISTORY = "query($id: ID!) { package(id: $id) { balance { consumed } history { nodes { id act recordedAt reason } } } }"
ALL = """{ packages(first: 10) { nodes { name sharing
  shares(revoked: true) {
    customer { firstName sharedPackages(first: 5) { name } } mostSessions used sharedAt revokedAt }
} } }"""


MONEY = """query($id: ID!) { package(id: $id) {
  price { amount } paid { amount } outstanding { amount } payments { amount { amount } } instalments { number }
} }"""


def _sharing(package_id: str, customer_id: str | None = None, **changed: Any) -> dict[str, Any]:
    given = {"packageId": package_id, "idempotencyKey": key()} | changed
    return given if customer_id is None else given | {"customerId": customer_id}


async def test_a_family_of_two_guardians_and_a_child_with_a_limit(db: str) -> None:
    home = await family(db)
    house, leo = home.house, home.leo
    rui, child = await customer_actor(house, house.rui), await customer_actor(house, leo)
    async with graph() as app:
        answer = await app.act(rui, SHARE, input=_sharing(home.shared, leo, mostSessions=3))
        assert answer["package"]["shares"] == [{"customerId": leo, "mostSessions": 3, "used": 0}]
        for _ in range(3):
            done = await app.act(house.desk_lis, REDEEM, input=use(house, home.shared, customerId=leo))
        assert done["redemption"]["remaining"] == 7
        limit = {"packageId": home.shared, "personId": leo, "limit": 3, "used": 3, "asked": 1, "path": []}
        fourth = use(house, home.shared, customerId=leo)
        assert await refused(app, house.desk_lis, REDEEM, fourth) == ("ShareLimitReached", limit)
        visit = booking(house, customerId=leo, packageId=home.shared)
        assert await refused(app, child, BOOK, visit) == ("ShareLimitReached", limit)
        before = (await app.ask(house.owner, HISTORY, id=home.shared))["package"]
        revoking = _sharing(home.shared, reason="Summer is over")
        first = await app.act(rui, REVOKE, input=revoking)
        assert (first["package"], first["replayed"]) == (None, False)  # Ana's alone from now on
        assert (await app.act(rui, REVOKE, input=revoking))["replayed"] is True
        assert await refused(app, rui, REVOKE, _sharing(home.shared)) == (
            "NotShared",
            {"packageId": home.shared, "notSharedWith": None, "path": []},
        )
        kind, facts = await refused(app, house.desk_lis, REDEEM, use(house, home.shared, customerId=leo))
        assert (kind, facts["personId"]) == ("PersonMayNotUse", leo)
        after = (await app.ask(house.owner, HISTORY, id=home.shared))["package"]
        assert after["balance"] == before["balance"] == {"consumed": 3}
        assert after["history"]["nodes"][:-1] == before["history"]["nodes"]
        assert (after["history"]["nodes"][-1]["act"], after["history"]["nodes"][-1]["reason"]) == (
            "revoke_sharing",
            "Summer is over",
        )
        again = await app.act(rui, AGAIN, input=_sharing(home.shared))
        assert again["package"]["sharing"] == "HOUSEHOLD"
        assert again["package"]["shares"] == [{"customerId": leo, "mostSessions": 3, "used": 3}]


async def test_refusals_of_sharing_have_their_facts(db: str) -> None:
    home = await family(db)
    house = home.house
    async with graph() as app:
        desk = house.desk_lis
        assert await refused(app, desk, SHARE, _sharing(home.shared, house.eva)) == (
            "NotInHousehold",
            {"path": ["customerId"], "customerId": house.eva},
        )
        assert await refused(app, desk, AGAIN, _sharing(home.named)) == (
            "SharingNotAllowed",
            {"path": [], "packageId": home.named, "sharing": "NAMED"},
        )
        assert await refused(app, desk, SHARE, _sharing(home.named, house.ana)) == (
            "SharedWithHolder",
            {"path": ["customerId"], "packageId": home.named, "customerId": house.ana},
        )
        change = {"householdId": house.household, "remove": [house.ana, house.rui]}
        assert await refused(app, desk, CHANGE, change) == (
            "GuardianNeeded",
            {"path": ["guardians"], "householdId": house.household},
        )


async def test_a_household_shows_its_guardians(db: str) -> None:
    home = await family(db)
    async with graph() as app:
        change = {"householdId": home.house.household, "remove": [home.house.ana]}
        answer = await app.act(home.house.desk_lis, CHANGE, input=change)
    assert answer["household"] == {
        "name": "Silva",
        "members": [{"firstName": "Rui", "isGuardian": True}, {"firstName": "Leo", "isGuardian": False}],
        "guardians": [{"firstName": "Rui"}],
    }


async def test_all_shares_of_a_page_and_what_those_persons_share_are_six_statements(db: str) -> None:
    home = await family(db)
    house = home.house
    await shared(house, home.shared, home.leo, 3)
    await shared(house, home.named, house.eva, 2)
    await shared(house, home.named, house.eva, 4)
    async with graph() as app:
        with counting() as counter:
            nodes = (await app.ask(house.owner, ALL))["packages"]["nodes"]
    # who asks, the page, the shares, their persons, what is shared with these, and those packages
    assert len(counter) == 6, counter.statements
    told = [
        [
            (share["customer"]["firstName"], share["mostSessions"], share["revokedAt"] is None)
            for share in node["shares"]
        ]
        for node in nodes
    ]
    assert told == [[("Eva", 2, False), ("Eva", 4, True)], [("Leo", 3, True)]]
    assert nodes[0]["shares"][0]["customer"]["sharedPackages"] == [{"name": "Package TEN-NAMED"}]


async def test_when_and_how_it_was_paid_is_told_in_the_household_only(db: str) -> None:
    home = await family(db)
    house = home.house
    await shared(house, home.named, house.eva)
    await shared(house, home.named, house.rui)
    await paid(house, home.named, 10000)
    async with graph() as app:
        await app.act(house.desk_lis, PLAN, input=agreeing(home.named, ("2100-01-01", "350.00")))
        told = [
            (await app.ask(who, MONEY, id=home.named))["package"]
            for who in (
                house.desk_lis,
                await customer_actor(house, house.ana),
                await customer_actor(house, house.rui),
                await customer_actor(house, house.eva),
            )
        ]
    sums = {"price": {"amount": "450.00"}, "paid": {"amount": "100.00"}, "outstanding": {"amount": "350.00"}}
    assert told[0] == sums | {"payments": [{"amount": {"amount": "100.00"}}], "instalments": [{"number": 1}]}
    assert told[1] == told[2] == told[0]
    assert told[3] == sums | {"payments": [], "instalments": []}
