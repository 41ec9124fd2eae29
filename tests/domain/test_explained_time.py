"""An explanation tells what time has done to a package: bookings, last days, freezes, disputes, lapses, renewals."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.bookings.complete_booking import CompleteBooking
from domain.bookings.mark_no_show import MarkNoShow
from domain.catalog.terms import Expiry, Item, Price, Terms, Use, Validity
from domain.kernel.commands import run_command
from domain.kernel.db import counting, rows
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.explanation import explain
from domain.packages.trace import Explanation
from domain.payments.open_dispute import OpenDispute
from domain.payments.win_dispute import WinDispute
from tests.fixtures.chain import Harbour, harbour, published
from tests.fixtures.desk import MONDAY, on, package, sold, used
from tests.fixtures.time_acts import booked, extended, frozen, swept, thawed

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
ONLINE = (Received(PaymentMethod.ONLINE_LINK, 45000),)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def last_act(package_id: str) -> datetime:
    """When something was recorded of a package for the last time."""
    found = await rows("SELECT recorded_at FROM operation WHERE package_id = $1 ORDER BY seq DESC LIMIT 1", package_id)
    recorded_at: datetime = found[0]["recorded_at"]
    return recorded_at


async def explained(house: Harbour, package_id: str, at: datetime | None = None) -> Explanation:
    with on(await last_act(package_id)):
        explanation = await explain(house.owner, package_id, at)
    assert explanation is not None
    return explanation


async def told(house: Harbour, package_id: str) -> list[tuple[str, str, int, int]]:
    """Every step but the sale as (act, label, change, available after); the last leaves the balance of the package."""
    explanation = await explained(house, package_id)
    with on(await last_act(package_id)):
        stands, view = explanation.balance, await package(house, package_id)
    for bucket in ("issued", "available", "held", "consumed", "expired", "moved"):
        assert getattr(stands, bucket) == sum(getattr(lot, bucket) for lot in view.lots)
    assert stands.value_left_minor == sum(lot.value_left_minor for lot in view.lots)
    return [(step.act, step.label, step.sessions_change, step.available_after) for step in explanation.steps][1:]


async def test_a_booking_from_its_hold_to_its_use(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        booking = await booked(house, package_id, datetime.fromisoformat("2026-05-04T09:00:00+00:00"))
    with on(MONDAY + 64 * DAY):
        await run_command(house.desk_lis, CompleteBooking(booking))
    assert await told(house, package_id) == [
        (
            "book_session",
            "1 session of Physiotherapy 45 was reserved for 2026-05-04 10:00 at Lisbon Chiado.",
            -1,
            9,
        ),
        ("complete_booking", "1 session of Physiotherapy 45 was used at Lisbon Chiado.", 0, 9),
    ]
    steps = (await explained(house, package_id)).steps
    assert [step.booking_id for step in steps] == [None, booking, booking]


@pytest.mark.parametrize(
    ("command", "hours", "label"),
    [
        (MarkNoShow, 1, "1 session of Physiotherapy 45 was used up by a no-show at Lisbon Chiado."),
        (CancelBooking, -2, "1 session of Physiotherapy 45 was used up by a late cancellation at Lisbon Chiado."),
        (CancelBooking, -48, "1 session of Physiotherapy 45 was released by the booking at Lisbon Chiado."),
    ],
)
async def test_what_was_missed_or_called_off_says_so(house: Harbour, command: Any, hours: int, label: str) -> None:
    start = MONDAY + 10 * DAY
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        booking = await booked(house, package_id, start)
    with on(start + timedelta(hours=hours)):
        await run_command(house.desk_lis, command(booking))
    assert (await told(house, package_id))[-1][1] == label


async def test_an_extension_of_what_lives_moves_only_the_day(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    with on(MONDAY + DAY):
        await extended(house, package_id, date(2026, 9, 30))
    assert await told(house, package_id) == [("extend_package", "The last day was moved to 2026-09-30.", 0, 10)]
    step = (await explained(house, package_id)).steps[-1]
    assert (step.formula, step.value_change_minor, step.lot_id) == ("2026-08-29 + 32 days = 2026-09-30", 0, None)
    assert (step.branch_id, step.effective_at) == (house.lis, MONDAY + DAY)
    assert len((await explained(house, package_id, at=MONDAY)).steps) == 1, "it was not known before"


async def test_a_reinstatement_tells_the_lapse_first_whether_the_sweep_ran_or_not(house: Harbour) -> None:
    with on(MONDAY):
        swept_one, other = [await sold(house, house.ten) for _ in range(2)]
        await used(house, swept_one, sessions=8)
        await used(house, other, sessions=8)
    with on(MONDAY + 200 * DAY):
        await extended(house, other, date(2026, 12, 31))
        assert await swept() == 1
        await extended(house, swept_one, date(2026, 12, 31))
    back = [
        ("2 sessions lapsed.", -2, 0),
        ("2 sessions were reinstated at Lisbon Chiado.", 2, 2),
        ("The last day was moved to 2026-12-31.", 0, 2),
    ]
    for package_id in (swept_one, other):
        steps = [step[1:] for step in await told(house, package_id)][1:]
        assert [(label.replace(" at Lisbon Chiado", ""), *counts) for label, *counts in steps] == [
            (label.replace(" at Lisbon Chiado", ""), *counts) for label, *counts in back
        ]


async def test_a_freeze_and_its_early_end(house: Harbour) -> None:
    terms = Terms(
        (Item((house.physio,), 10),), Price(45000, "EUR"), Validity(days=180), use=Use(freeze_days=60, freeze_times=2)
    )
    with on(MONDAY):
        package_id = await sold(house, await published(house.owner, "COLD", terms))
    with on(MONDAY + DAY):
        await frozen(house, package_id, date(2026, 3, 10), date(2026, 3, 30))
    with on(MONDAY + 15 * DAY):
        await thawed(house, package_id)
    assert await told(house, package_id) == [
        ("freeze_package", "The package was frozen from 2026-03-10 until 2026-03-30.", 0, 10),
        ("unfreeze_package", "The freeze was ended on 2026-03-17.", 0, 10),
    ]
    assert [step.formula for step in (await explained(house, package_id)).steps[1:]] == [
        "2026-08-29 + 20 days = 2026-09-18",
        "2026-09-18 - 13 days = 2026-09-05",
    ]


async def test_a_dispute_that_was_won(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
        await run_command(house.owner, OpenDispute(package_id, 45000, "EUR", "stolen card", fee_minor=1500))
    with on(MONDAY + DAY):
        await run_command(house.owner, WinDispute(package_id, "signed"))
    assert (await told(house, package_id))[1:] == [
        ("open_dispute", "A payment of 450.00 EUR was disputed.", 0, 10),
        ("win_dispute", "The dispute was won on 2026-03-03.", 0, 10),
    ]
    with on(MONDAY + DAY), counting() as counter:
        explanation = await explain(house.owner, package_id)
    assert len(counter) == 3 and explanation is not None
    steps = explanation.steps
    assert [step.formula for step in steps[2:]] == ["450.00 + 15.00 fee = 465.00", "2026-08-29 + 1 day = 2026-08-30"]


async def test_a_dispute_without_a_fee_that_was_won_on_its_day(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten, payments=ONLINE)
        await run_command(house.owner, OpenDispute(package_id, 45000, "EUR", "stolen card"))
        await run_command(house.owner, WinDispute(package_id, "signed"))
        explanation = await explain(house.owner, package_id)
    assert explanation is not None
    assert [step.formula for step in explanation.steps[2:]] == ["450.00 kept back", "no last day moves"]


async def test_a_renewal_is_told_on_both_packages(house: Harbour) -> None:
    soft = Validity(days=10, expiry=Expiry.SOFT, grace_days=14, renewal_in_grace=True)
    terms = Terms((Item((house.physio,), 5),), Price(20000, "EUR"), soft)
    with on(MONDAY):
        definition = await published(house.owner, "SOFT", terms)
        old = await sold(house, definition)
    with on(MONDAY + 12 * DAY):
        new = await sold(house, definition)
    assert await told(house, old) == [
        ("sell_package", "5 sessions were moved into the package that renews this one at Lisbon Chiado.", -5, 0)
    ]
    assert await told(house, new) == [("sell_package", "5 sessions were taken over at Lisbon Chiado.", 5, 10)]
