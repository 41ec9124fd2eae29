"""A package moves to another home branch when two managers agree: its value and what is unpaid with it, and no more."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.branch_transfers.accept_branch_transfer import AcceptBranchTransfer, PackageMoved
from domain.branch_transfers.close_branch import CloseBranch
from domain.branch_transfers.errors import (
    AlreadyAtHome,
    BranchTransferEnded,
    BranchTransferPending,
    NothingToMove,
)
from domain.branch_transfers.lapse_branch_transfer import LapseBranchTransfer
from domain.branch_transfers.lapse_branch_transfers import lapse_branch_transfers
from domain.branch_transfers.refuse_branch_transfer import RefuseBranchTransfer
from domain.branch_transfers.request_branch_transfer import RequestBranchTransfer
from domain.branch_transfers.withdraw_branch_transfer import WithdrawBranchTransfer
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.access import system
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import ApproverIsRequester, Forbidden, InvalidInput, NotFound
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.errors import BranchClosed, PackageClosed, PackageDisputed
from domain.payments.open_dispute import OpenDispute
from domain.payments.record_payment import RecordPayment
from domain.payments.void_sale import VoidSale
from tests.fixtures.booking_acts import booked
from tests.fixtures.branch_moves import assert_sound, deferred, home, moved, receivable, requested, states
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, left, on, posted, refused, sold, used
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio

FORTNIGHT = timedelta(days=14)


async def test_the_value_and_what_is_unpaid_go_along_and_nothing_else_changes(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    await run_command(house.owner, RecordPayment(package_id, house.lis, PaymentMethod.CASH, 10000, "EUR"))
    for _ in range(3):
        await used(house, package_id)
    lots = await rows("SELECT * FROM lot WHERE package_id = $1", package_id)

    done = await moved(house, package_id)

    assert done.outcome == PackageMoved(
        package_id=package_id,
        branch_transfer_id=done.outcome.branch_transfer_id,
        from_branch_id=house.lis,
        from_branch="Lisbon Chiado",
        to_branch_id=house.mad,
        to_branch="Madrid Salamanca",
        sessions=7,
        value_minor=31500,
        unpaid_minor=35000,
        currency="EUR",
    )
    assert sorted(await posted(done.operation_id)) == [
        ("DEFERRED_REVENUE", house.lis, 31500),
        ("DEFERRED_REVENUE", house.mad, -31500),
        ("DUE_FROM_BRANCH", house.mad, -3500),
        ("DUE_TO_BRANCH", house.lis, 3500),
        ("RECEIVABLE", house.lis, -35000),
        ("RECEIVABLE", house.mad, 35000),
    ]
    assert await rows("SELECT * FROM lot WHERE package_id = $1", package_id) == lots
    assert (await home(package_id))[0] == house.mad
    assert await states(package_id) == ["ACCEPTED"]
    await assert_sound(house, package_id)


async def test_held_sessions_stay_held_and_are_owed_by_the_new_home(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        await booked(house, MONDAY + timedelta(days=1), package_id=package_id)
        await moved(house, package_id)
    assert await deferred(house, package_id) == {house.mad: 45000}
    assert await rows("SELECT available, held FROM lot WHERE package_id = $1", package_id) == [
        {"available": 9, "held": 1}
    ]
    await assert_sound(house, package_id)


@pytest.mark.parametrize("swept", [True, False])
async def test_what_has_lapsed_lapses_at_the_old_home_whether_or_not_the_sweep_ran(db: str, swept: bool) -> None:
    house = await harbour(db)
    with on(MONDAY):
        package_id = await sold(house, house.buy_3_free_1)
        await booked(house, MONDAY + timedelta(days=100), package_id=package_id, service_id=house.massage)
    with on(MONDAY + timedelta(days=140)):  # 120 days and 7 of grace are over
        if swept:
            await lapse_packages()
        await moved(house, package_id)
    assert await deferred(house, package_id) == {house.mad: 4500}
    found = await rows(
        """SELECT e.event, e.posted_on, l.branch_id, l.credit_minor FROM journal_line l
        JOIN journal_entry e ON e.id = l.entry_id WHERE l.account = 'BREAKAGE_REVENUE' AND l.package_id = $1""",
        package_id,
    )
    assert found == [{"event": "LAPSE", "posted_on": date(2026, 7, 8), "branch_id": house.lis, "credit_minor": 13500}]
    assert await left(package_id) == [(0, 4500), (0, 0)]
    await assert_sound(house, package_id)


async def test_it_is_posted_on_the_day_of_the_receiving_branch(db: str) -> None:
    house = await harbour(db)
    with on(datetime(2026, 3, 2, 23, 30, tzinfo=UTC)):  # the third of March in Madrid already
        package_id = await sold(house, house.ten)
        await moved(house, package_id)
    assert await deferred(house, package_id, date(2026, 3, 2)) == {house.lis: 45000}
    assert await deferred(house, package_id, date(2026, 3, 3)) == {house.mad: 45000}


async def test_there_and_back_again(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    await moved(house, package_id)
    await used(house, package_id, branch_id=house.mad)
    await moved(house, package_id, house.lis, by=house.manager_lis, asked=house.manager_mad)
    assert await deferred(house, package_id) == {house.lis: 40500}
    assert await states(package_id) == ["ACCEPTED", "ACCEPTED"]
    await assert_sound(house, package_id)


async def test_who_asks_does_not_accept_and_only_managers_of_the_right_branch_decide(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    asking = RequestBranchTransfer(package_id, house.mad, "moved")
    for actor in (house.manager_mad, house.desk_lis, house.integrator, house.accountant):
        await refused(Forbidden, actor, asking)
    transfer_id = await requested(house, package_id, actor=house.owner)
    refusal = await refused(ApproverIsRequester, house.owner, AcceptBranchTransfer(transfer_id))
    assert refusal.requested_by == house.owner.id
    await refused(Forbidden, house.manager_lis, AcceptBranchTransfer(transfer_id))
    await refused(Forbidden, house.manager_lis, RefuseBranchTransfer(transfer_id, "no"))
    await refused(Forbidden, house.manager_mad, WithdrawBranchTransfer(transfer_id, "no"))
    await refused(NotFound, house.other_owner, AcceptBranchTransfer(transfer_id))
    assert (await run_command(house.manager_mad, AcceptBranchTransfer(transfer_id))).outcome.sessions == 10


async def test_it_is_decided_once(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    accepted = (await moved(house, package_id)).outcome.branch_transfer_id
    for command in (AcceptBranchTransfer(accepted), RefuseBranchTransfer(accepted, "no")):
        assert (await refused(BranchTransferEnded, house.manager_mad, command)).state == "ACCEPTED"
    assert (
        await refused(BranchTransferEnded, house.manager_lis, WithdrawBranchTransfer(accepted, "no"))
    ).state == "ACCEPTED"

    other_id = await sold(house, house.ten)
    withdrawn = await requested(house, other_id)
    pending = await refused(
        BranchTransferPending, house.manager_lis, RequestBranchTransfer(other_id, house.pdl, "moved")
    )
    assert (pending.branch_transfer_id, pending.package_id) == (withdrawn, other_id)
    await refused(InvalidInput, house.manager_lis, WithdrawBranchTransfer(withdrawn, " "))
    await run_command(house.manager_lis, WithdrawBranchTransfer(withdrawn, "stays after all"))
    await refused(BranchTransferEnded, house.manager_mad, AcceptBranchTransfer(withdrawn))
    declined = await requested(house, other_id)
    await run_command(house.manager_mad, RefuseBranchTransfer(declined, "no room"))
    assert (await refused(BranchTransferEnded, house.manager_mad, AcceptBranchTransfer(declined))).state == "REFUSED"
    assert await states(other_id) == ["WITHDRAWN", "REFUSED"]
    assert await deferred(house, other_id) == {house.lis: 45000}


@pytest.mark.parametrize("swept", [True, False])
async def test_it_lapses_after_a_fortnight_by_the_clock(db: str, swept: bool) -> None:
    house = await harbour(db)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        transfer_id = await requested(house, package_id)
        await refused(BranchTransferEnded, system(house.chain_id), LapseBranchTransfer(transfer_id))
        assert await lapse_branch_transfers() == 0
    with on(MONDAY + FORTNIGHT):
        if swept:
            assert [await lapse_branch_transfers() for _ in range(2)] == [1, 0]
        refusal = await refused(BranchTransferEnded, house.manager_mad, AcceptBranchTransfer(transfer_id))
        assert (refusal.state, refusal.ended_at) == ("LAPSED", MONDAY + FORTNIGHT)
        await requested(house, package_id)
    assert await states(package_id) == ["LAPSED", "REQUESTED"]
    (found,) = await rows(
        """SELECT b.decided_at, o.act, o.principal, o.effective_at, o.package_version FROM branch_transfer b
        JOIN operation o ON o.id = b.operation_id WHERE b.id = $1""",
        transfer_id,
    )
    assert (found["decided_at"], found["effective_at"]) == (MONDAY + FORTNIGHT, MONDAY + FORTNIGHT)
    assert (found["act"], found["principal"], found["package_version"]) == ("lapse_branch_transfer", "SYSTEM", 3)


async def test_it_can_be_accepted_until_then(db: str) -> None:
    house = await harbour(db)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        transfer_id = await requested(house, package_id)
    with on(MONDAY + FORTNIGHT - timedelta(seconds=1)):
        await run_command(house.manager_mad, AcceptBranchTransfer(transfer_id))
    assert (await home(package_id))[0] == house.mad


async def test_where_a_package_cannot_go(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)

    def to(branch_id: str) -> RequestBranchTransfer:
        return RequestBranchTransfer(package_id, branch_id, "moved")

    assert (await refused(AlreadyAtHome, house.manager_lis, to(house.lis))).path == ("toBranchId",)
    for stranger in (house.other_branch, "brn_nowhere"):
        assert (await refused(NotFound, house.manager_lis, to(stranger))).path == ("toBranchId",)
    await refused(NotFound, house.other_owner, to(house.other_branch))
    transfer_id = await requested(house, package_id)
    await run_command(house.owner, CloseBranch(house.mad, house.lis, "the lease ended"))
    assert await states(package_id) == ["REFUSED"]
    await refused(BranchTransferEnded, house.manager_mad, AcceptBranchTransfer(transfer_id))
    assert (await refused(BranchClosed, house.manager_lis, to(house.mad))).branch_id == house.mad


async def test_which_packages_cannot_go(db: str) -> None:
    house = await harbour(db)
    online = (Received(PaymentMethod.ONLINE_LINK, 9900),)

    def asked(package_id: str) -> RequestBranchTransfer:
        return RequestBranchTransfer(package_id, house.mad, "moved")

    void_id = await sold(house, house.ten)
    await run_command(house.owner, VoidSale(void_id, "typed twice"))
    await refused(PackageClosed, house.manager_lis, asked(void_id))
    disputed_id = await sold(house, house.trial, payments=online)
    transfer_id = await requested(house, disputed_id)
    await run_command(house.owner, OpenDispute(disputed_id, 9900, "EUR", "fraud"))
    await refused(PackageDisputed, house.manager_mad, AcceptBranchTransfer(transfer_id))
    used_up = await sold(house, house.buy_3_free_1, payments=(Received(PaymentMethod.CASH, 18000),))
    await used(house, used_up, service_id=house.massage, sessions=4)
    await refused(NothingToMove, house.manager_lis, asked(used_up))
    unpaid = await sold(house, house.buy_3_free_1)
    await used(house, unpaid, service_id=house.massage, sessions=4)
    assert (await moved(house, unpaid)).outcome.value_minor == 0
    assert await receivable(unpaid) == {house.mad: 18000}
    await assert_sound(house, void_id, disputed_id, used_up, unpaid)


async def test_only_one_of_many_decisions_counts(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    transfer_id = await requested(house, package_id)
    accepting = [run_command(house.manager_mad, AcceptBranchTransfer(transfer_id)) for _ in range(3)]
    withdrawing = [run_command(house.manager_lis, WithdrawBranchTransfer(transfer_id, "stays")) for _ in range(3)]
    using = [used(house, package_id) for _ in range(4)]
    ended = await at_once(*accepting, *withdrawing, *using)
    assert sum(isinstance(each, BranchTransferEnded) for each in ended[:6]) == 5
    assert not any(isinstance(each, BaseException) for each in ended[6:])
    assert await deferred(house, package_id) == {(await home(package_id))[0]: 27000}
    await assert_sound(house, package_id)
