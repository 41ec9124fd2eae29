"""Last days over HTTP: extensions, freezes, extensions of many packages, and every refusal with its facts."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.kernel.access import POLICIES, Actor
from domain.kernel.db import execute
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, package, sold, used
from tests.fixtures.expiry_acts import EXTEND, EXTEND_MANY, FREEZE, PROGRESS, UNFREEZE, closure, longer, pause
from tests.fixtures.extended_many import finished
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import refused
from tests.fixtures.time_acts import FREEZES, LAPSES, booked, sold_monday, special
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_a_package_that_lapsed_is_extended_by_a_manager(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(LAPSES):
        async with graph() as app:
            given = longer(package_id)
            answer = await app.act(house.manager_lis, EXTEND, input=given)
            assert (await app.act(house.manager_lis, EXTEND, input=given))["replayed"] is True
        (lot,) = (await package(house, package_id)).lots
    assert answer.pop("operationId").startswith("op_")
    assert answer == {
        "__typename": "ExtendPackagePayload",
        "replayed": False,
        "packageId": package_id,
        "lastDay": "2026-12-31",
        "lots": [{"lotId": lot.id, "was": "2026-08-29", "lastDay": "2026-12-31"}],
        "reinstated": 10,
        "remaining": 10,
        "package": {"id": package_id, "version": 2},
    }


async def test_extensions_that_are_refused(house: Harbour) -> None:
    package_id, empty = await sold_monday(house, house.ten), await sold_monday(house, house.ten)
    of_package = {"path": [], "packageId": package_id}
    async with graph() as app:
        with on(MONDAY):
            await used(house, empty, sessions=10)
            assert await refused(app, house.owner, EXTEND, longer(empty)) == (
                "NothingToExtend",
                {"path": [], "packageId": empty},
            )
            past = longer(package_id, lastDay="2026-03-01")
            assert await refused(app, house.owner, EXTEND, past) == (
                "BadLastDay",
                {"path": [], "lastDay": "2026-03-01", "earliest": "2026-03-02", "latest": "2200-12-31"},
            )
            early = longer(package_id, lastDay="2026-08-29")
            assert await refused(app, house.owner, EXTEND, early) == (
                "LastDayNotLater",
                of_package | {"lastDay": "2026-08-29", "lastDays": ["2026-08-29"]},
            )
            assert await refused(app, house.desk_lis, EXTEND, longer(package_id, lastDay=None, days=15)) == (
                "ExtensionBeyondRole",
                of_package | {"days": 15, "most": 14},
            )
            assert (await refused(app, house.owner, EXTEND, longer(package_id, days=15)))[0] == "InvalidInput"
            lots = longer(package_id, lotIds=["lot_none"])
            assert (await refused(app, house.owner, EXTEND, lots))[1]["noun"] == "lot"
        with on(LAPSES):
            assert await refused(app, house.desk_lis, EXTEND, longer(package_id)) == (
                "ReinstatementNeedsManager",
                of_package | {"lapsedAt": "2026-09-12T23:00:00Z"},
            )
        with on(LAPSES + timedelta(days=100)):
            assert await refused(app, house.owner, EXTEND, longer(package_id)) == (
                "ReinstatementTooLate",
                of_package | {"lapsedAt": "2026-09-12T23:00:00Z", "until": "2026-12-12T00:00:00Z"},
            )


async def test_a_freeze_and_its_end(house: Harbour) -> None:
    package_id = await special(house, use=FREEZES)
    async with graph() as app:
        with on(MONDAY):
            frozen = await app.act(house.desk_lis, FREEZE, input=pause(package_id, thawsOn="2026-03-12"))
        with on(MONDAY + timedelta(days=2)):
            thawed = await app.act(house.desk_lis, UNFREEZE, input=pause(package_id))
            (lot,) = (await package(house, package_id)).lots
    freeze = {
        "startsOn": "2026-03-02",
        "thawsOn": "2026-03-12",
        "frozenFrom": "2026-03-02T10:00:00Z",
        "thawsAt": "2026-03-12T00:00:00Z",
        "days": 10,
    }
    assert frozen.pop("operationId").startswith("op_")
    assert frozen == {
        "__typename": "FreezePackagePayload",
        "replayed": False,
        "packageId": package_id,
        "freezeId": thawed["freezeId"],
        **freeze,
        "lots": [{"lotId": lot.id, "was": "2026-08-29", "lastDay": "2026-09-08"}],
        "package": {
            "id": package_id,
            "status": "FROZEN",
            "freezes": [{"id": thawed["freezeId"], "cause": "MANUAL", **freeze}],
        },
    }
    assert (thawed["thawedOn"], thawed["days"]) == ("2026-03-04", 2)
    assert thawed["lots"] == [{"lotId": lot.id, "was": "2026-09-08", "lastDay": "2026-08-31"}]


async def test_freezes_that_are_refused(house: Harbour) -> None:
    package_id, plain = await special(house, use=FREEZES), await sold_monday(house, house.ten)
    of_package = {"path": [], "packageId": package_id}
    start = datetime(2026, 3, 20, 10, tzinfo=UTC)
    async with graph() as app:
        with on(MONDAY):
            assert await refused(app, house.desk_lis, FREEZE, pause(plain)) == (
                "FreezeNotAllowed",
                {"path": [], "packageId": plain},
            )
            assert await refused(app, house.desk_lis, UNFREEZE, pause(plain)) == (
                "NotFrozen",
                {"path": [], "packageId": plain},
            )
            assert await refused(app, house.desk_lis, FREEZE, pause(package_id, thawsOn="2026-05-02")) == (
                "FreezeBeyondLimit",
                of_package | {"askedDays": 61, "daysLeft": 60, "timesLeft": 2, "latestThaw": "2026-05-01"},
            )
            assert await refused(app, house.desk_lis, FREEZE, pause(package_id, startsOn="2026-03-01")) == (
                "BadFreezePeriod",
                {
                    "path": [],
                    "startsOn": "2026-03-01",
                    "askedThawsOn": None,
                    "earliest": "2026-03-02",
                    "latest": "2026-09-12",
                },
            )
            booking = await booked(house, package_id, start)
            assert await refused(app, house.desk_lis, FREEZE, pause(package_id)) == (
                "BookingsInTheWay",
                of_package | {"bookings": [{"bookingId": booking, "startsAt": "2026-03-20T10:00:00Z"}]},
            )
            await app.act(house.desk_lis, FREEZE, input=pause(package_id, thawsOn="2026-03-12"))
            assert (await refused(app, house.desk_lis, FREEZE, pause(package_id)))[0] == "PackageFrozen"
            await execute("UPDATE package SET disputed_at = $1", MONDAY)
            assert (await refused(app, house.desk_lis, FREEZE, pause(package_id)))[0] == "PackageDisputed"
            await execute("UPDATE package SET activated_at = NULL")
            assert (await refused(app, house.desk_lis, FREEZE, pause(package_id)))[0] == "PackagePending"


MANY = f"query($id: ID!) {{ bulkExtension(id: $id) {PROGRESS} node(id: $id) {{ __typename id }} }}"
PAGES = "query($after: String) { bulkExtensions(first: 2, after: $after) { nodes { id } pageInfo { endCursor } } }"


async def test_an_extension_of_many_packages_and_how_far_it_has_come(house: Harbour) -> None:
    packages = [await sold_monday(house, house.ten) for _ in range(2)]
    async with graph() as app:
        with on(LAPSES - timedelta(days=1)):
            answer = await app.act(house.manager_lis, EXTEND_MANY, input=closure(branchId=house.lis, days=2))
            ordered = answer["bulkExtension"]
            assert (answer["__typename"], answer["replayed"]) == ("ExtendPackagesPayload", False)
            assert ordered == {
                "id": answer["bulkExtensionId"],
                "days": 2,
                "reason": "closed for works",
                "asOf": "2026-09-11T23:00:00Z",
                "packages": 2,
                "extended": 0,
                "failed": 0,
                "finishedAt": None,
                "branch": {"id": house.lis},
                "definition": None,
                "operation": {"id": answer["operationId"], "act": "extend_packages"},
                "failures": [],
            }
            await app.act(house.owner, EXTEND, input=longer(packages[0]))
        with on(LAPSES + timedelta(days=2)):
            await finished(ordered["id"])
            found = await app.ask(house.manager_lis, MANY, id=ordered["id"])
    assert found["node"] == {"__typename": "BulkExtension", "id": ordered["id"]}
    done = found["bulkExtension"]
    assert (done["packages"], done["extended"], done["failed"]) == (2, 1, 1)
    assert done["finishedAt"] == "2026-09-14T23:00:00Z"
    (failure,) = done["failures"]
    assert (failure["packageId"], failure["package"], failure["code"]) == (
        packages[1],
        {"id": packages[1]},
        "BAD_LAST_DAY",
    )


async def test_who_sees_which_extension_of_many(house: Harbour) -> None:
    async with graph() as app:
        orders = [
            (await app.act(house.owner, EXTEND_MANY, input=closure(branchId=branch)))["bulkExtensionId"]
            for branch in (house.lis, house.mad, None)
        ]
        lis, mad, whole = orders
        sees: Mapping[str, tuple[Actor, list[str]]] = {
            "owner": (house.owner, [whole, mad, lis]),
            "accountant": (house.accountant, [whole, mad, lis]),
            "desk": (house.desk_lis, [lis]),
            "elsewhere": (house.manager_mad, [mad]),
            "customer": (await customer_actor(house, house.ana), []),
            "other chain": (house.other_owner, []),
        }
        for name, (actor, expected) in sees.items():
            found: list[str] = []
            after = None
            while True:
                page = (await app.ask(actor, PAGES, after=after))["bulkExtensions"]
                found += [node["id"] for node in page["nodes"]]
                after = page["pageInfo"]["endCursor"]
                if after is None:
                    break
            assert found == expected, name
            for order in orders:
                one = await app.ask(actor, MANY, id=order)
                assert (one["bulkExtension"] is not None) is (order in expected), name
                assert (one["node"] is not None) is (order in expected), name


DOCUMENTS = {
    "extend_package": EXTEND,
    "freeze_package": FREEZE,
    "unfreeze_package": UNFREEZE,
    "extend_packages": EXTEND_MANY,
}


@pytest.mark.parametrize("act", DOCUMENTS)
async def test_an_act_is_open_to_those_of_the_policy_table_and_to_nobody_else(house: Harbour, act: str) -> None:
    managers = {"owner": house.owner, "manager": house.manager_lis}
    may = managers if act == "extend_packages" else managers | {"desk": house.desk_lis}
    others = {
        "desk": house.desk_lis,
        "practitioner": house.practitioner_lis,
        "accountant": house.accountant,
        "manager elsewhere": house.manager_mad,
        "holder": await customer_actor(house, house.ana),
    }
    package_id = await special(house, use=FREEZES)
    async with graph() as app:
        with on(MONDAY):
            for name, actor in others.items():
                if name not in may:
                    async with unchanged():
                        response = await app.post(actor, DOCUMENTS[act], input=given_to(house, act, package_id))
                    (error,) = response.json()["errors"]
                    assert error["extensions"]["code"] == "FORBIDDEN", name
                    assert POLICIES[act].needs in error["message"]
            for name, actor in may.items():
                if act == "unfreeze_package":
                    await app.act(house.owner, FREEZE, input=pause(package_id, startsOn="2026-04-01"))
                answer = await app.act(actor, DOCUMENTS[act], input=given_to(house, act, package_id))
                assert answer["__typename"].endswith("Payload"), (name, answer)
                if act == "freeze_package":
                    await app.act(house.owner, UNFREEZE, input=pause(package_id))


def given_to(house: Harbour, act: str, package_id: str) -> dict[str, Any]:
    """A good input of the act, in Lisbon."""
    match act:
        case "extend_package":
            return longer(package_id, lastDay=None, days=1)
        case "extend_packages":
            return closure(branchId=house.lis)
        case "freeze_package":
            return pause(package_id, startsOn="2026-04-01")
        case _:
            return pause(package_id)


async def test_what_another_chain_has_is_not_there(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        async with graph() as app:
            for document, given in (
                (EXTEND, longer(package_id)),
                (FREEZE, pause(package_id)),
                (UNFREEZE, pause(package_id)),
                (EXTEND_MANY, closure(definitionId=house.ten)),
            ):
                assert (await refused(app, house.other_owner, document, given))[0] == "NotFound"
