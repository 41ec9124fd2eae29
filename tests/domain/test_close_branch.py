"""A branch closes at once, and its bookings and packages follow: each once, whoever carries it on and from where."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest

from domain.branch_transfers import reading
from domain.branch_transfers.carry_on import carry_on
from domain.branch_transfers.close_branch import CloseBranch, Exempt
from domain.branch_transfers.closing_store import Failure, Open
from domain.branch_transfers.errors import BranchTransferEnded, ClosingGoesOn
from domain.branch_transfers.rehome_package import Rehomed, rehome_package
from domain.branch_transfers.withdraw_branch_transfer import WithdrawBranchTransfer
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.commands import run_command
from domain.kernel.db import counting, rows, transaction
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.sweeps import Sweep
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.errors import BranchClosed
from domain.packages.explanation import explain
from domain.packages.sold import Sold
from domain.payments.open_dispute import OpenDispute
from domain.payments.win_dispute import WinDispute
from tests.fixtures.booking_acts import booked
from tests.fixtures.branch_moves import assert_sound, closing, deferred, finished, home, requested, states
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused, sold, used
from tests.fixtures.handed import giving, paid, to_eva
from tests.fixtures.waiting import eventually_so

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
ONLINE = (Received(PaymentMethod.ONLINE_LINK, 45000),)


async def progress(house: Harbour, closing_id: str) -> tuple[int, int, int, int, bool]:
    """Packages, moved ones, failed ones, bookings called off, and whether it is finished."""
    found = (await reading.closings_by_ids(house.owner, [closing_id]))[closing_id]
    return found.packages, found.moved, found.failed, found.bookings, found.finished_at is not None


async def test_its_packages_go_where_the_plan_says(db: str) -> None:
    house = await harbour(db)
    tens = [await sold(house, house.ten) for _ in range(4)]
    bundle = await sold(house, house.bundle)
    elsewhere = await sold(house, house.ten, branch_id=house.pdl)
    await used(house, tens[0], sessions=10)  # used up but not paid
    paid = (Received(PaymentMethod.CASH, 45000),)
    done = await sold(house, house.ten, payments=paid)
    await used(house, done, sessions=10)

    closing_id = await closing(house, house.lis, house.mad, Exempt(house.bundle, house.pdl))
    assert await progress(house, closing_id) == (5, 0, 0, 0, False)
    await finished(closing_id)

    assert await progress(house, closing_id) == (5, 5, 0, 0, True)
    assert {(await home(each))[0] for each in tens} == {house.mad}
    assert [(await home(each))[0] for each in (bundle, elsewhere, done)] == [house.pdl, house.pdl, house.lis]
    assert await deferred(house) == {house.mad: 135000, house.pdl: 31990 + 45000}
    told = await explain(house.owner, bundle)
    assert told is not None
    assert (told.steps[-1].label, told.steps[-1].formula) == (
        "Lisbon Chiado closed, and the package moved to Ponta Delgada.",
        "6 sessions, 319.90 deferred; 319.90 unpaid",
    )
    versions = await rows("SELECT package_id, package_version FROM operation WHERE act = 'rehome_package'")
    assert sorted(row["package_id"] for row in versions) == sorted([*tens, bundle])
    assert len({row["package_version"] for row in versions if row["package_id"] == bundle}) == 1
    await assert_sound(house, *tens, bundle, elsewhere, done)


async def test_nothing_happens_there_any_more(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        visit_id = await booked(house, MONDAY + 2 * DAY, package_id=package_id)
        elsewhere = await sold(house, house.ten, branch_id=house.mad)
        other_visit = await booked(house, MONDAY + 3 * DAY, package_id=elsewhere)
        at_madrid = await booked(house, MONDAY + 4 * DAY, package_id=package_id, branch_id=house.mad)
        incoming = await requested(house, elsewhere, house.lis, house.manager_mad)
        outgoing = await requested(house, package_id, house.pdl)
        closing_id = await closing(house, house.lis, house.mad)
        with pytest.raises(BranchClosed):
            await sold(house, house.ten)
        with pytest.raises(BranchClosed):
            await used(house, package_id)
        with pytest.raises(BranchClosed):
            await booked(house, MONDAY + 5 * DAY, package_id=package_id)
        await finished(closing_id)
        assert await progress(house, closing_id) == (1, 1, 0, 2, True)
        found = await rows("SELECT id, state FROM booking")
        assert {row["id"]: row["state"] for row in found} == {
            visit_id: "CANCELLED_BY_BUSINESS",
            other_visit: "CANCELLED_BY_BUSINESS",
            at_madrid: "CONFIRMED",
        }
        assert [await states(each) for each in (package_id, elsewhere)] == [["WITHDRAWN", "ACCEPTED"], ["REFUSED"]]
        for transfer_id, actor in ((outgoing, house.owner), (incoming, house.owner)):
            await refused(BranchTransferEnded, actor, WithdrawBranchTransfer(transfer_id, "no"))
        lots = await rows("SELECT available, held FROM lot WHERE package_id = $1", package_id)
        assert lots == [{"available": 9, "held": 1}]
        await assert_sound(house, package_id, elsewhere)


async def test_a_sale_that_is_under_way_is_among_what_moves(postgres_db: str) -> None:
    with on(MONDAY):
        house = await harbour(postgres_db)
        package_id, closing_id = await _closed_during(house, "customer", house.ana, sold(house, house.ten))
        await finished(closing_id)
        assert await progress(house, closing_id) == (1, 1, 0, 0, True)
        assert await home(package_id) == (house.mad, MONDAY)


async def test_what_is_being_handed_on_elsewhere_is_among_what_moves(postgres_db: str) -> None:
    with on(MONDAY):
        house = await harbour(postgres_db)
        mine = await paid(house, await giving(house))
        visit_id = await booked(house, MONDAY + 2 * DAY, package_id=mine, branch_id=house.mad)
        handing = to_eva(house, mine, with_bookings=True, branch_id=house.mad)
        done, closing_id = await _closed_during(house, "booking", visit_id, run_command(house.owner, handing))
        await finished(closing_id)
        assert await home(done.outcome.into_package_id) == (house.mad, MONDAY)


async def _closed_during(house: Harbour, table: str, row_id: str, act: Coroutine[Any, Any, Any]) -> tuple[Any, str]:
    """What an act answers that waits for a row, and the closing of Lisbon that is ordered meanwhile."""
    held, free = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with transaction():
            await rows(f"SELECT id FROM {table} WHERE id = $1 FOR UPDATE", row_id)
            held.set()
            await free.wait()

    holding = asyncio.create_task(hold())
    await held.wait()
    waiting = asyncio.create_task(act)
    await eventually_so(lambda: _waiting(1))
    shutting = asyncio.create_task(closing(house, house.lis, house.mad))
    await eventually_so(lambda: _waiting(2))
    free.set()
    _, answer, closing_id = await asyncio.gather(holding, waiting, shutting)
    return answer, closing_id


async def _waiting(count: int) -> bool:
    return len(await rows("SELECT 1 AS one FROM pg_locks WHERE NOT granted")) == count


async def test_what_is_disputed_stays_and_is_listed_and_goes_with_the_next_closing(db: str) -> None:
    house = await harbour(db)
    disputed, free = await sold(house, house.ten, payments=ONLINE), await sold(house, house.ten)
    await run_command(house.owner, OpenDispute(disputed, 45000, "EUR", "fraud"))
    first = await closing(house, house.lis, house.mad)
    assert (await refused(ClosingGoesOn, house.owner, CloseBranch(house.lis, house.mad, "x"))).branch_id == house.lis
    await finished(first)
    assert await progress(house, first) == (2, 1, 1, 0, True)
    assert (await reading.failures([first], 9))[first] == [
        Failure(disputed, "PACKAGE_DISPUTED", "A payment for the package is disputed. Settle the dispute first.")
    ]
    assert (await home(free))[0] == house.mad
    await run_command(house.owner, WinDispute(disputed, "proven"))
    second = await closing(house, house.lis, house.pdl)
    await finished(second)
    assert await progress(house, second) == (1, 1, 0, 0, True)
    assert (await home(disputed))[0] == house.pdl
    await refused(BranchClosed, house.owner, CloseBranch(house.lis, house.pdl, "again"))
    await assert_sound(house, disputed, free)


async def test_what_cannot_be_planned_is_refused(db: str) -> None:
    house = await harbour(db)

    def close(to: str, *exceptions: Exempt) -> CloseBranch:
        return CloseBranch(house.lis, to, "the lease ended", exceptions)

    for actor in (house.manager_lis, house.accountant, house.integrator):
        await refused(Forbidden, actor, close(house.mad))
    itself = await refused(InvalidInput, house.owner, close(house.lis, Exempt(house.ten, house.lis)))
    assert [problem.path for problem in itself.problems] == [
        ("packagesTo", "branchId"),
        ("packagesTo", "exceptions", "0", "branchId"),
    ]
    await refused(InvalidInput, house.owner, close(house.mad, *[Exempt(house.ten, house.pdl)] * 2))
    assert (await refused(NotFound, house.owner, close(house.other_branch))).path == ("packagesTo", "branchId")
    stranger = await refused(NotFound, house.owner, close(house.mad, Exempt("def_nothing", house.pdl)))
    assert stranger.path == ("packagesTo", "exceptions", "0", "definitionId")
    await refused(NotFound, house.other_owner, close(house.mad))
    await finished(await closing(house, house.pdl, house.mad))
    await refused(BranchClosed, house.owner, close(house.pdl))
    empty = await refused(BranchClosed, house.owner, CloseBranch(house.pdl, house.mad, "nothing is left there"))
    assert empty.message.endswith("and no package is left to move. All is done.")


async def test_what_has_lapsed_by_the_clock_stays_where_it_lapsed(db: str) -> None:
    house = await harbour(db)
    paid = (Received(PaymentMethod.CASH, 18000),)
    with on(MONDAY):
        gone = await sold(house, house.buy_3_free_1, payments=paid)
        alive = await sold(house, house.ten)
    with on(MONDAY + 150 * DAY):
        closing_id = await closing(house, house.lis, house.mad)
        await finished(closing_id)
        assert await progress(house, closing_id) == (1, 1, 0, 0, True)
        await lapse_packages()
    assert await deferred(house) == {house.mad: 45000}
    assert [(await home(each))[0] for each in (gone, alive)] == [house.lis, house.mad]
    await assert_sound(house, gone, alive)


async def test_a_package_with_which_carnet_fails_keeps_no_other_waiting(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await harbour(db)
    ids = [await sold(house, house.ten) for _ in range(7)]

    def breaking(sweep: Sweep, closing: Open, sold: Sold, *rest: Any) -> Rehomed:
        assert sold.id != ids[4], "broken"
        return rehome_package(sweep, closing, sold, *rest)

    breaking.__name__ = rehome_package.__name__
    monkeypatch.setattr("domain.branch_transfers.carry_on.rehome_package", breaking)
    closing_id = await closing(house, house.lis, house.mad)
    await finished(closing_id, at_most=5)
    assert await progress(house, closing_id) == (7, 6, 1, 0, True)
    [failure] = (await reading.failures([closing_id], 9))[closing_id]
    assert (failure.package_id, failure.code) == (ids[4], "INTERNAL")
    await assert_sound(house, *ids)


async def test_many_packages_take_as_many_statements_as_few(db: str) -> None:
    house = await harbour(db)

    async def statements(branch_id: str, packages: int) -> int:
        for _ in range(packages):
            await sold(house, house.ten, branch_id=branch_id)
        closing_id = await closing(house, branch_id, house.lis)
        with counting() as counter:
            assert await carry_on(closing_id, 100) == packages
        return len(counter)

    few = await statements(house.pdl, 5)
    assert await statements(house.mad, 30) <= few + 2
