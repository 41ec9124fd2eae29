"""A package is given back: what leaves it, what is booked, in which parts it is owed, and what stays."""

from datetime import timedelta

import pytest

from domain.catalog.terms import Change, Price, RefundBasis, TaxPoint, TopUpPrice
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.ledger.accounts import PaymentMethod
from domain.packages.errors import PackageClosed
from domain.payments.record_payment import RecordPayment
from domain.refunds.errors import CreditNotAgreed, RefundAboveRest, RefundQuoteChanged
from tests.fixtures.branch_moves import moved
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, cash, left, on, package, posted, refused, used
from tests.fixtures.estimates import expecting
from tests.fixtures.explained import as_booked
from tests.fixtures.given_back import assert_sound, back, given_back, hash_of, imported, paid, parts, returnable
from tests.fixtures.topped_up import added, growing
from tests.fixtures.upgraded import changing, larger, upgraded
from tests.fixtures.visits import booked

pytestmark = pytest.mark.anyio

TAXED = Price(54000, "EUR", 2000, "STANDARD")
DAY = timedelta(days=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_a_refund_that_nobody_has_to_approve_is_agreed_at_once_and_closes_the_package(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await returnable(house))
        await used(house, mine, sessions=4)
        done = await given_back(house, mine)
        outcome = done.outcome
        assert (outcome.state, outcome.sessions, outcome.refund_minor, outcome.fee_minor) == ("APPROVED", 6, 27000, 0)
        assert await posted(done.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, 27000),
            ("REFUND_PAYABLE", house.lis, -27000),
        ]
        assert await parts(outcome.refund_id) == [("CASH", house.lis, 27000, False)]
        assert await left(mine) == [(0, 0)]
        found = await package(house, mine)
        assert (found.closed_as, found.closed_at, found.refunded_minor) == ("REFUNDED", MONDAY, 27000)
        again = await refused(PackageClosed, house.desk_lis, back(mine))
        assert again.closed_as == "REFUNDED"
    await assert_sound(house)


async def test_what_is_still_owed_is_cleared_first_and_a_refund_of_nothing_else_is_done_with_that(
    house: Harbour,
) -> None:
    with on(MONDAY):
        definition = await returnable(house)
        mine = await paid(house, definition, *cash(27000))
        await used(house, mine, sessions=4)
        done = await given_back(house, mine)
        assert (done.outcome.state, done.outcome.refund_minor, done.outcome.cleared_minor) == ("APPROVED", 9000, 18000)
        assert await posted(done.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, 27000),
            ("RECEIVABLE", house.lis, -18000),
            ("REFUND_PAYABLE", house.lis, -9000),
        ]
        found = await package(house, mine)
        assert (found.credited_minor, found.refunded_minor, found.paid_minor) == (18000, 9000, 27000)
        # Nothing is paid and 4 are used: 180.00 stays owed for them, and nothing is to be paid out.
        unpaid = await paid(house, definition, *cash(18000))
        await used(house, unpaid, sessions=4)
        done = await given_back(house, unpaid)
        assert (done.outcome.state, done.outcome.refund_minor, done.outcome.cleared_minor) == ("COMPLETED", 0, 27000)
        assert await parts(done.outcome.refund_id) == []
    await assert_sound(house)


async def test_several_payments_go_back_in_reverse_and_parts_bring_what_the_whole_would_have(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await returnable(house), *cash(10000))
    for days, (method, amount) in enumerate(((PaymentMethod.CARD, 15000), (PaymentMethod.ONLINE_LINK, 20000)), 1):
        with on(MONDAY + days * DAY):
            await run_command(house.owner, RecordPayment(mine, house.lis, method, amount, "EUR"))
    with on(MONDAY + 3 * DAY):
        first, second, rest = [await given_back(house, mine, sessions) for sessions in (3, 4, None)]
        assert [each.outcome.refund_minor for each in (first, second, rest)] == [13500, 18000, 13500]
        assert await parts(first.outcome.refund_id) == [("ONLINE_LINK", house.lis, 13500, False)]
        assert await parts(second.outcome.refund_id) == [
            ("ONLINE_LINK", house.lis, 6500, False),
            ("CARD", house.lis, 11500, False),
        ]
        assert await parts(rest.outcome.refund_id) == [
            ("CARD", house.lis, 3500, False),
            ("CASH", house.lis, 10000, False),
        ]
    found = await package(house, mine)
    assert (found.closed_as, found.refunded_minor) == ("REFUNDED", 45000)
    await assert_sound(house)


