"""Expected breakage is released with each session that is used; estimates and the method catch up what was sold."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.accounting.breakage_errors import BreakageMethodInForce, MidPeriod
from domain.accounting.change_breakage_method import ChangeBreakageMethod
from domain.accounting.estimate_breakage import EstimateBreakage
from domain.bookings.book_session import BookSession
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.rules import Start
from domain.branches.settings import BreakageMethod
from domain.catalog.terms import Item, Price, Use, Validity
from domain.kernel.commands import run_command
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.ledger.audit import audit_ledgers
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from tests.fixtures.chain import Harbour, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, posted, refused, sold, used
from tests.fixtures.estimates import (
    books_open_from,
    caught_up,
    changed,
    entry_days,
    estimated,
    expected_of,
    expecting,
    newest_run,
    reestimated,
)
from tests.fixtures.money_acts import mistaken, paid
from tests.fixtures.time_acts import LAPSES, booked, books, extended, swept

pytestmark = pytest.mark.anyio

AT_LAPSE, PROPORTIONAL = BreakageMethod.AT_LAPSE, BreakageMethod.PROPORTIONAL
MESSAGE = (
    "Breakage was posted in the period that is open from 2026-03-02. Close that period, and change the method before "
    "any is posted in the next one."
)
DEFERRED, REVENUE, BREAKAGE = "DEFERRED_REVENUE", "REVENUE", "BREAKAGE_REVENUE"


async def the_ten(house: Harbour, rate_bp: int = 2000) -> str:
    """Ten sessions for 450.00 of which a share is expected to lapse, sold on Monday."""
    with on(MONDAY):
        await expecting(house, house.ten, rate_bp)
        return await sold(house, house.ten)


async def back(house: Harbour, redemption_id: str, fault: Fault = Fault.CUSTOMER) -> str:
    """The id of the reversal of a redemption."""
    done = await run_command(house.owner, ReverseRedemption(redemption_id, fault, "typed twice"))
    return done.operation_id


async def test_br1_eight_sessions_release_all_and_two_more_make_revenue_of_breakage(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house)
    with on(MONDAY):
        first = [await posted((await used(house, package_id)).operation_id) for _ in range(8)]
        last = [await posted((await used(house, package_id)).operation_id) for _ in range(2)]

    assert first == [[(DEFERRED, house.lis, 5625), (BREAKAGE, house.lis, -1125), (REVENUE, house.lis, -4500)]] * 8
    assert last == [[(BREAKAGE, house.lis, 4500), (REVENUE, house.lis, -4500)]] * 2
    assert await expected_of(package_id) == [(2000, 45000, 0)]
    assert await audit_ledgers(house.chain_id) == []


async def test_jr34_a_session_taxed_at_the_sale(db: str) -> None:
    house = await harbour(db)
    taxed = terms(Item((house.physio,), 10), price_minor=54000)
    with on(MONDAY):
        definition = await published(house.owner, "TAXED", replace(taxed, price=Price(54000, "EUR", 2000)))
        await expecting(house, definition, 2000)
        done = await used(house, await sold(house, definition))

    assert await posted(done.operation_id) == [
        (DEFERRED, house.lis, 5625),
        (BREAKAGE, house.lis, -1125),
        (REVENUE, house.lis, -4500),
    ]


async def test_br2_fewer_are_expected_to_lapse_and_what_was_recognised_too_early_is_owed_again(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house)
    with on(MONDAY):
        await used(house, package_id, sessions=4)
        assert await expected_of(package_id) == [(2000, 22500, 22500)]
    with on(MONDAY + timedelta(days=3)):
        await estimated(house, house.ten, 0)
        assert await caught_up() == 1
        [operation_id] = await reestimated(package_id)
        after = [await posted((await used(house, package_id)).operation_id) for _ in range(6)]

    assert await posted(operation_id) == [(DEFERRED, house.lis, -4500), (BREAKAGE, house.lis, 4500)]
    assert after == [[(DEFERRED, house.lis, 4500), (REVENUE, house.lis, -4500)]] * 6
    assert await entry_days(package_id, "REESTIMATE") == [date(2026, 3, 5)]
    run = await newest_run(house)
    assert (run.packages, run.done, run.failed, run.changed_minor, run.finished_at is not None) == (1, 1, 0, 4500, True)
    assert await audit_ledgers(house.chain_id) == []


async def test_br3_more_are_expected_to_lapse_and_the_share_of_what_was_used_is_recognised(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house, 0)
    with on(MONDAY):
        await used(house, package_id, sessions=4)
        await estimated(house, house.ten, 2000)
        await caught_up()
        [operation_id] = await reestimated(package_id)
        four = await posted((await used(house, package_id, sessions=4)).operation_id)
        two = await posted((await used(house, package_id, sessions=2)).operation_id)

    assert await posted(operation_id) == [(DEFERRED, house.lis, 4500), (BREAKAGE, house.lis, -4500)]
    assert four == [(DEFERRED, house.lis, 22500), (BREAKAGE, house.lis, -4500), (REVENUE, house.lis, -18000)]
    assert two == [(BREAKAGE, house.lis, 9000), (REVENUE, house.lis, -9000)]
    assert await expected_of(package_id) == [(2000, 45000, 0)]
    assert await audit_ledgers(house.chain_id) == []


async def test_an_estimate_is_of_the_day_that_is_not_over_at_every_branch(db: str) -> None:
    """Half past midnight in Lisbon is the evening before in Ponta Delgada, whose books of that day may be open."""
    house = await harbour(db)
    package_id = await the_ten(house)
    with on(MONDAY):
        await used(house, package_id, sessions=4)
    with on(MONDAY + timedelta(hours=14, minutes=30)):
        await estimated(house, house.ten, 0)
        await caught_up()

    assert (await newest_run(house)).posted_on == date(2026, 3, 2)
    assert await entry_days(package_id, "REESTIMATE") == [date(2026, 3, 2)]


async def test_what_was_used_up_to_what_is_paid_is_the_same_once_the_rest_has_lapsed(db: str) -> None:
    house = await harbour(db)
    strict = terms(Item((house.physio,), 10), price_minor=45000, grace_days=14, use=Use(up_to_paid=True))
    with on(MONDAY):
        definition = await published(house.owner, "STRICT", strict)
        await expecting(house, definition, 2000)
        package_id = await sold(house, definition, payments=cash(20000))
        payment_id = await paid(house, package_id, 4000)
        await used(house, package_id, sessions=4)
    with on(LAPSES):
        await swept()
        # Four are worth 180.00, of which 45.00 more were recognised along with them.
        assert await expected_of(package_id) == [(2000, 22500, 0)]
        await run_command(house.owner, mistaken(payment_id))
    assert await audit_ledgers(house.chain_id) == []


async def test_without_the_method_an_estimate_is_kept_for_later_and_changes_nothing(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        done = await estimated(house, house.ten, 2000)
        package_id = await sold(house, house.ten)

    assert done.outcome.run_id is None
    assert await expected_of(package_id) == [(0, 0, 45000)]


async def test_the_newest_estimate_counts_and_a_package_of_another_definition_has_its_own(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        await expecting(house, house.ten, 2000)
        await estimated(house, house.ten, 1250)
        ten, trial = await sold(house, house.ten), await sold(house, house.trial)

    assert (await expected_of(ten), await expected_of(trial)) == ([(1250, 0, 45000)], [(0, 0, 9900)])


async def test_goodwill_is_never_expected_to_lapse(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house)
    with on(MONDAY):
        await run_command(house.owner, GrantGoodwill(package_id, 1, "waited long"))
        await estimated(house, house.ten, 3000)
        await caught_up()

    assert await expected_of(package_id) == [(3000, 0, 45000), (0, 0, 0)]


async def test_what_is_used_up_is_passed_over_and_what_has_lapsed_unposted_is_gone(db: str) -> None:
    house = await harbour(db)
    used_up, lapsed = await the_ten(house), await the_ten_more(house)
    with on(MONDAY):
        await used(house, used_up, sessions=10)
        await used(house, lapsed, sessions=4)
    with on(LAPSES):
        await estimated(house, house.ten, 0)
        assert await caught_up() == 0
        assert await swept() == 1

    assert await expected_of(used_up) == [(2000, 45000, 0)]
    assert await expected_of(lapsed) == [(2000, 22500, 0)]
    assert (await books(lapsed))[-1][-1] == -22500
    assert await audit_ledgers(house.chain_id) == []


async def the_ten_more(house: Harbour) -> str:
    with on(MONDAY):
        return await sold(house, house.ten)


async def test_what_lapsed_before_an_estimate_comes_back_by_the_new_one(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house)
    with on(MONDAY):
        await used(house, package_id, sessions=4)
    with on(LAPSES):
        await swept()
        await estimated(house, house.ten, 0)
        assert await caught_up() == 0
        done = await extended(house, package_id, LAPSES.date() + timedelta(days=30))

    assert await posted(done.operation_id) == [
        (DEFERRED, house.lis, -22500),
        (BREAKAGE, house.lis, 22500),
        (DEFERRED, house.lis, -4500),
        (BREAKAGE, house.lis, 4500),
    ]
    assert await expected_of(package_id) == [(0, 18000, 27000)]
    assert await audit_ledgers(house.chain_id) == []


async def test_a_use_before_an_estimate_is_mirrored_exactly_and_the_rest_caught_up(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house)
    with on(MONDAY):
        uses = [(await used(house, package_id)).operation_id for _ in range(4)]
        await estimated(house, house.ten, 0)
        await caught_up()
        reversals = [await back(house, use) for use in uses]

    mirror = [(DEFERRED, house.lis, -5625), (BREAKAGE, house.lis, 1125), (REVENUE, house.lis, 4500)]
    again = [(DEFERRED, house.lis, 1125), (BREAKAGE, house.lis, -1125)]
    assert [await posted(each) for each in reversals] == [again + mirror] * 4
    assert await expected_of(package_id) == [(0, 0, 45000)]
    assert await audit_ledgers(house.chain_id) == []


async def test_a_use_that_took_more_than_the_lot_still_has_comes_back(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house, 9000)
    with on(MONDAY):
        first = (await used(house, package_id)).operation_id
        assert await expected_of(package_id) == [(9000, 45000, 0)]
        await estimated(house, house.ten, 0)
        await caught_up()
        assert await expected_of(package_id) == [(0, 4500, 40500)]
        await used(house, package_id, sessions=8)
        reversal = await back(house, first)

    assert await posted(reversal) == [
        (DEFERRED, house.lis, 40500),
        (BREAKAGE, house.lis, -40500),
        (DEFERRED, house.lis, -45000),
        (BREAKAGE, house.lis, 40500),
        (REVENUE, house.lis, 4500),
    ]
    assert await expected_of(package_id) == [(0, 36000, 9000)]
    assert await audit_ledgers(house.chain_id) == []


async def test_a_lot_that_was_used_up_when_the_estimate_changed_comes_back_by_the_new_one(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house)
    with on(MONDAY):
        await used(house, package_id, sessions=9)
        last = (await used(house, package_id)).operation_id
        await estimated(house, house.ten, 0)
        assert await caught_up() == 0
        reversal = await back(house, last)

    assert await posted(reversal) == [
        (DEFERRED, house.lis, -4500),
        (BREAKAGE, house.lis, 4500),
        (BREAKAGE, house.lis, -4500),
        (REVENUE, house.lis, 4500),
    ]
    assert await expected_of(package_id) == [(0, 40500, 4500)]
    assert await audit_ledgers(house.chain_id) == []


async def test_a_lapsed_lot_that_was_estimated_anew_is_replaced_with_what_it_is_worth(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house)
    with on(MONDAY):
        await used(house, package_id, sessions=3)
    with on(LAPSES - timedelta(days=1)):
        use = (await used(house, package_id)).operation_id
        await estimated(house, house.ten, 0)
        await caught_up()
    with on(LAPSES):
        await swept()
        reversal = await back(house, use, Fault.BUSINESS)

    assert await posted(reversal) == [
        (DEFERRED, house.lis, 1125),
        (BREAKAGE, house.lis, -1125),
        (DEFERRED, house.lis, -5625),
        (BREAKAGE, house.lis, 1125),
        (REVENUE, house.lis, 4500),
    ]
    assert await expected_of(package_id) == [(0, 13500, 0), (0, 0, 4500)]
    assert await audit_ledgers(house.chain_id) == []


async def test_a_renewed_lot_keeps_its_share(db: str) -> None:
    house = await harbour(db)
    validity = replace(terms(Item((house.physio,), 10), price_minor=45000, grace_days=14).validity)
    renewing = terms(Item((house.physio,), 10), price_minor=45000, grace_days=14)
    renewing = replace(renewing, validity=_renewed(validity))
    with on(MONDAY):
        definition = await published(house.owner, "RENEWS", renewing)
        await expecting(house, definition, 2000)
        old = await sold(house, definition)
    with on(LAPSES - timedelta(days=1)):
        new = await sold(house, definition)

    assert await expected_of(old) == [(2000, 0, 0)]
    assert await expected_of(new) == [(2000, 0, 45000), (2000, 0, 45000)]


def _renewed(validity: Validity) -> Validity:
    return replace(validity, renewal_in_grace=True)


async def test_the_method_changes_at_the_start_of_a_period_and_is_caught_up_on_its_first_day(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        await estimated(house, house.ten, 2000)
        early = await sold(house, house.ten)
        await used(house, early, sessions=4)
    with on(MONDAY + timedelta(days=30)):
        await books_open_from(house, date(2026, 4, 1))
        late = await sold(house, house.ten)
        await used(house, late, sessions=2)
        done = await changed(house)
        assert await caught_up() == 2
        run = await newest_run(house)

    assert (run.id, run.definition_id, run.posted_on, run.done, run.changed_minor) == (
        done.outcome.run_id,
        None,
        date(2026, 4, 1),
        2,
        -6750,
    )
    assert await entry_days(early, "REESTIMATE") == [date(2026, 4, 1)]
    assert await entry_days(late, "REESTIMATE") == [date(2026, 4, 1)]
    assert (await expected_of(early), await expected_of(late)) == ([(2000, 22500, 22500)], [(2000, 11250, 33750)])
    assert await audit_ledgers(house.chain_id) == []


async def test_back_to_the_lapse_nothing_is_expected_of_any_lot(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house)
    with on(MONDAY):
        await used(house, package_id, sessions=4)
    with on(MONDAY + timedelta(days=31)):
        await books_open_from(house, date(2026, 4, 1))
        await changed(house, AT_LAPSE)
        assert await caught_up() == 1

    assert await expected_of(package_id) == [(0, 18000, 27000)]
    assert await audit_ledgers(house.chain_id) == []


async def test_in_the_middle_of_a_period_the_method_stays(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house)
    with on(MONDAY):
        refusal = await refused(MidPeriod, house.owner, ChangeBreakageMethod(AT_LAPSE, "as before"))
        assert (refusal.open_from, refusal.message) == (
            None,
            "The books were never closed, and the method changes at the start of a period. Close a period first.",
        )
        await books_open_from(house, MONDAY.date())
        await used(house, package_id)
        refusal = await refused(MidPeriod, house.owner, ChangeBreakageMethod(AT_LAPSE, "as before"))
        assert (refusal.open_from, refusal.message) == (
            MONDAY.date(),
            MESSAGE,
        )
        await books_open_from(house, MONDAY.date() + timedelta(days=1))
        await changed(house, AT_LAPSE)


async def test_a_lapse_in_the_open_period_keeps_the_method(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        await sold(house, house.ten)
        await books_open_from(house, MONDAY.date())
    with on(LAPSES):
        await swept()
        await refused(MidPeriod, house.owner, ChangeBreakageMethod(PROPORTIONAL, "as advised"))


async def test_the_method_in_force_is_no_change(db: str) -> None:
    house = await harbour(db)
    refusal = await refused(BreakageMethodInForce, house.owner, ChangeBreakageMethod(AT_LAPSE, "to be sure"))

    assert (refusal.method, refusal.path) == (AT_LAPSE, ("method",))
    assert refusal.message == "The chain goes by AT_LAPSE already. Nothing has to be changed."


@pytest.mark.parametrize("rate_bp", [-1, 10_000, 10_001])
async def test_a_rate_out_of_bounds_is_refused(db: str, rate_bp: int) -> None:
    house = await harbour(db)
    refusal = await refused(InvalidInput, house.owner, EstimateBreakage(house.ten, rate_bp, "a guess"))

    assert (refusal.path, refusal.message) == (("rate",), "The rate lies between 0 and 99.99 per cent.")


async def test_reasons_are_given_and_definitions_are_the_chains_own(db: str) -> None:
    house = await harbour(db)
    assert (await refused(InvalidInput, house.owner, EstimateBreakage(house.ten, 0, " "))).path == ("reason",)
    assert (await refused(InvalidInput, house.owner, ChangeBreakageMethod(PROPORTIONAL, " "))).path == ("reason",)
    foreign = EstimateBreakage(house.ten, 2000, "a guess")
    assert (await refused(NotFound, house.other_owner, foreign)).path == ("definitionId",)
    await refused(NotFound, house.owner, EstimateBreakage("def_00000000000000000000000000", 2000, "a guess"))


async def test_only_owners_change_the_method_and_accountants_may_estimate(db: str) -> None:
    house = await harbour(db)
    for actor in (house.manager_lis, house.desk_lis, house.integrator):
        await refused(Forbidden, actor, EstimateBreakage(house.ten, 2000, "a guess"))
    for actor in (house.manager_lis, house.accountant, house.desk_lis, house.integrator):
        await refused(Forbidden, actor, ChangeBreakageMethod(PROPORTIONAL, "as advised"))
    await run_command(house.accountant, EstimateBreakage(house.ten, 2000, "last year's figures"))


async def test_a_visit_that_was_booked_releases_breakage_at_home_and_revenue_where_it_was(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house)
    start = MONDAY + timedelta(days=1)
    with on(MONDAY):
        booking = BookSession(house.physio, house.mad, house.ana, (Start(start),), package_id=package_id)
        booking_id = (await run_command(house.owner, booking)).outcome.bookings[0].booking_id
    with on(start + timedelta(hours=1)):
        done = await run_command(house.owner, CompleteBooking(booking_id))

    assert await posted(done.operation_id) == [
        (DEFERRED, house.lis, 5625),
        (BREAKAGE, house.lis, -1125),
        ("DUE_TO_BRANCH", house.lis, -4500),
        ("DUE_FROM_BRANCH", house.mad, 4500),
        (REVENUE, house.mad, -4500),
    ]
    assert await audit_ledgers(house.chain_id) == []


async def test_what_a_booking_holds_is_estimated_with_the_rest(db: str) -> None:
    house = await harbour(db)
    package_id = await the_ten(house, 0)
    with on(MONDAY):
        await used(house, package_id, sessions=4)
        await booked(house, package_id, MONDAY + timedelta(days=1))
        await estimated(house, house.ten, 2000)
        await caught_up()

    assert await expected_of(package_id) == [(2000, 22500, 22500)]
    assert await audit_ledgers(house.chain_id) == []
