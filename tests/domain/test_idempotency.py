"""One effect for each idempotency key, however often and however concurrently it is sent."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import IdempotencyMismatch, InvalidInput, NotFound
from domain.ledger.accounts import PaymentMethod
from domain.packages.errors import NotEnoughSessions
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.sell_package import SellPackage
from domain.payments.record_payment import RecordPayment
from tests.fixtures.booking_acts import booked
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, cash, left, on, refused, sold
from tests.fixtures.persons import merged, parted
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

KEY = "8a7c-0001"


@pytest.fixture
async def house(db: str) -> Harbour:
    return await harbour(db)


async def test_the_same_redemption_a_hundred_times_at_once(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    use = RedeemSession(house.physio, house.lis, package_id, sessions=10)

    done = await asyncio.gather(*(run_command(house.desk_lis, use, KEY) for _ in range(100)))

    assert await left(package_id) == [(0, 0)]
    assert len({one.operation_id for one in done}) == 1
    assert all(one.outcome == done[0].outcome for one in done)
    assert sorted(one.replayed for one in done) == [False] + [True] * 99


async def test_the_same_sale_a_hundred_times_at_once(house: Harbour) -> None:
    sale = SellPackage(house.ten, house.ana, house.lis, cash(45000), reference="H-1")
    done = await asyncio.gather(*(run_command(house.desk_lis, sale, KEY) for _ in range(100)))
    assert await rows("SELECT id, paid_minor FROM package") == [{"id": done[0].outcome.package_id, "paid_minor": 45000}]
    assert sorted(one.replayed for one in done) == [False] + [True] * 99


async def test_a_replay_tells_what_was_true_then(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    use = RedeemSession(house.physio, house.lis, package_id)
    first = await run_command(house.desk_lis, use, KEY)
    await run_command(house.desk_lis, use)
    async with unchanged():
        again = await run_command(house.desk_lis, use, KEY)
    assert again == replace(first, replayed=True)
    assert again.outcome.remaining == 9


async def test_another_input_under_the_same_key(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    await run_command(house.desk_lis, RedeemSession(house.physio, house.lis, package_id), KEY)
    for other in (
        RedeemSession(house.physio, house.lis, package_id, sessions=2),
        RedeemSession(house.physio, house.lis, package_id, sessions=50),  # would be refused by itself
    ):
        async with unchanged():
            with pytest.raises(IdempotencyMismatch, match=KEY):
                await run_command(house.desk_lis, other, KEY)


async def test_a_refused_act_is_judged_afresh(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    use = RedeemSession(house.physio, house.lis, package_id, sessions=11)
    await refused(NotEnoughSessions, house.desk_lis, use, KEY)
    await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))
    assert (await run_command(house.desk_lis, use, KEY)).replayed is False


async def test_the_key_of_another_principal_or_act_is_another_key(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    use = RedeemSession(house.physio, house.lis, package_id)
    pay = RecordPayment(package_id, house.lis, PaymentMethod.CASH, 100, "EUR")
    asked = ((house.desk_lis, use), (house.owner, use), (house.owner, pay))
    done = [await run_command(actor, command, KEY) for actor, command in asked]
    assert [one.replayed for one in done] == [False] * 3
    assert await left(package_id) == [(8, 36000)]


async def test_without_a_key_each_act_is_another(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    for _ in range(2):
        await run_command(house.desk_lis, RedeemSession(house.physio, house.lis, package_id))
    assert await left(package_id) == [(8, 36000)]


@pytest.mark.parametrize("key", ["", "1234567", "x" * 256, "12345678\n", "1234\x005678", "1234567\u200b"])
async def test_keys_that_are_none(house: Harbour, key: str) -> None:
    sale = SellPackage(house.ten, house.ana, house.lis)
    assert (await refused(InvalidInput, house.desk_lis, sale, key)).path == ("idempotencyKey",)


@pytest.mark.parametrize("key", ["12345678", "x" * 255, "Ключ № 12"])
async def test_keys_of_eight_to_255_printable_characters(house: Harbour, key: str) -> None:
    sale = SellPackage(house.ten, house.ana, house.lis)
    assert [(await run_command(house.desk_lis, sale, key)).replayed for _ in range(2)] == [False, True]


async def test_a_customer_who_was_merged_asks_again_under_the_key_of_before(house: Harbour) -> None:
    with on(MONDAY):
        await sold(house, house.ten, customer_id=house.eva)
        cancel = CancelBooking(await booked(house, MONDAY + timedelta(days=3), customer_id=house.eva))
        first = await run_command(await customer_actor(house, house.eva), cancel, KEY)
        one = await merged(house, keep_id=house.rui)
        two = await merged(house, merge_id=house.rui)
        for token in (house.eva, house.ana):
            who = await customer_actor(house, token)
            async with unchanged():
                assert await run_command(who, cancel, KEY) == replace(first, replayed=True)
                with pytest.raises(IdempotencyMismatch, match=KEY):
                    await run_command(who, replace(cancel, reason="ill"), KEY)
        await parted(house, two.merge_id)
        await parted(house, one.merge_id)
        async with unchanged():
            with pytest.raises(NotFound):
                await run_command(await customer_actor(house, house.ana), cancel, KEY)
        assert (await run_command(await customer_actor(house, house.eva), cancel, KEY)).replayed
