"""A transfer is taken back within a day, as long as all of it is still there: exactly what left comes back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.complete_booking import CompleteBooking
from domain.catalog.terms import Price
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.packages.errors import BranchClosed
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.transfers.errors import TransferUsed, UndoTooLate, WrongTransferState
from domain.transfers.undo_transfer import TransferUndone, UndoTransfer
from tests.fixtures.booking_acts import booked
from tests.fixtures.branch_moves import closing, finished, home
from tests.fixtures.chain import Harbour, harbour, published
from tests.fixtures.desk import MONDAY, cash, on, posted, refused, sold, used
from tests.fixtures.estimates import caught_up, estimated, expected_of, expecting
from tests.fixtures.handed import assert_sound, giving, handed_on, lots, paid, ten, undone

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def undo(transfer_id: str) -> UndoTransfer:
    return UndoTransfer(transfer_id, "the wrong Eva")


async def test_everything_is_as_it_was_and_the_package_opened_stays_empty(house: Harbour) -> None:
    with on(MONDAY):
        given = replace(ten(house, bonus=1), price=Price(10000, "EUR"))
        mine = await sold(house, await published(house.owner, "ODD", given), payments=cash(10000))
        before = await lots(mine)
        done = (await handed_on(house, mine)).outcome
    with on(MONDAY + DAY):
        back = await undone(house, done.transfer_id)
        assert back.outcome == TransferUndone(
            done.transfer_id, mine, done.into_package_id, 11, (), fee_minor=0, credited_minor=0, currency="EUR"
        )
        assert await lots(mine) == before
        assert [lot[1:] for lot in await lots(done.into_package_id)] == [(0, 0, 10, 0), (0, 0, 1, 0)]
        assert await posted(back.operation_id) == [
            ("DEFERRED_REVENUE", house.lis, 10000),
            ("DEFERRED_REVENUE", house.lis, -10000),
        ]
        again = await refused(WrongTransferState, house.owner, undo(done.transfer_id))
        assert (again.state, again.since) == ("UNDONE", MONDAY + DAY)
    await assert_sound(house)


async def test_after_a_day_it_is_too_late_and_whatever_was_touched_stays(house: Harbour) -> None:
    with on(MONDAY):
        definition = await giving(house)
        mine = await paid(house, definition)
        done = [(await handed_on(house, mine, 2)).outcome for _ in range(4)]
        use = await used(house, done[0].into_package_id)
        await booked(house, MONDAY + 3 * DAY, customer_id=house.eva, package_id=done[1].into_package_id)
        await handed_on(house, done[2].into_package_id, 1, recipient_id=house.rui)
        for each in done[:3]:
            refusal = await refused(TransferUsed, house.owner, undo(each.transfer_id))
            assert (refusal.sessions, refusal.remaining) == (2, 1)
        await run_command(house.owner, ReverseRedemption(use.operation_id, Fault.CUSTOMER, "typed twice"))
        await undone(house, done[0].transfer_id)
    with on(MONDAY + DAY + timedelta(microseconds=1)):
        late = await refused(UndoTooLate, house.owner, undo(done[3].transfer_id))
        assert late.until == MONDAY + DAY
    await assert_sound(house)


async def test_it_takes_the_branch_that_handed_on_and_a_reason(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        done = (await handed_on(house, mine, 2)).outcome
        await refused(Forbidden, house.manager_mad, undo(done.transfer_id))
        await refused(InvalidInput, house.desk_lis, UndoTransfer(done.transfer_id, " "))
        for unknown in ("trf_none", done.into_package_id):
            await refused(NotFound, house.owner, undo(unknown))
        await refused(NotFound, house.other_owner, undo(done.transfer_id))


async def test_what_joined_a_lot_leaves_it_again(house: Harbour) -> None:
    with on(MONDAY):
        definition = await giving(house)
        mine, hers = await paid(house, definition), await paid(house, definition, customer_id=house.eva)
        first = (await handed_on(house, mine, 3, into_package_id=hers)).outcome
        second = (await handed_on(house, mine, 2, into_package_id=hers)).outcome
        await undone(house, first.transfer_id)
        assert await lots(hers) == [("PURCHASE", 10, 0, 0, 45000), ("TRANSFER", 2, 0, 3, 9000)]
        await undone(house, second.transfer_id)
        assert await lots(mine) == [("PURCHASE", 10, 0, 0, 45000)]
    await assert_sound(house)


async def test_bookings_go_along_and_come_back_with_what_they_hold(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        soon, later = [await booked(house, MONDAY + days * DAY, package_id=mine) for days in (2, 4)]
        done = (await handed_on(house, mine, with_bookings=True)).outcome
        assert (done.sessions, sorted(done.booking_ids)) == (10, sorted([soon, later]))
        assert await lots(mine) == [("PURCHASE", 0, 0, 10, 0)]
        assert await lots(done.into_package_id) == [("TRANSFER", 8, 2, 0, 45000)]
        assert await _packages(soon, later) == {done.into_package_id}
        await assert_sound(house)
        await run_command(house.owner, CancelBooking(soon))
        back = (await undone(house, done.transfer_id)).outcome
        assert back.booking_ids == (later,)
        assert await lots(mine) == [("PURCHASE", 9, 1, 0, 45000)]
        assert await _packages(later) == {mine}
    with on(MONDAY + 4 * DAY):
        await run_command(house.owner, CompleteBooking(later))
    await assert_sound(house)


async def test_without_them_what_bookings_hold_stays_with_the_sender(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        visit = await booked(house, MONDAY + 2 * DAY, package_id=mine)
        done = (await handed_on(house, mine)).outcome
        assert (done.sessions, await lots(mine)) == (9, [("PURCHASE", 0, 1, 9, 4500)])
        assert await _packages(visit) == {mine}
    with on(MONDAY + 3 * DAY):
        second = await paid(house, await _same(mine))
        past = await booked(house, MONDAY + 3 * DAY + timedelta(hours=1), package_id=second)
    with on(MONDAY + 3 * DAY + timedelta(hours=2)):  # the visit has begun, so it stays what it was
        done = (await handed_on(house, second, with_bookings=True)).outcome
        assert (done.sessions, done.booking_ids, await _packages(past)) == (9, (), {second})
    await assert_sound(house)


async def _same(package_id: str) -> str:
    found = await rows("SELECT definition_id FROM package WHERE id = $1", package_id)
    return str(found[0]["definition_id"])


async def _packages(*booking_ids: str) -> set[Any]:
    found = await rows("SELECT package_id FROM booking WHERE id = ANY($1)", list(booking_ids))
    return {row["package_id"] for row in found}


async def test_what_was_estimated_anew_since_is_caught_up_with_what_comes_back(house: Harbour) -> None:
    with on(MONDAY):
        definition = await giving(house)
        await expecting(house, definition, 2000)
        mine = await paid(house, definition)
        await used(house, mine, sessions=4)
        # Half of what may be used was: 4 of 8 that are expected.
        assert await expected_of(mine) == [(2000, 22500, 22500)]
        done = (await handed_on(house, mine, 3)).outcome
        assert await expected_of(mine) == [(2000, 22500, 11250)]
        await estimated(house, definition, 0)
        await caught_up()
        assert await expected_of(mine) == [(0, 19286, 14464)]
        await undone(house, done.transfer_id)
        # 10 sessions for 450.00 again, 4 of them used, of which none is expected to lapse any more.
        assert await expected_of(mine) == [(0, 18000, 27000)]
    await assert_sound(house)


async def test_nothing_goes_back_into_the_books_of_a_branch_that_has_closed(house: Harbour) -> None:
    with on(MONDAY):
        done = (await handed_on(house, await paid(house, await giving(house)))).outcome
        await finished(await closing(house, house.lis, house.mad))
        assert (await home(done.package_id))[0] == house.lis  # nothing was left that could have moved
        assert (await home(done.into_package_id))[0] == house.mad
        refusal = await refused(BranchClosed, house.owner, undo(done.transfer_id))
        assert (refusal.branch_id, refusal.closed_at) == (house.lis, MONDAY)
    await assert_sound(house)
