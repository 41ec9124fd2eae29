"""What a refusal says of top-ups, upgrades and refunds fits the case, and leads to what can be done."""

import pytest

from domain.catalog.terms import RefundBasis
from domain.kernel.errors import InvalidInput, NotFound
from domain.packages.errors import PackageClosed
from domain.packages.redeem_session import RedeemSession
from domain.payments.closing_errors import NoSaleToVoid
from domain.payments.void_sale import VoidSale
from domain.refunds.asked import Asked
from domain.refunds.deciding_errors import WrongRefundState
from domain.refunds.errors import NothingToRefund, PackageHandedOn, RefundQuoteChanged
from domain.refunds.pay_out_refund import PayOutRefund
from domain.refunds.quoting import refund_quote
from domain.topups.errors import TopUpQuoteChanged
from domain.upgrades.errors import UpgradeQuoteChanged
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, refused, sold, used
from tests.fixtures.given_back import back, given_back, paid, paid_out, returnable
from tests.fixtures.handed import ANYONE, handed_on
from tests.fixtures.topped_up import adding, growing
from tests.fixtures.upgraded import bought, changing, larger, upgrade, upgraded

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_a_package_that_was_upgraded_leads_to_the_one_it_was_closed_for(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to))
        new = (await upgraded(house, mine, to)).outcome.into_package_id
        use = RedeemSession(house.physio, house.lis, package_id=mine)
        for command in (use, back(mine), upgrade(house, mine, to), VoidSale(mine, "a mistake")):
            closed = await refused(PackageClosed, house.owner, command)
            assert (closed.closed_as, closed.upgraded_to_package_id) == ("UPGRADED", new)
            assert closed.message == (
                "The package is closed. It was closed for another package on 2026-03-02. "
                f"What was left of it is in package {new}. Take that one."
            )
        no_sale = await refused(NoSaleToVoid, house.owner, VoidSale(new, "a mistake"))
    assert no_sale.upgraded_from_package_id == mine
    assert no_sale.message == (
        "The package was opened by an upgrade, which stays as it is, and not by a sale of its own. "
        "Refund what is left of it, or change it for another one."
    )


async def test_a_refund_that_only_cleared_what_was_owed_was_not_paid_out(house: Harbour) -> None:
    definition = await returnable(house)
    with on(MONDAY):
        cleared = (await given_back(house, await sold(house, definition))).outcome
        assert (cleared.state, cleared.cleared_minor) == ("COMPLETED", 45000)
        nothing = await refused(WrongRefundState, house.owner, PayOutRefund(cleared.refund_id, house.lis))
        refund_id = (await given_back(house, await paid(house, definition))).outcome.refund_id
        await paid_out(house, refund_id)
        all_of_it = await refused(WrongRefundState, house.owner, PayOutRefund(refund_id, house.lis))
    assert nothing.message == (
        "The refund took off what was owed, with nothing to pay out, at 2026-03-02 10:00 UTC. "
        "There is nothing left to do."
    )
    assert all_of_it.message == (
        "The refund was paid out in full at 2026-03-02 10:00 UTC. Ask for a new one for what else is to go back."
    )


async def test_what_was_not_quoted_is_told_as_things_stand(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house)
        mine = await bought(house, await changing(house, to))
        changed = await refused(UpgradeQuoteChanged, house.owner, upgrade(house, mine, to, quote_hash="none"))
        refund = await refused(RefundQuoteChanged, house.owner, back(mine, 3, quote_hash="none"))
        grown = await growing(house)
        added = await refused(TopUpQuoteChanged, house.owner, adding(house, grown, 1, quote_hash="none"))
    then = "Show the new quote, and send its hash."
    assert changed.message == f"This is not what was quoted. As things stand 350.00 EUR would be due. {then}"
    assert refund.message == (
        f"This is not what was quoted. As things stand 270.00 EUR would come back for 3 sessions. {then}"
    )
    assert added.message == (
        f"This is not what was quoted. As things stand it is 1 session for 45.00 EUR, usable until {added.last_day}. "
        f"{then}"
    )


