"""A database of the version before refunds and settlements keeps every row, and its acts go on with what they find."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date

import pytest

import domain.acts  # noqa: F401 - run_command knows the acts that were imported
from domain.bookings.complete_booking import CompleteBooking
from domain.expiry.extend_package import ExtendPackage
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
from tests.fixtures.former_databases import Migrated
from tests.fixtures.ledgers import APPEND_ONLY

pytestmark = pytest.mark.anyio


@pytest.fixture
def url(migrated: Migrated) -> str:
    return migrated(former.BEFORE_MONEY)


@pytest.fixture
async def before(url: str) -> AsyncIterator[former.Tables]:
    """The rows of the former version, in a database that was migrated since and is open, on a day of July."""
    async with former.opened(former.BEFORE_MONEY, url) as tables:
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


async def test_what_is_new_in_the_books_follows_from_what_was_there(before: former.Tables) -> None:
    await what_lapsed_was_all_breakage()
    await lots_know_what_their_used_sessions_have_recognised(before)
    await payments_are_those_of_the_holders(before)
    await what_was_charged_is_owed_by_those_who_came(before)
    await chains_and_packages_go_on_as_they_were()


async def what_lapsed_was_all_breakage() -> None:
    found = await rows(
        """SELECT p.reference, m.target, m.sessions, m.value_minor, m.breakage_minor FROM movement m
        JOIN package p ON p.id = m.package_id WHERE m.source = 'EXPIRED' OR m.target = 'EXPIRED' OR m.breakage_minor > 0
        ORDER BY m.id"""
    )

    assert [tuple(row.values()) for row in found] == [
        ("reinstated", "EXPIRED", 5, 20325, 20325),
        ("lapsed", "EXPIRED", 4, 16260, 16260),
        ("goodwill", "EXPIRED", 5, 20325, 20325),
        ("started", "EXPIRED", 4, 16000, 16000),
        ("reinstated", "AVAILABLE", 5, 20325, 20325),
    ]


async def lots_know_what_their_used_sessions_have_recognised(before: former.Tables) -> None:
    recognised: dict[str, tuple[int, int]] = {row["id"]: (0, 0) for row in before["lot"]}
    for row in before["movement"]:
        sign = (row["target"] == "CONSUMED") - (row["source"] == "CONSUMED")
        value, tax = recognised[row["lot_id"]]
        recognised[row["lot_id"]] = value + sign * row["value_minor"], tax + sign * row["tax_minor"]

    found = await rows("SELECT id, recognised_minor, tax_recognised_minor, breakage_bp, revalued_at FROM lot")

    assert {row["id"]: (row["recognised_minor"], row["tax_recognised_minor"]) for row in found} == recognised
    assert {(row["breakage_bp"], row["revalued_at"]) for row in found} == {(0, None)}
    assert sum(value for value, _ in recognised.values()) > sum(tax for _, tax in recognised.values()) > 0


async def payments_are_those_of_the_holders(before: former.Tables) -> None:
    holders = {row["id"]: row["holder_id"] for row in before["package"]}

    found = await rows("SELECT id, package_id, customer_id, kept_minor FROM payment")

    assert len(found) == len(before["payment"]) > 0
    assert all((row["customer_id"], row["kept_minor"]) == (holders[row["package_id"]], 0) for row in found)


async def what_was_charged_is_owed_by_those_who_came(before: former.Tables) -> None:
    owed = Counter[str]()
    for charge in before["charge"]:
        owed[charge["customer_id"]] += charge["amount_minor"]

    found = await rows(
        """SELECT account, package_id, customer_id, SUM(debit_minor - credit_minor) AS owed FROM journal_line
        WHERE customer_id IS NOT NULL GROUP BY account, package_id, customer_id"""
    )

    assert {(row["account"], row["package_id"]) for row in found} == {("RECEIVABLE", None)}
    assert {row["customer_id"]: int(row["owed"]) for row in found} == owed


async def chains_and_packages_go_on_as_they_were() -> None:
    settings = "breakage_method, lapse_tax, books_open_from, duplicate_sale_minutes, largest_payment_minor"
    chains = await rows(f"SELECT DISTINCT {settings} FROM chain")
    packages = await rows("SELECT DISTINCT credited_minor, refunded_minor, closed_at, closed_as FROM package")

    assert [tuple(row.values()) for row in chains] == [("AT_LAPSE", "NONE", None, 10, None)]
    assert [tuple(row.values()) for row in packages] == [(0, 0, None, None)]


async def test_what_lapsed_before_comes_back_with_what_it_took(whole: None) -> None:
    lisbon, lapsed = await branch("LIS"), await package("lapsed")

    back = await done(ExtendPackage(lapsed, "was ill", last_day=date(2026, 7, 31)))

    assert await left(lapsed) == [(4, 16260)]
    assert await posted(back.operation_id) == [
        ("DEFERRED_REVENUE", lisbon, -16260),
        ("BREAKAGE_REVENUE", lisbon, 16260),
    ]


async def test_every_package_stands_as_it_did(before: former.Tables) -> None:
    found = await packages()

    assert {
        reference: (view.status.value, sum(lot.left for lot in view.lots), view.outstanding.amount_minor)
        for reference, view in found.items()
    } == STANDINGS


async def test_the_ledgers_stay_append_only(before: former.Tables) -> None:
    for table in before.keys() & set(APPEND_ONLY):
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
