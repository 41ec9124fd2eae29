"""Whatever ended a booking and used its sessions can be reversed like a redemption; what gave them back cannot."""

from datetime import timedelta
from typing import Any

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.mark_no_show import MarkNoShow
from domain.kernel.commands import run_command
from domain.kernel.errors import NotFound
from domain.ledger.audit import audit_ledgers
from domain.packages.errors import AlreadyReversed
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, left, on, posted, refused, sold
from tests.fixtures.time_acts import booked

pytestmark = pytest.mark.anyio

VISIT = MONDAY + timedelta(days=10)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def back(operation_id: str) -> ReverseRedemption:
    return ReverseRedemption(operation_id, Fault.BUSINESS, "by mistake")


@pytest.mark.parametrize(("command", "hours"), [(CompleteBooking, 1), (MarkNoShow, 1), (CancelBooking, -2)])
async def test_used_sessions_come_back_with_their_value(house: Harbour, command: Any, hours: int) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        booking = await booked(house, package_id, VISIT)
    with on(VISIT + timedelta(hours=hours)):
        ended = await run_command(house.desk_lis, command(booking))
        assert await left(package_id) == [(9, 40500)]
        reversal = await run_command(house.desk_lis, back(ended.operation_id))
        assert (
            await refused(AlreadyReversed, house.owner, back(ended.operation_id))
        ).reversal_id == reversal.operation_id
    assert (reversal.outcome.sessions, reversal.outcome.remaining) == (1, 10)
    assert await left(package_id) == [(10, 45000)]
    assert await posted(reversal.operation_id) == [("DEFERRED_REVENUE", house.lis, -4500), ("REVENUE", house.lis, 4500)]
    assert await audit_ledgers(house.chain_id) == []


async def test_what_went_back_is_no_redemption(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        booking = await booked(house, package_id, VISIT)
        cancelled = await run_command(house.desk_lis, CancelBooking(booking))
        assert (await refused(NotFound, house.owner, back(cancelled.operation_id))).noun == "redemption"
