"""Whether a package may be used depends on the clock, the branch, the service and the people; never on a sweep."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.catalog.terms import Activation, BranchScope, Expiry, GraceAllows, Item, Use, Validity, ValidityStart, Where
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.ledger.accounts import PaymentMethod
from domain.packages.errors import (
    BadVisitTime,
    BranchClosed,
    GraceForBookedOnly,
    NotEnoughSessions,
    PackageExpired,
    PersonMayNotUse,
    WrongBranch,
    WrongPractitioner,
    WrongService,
)
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Status
from domain.payments.record_payment import RecordPayment
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, on, package, refused, sold, used

pytestmark = pytest.mark.anyio

TICK = timedelta(microseconds=1)
LAST_DAY = date(2026, 8, 29)
EXPIRES = datetime(2026, 8, 29, 23, tzinfo=UTC)
LAPSES = datetime(2026, 9, 12, 23, tzinfo=UTC)
FROM_FIRST_USE = Validity(days=30, starts=ValidityStart.FIRST_USE, start_within_days=90)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def sold_monday(house: Harbour, definition_id: str, **rest: Any) -> str:
    with on(MONDAY):
        return await sold(house, definition_id, **rest)


async def special(house: Harbour, **rest: Any) -> str:
    """Ten sessions of physiotherapy on special terms, sold on Monday."""
    special = replace(terms(Item((house.physio,), 10), price_minor=45000), **rest)
    with on(MONDAY):
        return await sold(house, await published(house.owner, "SPECIAL", special))


async def test_grace_ends_at_midnight_in_the_home_branch_to_the_microsecond(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(EXPIRES - TICK):
        assert (await package(house, package_id)).status is Status.ACTIVE
    with on(EXPIRES):
        assert (await package(house, package_id)).status is Status.IN_GRACE
    with on(LAPSES - TICK):
        assert (await used(house, package_id, branch_id=house.mad)).outcome.remaining == 9
    with on(LAPSES):
        use = RedeemSession(house.physio, house.mad, package_id)
        refusal = await refused(PackageExpired, house.manager_mad, use)
        assert (refusal.package_id, refusal.expired_on, refusal.lapsed_at) == (package_id, LAST_DAY, LAPSES)
        found = await package(house, package_id)
        assert (found.status, found.remaining, found.lots[0].available) == (Status.EXPIRED, 0, 0)


async def test_the_azores_have_an_hour_more(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten, branch_id=house.pdl)
    with on(LAPSES + timedelta(hours=1) - TICK):
        await used(house, package_id)
    with on(LAPSES + timedelta(hours=1)):
        await refused(PackageExpired, house.owner, RedeemSession(house.physio, house.lis, package_id))


async def test_hard_expiry_has_no_grace(house: Harbour) -> None:
    package_id = await special(house)
    with on(EXPIRES - TICK):
        await used(house, package_id)
    with on(EXPIRES):
        refusal = await refused(PackageExpired, house.owner, RedeemSession(house.physio, house.lis, package_id))
        assert refusal.lapsed_at == EXPIRES


async def test_grace_for_booked_sessions_only(house: Harbour) -> None:
    booked_only = Validity(days=180, expiry=Expiry.SOFT, grace_days=14, grace_allows=GraceAllows.BOOKED_ONLY)
    package_id = await special(house, validity=booked_only)
    use = RedeemSession(house.physio, house.lis, package_id)
    with on(EXPIRES):
        refusal = await refused(GraceForBookedOnly, house.owner, use)
        assert (refusal.expired_on, refusal.lapses_at) == (LAST_DAY, LAPSES)
    with on(LAPSES):
        await refused(PackageExpired, house.owner, use)


async def test_a_used_up_package_is_not_called_expired(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        await used(house, package_id, sessions=10)
        refusal = await refused(NotEnoughSessions, house.owner, RedeemSession(house.physio, house.lis, package_id))
        assert (refusal.asked, refusal.remaining) == (1, 0)
    with on(LAPSES):
        await refused(NotEnoughSessions, house.owner, RedeemSession(house.physio, house.lis, package_id))
        assert (await package(house, package_id)).status is Status.USED_UP


async def test_validity_starts_with_the_first_use_and_leaves_goodwill_its_own(house: Harbour) -> None:
    package_id = await special(house, validity=FROM_FIRST_USE)
    with on(MONDAY + timedelta(days=10)):
        granted = await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry", last_day=date(2026, 12, 24)))
        await used(house, package_id, visited_at=MONDAY + timedelta(days=9))
        await used(house, package_id)
    purchase, goodwill = (await package(house, package_id)).lots
    assert (purchase.last_day, purchase.lapses_at) == (date(2026, 4, 10), datetime(2026, 4, 10, 23, tzinfo=UTC))
    assert (goodwill.id, goodwill.last_day) == (granted.outcome.lot_id, date(2026, 12, 24))


async def last_days(house: Harbour, package_id: str) -> list[date]:
    return [lot.last_day for lot in (await package(house, package_id)).lots]


async def test_a_first_use_that_was_a_mistake_has_not_started_validity(house: Harbour) -> None:
    package_id = await special(house, validity=FROM_FIRST_USE)
    with on(MONDAY + timedelta(days=10)):
        done = await used(house, package_id)
        assert await last_days(house, package_id) == [date(2026, 4, 11)]
        await run_command(house.owner, ReverseRedemption(done.operation_id, Fault.BUSINESS, "other person"))
        assert await last_days(house, package_id) == [date(2026, 5, 31)]
    with on(MONDAY + timedelta(days=20)):
        await used(house, package_id)
        assert await last_days(house, package_id) == [date(2026, 4, 21)]


async def test_a_reversal_that_leaves_other_uses_leaves_the_start(house: Harbour) -> None:
    package_id = await special(house, validity=FROM_FIRST_USE)
    with on(MONDAY + timedelta(days=10)):
        done = await used(house, package_id)
        await used(house, package_id)
        await run_command(house.owner, ReverseRedemption(done.operation_id, Fault.BUSINESS, "once too often"))
        assert await last_days(house, package_id) == [date(2026, 4, 11)]


async def test_an_earlier_visit_that_is_recorded_later_starts_validity_earlier(house: Harbour) -> None:
    package_id = await special(house, validity=FROM_FIRST_USE)
    with on(MONDAY + timedelta(days=10)):
        await used(house, package_id)
        await used(house, package_id, visited_at=MONDAY + timedelta(days=5))
        assert await last_days(house, package_id) == [date(2026, 4, 6)]


async def test_using_goodwill_starts_nothing(house: Harbour) -> None:
    package_id = await special(house, validity=FROM_FIRST_USE)
    with on(MONDAY + timedelta(days=10)):
        await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry", last_day=date(2026, 3, 20)))
        await used(house, package_id)
        assert await last_days(house, package_id) == [date(2026, 5, 31), date(2026, 3, 20)]


async def test_a_package_that_was_not_started_in_time(house: Harbour) -> None:
    package_id = await special(house, validity=FROM_FIRST_USE)
    with on(datetime(2026, 5, 31, 23, tzinfo=UTC)):
        refusal = await refused(PackageExpired, house.owner, RedeemSession(house.physio, house.lis, package_id))
        assert refusal.expired_on == date(2026, 5, 31)


async def test_a_visit_may_be_recorded_seven_days_later_and_no_more(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    visit = MONDAY + timedelta(hours=1)
    with on(visit + timedelta(days=7)):
        done = await used(house, package_id, visited_at=visit)
    operation, movement, entry = [
        (await rows(f"SELECT * FROM {table} WHERE {column} = $1", done.operation_id))[0]
        for table, column in (("operation", "id"), ("movement", "operation_id"), ("journal_entry", "operation_id"))
    ]
    assert operation["recorded_at"] == visit + timedelta(days=7)
    assert operation["effective_at"] == movement["effective_at"] == entry["effective_at"] == visit
    assert entry["posted_on"] == date(2026, 3, 2)
    with on(visit + timedelta(days=7) + TICK):
        late = RedeemSession(house.physio, house.lis, package_id, visited_at=visit)
        refusal = await refused(BadVisitTime, house.owner, late)
        assert (refusal.visited_at, refusal.earliest) == (visit, visit + TICK)
        assert refusal.latest == visit + timedelta(days=7) + TICK


async def test_a_visit_before_the_sale_or_in_the_future(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    now = MONDAY + timedelta(hours=1)
    with on(now):
        for visit, earliest in ((MONDAY - TICK, MONDAY), (now + TICK, now - timedelta(days=7))):
            use = RedeemSession(house.physio, house.lis, package_id, visited_at=visit)
            refusal = await refused(BadVisitTime, house.owner, use)
            assert (refusal.earliest, refusal.latest) == (earliest, now)
        use = RedeemSession(house.physio, house.lis, customer_id=house.ana, visited_at=MONDAY + timedelta(hours=2))
        await refused(BadVisitTime, house.owner, use)


async def test_a_visit_in_time_may_be_recorded_after_the_lapse(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(LAPSES + timedelta(days=3)):
        assert (await used(house, package_id, visited_at=LAPSES - TICK)).outcome.remaining == 0
        use = RedeemSession(house.physio, house.lis, package_id, visited_at=LAPSES)
        await refused(PackageExpired, house.owner, use)


async def test_only_where_it_was_sold(house: Harbour) -> None:
    package_id = await sold_monday(house, house.trial)
    with on(MONDAY):
        use = RedeemSession(house.facial, house.mad, package_id)
        refusal = await refused(WrongBranch, house.manager_mad, use)
        assert (refusal.package_id, refusal.branch_id, refusal.usable_at) == (package_id, house.mad, (house.lis,))
        await used(house, package_id, service_id=house.facial)


async def test_only_at_the_branches_listed_and_always_at_home(house: Harbour) -> None:
    package_id = await special(house, where=Where(BranchScope.LISTED, (house.mad,)))
    with on(MONDAY):
        refusal = await refused(WrongBranch, house.owner, RedeemSession(house.physio, house.pdl, package_id))
        assert refusal.usable_at == (house.mad, house.lis)
        await used(house, package_id, branch_id=house.mad)
        await used(house, package_id, branch_id=house.lis)


async def test_a_branch_that_leaves_the_list_serves_the_packages_sold_before(house: Harbour) -> None:
    listed = terms(
        Item((house.physio,), 10), price_minor=45000, where=Where(BranchScope.LISTED, (house.mad, house.pdl))
    )
    with on(MONDAY):
        definition_id = await published(house.owner, "LISTED", listed)
        before = await sold(house, definition_id)
        shorter = replace(listed, where=Where(BranchScope.LISTED, (house.pdl,)))
        assert await published(house.owner, "LISTED", shorter) == definition_id
        after = await sold(house, definition_id)
        await used(house, before, branch_id=house.mad)
        refusal = await refused(WrongBranch, house.owner, RedeemSession(house.physio, house.mad, after))
        assert refusal.usable_at == (house.pdl, house.lis)


async def test_only_with_the_practitioners_listed(house: Harbour) -> None:
    package_id = await special(house, where=Where(practitioner_ids=(house.practitioner_lis.id,)))
    with on(MONDAY):
        for other in (None, house.desk_lis.id):
            use = RedeemSession(house.physio, house.lis, package_id, practitioner_id=other)
            refusal = await refused(WrongPractitioner, house.desk_lis, use)
            assert refusal.practitioner_ids == (house.practitioner_lis.id,)
        done = await used(house, package_id, practitioner_id=house.practitioner_lis.id)
    (movement,) = await rows("SELECT practitioner_id FROM movement WHERE operation_id = $1", done.operation_id)
    assert movement["practitioner_id"] == house.practitioner_lis.id


async def test_not_for_another_service(house: Harbour) -> None:
    package_id = await sold_monday(house, house.bundle)
    with on(MONDAY):
        refusal = await refused(WrongService, house.desk_lis, RedeemSession(house.physio, house.lis, package_id))
        assert (refusal.service_id, refusal.services) == (house.physio, (house.massage, house.facial))


async def test_not_by_strangers(house: Harbour) -> None:
    alone, shared = await sold_monday(house, house.ten), await sold_monday(house, house.bundle)
    for package_id, service, person in ((alone, house.physio, house.rui), (shared, house.massage, house.eva)):
        with on(MONDAY):
            use = RedeemSession(service, house.lis, package_id, customer_id=person)
            refusal = await refused(PersonMayNotUse, house.desk_lis, use)
            assert (refusal.package_id, refusal.person_id) == (package_id, person)


async def test_a_closed_branch_records_only_what_was_before(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    closing = MONDAY + timedelta(hours=8)
    await execute("UPDATE branch SET closed_at = $1 WHERE id = $2", closing, house.mad)
    with on(MONDAY + timedelta(days=1)):
        refusal = await refused(BranchClosed, house.owner, RedeemSession(house.physio, house.mad, package_id))
        assert (refusal.branch_id, refusal.closed_at) == (house.mad, closing)
        await used(house, package_id, branch_id=house.mad, visited_at=closing - TICK)


async def test_who_may_redeem(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        use = RedeemSession(house.physio, house.lis, package_id)
        for stranger in (house.manager_mad, house.accountant):
            await refused(Forbidden, stranger, use)
        for known in (house.desk_lis, house.practitioner_lis, house.integrator):
            await run_command(known, use)


async def test_what_does_not_exist_in_the_chain(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    good = RedeemSession(house.physio, house.lis, package_id)
    with on(MONDAY):
        for bad, noun in (
            (replace(good, service_id="x_none"), "service"),
            (replace(good, branch_id="x_none"), "branch"),
            (replace(good, package_id="x_none"), "package"),
            (replace(good, practitioner_id="x_none"), "practitioner"),
            (replace(good, customer_id="x_none"), "customer"),
        ):
            refusal = await refused(NotFound, house.owner, bad)
            assert (refusal.noun, refusal.id, refusal.path) == (noun, "x_none", (f"{noun}Id",))
        await refused(NotFound, house.other_owner, good)


@pytest.mark.parametrize("sessions", [0, -1, 1001, 10**9])
async def test_counts_that_are_none(house: Harbour, sessions: int) -> None:
    package_id = await sold_monday(house, house.ten)
    use = RedeemSession(house.physio, house.lis, package_id, sessions=sessions)
    assert (await refused(InvalidInput, house.owner, use)).path == ("sessions",)


async def test_neither_package_nor_customer_and_a_book_of_a_reason(house: Harbour) -> None:
    bad = RedeemSession(house.physio, house.lis, reason="x" * 501)
    refusal = await refused(InvalidInput, house.owner, bad)
    assert [problem.path for problem in refusal.problems] == [("packageId",), ("reason",)]


async def test_goodwill_of_today_is_not_for_the_visit_of_yesterday(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        await used(house, package_id, sessions=10)
    with on(MONDAY + timedelta(days=1)):
        await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))
        yesterday = RedeemSession(house.physio, house.lis, package_id, visited_at=MONDAY + timedelta(hours=1))
        assert (await refused(NotEnoughSessions, house.owner, yesterday)).remaining == 0
        assert (await used(house, package_id)).outcome.remaining == 0


async def test_a_visit_before_the_payment_that_activated_the_package(house: Harbour) -> None:
    package_id = await special(house, use=Use(activation=Activation.FULL_PAYMENT))
    paid_at = MONDAY + timedelta(days=1)
    with on(paid_at):
        await run_command(house.owner, RecordPayment(package_id, house.lis, PaymentMethod.CASH, 45000, "EUR"))
        early = RedeemSession(house.physio, house.lis, package_id, visited_at=paid_at - TICK)
        assert (await refused(BadVisitTime, house.owner, early)).earliest == paid_at
        assert (await used(house, package_id, visited_at=paid_at)).outcome.remaining == 9