async def test_free_sessions_go_back_first_and_bring_nothing(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await returnable(house, bonus=2))
        done = await given_back(house, mine, 3)
        # Two free ones and one that was paid for; those carried 37.50 each, for the price is spread over all twelve.
        assert (done.outcome.sessions, done.outcome.refund_minor) == (3, 4500)
        assert await posted(done.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, 11250),
            ("REVENUE", house.lis, -6750),
            ("REFUND_PAYABLE", house.lis, -4500),
        ]
        assert await left(mine) == [(9, 33750), (0, 0)]
        assert (await package(house, mine)).closed_at is None
    await assert_sound(house)


async def test_what_is_kept_is_income_and_counts_only_once(house: Harbour) -> None:
    with on(MONDAY):
        refund = {"penalty_bp": 1000, "admin_fee_minor": 500}
        mine = await paid(house, await returnable(house, refund=refund))
        await used(house, mine, sessions=4)
        # 10 % of the remainder: 9 x 45.00 are used or kept, so of 45.00 it is 4.50, and 5.00 for the work.
        first = await given_back(house, mine, 1)
        assert (first.outcome.refund_minor, first.outcome.fee_minor) == (3550, 950)
        assert await posted(first.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, 4500),
            ("FEE_INCOME", house.lis, -950),
            ("REFUND_PAYABLE", house.lis, -3550),
        ]
        rest = await given_back(house, mine)
        assert (first.outcome.refund_minor + rest.outcome.refund_minor, rest.outcome.fee_minor) == (23800, 2250)
    await assert_sound(house)


async def test_tax_of_what_is_kept_is_owed_where_the_terms_say_so_and_every_step_is_told(house: Harbour) -> None:
    with on(MONDAY):
        refund = {"penalty_fixed_minor": 1200, "fee_taxed": True}
        mine = await paid(house, await returnable(house, price=TAXED, refund=refund), *cash(54000))
        await used(house, mine, sessions=4)
        done = await given_back(house, mine)
        assert await posted(done.operation_id) == [
            ("TAX_PAYABLE", house.lis, 5400),
            ("DEFERRED_REVENUE", house.lis, 27000),
            ("FEE_INCOME", house.lis, -1000),
            ("TAX_PAYABLE", house.lis, -200),
            ("REFUND_PAYABLE", house.lis, -31200),
        ]
        assert (await as_booked(house, mine, MONDAY)).balance.books.balanced
    await assert_sound(house)


async def test_tax_due_at_sale_comes_back_where_the_package_was_sold_also_when_it_has_moved_home(
    house: Harbour,
) -> None:
    with on(MONDAY):
        mine = await paid(house, await returnable(house, price=TAXED), *cash(54000))
        await used(house, mine, sessions=4)
        await moved(house, mine)
        await refused(Forbidden, house.desk_lis, back(mine))
        done = await given_back(house, mine, actor=house.manager_mad)
        assert await posted(done.operation_id) == [
            ("TAX_PAYABLE", house.lis, 5400),
            ("DUE_TO_BRANCH", house.lis, -5400),
            ("DUE_FROM_BRANCH", house.mad, 5400),
            ("DEFERRED_REVENUE", house.mad, 27000),
            ("REFUND_PAYABLE", house.mad, -32400),
        ]
        assert await parts(done.outcome.refund_id) == [("CASH", house.lis, 32400, False)]
    await assert_sound(house)


