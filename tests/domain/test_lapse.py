"""What has lapsed is posted once, counts from its instant, and takes exactly what the sessions carried."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.bookings.book_session import BookSession
from domain.bookings.rules import Start
from domain.catalog.define_service import DefineService
from domain.catalog.store import BranchPrice
from domain.catalog.terms import Activation, Item, Price, Use
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.access import system
from domain.kernel.commands import run_command
from domain.kernel.db import counting, execute, rows
from domain.ledger.audit import audit_ledgers, chains
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Status
from domain.packages.sell_package import SellPackage
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, left, on, package, posted, sold, used
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

LAPSES = datetime(2026, 9, 12, 23, tzinfo=UTC)
"""When ten sessions sold on MONDAY in Lisbon lapse: 180 days, 14 of grace, midnight of summer time."""
TICK = timedelta(microseconds=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def bought(house: Harbour, definition_id: str | None = None, **rest: Any) -> str:
    """A package that was sold on MONDAY."""
    with on(MONDAY):
        return await sold(house, definition_id or house.ten, **rest)


async def swept(at: datetime, at_most: int = 500) -> int:
    """How many packages a sweep lets lapse at an instant."""
    with on(at):
        return await lapse_packages(at_most)


async def sold_elsewhere(house: Harbour) -> str:
    """A package of the other chain: 2 sessions for 10.00 pounds."""
    root = system(house.other_owner.chain_id)
    prices = (BranchPrice(house.other_branch, 600),)
    service = await run_command(root, DefineService("SWIM", "Swimming", 30, prices))
    item = Item((service.outcome.service_id,), 2)
    cheap = replace(terms(item, price_minor=1000), price=Price(1000, "GBP"))
    asked = SellPackage(await published(root, "SWIM2", cheap), house.other_customer, house.other_branch)
    package_id: str = (await run_command(root, asked)).outcome.package_id
    return package_id


async def lapses_of(package_id: str) -> list[dict[str, Any]]:
    """The operations that let the package lapse."""
    return await rows(
        """SELECT id, principal, principal_id, branch_id, customer_id, package_version, effective_at, recorded_at,
        reason, outcome FROM operation WHERE package_id = $1 AND act = 'lapse_package' ORDER BY seq""",
        package_id,
    )


async def entries_of(operation_id: str) -> list[tuple[str, datetime, date]]:
    """Event, instant and accounting day of each entry of an operation."""
    found = await rows(
        "SELECT event, effective_at, posted_on FROM journal_entry WHERE operation_id = $1 ORDER BY id", operation_id
    )
    return [(row["event"], row["effective_at"], row["posted_on"]) for row in found]


async def assert_audited() -> None:
    """The ledgers of all chains hold together."""
    assert [finding for chain_id in await chains() for finding in await audit_ledgers(chain_id)] == []


async def test_what_is_left_lapses_at_its_instant_and_becomes_breakage_at_home(house: Harbour) -> None:
    package_id = await bought(house)
    with on(MONDAY):
        await used(house, package_id, sessions=3, branch_id=house.mad)

    async with unchanged():
        assert await swept(LAPSES - TICK) == 0
    assert await swept(LAPSES) == 1

    (lot,) = await rows("SELECT id, available, expired, value_left_minor FROM lot WHERE package_id = $1", package_id)
    assert (lot["available"], lot["expired"], lot["value_left_minor"]) == (0, 7, 0)
    (operation,) = await lapses_of(package_id)
    lapsed = {"lot_id": lot["id"], "sessions": 7, "value_minor": 31500, "lapsed_at": "2026-09-12T23:00:00+00:00"}
    assert operation == {
        "id": operation["id"],
        "principal": "SYSTEM",
        "principal_id": "system",
        "branch_id": house.lis,
        "customer_id": house.ana,
        "package_version": 3,
        "effective_at": LAPSES,
        "recorded_at": LAPSES,
        "reason": "",
        "outcome": {"package_id": package_id, "lots": [lapsed], "sessions": 7, "value_minor": 31500},
    }
    assert await posted(operation["id"]) == [
        ("DEFERRED_REVENUE", house.lis, 31500),
        ("BREAKAGE_REVENUE", house.lis, -31500),
    ]
    assert await entries_of(operation["id"]) == [("LAPSE", LAPSES, date(2026, 9, 13))]
    with on(LAPSES):
        assert (await package(house, package_id)).version == 3
    await assert_audited()


async def test_a_sweep_that_runs_late_writes_what_one_in_time_would_have_written(house: Harbour) -> None:
    package_id = await bought(house)

    assert await swept(LAPSES + timedelta(days=3)) == 1

    (operation,) = await lapses_of(package_id)
    assert (operation["effective_at"], operation["recorded_at"]) == (LAPSES, LAPSES + timedelta(days=3))
    assert await entries_of(operation["id"]) == [("LAPSE", LAPSES, date(2026, 9, 13))]
    (movement,) = await rows("SELECT effective_at, branch_id FROM movement WHERE target = 'EXPIRED'")
    assert movement == {"effective_at": LAPSES, "branch_id": house.lis}


async def test_nothing_lapses_twice(house: Harbour) -> None:
    await bought(house)
    await swept(LAPSES)

    async with unchanged():
        assert await swept(LAPSES + timedelta(days=1)) == 0


async def test_nobody_sees_whether_the_sweep_has_run(house: Harbour) -> None:
    package_id = await bought(house)
    with on(LAPSES):
        before = await package(house, package_id)
        await lapse_packages()
        after = await package(house, package_id)

    assert (before.status, before.remaining) == (after.status, after.remaining) == (Status.EXPIRED, 0)


async def test_lots_that_lapsed_one_after_the_other_are_one_operation_with_a_day_each(house: Harbour) -> None:
    package_id = await bought(house, house.buy_3_free_1)
    with on(MONDAY):
        await run_command(house.owner, GrantGoodwill(package_id, 2, "waited long"))
        dates = await rows("SELECT id, lapses_at FROM lot WHERE package_id = $1 ORDER BY lapses_at, id", package_id)
    assert [row["lapses_at"] for row in dates] == [
        datetime(2026, 4, 1, 23, tzinfo=UTC),
        datetime(2026, 7, 7, 23, tzinfo=UTC),
        datetime(2026, 7, 7, 23, tzinfo=UTC),
    ]

    assert await swept(LAPSES) == 1

    (operation,) = await lapses_of(package_id)
    moved = await rows(
        "SELECT lot_id AS id, effective_at AS lapses_at FROM movement m WHERE target = 'EXPIRED' ORDER BY m.id"
    )
    assert moved == dates
    assert (operation["effective_at"], operation["outcome"]["sessions"]) == (dates[-1]["lapses_at"], 6)
    assert await entries_of(operation["id"]) == [("LAPSE", dates[-1]["lapses_at"], date(2026, 7, 8))]
    assert await posted(operation["id"]) == [
        ("DEFERRED_REVENUE", house.lis, 18000),
        ("BREAKAGE_REVENUE", house.lis, -18000),
    ]
    await assert_audited()


async def test_what_lapses_later_stays(house: Harbour) -> None:
    package_id = await bought(house, house.buy_3_free_1)
    with on(MONDAY):
        await run_command(house.owner, GrantGoodwill(package_id, 2, "waited long"))

    assert await swept(datetime(2026, 4, 1, 23, tzinfo=UTC)) == 1

    assert await left(package_id) == [(3, 13500), (1, 4500), (0, 0)]


async def test_what_is_held_stays_held(house: Harbour) -> None:
    package_id = await bought(house)
    with on(MONDAY):
        start = Start(at=LAPSES - timedelta(days=1))
        await run_command(house.owner, BookSession(house.physio, house.lis, house.ana, (start,), sessions=2))

    assert await swept(LAPSES) == 1

    (lot,) = await rows("SELECT available, held, expired, value_left_minor FROM lot WHERE package_id = $1", package_id)
    assert lot == {"available": 0, "held": 2, "expired": 8, "value_left_minor": 9000}
    async with unchanged():
        assert await swept(LAPSES) == 0
    await assert_audited()


async def test_a_package_that_was_never_paid_lapses_too(house: Harbour) -> None:
    unpaid = terms(Item((house.physio,), 2), price_minor=10000, use=Use(activation=Activation.FULL_PAYMENT))
    with on(MONDAY):
        package_id = await sold(house, await published(house.owner, "PEND", unpaid))

    assert await swept(LAPSES) == 1

    assert await left(package_id) == [(0, 0)]


async def test_nothing_lapses_of_a_package_in_dispute_but_what_had_lapsed_before(house: Harbour) -> None:
    disputed, lapsed = await bought(house), await bought(house)
    await execute("UPDATE package SET disputed_at = $2 WHERE id = $1", disputed, LAPSES - TICK)
    await execute("UPDATE package SET disputed_at = $2 WHERE id = $1", lapsed, LAPSES)

    assert await swept(LAPSES + timedelta(days=100), at_most=1) == 1

    assert (await left(disputed), await left(lapsed)) == ([(10, 45000)], [(0, 0)])


async def test_the_oldest_lapses_come_first_a_chunk_at_a_time(house: Harbour) -> None:
    first, second, third = await bought(house), await bought(house, house.trial), await bought(house)

    assert await swept(LAPSES, at_most=1) == 1
    assert [(await left(each))[0][0] for each in (first, second, third)] == [10, 0, 10]
    assert await swept(LAPSES, at_most=5) == 2
    assert await swept(LAPSES, at_most=5) == 0


async def test_packages_of_every_chain_lapse_each_in_its_own_books(house: Harbour) -> None:
    ours = await bought(house)
    with on(MONDAY):
        theirs = await sold_elsewhere(house)

    assert await swept(LAPSES) == 2

    (our_lapse,), (their_lapse,) = await lapses_of(ours), await lapses_of(theirs)
    assert await posted(their_lapse["id"]) == [
        ("DEFERRED_REVENUE", house.other_branch, 1000),
        ("BREAKAGE_REVENUE", house.other_branch, -1000),
    ]
    found = await rows("SELECT chain_id FROM operation WHERE id = ANY($1)", [our_lapse["id"], their_lapse["id"]])
    assert {row["chain_id"] for row in found} == {house.chain_id, house.other_owner.chain_id}
    await assert_audited()


async def test_a_session_given_back_after_the_lapse_lapses_from_then_on(house: Harbour) -> None:
    package_id = await bought(house)
    given_back = LAPSES + timedelta(hours=30)
    with on(LAPSES - timedelta(hours=1)):
        use = await used(house, package_id)
    await swept(LAPSES)
    with on(given_back):
        await run_command(house.owner, ReverseRedemption(use.operation_id, Fault.CUSTOMER, "typed twice"))

    assert await swept(given_back + timedelta(days=1)) == 1

    _, again = await lapses_of(package_id)
    assert (again["effective_at"], again["outcome"]["value_minor"]) == (given_back, 4500)
    assert await entries_of(again["id"]) == [("LAPSE", given_back, date(2026, 9, 14))]
    await assert_audited()


async def test_a_visit_that_is_told_after_the_sweep_finds_its_session(house: Harbour) -> None:
    package_id = await bought(house)
    await swept(LAPSES)
    with on(LAPSES + timedelta(days=1)):
        await used(house, package_id, visited_at=LAPSES - timedelta(hours=2))

    assert await swept(LAPSES + timedelta(days=2)) == 1

    (lot,) = await rows(
        "SELECT available, consumed, expired, value_left_minor FROM lot WHERE package_id = $1", package_id
    )
    assert lot == {"available": 0, "consumed": 1, "expired": 9, "value_left_minor": 0}
    _, again = await lapses_of(package_id)
    told_at = LAPSES + timedelta(days=1)
    assert await entries_of(again["id"]) == [("LAPSE", told_at, date(2026, 9, 14))]
    await assert_audited()


async def test_many_packages_take_as_many_statements_as_one_and_a_look_at_closed_books(house: Harbour) -> None:
    await bought(house)
    with counting() as one:
        assert await swept(LAPSES) == 1
    for _ in range(60):
        await bought(house)
    with counting() as many:
        assert await swept(LAPSES) == 60

    assert len(many) == len(one) + 1 <= 10
    await assert_audited()
