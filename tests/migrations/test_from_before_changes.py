"""A database of the version before top-ups, upgrades and refunds keeps every row, and acts go on with its packages."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import domain.acts  # noqa: F401 - run_command knows the acts that were imported
from domain.branch_transfers.accept_branch_transfer import AcceptBranchTransfer
from domain.kernel.commands import run_command
from domain.kernel.db import connect, disconnect, rows
from domain.kernel.db.migrate import migrate
from domain.ledger.accounts import PaymentMethod
from domain.ledger.seal import seal_operations
from domain.packages.redeem_session import RedeemSession
from domain.payments.record_payment import RecordPayment
from domain.payments.win_dispute import WinDispute
from domain.refunds.asked import Asked as RefundAsked
from domain.refunds.errors import PackageHandedOn
from domain.refunds.pay_out_refund import PayOutRefund
from domain.refunds.request_refund import RequestRefund
from domain.topups.asked import Asked as TopUpAsked
from domain.topups.top_up_package import TopUpPackage
from domain.transfers.approve_transfer import ApproveTransfer
from domain.upgrades.asked import Asked as UpgradeAsked
from domain.upgrades.upgrade_package import UpgradePackage
from tests.fixtures import former
from tests.fixtures.desk import left, on, posted, refused
from tests.fixtures.douro import branch, done, only, owner, package, packages, service, staff
from tests.fixtures.former_databases import Migrated
from tests.fixtures.table_shapes import shape

pytestmark = pytest.mark.anyio

MARCH = datetime(2026, 3, 12, 10, tzinfo=UTC)
"""Two days after the last thing that the rows tell of."""
NEW = ("top_up", "upgrade", "refund", "refund_part", "refund_limit", "holiday")


@pytest.fixture
def url(migrated: Migrated) -> str:
    return migrated(former.BEFORE_CHANGES)


@pytest.fixture
async def before(url: str) -> AsyncIterator[former.Tables]:
    """The rows of the former version, in a database that was migrated since and is open, on a day of March."""
    async with former.opened(former.BEFORE_CHANGES, url) as tables:
        with on(MARCH):
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


async def test_nothing_was_brought_weekends_are_saturday_and_sunday_and_nothing_was_added_changed_or_refunded(
    before: former.Tables,
) -> None:
    brought = await rows("SELECT DISTINCT brought_minor FROM package")
    weekends = await rows("SELECT DISTINCT weekend FROM branch")
    new = [row for table in NEW for row in await rows(f"SELECT * FROM {table}")]

    assert [row["brought_minor"] for row in brought] == [0]
    assert [row["weekend"] for row in weekends] == ["67"]
    assert new == []


async def test_every_package_is_worth_what_it_was(before: former.Tables) -> None:
    found = {
        reference: (view.status.value, sum(lot.left for lot in view.lots), view.outstanding.amount_minor)
        for reference, view in (await packages()).items()
    }

    assert found == {
        "paid": ("ACTIVE", 6, 0),
        "part paid": ("ACTIVE", 7, 29000),
        "handed on": ("ACTIVE", 4, 0),
        "None": ("ACTIVE", 4, 0),
        "moved": ("ACTIVE", 7, 0),
        "moving": ("ACTIVE", 10, 0),
        "shared": ("ACTIVE", 9, 0),
        "disputed": ("DISPUTED", 10, 0),
        "lost": ("CHARGED_BACK", 0, 0),
        "bonus": ("ACTIVE", 5, 0),
        "waiting": ("ACTIVE", 5, 0),
        "merged": ("ACTIVE", 10, 0),
        "forgotten": ("ACTIVE", 5, 0),
    }


async def test_packages_keep_their_indexes_triggers_keys_and_checks(blank_database_url: str, tmp_path: Path) -> None:
    await former.make_blank(former.BEFORE_CHANGES, blank_database_url, tmp_path)
    then = await _package_and_branch(blank_database_url)
    await migrate(blank_database_url)
    now = await _package_and_branch(blank_database_url)

    for table, added in (("package", "brought_minor"), ("branch", "weekend")):
        lost = {kind: set(then[table][kind]) - set(now[table][kind]) for kind in then[table]}
        assert lost == {kind: set() for kind in then[table]}
        assert any(added in column for column in now[table]["columns"])


async def test_what_was_begun_before_is_used_paid_approved_accepted_and_won(whole: None) -> None:
    lisbon, madrid = await branch("LIS"), await branch("MAD")

    used = await done(RedeemSession(await service("PHY45"), madrid, await package("moved")))
    paid = await done(RecordPayment(await package("part paid"), lisbon, PaymentMethod.CASH, 29000, "EUR"))
    waiting = "SELECT id FROM transfer WHERE state = 'REQUESTED'"
    approved = await run_command(await staff("Luis Manager"), ApproveTransfer(await only(waiting)))
    moving = "SELECT id FROM branch_transfer WHERE state = 'REQUESTED'"
    moved = await run_command(await staff("Maria Manager"), AcceptBranchTransfer(await only(moving)))
    won = await done(WinDispute(await package("disputed"), "was received"))

    assert await left(await package("moved")) == [(6, 27000)]
    assert await posted(used.operation_id) == [
        ("DEFERRED_REVENUE", madrid, 4500),
        ("REVENUE", madrid, -4500),
    ]
    assert paid.outcome.outstanding_minor == 0
    assert approved.outcome.sessions == 5
    assert await posted(moved.operation_id) == [
        ("DEFERRED_REVENUE", lisbon, 45000),
        ("DEFERRED_REVENUE", madrid, -45000),
        ("DUE_TO_BRANCH", lisbon, -45000),
        ("DUE_FROM_BRANCH", madrid, 45000),
    ]
    assert won.outcome.remaining == 10


async def test_a_package_of_before_is_topped_up(whole: None) -> None:
    lisbon, paid = await branch("LIS"), await package("paid")

    added = await done(TopUpPackage(TopUpAsked(paid, 2, lisbon)))

    told = added.outcome
    assert (told.amount_minor, told.tax_minor, told.last_day) == (10800, 1800, date(2026, 9, 29))
    assert await left(paid) == [(4, 27000), (2, 9000)]
    assert await posted(added.operation_id) == [
        ("RECEIVABLE", lisbon, 10800),
        ("DEFERRED_REVENUE", lisbon, -9000),
        ("TAX_PAYABLE", lisbon, -1800),
    ]


async def test_a_package_of_before_that_has_moved_is_changed_for_a_larger_one(whole: None) -> None:
    lisbon, madrid, moved = await branch("LIS"), await branch("MAD"), await package("moved")
    twenty = await only("SELECT id FROM package_definition WHERE code = 'PHY20'")

    change = await done(UpgradePackage(UpgradeAsked(moved, twenty, madrid)))

    assert (change.outcome.unused_value_minor, change.outcome.due_minor) == (37800, 58200)
    assert await left(moved) == [(0, 0)]
    assert await left(change.outcome.into_package_id) == [(20, 80000)]
    assert await posted(change.operation_id) == [
        ("DEFERRED_REVENUE", madrid, 31500),
        ("TAX_PAYABLE", lisbon, 6300),
        ("DUE_TO_BRANCH", lisbon, -6300),
        ("DUE_FROM_BRANCH", madrid, 6300),
        ("RECEIVABLE", madrid, 58200),
        ("DEFERRED_REVENUE", madrid, -80000),
        ("TAX_PAYABLE", madrid, -16000),
    ]


async def test_a_package_of_before_that_was_paid_in_part_is_given_back(whole: None) -> None:
    lisbon, madrid, part_paid = await branch("LIS"), await branch("MAD"), await package("part paid")

    refund = await done(RequestRefund(RefundAsked(part_paid), "moves away"))
    paid = await done(PayOutRefund(refund.outcome.refund_id, madrid))

    told = refund.outcome
    assert (told.state, told.refund_minor, told.fee_minor, told.cleared_minor) == ("APPROVED", 4520, 4280, 29000)
    assert await posted(refund.operation_id) == [
        ("TAX_PAYABLE", lisbon, 6300),
        ("DEFERRED_REVENUE", lisbon, 31500),
        ("RECEIVABLE", lisbon, -29000),
        ("FEE_INCOME", lisbon, -4280),
        ("REFUND_PAYABLE", lisbon, -4520),
    ]
    assert await posted(paid.operation_id) == [
        ("REFUND_PAYABLE", lisbon, 4520),
        ("DUE_TO_BRANCH", lisbon, -4520),
        ("DUE_FROM_BRANCH", madrid, 4520),
        ("CASH", madrid, -4520),
    ]


async def test_what_was_taxed_as_it_was_used_is_given_back_at_list_price(whole: None) -> None:
    lisbon = await branch("LIS")

    refund = await done(RequestRefund(RefundAsked(await package("bonus")), "moves away"))

    assert refund.outcome.refund_minor == 18000
    assert await posted(refund.operation_id) == [
        ("TAX_PAYABLE", lisbon, -224),
        ("DEFERRED_REVENUE", lisbon, 19200),
        ("REVENUE", lisbon, -976),
        ("REFUND_PAYABLE", lisbon, -18000),
    ]


async def test_what_was_handed_on_before_is_not_given_back_by_who_received_it(whole: None) -> None:
    received = await only("SELECT into_package_id AS id FROM transfer WHERE state = 'DONE'")

    await refused(PackageHandedOn, await owner(), RequestRefund(RefundAsked(received), "moves away"))


async def _package_and_branch(url: str) -> dict[str, dict[str, list[str]]]:
    await connect(url)
    try:
        return {table: await shape(url, table) for table in ("package", "branch")}
    finally:
        await disconnect()
