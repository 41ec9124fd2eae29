"""An extension gives a later last day for a reason, and brings back what lapsed exactly as it went."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.branches.change_chain_settings import ChangeChainSettings
from domain.expiry.errors import (
    BadLastDay,
    ExtensionBeyondRole,
    LastDayNotLater,
    NothingToExtend,
    ReinstatementNeedsManager,
    ReinstatementTooLate,
)
from domain.expiry.extend_package import ExtendPackage, PackageExtended
from domain.expiry.rules import LotDated
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.ledger.audit import audit_ledgers
from domain.packages.errors import PackageExpired
from domain.packages.grant_goodwill import GrantGoodwill
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.rules import Status
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, package, posted, refused, used
from tests.fixtures.races import at_once
from tests.fixtures.time_acts import (
    EXPIRES,
    FROM_FIRST_USE,
    LAPSES,
    LAST_DAY,
    TICK,
    books,
    column,
    extended,
    last_days,
    sold_monday,
    special,
    status,
    swept,
)

pytestmark = pytest.mark.anyio

SEPTEMBER = date(2026, 9, 30)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_what_is_alive_gets_a_later_day_and_nothing_moves(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(EXPIRES):
        done = await extended(house, package_id, SEPTEMBER)
        (lot,) = (await package(house, package_id)).lots
        assert await status(house, package_id) is Status.ACTIVE
    assert done.outcome == PackageExtended(
        package_id, SEPTEMBER, (LotDated(lot.id, LAST_DAY, SEPTEMBER),), reinstated=0, remaining=10
    )
    assert lot.expires_at == datetime(2026, 9, 30, 23, tzinfo=UTC)
    assert lot.lapses_at == datetime(2026, 10, 14, 23, tzinfo=UTC)
    assert await posted(done.operation_id) == []
    assert await rows("SELECT id FROM movement WHERE operation_id = $1", done.operation_id) == []
    with on(lot.lapses_at - TICK):
        await used(house, package_id)
    with on(lot.lapses_at):
        await refused(PackageExpired, house.owner, RedeemSession(house.physio, house.lis, package_id))


async def test_a_day_by_the_clock_of_the_home_branch(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten, branch_id=house.pdl)
    with on(MONDAY):
        await extended(house, package_id, SEPTEMBER)
    (lot,) = (await package(house, package_id)).lots
    assert lot.expires_at == datetime(2026, 10, 1, tzinfo=UTC)


async def test_an_extension_shortens_nothing(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        granted = await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))
        await extended(house, package_id, date(2026, 7, 1))
        assert await last_days(house, package_id) == [LAST_DAY, date(2026, 7, 1)]
        goodwill = (await package(house, package_id)).lots[1]
        assert goodwill.id == granted.outcome.lot_id
        assert goodwill.expires_at == goodwill.lapses_at == datetime(2026, 7, 1, 23, tzinfo=UTC), "still without grace"
        early = ExtendPackage(package_id, "was ill", date(2026, 7, 1))
        refusal = await refused(LastDayNotLater, house.owner, early)
    assert (refusal.last_day, refusal.last_days) == (date(2026, 7, 1), (LAST_DAY, date(2026, 7, 1)))


async def test_only_the_lots_that_are_named(house: Harbour) -> None:
    package_id = await sold_monday(house, house.bundle)
    with on(MONDAY):
        massages, facials = (await package(house, package_id)).lots
        await extended(house, package_id, SEPTEMBER, lot_ids=(facials.id,))
        assert await last_days(house, package_id) == [massages.last_day, SEPTEMBER]
        stranger = ExtendPackage(package_id, "was ill", SEPTEMBER, lot_ids=("lot_none",))
        assert (await refused(NotFound, house.owner, stranger)).path == ("lotIds",)


@pytest.mark.parametrize("sweep", [True, False])
async def test_what_lapsed_comes_back_with_its_value_whether_the_sweep_ran_or_not(house: Harbour, sweep: bool) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        await used(house, package_id, sessions=3)
    back = LAPSES + timedelta(days=20)
    with on(back):
        if sweep:
            assert await swept() == 1
        done = await extended(house, package_id, date(2026, 12, 31))
        assert (done.outcome.reinstated, done.outcome.remaining) == (7, 7)
        assert await swept() == 0
        (lot,) = (await package(house, package_id)).lots
        await used(house, package_id, sessions=7)
    assert (lot.available, lot.expired, lot.value_left_minor) == (7, 0, 31500)
    assert await books(package_id) == [
        ("LAPSE", date(2026, 9, 13), LAPSES, -31500),
        ("REINSTATEMENT", date(2026, 10, 3), back, 31500),
    ]
    assert await audit_ledgers(house.chain_id) == []


@pytest.mark.parametrize("sweeps", [1, 2])
async def test_of_a_lot_that_lapsed_in_two_parts_all_comes_back(house: Harbour, sweeps: int) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(LAPSES - TICK):
        mistake = await used(house, package_id, sessions=3)
    with on(LAPSES):
        await swept()
        await run_command(house.owner, ReverseRedemption(mistake.operation_id, Fault.CUSTOMER, "never came"))
        if sweeps == 2:
            await swept()
        done = await extended(house, package_id, SEPTEMBER)
        assert (done.outcome.reinstated, done.outcome.remaining) == (10, 10)
        (lot,) = (await package(house, package_id)).lots
    assert (lot.available, lot.value_left_minor) == (10, 45000)
    assert [amount for _, _, _, amount in await books(package_id)] == [-31500, -13500, 45000]
    assert await audit_ledgers(house.chain_id) == []


async def test_ninety_days_after_the_lapse_and_no_longer(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    until = datetime(2026, 12, 12, tzinfo=UTC)
    command = ExtendPackage(package_id, "was ill", date(2026, 12, 31))
    with on(until):
        refusal = await refused(ReinstatementTooLate, house.owner, command)
        assert (refusal.lapsed_at, refusal.until) == (LAPSES, until)
    with on(until - TICK):
        assert (await run_command(house.manager_lis, command)).outcome.reinstated == 10


async def test_what_lapsed_too_long_ago_is_passed_over_unless_it_is_named(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        granted = await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))
    with on(EXPIRES - TICK):
        done = await extended(house, package_id, SEPTEMBER)
        assert [lot.was for lot in done.outcome.lots] == [LAST_DAY]
        both = (done.outcome.lots[0].lot_id, granted.outcome.lot_id)
        named = ExtendPackage(package_id, "was ill", date(2026, 10, 1), lot_ids=both)
        await refused(ReinstatementTooLate, house.owner, named)


async def test_the_desk_adds_fourteen_days_in_all_and_reinstates_nothing(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        await run_command(house.desk_lis, ExtendPackage(package_id, "was ill", LAST_DAY + timedelta(days=10)))
        more = ExtendPackage(package_id, "was ill", LAST_DAY + timedelta(days=15))
        refusal = await refused(ExtensionBeyondRole, house.desk_lis, more)
        assert (refusal.days, refusal.most) == (5, 4)
        await run_command(house.desk_lis, ExtendPackage(package_id, "was ill", days=4))
        assert (await refused(ExtensionBeyondRole, house.desk_lis, replace(more, last_day=SEPTEMBER))).most == 0
        await run_command(house.owner, ChangeChainSettings(desk_extension_days=20))
        await run_command(house.desk_lis, ExtendPackage(package_id, "was ill", days=6))
    lapses = LAPSES + timedelta(days=20)
    with on(lapses):
        back = ExtendPackage(package_id, "was ill", date(2026, 12, 31))
        gone = await refused(ReinstatementNeedsManager, house.desk_lis, back)
        assert gone.lapsed_at == lapses
        await run_command(house.manager_lis, back)


async def test_what_a_manager_gives_leaves_the_desk_its_own_days(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        await run_command(house.manager_lis, ExtendPackage(package_id, "closed for works", days=30))
        await run_command(house.desk_lis, ExtendPackage(package_id, "was ill", days=14))
        more = ExtendPackage(package_id, "was ill", days=1)
        assert (await refused(ExtensionBeyondRole, house.desk_lis, more)).most == 0
        await run_command(house.manager_lis, more)
    assert await column(package_id, "extended_days") == 14
    assert await last_days(house, package_id) == [LAST_DAY + timedelta(days=45)]


async def test_before_the_first_use_the_last_day_to_start_moves(house: Harbour) -> None:
    package_id = await special(house, validity=FROM_FIRST_USE)
    with on(MONDAY):
        await extended(house, package_id, date(2026, 6, 30))
        assert await column(package_id, "start_by") == date(2026, 6, 30)
    with on(datetime(2026, 6, 30, 12, tzinfo=UTC)):
        await used(house, package_id)
        assert await last_days(house, package_id) == [date(2026, 7, 30)]
        await extended(house, package_id, date(2026, 8, 4))
        assert await column(package_id, "start_by") == date(2026, 7, 5)
        await used(house, package_id, visited_at=datetime(2026, 6, 29, 12, tzinfo=UTC))
        assert await last_days(house, package_id) == [date(2026, 8, 3)], "the added days stay added"


async def test_days_added_after_a_first_use_outlive_its_reversal(house: Harbour) -> None:
    package_id = await special(house, validity=FROM_FIRST_USE)
    with on(MONDAY + timedelta(days=5)):
        mistake = await used(house, package_id)
        assert await last_days(house, package_id) == [date(2026, 4, 6)]
        await extended(house, package_id, days=100)
        assert await last_days(house, package_id) == [date(2026, 7, 15)]
        await run_command(house.owner, ReverseRedemption(mistake.operation_id, Fault.BUSINESS, "other person"))
        # A hundred days after May 31, by which it would have had to start.
        assert await last_days(house, package_id) == [await column(package_id, "start_by")] == [date(2026, 9, 8)]


async def test_an_extension_of_goodwill_leaves_the_last_day_to_start(house: Harbour) -> None:
    package_id = await special(house, validity=FROM_FIRST_USE)
    with on(MONDAY):
        await used(house, package_id)
        granted = await run_command(house.owner, GrantGoodwill(package_id, 1, "sorry"))
        await extended(house, package_id, days=10, lot_ids=(granted.outcome.lot_id,))
        assert await column(package_id, "start_by") == date(2026, 5, 31)


async def test_nothing_is_left_to_extend(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(MONDAY):
        await used(house, package_id, sessions=10)
        await refused(NothingToExtend, house.owner, ExtendPackage(package_id, "was ill", SEPTEMBER))


async def test_days_of_the_past_and_beyond_the_calendar(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    with on(LAPSES - TICK):
        for day in (date(2026, 9, 11), date.min, date(2201, 1, 1), date.max):
            refusal = await refused(BadLastDay, house.owner, ExtendPackage(package_id, "was ill", day))
            assert (refusal.last_day, refusal.earliest, refusal.latest) == (
                day,
                date(2026, 9, 12),
                date(2200, 12, 31),
            )
        await extended(house, package_id, date(2026, 9, 12))
    with on(LAPSES + timedelta(days=30)):
        refusal = await refused(BadLastDay, house.owner, ExtendPackage(package_id, "was ill", days=16))
        assert refusal.last_day == date(2026, 9, 28)
        assert (await extended(house, package_id, days=17)).outcome.reinstated == 10, "in grace until tonight"


async def test_what_is_malformed_and_who_may(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    good = ExtendPackage(package_id, "was ill", SEPTEMBER)
    with on(MONDAY):
        for bad, path in (
            (replace(good, reason=" "), "reason"),
            (replace(good, days=3), "lastDay"),
            (replace(good, last_day=None), "lastDay"),
            (replace(good, last_day=None, days=0), "days"),
            (replace(good, last_day=None, days=3661), "days"),
        ):
            assert (await refused(InvalidInput, house.owner, bad)).path == (path,)
        for actor in (house.practitioner_lis, house.manager_mad, house.accountant, house.integrator):
            await refused(Forbidden, actor, good)
        await refused(NotFound, house.other_owner, good)


async def test_asked_twice_under_one_key_it_adds_days_once(house: Harbour) -> None:
    package_id = await sold_monday(house, house.ten)
    command = ExtendPackage(package_id, "was ill", days=5)
    with on(MONDAY):
        first = await run_command(house.owner, command, "extend once")
        again = await run_command(house.owner, command, "extend once")
        assert (again.outcome, again.replayed) == (first.outcome, True)
        assert await last_days(house, package_id) == [LAST_DAY + timedelta(days=5)]


async def test_an_extension_against_the_sweep_leaves_right_books(house: Harbour) -> None:
    packages = [await sold_monday(house, house.ten) for _ in range(4)]
    with on(LAPSES):
        extensions = [run_command(house.owner, ExtendPackage(one, "was ill", SEPTEMBER)) for one in packages]
        answers = await at_once(swept(), *extensions, swept())
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        assert await swept() == 0
        assert [(await package(house, one)).remaining for one in packages] == [10] * 4
    assert await audit_ledgers(house.chain_id) == []
