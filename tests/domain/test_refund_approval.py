"""Who approves a refund: another person, exactly what was quoted, once, whatever happens meanwhile."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.bookings.complete_booking import CompleteBooking
from domain.catalog.terms import TransferTo, Who
from domain.kernel.access import Actor, Scope
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import ApproverIsRequester, Forbidden, InvalidInput, NotFound
from domain.packages.errors import PackageClosed
from domain.packages.redeem_session import RedeemSession
from domain.people.create_api_key import CreateApiKey
from domain.people.store import load_api_key
from domain.refunds.approve_refund import ApproveRefund
from domain.refunds.asked import Asked
from domain.refunds.deciding_errors import RefundPending, WrongRefundState
from domain.refunds.errors import GoodwillAboveRest, RefundQuoteChanged
from domain.refunds.quoting import refund_quote
from domain.refunds.refuse_refund import RefuseRefund
from domain.refunds.withdraw_refund import WithdrawRefund
from domain.transfers.approve_transfer import ApproveTransfer
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, left, on, posted, refused, used
from tests.fixtures.given_back import approved, assert_sound, back, given_back, paid, parts, returnable, state
from tests.fixtures.handed import giving, to_eva
from tests.fixtures.races import at_once
from tests.fixtures.visits import booked

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def asked_for(house: Harbour, actor: Actor | None = None, **rest: Any) -> tuple[str, str]:
    """A package of which 4 sessions are used, and a refund of the rest that waits; the customer asks by default."""
    mine = await paid(house, await returnable(house))
    await used(house, mine, sessions=4)
    done = await given_back(house, mine, actor=actor or await customer_actor(house, house.ana), **rest)
    assert done.outcome.state == "REQUESTED"
    return mine, done.outcome.refund_id


async def test_what_a_customer_or_a_key_asks_for_waits_and_nothing_moves_before_it_is_approved(house: Harbour) -> None:
    with on(MONDAY):
        mine, refund_id = await asked_for(house)
        assert (await left(mine), await parts(refund_id)) == ([(6, 27000)], [])
        pending = await refused(RefundPending, house.desk_lis, back(mine, 1))
        assert (pending.package_id, pending.refund_id, pending.requested_at) == (mine, refund_id, MONDAY)
        approve = ApproveRefund(refund_id)
        for actor in (house.desk_lis, house.manager_mad, house.accountant, house.integrator):
            await refused(Forbidden, actor, approve)
        await refused(NotFound, house.other_owner, approve)
        done = await approved(house, refund_id)
        assert (done.outcome.state, done.outcome.refund_minor) == ("APPROVED", 27000)
        assert await posted(done.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, 27000),
            ("REFUND_PAYABLE", house.lis, -27000),
        ]
        assert await parts(refund_id) == [("CASH", house.lis, 27000, False)]
        wrong = await refused(WrongRefundState, house.owner, approve)
        assert (wrong.refund_id, wrong.state, wrong.since) == (refund_id, "APPROVED", MONDAY)
        other = await paid(house, await returnable(house, "OTHER"))
        assert (await given_back(house, other, actor=house.integrator)).outcome.state == "REQUESTED"
    await assert_sound(house)


async def test_goodwill_and_hardship_wait_for_another_person_whoever_asks(house: Harbour) -> None:
    with on(MONDAY):
        refund = {"penalty_bp": 1000}
        mine = await paid(house, await returnable(house, refund=refund))
        await used(house, mine, sessions=4)
        over = await refused(GoodwillAboveRest, house.owner, back(mine, goodwill_minor=20701))
        assert (over.rest.amount_minor, over.refund.amount_minor) == (45000, 24300)
        kind = await given_back(house, mine, actor=house.manager_lis, goodwill_minor=3000, hardship="lost her work")
        assert (kind.outcome.state, kind.outcome.refund_minor, kind.outcome.goodwill_minor) == (
            "REQUESTED",
            27000,
            3000,
        )
        own = await refused(ApproverIsRequester, house.manager_lis, ApproveRefund(kind.outcome.refund_id))
        assert own.requested_by == house.manager_lis.id
        done = await approved(house, kind.outcome.refund_id, house.owner)
        assert await posted(done.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, 27000),
            ("PRICE_CONCESSION", house.lis, 3000),
            ("REFUND_PAYABLE", house.lis, -30000),
        ]
        assert await parts(kind.outcome.refund_id) == [("CASH", house.lis, 30000, False)]
        found = await rows("SELECT waived_minor, hardship, requested_by, decided_by FROM refund")
        assert found == [
            {
                "waived_minor": 2700,
                "hardship": "lost her work",
                "requested_by": house.manager_lis.id,
                "decided_by": house.owner.id,
            }
        ]
    await assert_sound(house)


async def test_an_approval_is_of_what_was_quoted_and_a_session_used_since_voids_it(house: Harbour) -> None:
    with on(MONDAY):
        mine, refund_id = await asked_for(house)
        await used(house, mine)
        changed = await refused(RefundQuoteChanged, house.manager_lis, ApproveRefund(refund_id))
        assert (changed.quote.sessions, changed.quote.refund_minor, changed.path) == (5, 22500, ("quoteHash",))
        now = await refund_quote(house.manager_lis, Asked(mine), approving=refund_id)
        assert now.quote_hash == changed.quote_hash
        # Also what leaves every figure as it was: the package is another one by then.
        await booked(house, MONDAY + timedelta(days=7), package_id=mine)
        stale = ApproveRefund(refund_id, changed.quote_hash)
        newest = await refused(RefundQuoteChanged, house.manager_lis, stale)
        assert (newest.quote.sessions, newest.quote.refund_minor) == (4, 18000)
        done = await run_command(house.manager_lis, ApproveRefund(refund_id, newest.quote_hash, "as it is now"))
        assert (done.outcome.sessions, done.outcome.refund_minor) == (4, 18000)
        found = await rows("SELECT given_back, refund_minor, decision FROM refund")
        assert found == [{"given_back": 4, "refund_minor": 18000, "decision": "as it is now"}]
        assert await left(mine) == [(0, 4500)]
    await assert_sound(house)


async def test_a_visit_that_was_to_be_called_off_and_has_taken_place_is_left_out_of_what_is_approved(
    house: Harbour,
) -> None:
    with on(MONDAY):
        mine = await paid(house, await returnable(house))
        visits = [await booked(house, MONDAY + timedelta(days=days), package_id=mine) for days in (1, 3)]
        ana = await customer_actor(house, house.ana)
        refund_id = (await given_back(house, mine, actor=ana, booking_ids=tuple(visits))).outcome.refund_id
    with on(MONDAY + timedelta(days=2)):
        await run_command(house.owner, CompleteBooking(visits[0]))
        changed = await refused(RefundQuoteChanged, house.manager_lis, ApproveRefund(refund_id))
        assert (changed.quote.sessions, changed.quote.refund_minor) == (9, 40500)
        assert [(each.booking_id, each.released) for each in changed.quote.bookings] == [(visits[1], True)]
        await run_command(house.manager_lis, ApproveRefund(refund_id, changed.quote_hash))
        (found,) = await rows("SELECT booking_ids, refund_minor FROM refund")
        assert found == {"booking_ids": [visits[1]], "refund_minor": 40500}
    await assert_sound(house)


async def test_a_request_is_refused_or_taken_back_with_a_reason_and_then_another_one_can_be_made(
    house: Harbour,
) -> None:
    with on(MONDAY):
        mine, refund_id = await asked_for(house)
        ana, eva = await customer_actor(house, house.ana), await customer_actor(house, house.eva)
        for end in (RefuseRefund, WithdrawRefund):
            await refused(InvalidInput, house.manager_lis, end(refund_id, " "))
            await refused(Forbidden, house.manager_mad, end(refund_id, "no"))
            await refused(NotFound, house.other_owner, end(refund_id, "no"))
        await refused(Forbidden, ana, RefuseRefund(refund_id, "no"))
        await refused(NotFound, eva, WithdrawRefund(refund_id, "not mine"))
        assert (await run_command(ana, WithdrawRefund(refund_id, "I stay"))).outcome.state == "WITHDRAWN"
        again = (await given_back(house, mine, actor=ana)).outcome.refund_id
        assert (
            await run_command(house.manager_lis, RefuseRefund(again, "not in the terms"))
        ).outcome.state == "REFUSED"
        for ended in (refund_id, again):
            for then in (RefuseRefund(ended, "no"), WithdrawRefund(ended, "no"), ApproveRefund(ended)):
                await refused(WrongRefundState, house.manager_lis, then)
        assert await left(mine) == [(6, 27000)]
        done = await given_back(house, mine)
        assert (done.outcome.state, await state(again)) == ("APPROVED", "REFUSED")
        await refused(PackageClosed, ana, back(mine))
    await assert_sound(house)


async def test_two_who_approve_at_once_have_one_effect(house: Harbour) -> None:
    mine, refund_id = await asked_for(house)
    both = await at_once(approved(house, refund_id), approved(house, refund_id, house.owner))
    late = [each for each in both if isinstance(each, BaseException)]
    assert [type(each) for each in late] == [WrongRefundState]
    assert (await left(mine), await parts(refund_id)) == ([(0, 0)], [("CASH", house.lis, 27000, False)])
    await assert_sound(house)


async def test_a_session_used_while_it_is_approved_is_paid_for_or_the_approval_is_void(house: Harbour) -> None:
    mine, refund_id = await asked_for(house)
    redeem = RedeemSession(house.physio, house.lis, mine)
    answers = await at_once(approved(house, refund_id), run_command(house.desk_lis, redeem))
    failed = [each for each in answers if isinstance(each, BaseException)]
    assert len(failed) == 1
    if isinstance(failed[0], RefundQuoteChanged):
        assert (await left(mine), await state(refund_id)) == ([(5, 22500)], "REQUESTED")
    else:
        assert (await left(mine), await state(refund_id)) == ([(0, 0)], "APPROVED")
    await assert_sound(house)


async def test_two_who_ask_at_once_leave_one_request(house: Harbour) -> None:
    mine = await paid(house, await returnable(house))
    ana = await customer_actor(house, house.ana)
    both = await at_once(*(asyncio.ensure_future(given_back(house, mine, actor=ana)) for _ in range(2)))
    assert sorted(type(each).__name__ for each in both) == ["Done", "RefundPending"]


async def test_who_made_the_key_that_asked_is_not_another_person(house: Harbour) -> None:
    with on(MONDAY):
        made = (await run_command(house.owner, CreateApiKey("Till", (Scope.SELL,)))).outcome
        key = await load_api_key(house.chain_id, made.api_key_id)
        assert key is not None
        _, refund_id = await asked_for(house, key)
        asked = await refused(ApproverIsRequester, house.owner, ApproveRefund(refund_id))
        assert (asked.requested_by, asked.message) == (
            key.id,
            "You made the API key that asked for this, and who asks does not approve. Let another person approve it.",
        )
        assert await state(refund_id) == "REQUESTED"
        who = Who(transfer=TransferTo.ANYONE, partial_transfer=True, transfer_needs_approval=True)
        giving_away = await paid(house, await giving(house, who=who))
        transfer_id = (await run_command(key, to_eva(house, giving_away, 3))).outcome.transfer_id
        await refused(ApproverIsRequester, house.owner, ApproveTransfer(transfer_id))
        assert (await approved(house, refund_id)).outcome.state == "APPROVED"
        assert (await run_command(house.manager_lis, ApproveTransfer(transfer_id))).outcome.state == "DONE"
    await assert_sound(house)
