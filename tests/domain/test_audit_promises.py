"""The auditor names the bookings, accounts and freezes that are not what the ledgers and the story say."""

from datetime import timedelta

import pytest

from domain.bookings.book_session import BookSession
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.rules import Start
from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.settings import Shortfall
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.audit import Check, Finding, audit_ledgers
from domain.payments.open_dispute import OpenDispute
from domain.payments.win_dispute import WinDispute
from tests.fixtures.blocked import frozen
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.ledgers import unguard
from tests.fixtures.time_acts import booked

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
ONLINE = (Received(PaymentMethod.ONLINE_LINK, 45000),)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def one_booked(house: Harbour) -> tuple[str, str]:
    """A package of ten and a visit that holds one of them."""
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        return package_id, await booked(house, package_id, MONDAY + DAY)


async def test_a_booking_that_holds_what_it_should_is_no_finding_at_any_time(house: Harbour) -> None:
    _, booking_id = await one_booked(house)
    assert await audit_ledgers(house.chain_id) == []
    with on(MONDAY + 2 * DAY):
        await run_command(house.owner, CompleteBooking(booking_id))
    assert await audit_ledgers(house.chain_id) == []


@pytest.mark.parametrize(("change", "expected"), [("sessions = 2", 2), ("charged = 1", 0), ("state = 'NO_SHOW'", 0)])
async def test_a_booking_that_holds_too_little_or_too_much(house: Harbour, change: str, expected: int) -> None:
    _, booking_id = await one_booked(house)
    await execute(f"UPDATE booking SET {change}")
    assert await audit_ledgers(house.chain_id) == [Finding(Check.HOLDS, booking_id, "HELD", expected, 1)]


async def test_a_hold_that_belongs_to_no_booking(house: Harbour) -> None:
    _, booking_id = await one_booked(house)
    await unguard()
    await execute("UPDATE movement SET booking_id = NULL WHERE target = 'HELD'")
    (lot,) = await rows("SELECT id FROM lot")
    assert await audit_ledgers(house.chain_id) == [
        Finding(Check.HOLDS, booking_id, "HELD", 1, 0),
        Finding(Check.HOLDS, lot["id"], "HELD", 0, 1),
    ]
    assert await audit_ledgers(house.other_owner.chain_id) == []


async def test_an_account_that_was_charged_another_amount_than_is_receivable(house: Harbour) -> None:
    with on(MONDAY):
        await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.CHARGE))
        package_id = await sold(house, house.ten)
        await used(house, package_id, sessions=9)
        two = BookSession(house.physio, house.lis, house.ana, (Start(MONDAY + DAY),), package_id=package_id, sessions=2)
        booking = (await run_command(house.owner, two)).outcome.bookings[0].booking_id
    with on(MONDAY + 2 * DAY):
        await run_command(house.owner, CompleteBooking(booking))
    assert await audit_ledgers(house.chain_id) == []
    await unguard()

    await execute("UPDATE charge SET amount_minor = amount_minor + 1")

    assert await audit_ledgers(house.chain_id) == [Finding(Check.CHARGES, house.ana, "RECEIVABLE", 5001, 5000)]


async def test_a_dispute_that_the_package_does_not_bear_or_bears_alone(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
        await run_command(house.owner, OpenDispute(package_id, 100, "EUR", "stolen card"))
    assert await audit_ledgers(house.chain_id) == []

    await execute("UPDATE package SET disputed_at = NULL")
    assert await audit_ledgers(house.chain_id) == [Finding(Check.FREEZES, package_id, "disputed_at", 0, 1)]

    await execute("UPDATE package SET disputed_at = $1", MONDAY + DAY)
    assert await audit_ledgers(house.chain_id) == [Finding(Check.FREEZES, package_id, "disputed_at", 1, 0)]


async def test_a_freeze_that_is_not_the_one_which_ends_last(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
        await frozen(package_id, MONDAY + DAY, MONDAY + 5 * DAY)
        await run_command(house.owner, OpenDispute(package_id, 100, "EUR", "stolen card"))
    with on(MONDAY + 2 * DAY):
        await run_command(house.owner, WinDispute(package_id, "signed"))
    assert await audit_ledgers(house.chain_id) == []

    await execute("UPDATE package SET thaws_at = $1", MONDAY + 3 * DAY)
    assert await audit_ledgers(house.chain_id) == [Finding(Check.FREEZES, package_id, "frozen_from", 1, 2)]

    await execute("UPDATE package SET frozen_from = NULL, thaws_at = NULL")
    assert await audit_ledgers(house.chain_id) == [Finding(Check.FREEZES, package_id, "frozen_from", 0, 4)]

    await execute('DELETE FROM "freeze"')
    await execute("UPDATE package SET frozen_from = $1, thaws_at = $2", MONDAY, MONDAY + DAY)
    assert await audit_ledgers(house.chain_id) == [Finding(Check.FREEZES, package_id, "frozen_from", 1, 0)]
