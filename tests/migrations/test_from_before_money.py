"""A database of the version before refunds and settlements keeps every row, and its acts go on with what they find."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

import domain.acts  # noqa: F401 - run_command knows the acts that were imported
from domain.bookings.complete_booking import CompleteBooking
from domain.expiry.lapse_packages import lapse_packages
from domain.kernel.db import execute, rows
from domain.ledger.accounts import PaymentMethod
from domain.ledger.seal import seal_operations
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.payments.record_payment import RecordPayment
from domain.payments.win_dispute import WinDispute
from tests.fixtures import former
from tests.fixtures.desk import left, on, posted
from tests.fixtures.douro import JULY, STANDINGS, VISIT, branch, done, only, package, packages, service
from tests.fixtures.ledgers import APPEND_ONLY

pytestmark = pytest.mark.anyio


@pytest.fixture
async def before(
    blank_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[former.Tables]:
    """The rows of the former version, in a database that was migrated since and is open, on a day of July."""
    async with former.migrated(former.BEFORE_MONEY, blank_database_url, tmp_path, monkeypatch) as tables:
        with on(JULY):
            yield tables


@pytest.fixture
async def whole(before: former.Tables) -> AsyncIterator[None]:
    """What the test does leaves the ledgers as they have to be, once everything is sealed."""
    yield
    while await seal_operations():
        pass
    await former.assert_audited()


async def test_no_row_is_lost_or_changed(before: former.Tables) -> None:
    await former.assert_nothing_lost(before)
    await former.assert_audited()


async def test_delivery_costs_have_moved_to_a_table_of_their_own(before: former.Tables) -> None:
    found = await rows(
        """SELECT s.code, b.code AS branch, d.starts_on, d.cost_minor FROM delivery_cost d
        JOIN service s ON s.id = d.service_id JOIN branch b ON b.id = d.branch_id ORDER BY s.code, b.code"""
    )

    assert [tuple(row.values()) for row in found] == [
        ("MAS60", "LIS", date(1970, 1, 1), 2200),
        ("MAS60", "MAD", date(1970, 1, 1), 2550),
        ("PHY45", "LIS", date(1970, 1, 1), 1800),
        ("YOGA", "GIO", date(1970, 1, 1), 900),
    ]


async def test_every_package_stands_as_it_did(before: former.Tables) -> None:
    found = await packages()

    assert {
        reference: (view.status.value, sum(lot.left for lot in view.lots), view.outstanding.amount_minor)
        for reference, view in found.items()
    } == STANDINGS


async def test_the_ledgers_stay_append_only(before: former.Tables) -> None:
    for table in APPEND_ONLY:
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match=f"{table} is append-only"):
                await execute(statement)


async def test_what_is_owed_is_paid_at_home_and_elsewhere(whole: None) -> None:
    lisbon, madrid = await branch("LIS"), await branch("MAD")

    paid = await done(RecordPayment(await package("partly paid"), madrid, PaymentMethod.CARD, 35350, "EUR"))
    activating = await done(RecordPayment(await package("pending"), madrid, PaymentMethod.ONLINE_LINK, 11500, "EUR"))

    assert (paid.outcome.outstanding_minor, activating.outcome.activated) == (0, True)
    assert await posted(paid.operation_id) == [
        ("CASH", madrid, 35350),
        ("DUE_TO_BRANCH", madrid, -35350),
        ("DUE_FROM_BRANCH", lisbon, 35350),
        ("RECEIVABLE", lisbon, -35350),
    ]


async def test_a_session_is_used_elsewhere_and_taken_back(whole: None) -> None:
    lisbon, madrid = await branch("LIS"), await branch("MAD")
    used = await done(RedeemSession(await service("MAS60"), madrid, await package("by card")))
    await done(ReverseRedemption(used.operation_id, Fault.BUSINESS, "typed twice"))

    assert used.outcome.remaining == 6
    assert await left(await package("by card")) == [(7, 37800)]
    assert await posted(used.operation_id) == [
        ("DEFERRED_REVENUE", lisbon, 5400),
        ("TAX_PAYABLE", lisbon, -900),
        ("DUE_TO_BRANCH", lisbon, -4500),
        ("DUE_FROM_BRANCH", madrid, 4500),
        ("REVENUE", madrid, -4500),
    ]


async def test_what_was_used_and_charged_before_is_taken_back(whole: None) -> None:
    lisbon = await branch("LIS")
    before_july = await only("SELECT operation_id AS id FROM charge WHERE sessions = 2")

    taken_back = await done(ReverseRedemption(before_july, Fault.BUSINESS, "was not here"))

    assert (taken_back.outcome.sessions, taken_back.outcome.remaining) == (3, 1)
    assert await left(await package("charged")) == [(1, 4583)]
    assert await posted(taken_back.operation_id) == [
        ("DEFERRED_REVENUE", lisbon, -4583),
        ("REVENUE", lisbon, 4583),
        ("RECEIVABLE", lisbon, -12000),
        ("REVENUE", lisbon, 10000),
        ("TAX_PAYABLE", lisbon, 2000),
    ]


async def test_what_is_over_lapses_in_each_chain(whole: None) -> None:
    madrid, lapse = await branch("MAD"), "SELECT id FROM operation WHERE act = 'lapse_package' AND package_id = $1"

    assert await lapse_packages() == 3
    assert await lapse_packages() == 0
    assert await posted(await only(lapse, await package("due"))) == [
        ("DEFERRED_REVENUE", madrid, 20325),
        ("BREAKAGE_REVENUE", madrid, -20325),
    ]
    assert await left(await package("renewing")) == [(0, 0)] * 4
    assert await left(await package("five of yoga")) == [(0, 0)]


async def test_what_was_promised_before_comes_about(whole: None) -> None:
    booking = await only("SELECT id FROM booking WHERE state = 'CONFIRMED'")
    with on(VISIT):
        won = await done(WinDispute(await package("disputed"), "signature shown"))
        completed = await done(CompleteBooking(booking))

    assert (won.outcome.remaining, completed.outcome.used) == (10, 2)
    assert await left(await package("held")) == [(5, 22500)]