async def test_tax_due_with_the_use_was_never_due_for_what_comes_back(house: Harbour) -> None:
    with on(MONDAY):
        price = Price(54000, "EUR", 2000, "STANDARD", tax_point=TaxPoint.AT_REDEMPTION)
        refund = {"basis": RefundBasis.LIST_PRICE}
        mine = await paid(house, await returnable(house, price=price, refund=refund), *cash(54000))
        await used(house, mine, sessions=4)
        done = await given_back(house, mine)
        # 6 carry 324.00. The 4 used cost 200.00 at list price and not 216.00, so that less tax is due for them too.
        assert done.outcome.refund_minor == 34000
        assert await posted(done.operation_id) == [
            ("TAX_PAYABLE", house.lis, 267),
            ("DEFERRED_REVENUE", house.lis, 32400),
            ("REVENUE", house.lis, 1333),
            ("REFUND_PAYABLE", house.lis, -34000),
        ]
    await assert_sound(house)


async def test_added_sessions_go_back_by_their_own_price(house: Harbour) -> None:
    with on(MONDAY):
        change = Change(top_up=True, top_up_days=30, top_up_price=TopUpPrice.FIXED, top_up_fixed_minor=3000)
        mine = await growing(house, change, payments=cash(45000))
        await used(house, mine, sessions=4)
        await added(house, mine, 5, payments=cash(15000))
        # The five added are used last and go first, at 30.00 each; then one of those for 45.00.
        done = await given_back(house, mine, 6)
        assert (done.outcome.sessions, done.outcome.refund_minor) == (6, 19500)
        assert await posted(done.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, 19500),
            ("REFUND_PAYABLE", house.lis, -19500),
        ]
        assert await left(mine) == [(5, 22500), (0, 0)]
    await assert_sound(house)


async def test_what_was_paid_for_a_package_that_was_changed_for_this_one_goes_back_too(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        old = await paid(house, await changing(house, to))
        await used(house, old)
        new = (await upgraded(house, old, to)).outcome.into_package_id
        await refused(PackageClosed, house.owner, back(old))
    with on(MONDAY + DAY):
        await run_command(house.owner, RecordPayment(new, house.mad, PaymentMethod.CARD, 44000, "EUR"))
        done = await given_back(house, new)
        # 440.00 was paid for it, and 360.00 of the 450.00 for the other one, of which a session was used.
        assert await parts(done.outcome.refund_id) == [
            ("CARD", house.mad, 44000, False),
            ("CASH", house.lis, 36000, False),
        ]
        assert (await package(house, new)).refunded_minor == 80000
    await assert_sound(house)


async def test_what_was_expected_to_lapse_is_owed_again_before_it_is_given_back(house: Harbour) -> None:
    with on(MONDAY):
        definition = await returnable(house)
        await expecting(house, definition, 2000)
        mine = await paid(house, definition)
        await used(house, mine, sessions=4)
        assert await left(mine) == [(6, 22500)]
        # Half of what is left goes: of 315.00 that stays 4 of an expected 5.6 uses have recognised 225.00.
        half = await given_back(house, mine, 3)
        assert half.outcome.refund_minor == 13500
        assert await posted(half.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, 13500),
            ("REFUND_PAYABLE", house.lis, -13500),
        ]
        assert await left(mine) == [(3, 9000)]
        rest = await given_back(house, mine)
        assert await posted(rest.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, -4500),
            ("BREAKAGE_REVENUE", house.lis, 4500),
            ("DEFERRED_REVENUE", house.lis, 13500),
            ("REFUND_PAYABLE", house.lis, -13500),
        ]
    await assert_sound(house)


