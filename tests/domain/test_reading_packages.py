"""Packages are found by what they are at this instant, by those who may see them, in as many statements as promised."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.bookings.reschedule_booking import RescheduleBooking
from domain.bookings.rules import Start
from domain.catalog.terms import Activation, Item, Use
from domain.kernel.commands import run_command
from domain.kernel.db import counting, execute
from domain.kernel.errors import Forbidden
from domain.ledger import journal
from domain.ledger.journal import EntryFilter, OperationFilter
from domain.packages import reading
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.rules import Status
from domain.packages.view import PackageFilter, PackageOrder, Position
from domain.reports.trial_balance import trial_balance
from tests.fixtures.booking_acts import booked
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, sold, used

pytestmark = pytest.mark.anyio

NEWEST, OLDEST = PackageOrder.SOLD_LAST_FIRST, PackageOrder.SOLD_FIRST_FIRST


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def found(house: Harbour, chosen: PackageFilter) -> list[str]:
    """The ids of the packages that a filter finds, oldest first, which its count agrees with."""
    packages = [package.id for package in await reading.page(house.owner, chosen, OLDEST, 100)]
    assert await reading.count(house.owner, chosen) == len(packages)
    return packages


async def test_each_status_finds_what_the_clock_says(house: Harbour) -> None:
    waits = terms(Item((house.physio,), 1), price_minor=100, use=Use(activation=Activation.FULL_PAYMENT))
    definition = await published(house.owner, "WAITS", waits)
    kinds = {"pending": definition, "trial": house.trial, "shared": house.buy_3_free_1}
    ids = {}
    for n, (name, kind) in enumerate((kinds | {"ten": house.ten, "used": house.ten}).items()):
        with on(MONDAY + timedelta(minutes=n)):
            ids[name] = await sold(house, kind)
    with on(MONDAY + timedelta(hours=1)):
        await used(house, ids["used"], sessions=10)
    # Trial: 90 days hard. Shared: 120 days and 7 of grace. Ten: 180 days and 14 of grace.
    always = {"PENDING": ["pending"], "USED_UP": ["used"]}
    expected = {
        date(2026, 3, 3): {"ACTIVE": ["trial", "shared", "ten"]},
        date(2026, 7, 2): {"ACTIVE": ["ten"], "IN_GRACE": ["shared"], "EXPIRED": ["trial"]},
        date(2027, 1, 1): {"EXPIRED": ["trial", "shared", "ten"]},
    }
    for day, by_status in expected.items():
        with on(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)):
            for status in Status:
                names = [ids[name] for name in (always | by_status).get(status, [])]
                assert await found(house, PackageFilter(statuses=(status,))) == names
                assert {(await reading.by_ids(house.owner, [one]))[one].status for one in names} <= {status}
            assert len(await found(house, PackageFilter(statuses=tuple(Status)))) == 5


async def test_a_package_whose_lapsed_sessions_were_swept_is_expired(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    await execute("UPDATE lot SET available = 0, expired = 10, value_left_minor = 0 WHERE package_id = $1", package_id)
    assert await found(house, PackageFilter(statuses=(Status.EXPIRED,))) == [package_id]
    assert (await reading.by_ids(house.owner, [package_id]))[package_id].status is Status.EXPIRED


async def test_each_filter_by_itself(house: Harbour) -> None:
    with on(MONDAY):
        ten = await sold(house, house.ten, reference="H-1")
    with on(MONDAY + timedelta(minutes=1)):
        bundle = await sold(house, house.bundle, customer_id=house.eva, branch_id=house.mad)
        await used(house, bundle, service_id=house.massage, sessions=4)
        assert await found(house, PackageFilter(branch_id=house.mad)) == [bundle]
        assert await found(house, PackageFilter(holder_id=house.ana)) == [ten]
        assert await found(house, PackageFilter(definition_id=house.bundle)) == [bundle]
        assert await found(house, PackageFilter(reference="H-1")) == [ten]
        assert await found(house, PackageFilter(service_id=house.facial)) == [bundle]
        assert await found(house, PackageFilter(remaining_at_most=2)) == [bundle]
        assert await found(house, PackageFilter(remaining_at_most=10)) == [ten, bundle]
        assert await found(house, PackageFilter(expiring_before=date(2026, 8, 29))) == []
        assert await found(house, PackageFilter(expiring_before=date(2026, 8, 30))) == [ten, bundle]
        assert await found(house, PackageFilter(branch_id=house.mad, reference="H-1")) == []


async def test_who_sees_which(house: Harbour) -> None:
    ten = await sold(house, house.ten)
    shared = await sold(house, house.buy_3_free_1)
    in_madrid = await sold(house, house.ten, customer_id=house.eva, branch_id=house.mad)
    visited = await sold(house, house.ten)
    await used(house, visited, branch_id=house.mad)
    customers = [await customer_actor(house, who) for who in (house.ana, house.rui, house.eva)]
    for actor, sees in (
        (house.owner, {ten, shared, in_madrid, visited}),
        (house.integrator, {ten, shared, in_madrid, visited}),
        (house.desk_lis, {ten, shared, visited}),
        (house.manager_mad, {in_madrid, visited}),
        (house.other_owner, set()),
        (customers[0], {ten, shared, visited}),
        (customers[1], {shared}),
        (customers[2], {in_madrid}),
    ):
        assert {package.id for package in await reading.page(actor, PackageFilter(), NEWEST, 100)} == sees
        assert set(await reading.by_ids(actor, [ten, shared, in_madrid, visited])) == sees


async def test_the_staff_of_the_branch_to_which_a_visit_moved_see_its_package(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        booking_id = await booked(house, MONDAY + timedelta(days=3))
        assert await reading.by_ids(house.manager_mad, [package_id]) == {}
        await run_command(house.owner, RescheduleBooking(booking_id, Start(at=MONDAY + timedelta(days=4)), house.mad))
        assert set(await reading.by_ids(house.manager_mad, [package_id])) == {package_id}
        stranger = await customer_actor(house, house.eva)
        assert await reading.by_ids(stranger, [package_id]) == {}


async def test_pages_join_without_gap_or_overlap(house: Harbour) -> None:
    # Three at the same instant: the id decides between them.
    ids = []
    for n in (0, 0, 0, 1):
        with on(MONDAY + timedelta(minutes=n)):
            ids.append(await sold(house, house.ten))
    for order in (NEWEST, OLDEST):
        walked, after = [], None
        while page := await reading.page(house.owner, PackageFilter(), order, 2, after):
            walked += [package.id for package in page]
            after = Position(page[-1].sold_at, page[-1].id)
        assert walked == (sorted(ids) if order is OLDEST else sorted(ids, reverse=True))


async def test_a_page_of_fifty_is_one_statement_and_its_history_another(house: Harbour) -> None:
    ids = [await sold(house, house.ten) for _ in range(3)]
    for size in (1, 50):
        with counting() as counter:
            page = await reading.page(house.owner, PackageFilter(), NEWEST, size)
        assert (len(counter), len(page)) == (1, min(size, 3))
    for _ in range(6):
        await run_command(house.owner, GrantGoodwill(ids[0], 1, "sorry"))
    with counting() as counter:
        histories = await journal.history(ids, 5, newest=True)
    assert len(counter) == 1
    assert [operation.package_version for operation in histories[ids[0]]] == [3, 4, 5, 6, 7]
    assert [operation.act for operation in histories[ids[1]]] == ["sell_package"]


async def test_history_is_read_from_either_end_and_from_a_version_on(house: Harbour) -> None:
    package_id = await sold(house, house.ten, payments=cash(100))
    await used(house, package_id, sessions=2)
    await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))
    whole = (await journal.history([package_id], 9, newest=False))[package_id]
    assert [(one.act, one.sessions_change) for one in whole] == [
        ("sell_package", 10),
        ("redeem_session", -2),
        ("grant_goodwill", 1),
    ]
    for asked, versions in (
        ({"limit": 1, "newest": True}, [3]),
        ({"limit": 1, "newest": False}, [1]),
        ({"limit": 9, "newest": False, "after": 1}, [2, 3]),
        ({"limit": 9, "newest": True, "before": 3}, [1, 2]),
    ):
        some = await journal.history([package_id], **asked)  # type: ignore[arg-type]
        assert [one.package_version for one in some[package_id]] == versions


async def test_the_journal_is_read_by_those_who_keep_the_books(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    done = await used(house, package_id, branch_id=house.mad)
    (entry,) = await journal.entries(house.manager_mad, EntryFilter(), 10)
    assert (entry.operation_id, entry.event) == (done.operation_id, "SESSION")
    lines = (await journal.lines(house.manager_mad, [entry.id]))[entry.id]
    assert {line.branch_id for line in lines} == {house.mad}
    assert len((await journal.lines(house.accountant, [entry.id]))[entry.id]) == 4
    books = (await trial_balance(house.manager_mad)).rows
    assert [(row.account, row.debit_minor, row.credit_minor) for row in books] == [
        ("DUE_FROM_BRANCH", 4500, 0),
        ("REVENUE", 0, 4500),
    ]
    assert await journal.entries(house.other_owner, EntryFilter(package_id=package_id), 10) == []
    for stranger in (house.desk_lis, house.practitioner_lis, await customer_actor(house, house.ana)):
        with pytest.raises(Forbidden):
            await journal.entries(stranger, EntryFilter(), 10)
        with pytest.raises(Forbidden):
            await trial_balance(stranger)


async def test_the_trial_balance_of_a_past_day(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=cash(45000))
    with on(MONDAY + timedelta(days=1)):
        await used(house, package_id)
    monday = (await trial_balance(house.accountant, date(2026, 3, 2), house.lis)).rows
    assert [(row.account, row.debit_minor, row.credit_minor) for row in monday] == [
        ("CASH", 45000, 0),
        ("DEFERRED_REVENUE", 0, 45000),
        ("RECEIVABLE", 45000, 45000),
    ]
    both = (await trial_balance(house.accountant)).rows
    assert sum(row.debit_minor - row.credit_minor for row in both) == 0
    assert ("REVENUE", 0, 4500) in [(row.account, row.debit_minor, row.credit_minor) for row in both]


async def test_operations_are_the_audit_log(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    done = await used(house, package_id, branch_id=house.mad)
    (operation,) = await journal.operations(house.manager_mad, OperationFilter(package_id=package_id), 10)
    assert (operation.id, operation.act, operation.principal_id) == (
        done.operation_id,
        "redeem_session",
        house.owner.id,
    )
    own = await journal.operations(await customer_actor(house, house.ana), OperationFilter(act="sell_package"), 10)
    assert [one.package_id for one in own] == [package_id]
    assert await journal.operations(house.other_owner, OperationFilter(package_id=package_id), 10) == []