async def test_too_few_sessions_bring_nothing_and_it_says_from_how_many_on_something_comes_back(house: Harbour) -> None:
    listed = {"basis": RefundBasis.LIST_PRICE}
    with on(MONDAY):
        mine = await paid(house, await returnable(house, refund=listed))
        one = await refused(NothingToRefund, house.owner, back(mine, 1))
        assert (one.remaining, one.held, one.least_sessions) == (10, 0, 2)
        assert (await refund_quote(house.owner, Asked(mine, one.least_sessions))).refund_minor == 5000
        kept = {"penalty_fixed_minor": 20000}
        dear = await paid(house, await returnable(house, "DEAR", refund=kept))
        few = await refused(NothingToRefund, house.owner, back(dear, 4))
    assert one.message == (
        "By the terms nothing comes back for 1 session: those kept are paid for as though they were used. "
        "Give back 2 or more."
    )
    assert [(each.by, each.refund_minor) for each in one.reckoned if each.binding] == [("LIST_PRICE", 0)]
    assert [each.refund_minor for each in one.reckoned if each.by == "PAID_SESSIONS"] == [4500]
    assert (few.least_sessions, few.message[:50]) == (5, "By the terms nothing comes back for 4 sessions: th")


async def test_where_nothing_comes_back_for_all_it_says_why(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await returnable(house, refund={"admin_fee_minor": 50000}))
        none = await paid(house, await returnable(house, "NONE", refund={"basis": RefundBasis.NONE}))
        all_kept = await refused(NothingToRefund, house.owner, back(mine, 3))
        not_at_all = await refused(NothingToRefund, house.owner, back(none))
        await used(house, mine, sessions=10)
        gone = await refused(NothingToRefund, house.owner, back(mine))
    then = "Use them, or refund an amount as goodwill, for which no session has to be given back."
    assert all_kept.least_sessions is None
    assert all_kept.message == (
        "10 sessions are left, and by the terms nothing comes back for all of them: what was used and what is kept as "
        f"penalty is as much as was paid. {then}"
    )
    assert not_at_all.message == f"10 sessions are left, and by the terms nothing is refunded. {then}"
    assert (gone.remaining, gone.reckoned) == (0, ())
    assert gone.message == (
        "Nothing is left of the package that was paid for and not used. There is nothing to give back."
    )


async def test_what_was_handed_on_leads_to_the_other_package_as_far_as_one_sees_it(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await returnable(house, who=ANYONE))
        theirs = (await handed_on(house, mine)).outcome.into_package_id
        went = await refused(PackageHandedOn, house.owner, back(mine))
        came = await refused(PackageHandedOn, house.owner, back(theirs))
        ana = await refused(PackageHandedOn, await customer_actor(house, house.ana), back(mine))
    assert (went.from_package_ids, went.to_package_ids) == ((), (theirs,))
    assert went.message == (
        "All that was left of it has gone to another package, so nothing of it can be given back. "
        "Undo that first where it was a transfer."
    )
    assert (came.from_package_ids, came.to_package_ids) == ((mine,), ())
    assert came.message == (
        "Its sessions came from another package and were not paid for here, so nothing of it can be given back. "
        "Undo the transfer, and give back the package that they came from."
    )
    assert (ana.to_package_ids, ana.message) == ((), went.message)


async def test_bookings_are_named_once(house: Harbour) -> None:
    mine = await paid(house, await returnable(house))
    twice = await refused(InvalidInput, house.owner, back(mine, booking_ids=("bok_a", "bok_a")))
    assert twice.message == "releaseBookingIds names a booking twice."


def test_an_id_that_is_too_long_is_told_by_its_beginning() -> None:
    refusal = NotFound("package", "p" * 10_000, "packageId")
    assert refusal.message == f"There is no package '{'p' * 64}'… that you may see. Check the id."
    assert NotFound("package", "p" * 64).message == f"There is no package '{'p' * 64}' that you may see. Check the id."
