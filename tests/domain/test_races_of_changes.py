"""Changes of mind at the same time as other acts: one effect each, in whichever order, and none locks another out."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.branch_transfers.accept_branch_transfer import AcceptBranchTransfer
from domain.branch_transfers.request_branch_transfer import RequestBranchTransfer
from domain.catalog.terms import Change
from domain.kernel.commands import run_command
from domain.kernel.db import rows, transaction
from domain.kernel.errors import Refusal
from domain.ledger.accounts import PaymentMethod
from domain.payments.record_payment import RecordPayment
from domain.refunds.pay_out_refund import PayOutRefund
from domain.refunds.withdraw_refund import WithdrawRefund
from tests.fixtures.chain import Harbour, customer_actor, harbour, published
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.given_back import approved, assert_sound, given_back, paid, parts, returnable, state
from tests.fixtures.handed import ANYONE, to_eva
from tests.fixtures.persons import holder, merged
from tests.fixtures.races import at_once
from tests.fixtures.topped_up import adding, credited, from_credit
from tests.fixtures.upgraded import bought, changing, larger, sessions, upgrade
from tests.fixtures.visits import booked
from tests.fixtures.waiting import eventually_so

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


async def changeable(house: Harbour, paid_minor: int = 45000) -> tuple[str, str]:
    """A package of Ana's with which anything may be done, and the definition that it may be changed for."""
    to = await larger(house)
    change = Change(upgrade_to=(to,), top_up=True, top_up_days=30)
    return await bought(house, await published(house.owner, "ANY", _ten(house, change)), paid_minor), to


def _ten(house: Harbour, change: Change) -> Any:
    return sessions(house, 10, 45000, change=change, who=ANYONE)


@pytest.mark.parametrize("which", ["pay out", "top up", "upgrade", "pay"])
async def test_who_waits_for_the_account_of_a_customer_keeps_nobody_from_the_package(
    postgres_db: str, which: str
) -> None:
    """Customers are locked before packages, always: the other way round two acts would wait for each other."""
    with on(MONDAY):
        house = await harbour(postgres_db)
        await credited(house, 1000)
        mine, to = await changeable(house, 36000)
        refund_id = (await given_back(house, mine, 3)).outcome.refund_id
        await run_command(house.owner, adding(house, mine, 2))
        acts: dict[str, Any] = {
            "pay out": PayOutRefund(refund_id, house.lis, to_credit=True),
            "top up": adding(house, mine, 3, payments=from_credit(1000)),
            "upgrade": upgrade(house, mine, to),
            "pay": RecordPayment(mine, house.lis, PaymentMethod.CUSTOMER_CREDIT, 100, "EUR"),
        }
        held, free = asyncio.Event(), asyncio.Event()
        holding = asyncio.create_task(_hold(house.ana, held, free))
        await held.wait()
        acting = asyncio.create_task(run_command(house.owner, acts[which]))
        await eventually_so(lambda: _waiting(1))
        async with transaction():
            await rows("SELECT id FROM package WHERE id = $1 FOR UPDATE NOWAIT", mine)
        free.set()
        await holding
        assert (await acting).replayed is False
    await assert_sound(house)


async def _hold(customer_id: str, held: asyncio.Event, free: asyncio.Event) -> None:
    async with transaction():
        await rows("SELECT id FROM customer WHERE id = $1 FOR NO KEY UPDATE", customer_id)
        held.set()
        await free.wait()


async def _waiting(count: int) -> bool:
    return len(await rows("SELECT 1 AS one FROM pg_locks WHERE NOT granted")) == count


async def test_a_package_is_changed_for_whoever_its_holder_is_when_they_were_merged_meanwhile(postgres_db: str) -> None:
    with on(MONDAY):
        house = await harbour(postgres_db)
        to = await larger(house)
        mine = await bought(house, await changing(house, to), customer_id=house.eva)
        held, free = asyncio.Event(), asyncio.Event()
        holding = asyncio.create_task(_hold(house.eva, held, free))
        await held.wait()
        merging = asyncio.create_task(merged(house))
        await eventually_so(lambda: _waiting(1))
        acting = asyncio.create_task(run_command(house.desk_lis, upgrade(house, mine, to)))
        await eventually_so(lambda: _waiting(2))
        free.set()
        _, _, done = await asyncio.gather(holding, merging, acting)
        assert await holder(done.outcome.into_package_id) == (house.ana, 1)
    await assert_sound(house)


async def test_of_an_approval_and_a_withdrawal_one_counts(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        definition, ana = await returnable(house), await customer_actor(house, house.ana)
        for _ in range(3):
            refund_id = (await given_back(house, await paid(house, definition), actor=ana)).outcome.refund_id
            stay = WithdrawRefund(refund_id, "I stay")
            answers = await at_once(approved(house, refund_id), run_command(ana, stay), run_command(house.owner, stay))
            assert sorted(type(each).__name__ for each in answers) == ["Done", "WrongRefundState", "WrongRefundState"]
            done = not isinstance(answers[0], BaseException)
            assert (await state(refund_id), bool(await parts(refund_id))) == ("APPROVED" if done else "WITHDRAWN", done)
    await assert_sound(house)


async def test_giving_back_handing_on_changing_adding_and_moving_home_at_once_come_one_after_the_other(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        mine, to = await changeable(house)
        visit = await booked(house, MONDAY + 2 * DAY, package_id=mine)
        asked = await run_command(house.manager_lis, RequestBranchTransfer(mine, house.mad, "she has moved"))
        answers = await at_once(
            given_back(house, mine, 3, booking_ids=(visit,)),
            given_back(house, mine, 2, actor=await customer_actor(house, house.ana)),
            run_command(house.desk_lis, upgrade(house, mine, to)),
            run_command(house.desk_lis, to_eva(house, mine, 4)),
            run_command(house.manager_mad, AcceptBranchTransfer(asked.outcome.branch_transfer_id)),
            run_command(house.desk_lis, adding(house, mine, 3)),
            run_command(house.owner, CancelBooking(visit)),
        )
        assert [each for each in answers if isinstance(each, BaseException) and not isinstance(each, Refusal)] == []
        (held,) = await rows("SELECT SUM(held) AS held FROM lot")
        (waits,) = await rows("SELECT COUNT(*) AS visits FROM booking WHERE state = 'CONFIRMED'")
        assert int(held["held"]) == waits["visits"]
    await assert_sound(house)