async def test_in_cooling_off_nothing_is_kept_and_free_sessions_count_like_the_others(house: Harbour) -> None:
    refund = {"penalty_bp": 2000, "cooling_off_days": 14}
    with on(MONDAY):
        mine = await paid(house, await returnable(house, bonus=2, refund=refund))
        await used(house, mine, sessions=2)
    with on(MONDAY + 14 * DAY):
        stale = await hash_of(house, mine, 1)
        cooled = await given_back(house, mine, 1, quote_hash=stale)
        assert (cooled.outcome.refund_minor, cooled.outcome.fee_minor) == (3750, 0)
        stale = await hash_of(house, mine)
    with on(MONDAY + 15 * DAY):
        changed = await refused(RefundQuoteChanged, house.desk_lis, back(mine, quote_hash=stale))
        assert (changed.quote.cooling_off, changed.quote.quote_hash) == (False, await hash_of(house, mine))
        late = await given_back(house, mine, quote_hash=changed.quote_hash)
        # By the terms 2 of 10 are used: of 360.00, 37.50 came back in cooling-off, and 20 % are kept of the rest.
        assert (late.outcome.refund_minor, late.outcome.fee_minor) == (25800, 6450)
    await assert_sound(house)


async def test_bookings_are_called_off_or_kept_by_choice_and_tell_of_the_refund(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await returnable(house))
        released, kept = [await booked(house, MONDAY + days * DAY, package_id=mine) for days in (7, 8)]
        above = await refused(RefundAboveRest, house.desk_lis, back(mine, 10, booking_ids=(released,)))
        assert (above.asked, above.refundable, above.held) == (10, 9, 1)
        await refused(NotFound, house.desk_lis, back(mine, booking_ids=("bkg_nobody",)))
        done = await given_back(house, mine, booking_ids=(released,))
        assert (done.outcome.sessions, done.outcome.refund_minor) == (9, 40500)
        assert done.outcome.booking_ids == (released,)
        found = await rows("SELECT id, state FROM booking ORDER BY starts_at")
        assert [(row["id"], row["state"]) for row in found] == [(released, "CANCELLED"), (kept, "CONFIRMED")]
        (told,) = await rows("SELECT note FROM booking_change WHERE booking_id = $1 AND kind = 'CANCELLED'", released)
        assert done.outcome.refund_id in told["note"]
        assert (await package(house, mine)).closed_at is None
    await assert_sound(house)


async def test_who_may_not_give_it_back_is_refused_and_foreign_packages_are_none(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await returnable(house))
        for actor in (house.practitioner_lis, house.manager_mad, house.accountant):
            await refused(Forbidden, actor, back(mine))
        eva = await customer_actor(house, house.eva)
        absent = await refused(NotFound, eva, back("pkg_absent"))
        for actor in (eva, house.other_owner):
            theirs = await refused(NotFound, actor, back(mine))
            assert theirs.message == absent.message.replace("pkg_absent", mine)
        for bad, path in (
            (back(mine, reason=" "), "reason"),
            (back(mine, 0), "sessions"),
            (back(mine, goodwill_minor=-1), "goodwill"),
            (back(mine, booking_ids=("bkg_1", "bkg_1")), "releaseBookingIds"),
        ):
            assert (await refused(InvalidInput, house.desk_lis, bad)).path == (path,)
        ana = await customer_actor(house, house.ana)
        for actor in (ana, house.integrator):
            for bad, path in ((back(mine, hardship="ill"), "hardship"), (back(mine, goodwill_minor=1), "goodwill")):
                assert (await refused(InvalidInput, actor, bad)).path == (path,)


async def test_what_no_payment_here_brought_in_becomes_credit_only_if_that_is_agreed(house: Harbour) -> None:
    with on(MONDAY):
        former = await imported(house)
        no = await refused(CreditNotAgreed, house.desk_lis, back(former))
        assert (no.credit.amount_minor, no.path) == (27000, ("toCredit",))
        done = await given_back(house, former, to_credit=True)
        assert await parts(done.outcome.refund_id) == [("CUSTOMER_CREDIT", house.lis, 27000, False)]
        mine = await paid(house, await returnable(house))
        done = await given_back(house, mine, 2, to_credit=True)
        assert await parts(done.outcome.refund_id) == [("CUSTOMER_CREDIT", house.lis, 9000, False)]
        assert [row["payment_id"] is None for row in await rows("SELECT payment_id FROM refund_part ORDER BY id")] == [
            True,
            False,
        ]
    await assert_sound(house)
