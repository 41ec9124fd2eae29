"""A database of the version before settlements and transfers keeps every row, and acts go on with what they find."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

import domain.acts  # noqa: F401 - run_command knows the acts that were imported
from domain.branch_transfers.accept_branch_transfer import AcceptBranchTransfer
from domain.branch_transfers.request_branch_transfer import RequestBranchTransfer
from domain.catalog.terms import TransferTo
from domain.customers.erase_customer import EraseCustomer
from domain.customers.merge_customers import MergeCustomers
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import ApproverIsRequester
from domain.ledger.seal import seal_operations
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.settlements.approve_settlement import ApproveSettlement
from domain.settlements.confirm_settlement import ConfirmSettlement
from domain.settlements.rates import Basis
from domain.settlements.run_settlement import RunSettlement, settle
from domain.settlements.set_settlement_rate import SetSettlementRate
from domain.transfers.asked import Asked
from domain.transfers.errors import TransferNotAllowed
from domain.transfers.transfer_package import TransferPackage
from tests.fixtures import former
from tests.fixtures.desk import left, on, posted, refused
from tests.fixtures.douro import branch, customer, done, only, owner, package, service, staff
from tests.fixtures.former_databases import Migrated

pytestmark = pytest.mark.anyio

AUGUST = datetime(2026, 8, 4, 10, tzinfo=UTC)


@pytest.fixture
def url(migrated: Migrated) -> str:
    return migrated(former.BEFORE_BRANCHES)


@pytest.fixture
async def before(url: str) -> AsyncIterator[former.Tables]:
    """The rows of the former version, in a database that was migrated since and is open, on a day of August."""
    async with former.opened(former.BEFORE_BRANCHES, url) as tables:
        with on(AUGUST):
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


async def test_nothing_has_moved_or_was_merged_charges_were_for_sessions_and_each_household_has_a_guardian(
    before: former.Tables,
) -> None:
    packages = await rows("SELECT DISTINCT homed_at FROM package")
    customers = await rows("SELECT DISTINCT merged_into_id, merged_at, erased_at FROM customer")
    charges = await rows("SELECT DISTINCT purpose FROM charge")
    guardians = await rows("SELECT first_name FROM customer WHERE guardian")

    assert [tuple(row.values()) for row in packages] == [(None,)]
    assert [tuple(row.values()) for row in customers] == [(None, None, None)]
    assert [tuple(row.values()) for row in charges] == [("SESSIONS",)]
    assert [row["first_name"] for row in guardians] == ["Ana"]


async def test_what_was_used_in_madrid_before_is_taken_back_and_used_again_at_a_rate(whole: None) -> None:
    lisbon, madrid, moving = await branch("LIS"), await branch("MAD"), await package("moving")

    back = await done(ReverseRedemption(await _used_in_madrid(moving), Fault.BUSINESS, "was not here"))

    assert await left(moving) == [(9, 39706)]
    assert await posted(back.operation_id) == [
        ("DEFERRED_REVENUE", lisbon, -794),
        ("BREAKAGE_REVENUE", lisbon, 794),
        *_at_its_value(lisbon, madrid, -4500),
    ]

    await done(SetSettlementRate(Basis.LIST_PERCENT, AUGUST.date(), lisbon, madrid, 8000))
    used = await done(RedeemSession(await service("PHY45"), madrid, moving))

    assert await left(moving) == [(8, 34412)]
    assert await posted(used.operation_id) == [
        ("DEFERRED_REVENUE", lisbon, 5294),
        ("BREAKAGE_REVENUE", lisbon, -794),
        ("DUE_TO_BRANCH", lisbon, -4160),
        ("REVENUE", lisbon, -340),
        ("DUE_FROM_BRANCH", madrid, 4160),
        ("REVENUE", madrid, -4160),
    ]


async def test_a_package_of_before_moves_to_madrid_and_what_it_did_before_can_still_be_taken_back(whole: None) -> None:
    lisbon, madrid, moving = await branch("LIS"), await branch("MAD"), await package("moving")
    maria, used_before = await staff("Maria Manager"), await _used_in_madrid(moving)

    asked = await done(RequestBranchTransfer(moving, madrid, "moved house"))
    accept = AcceptBranchTransfer(asked.outcome.branch_transfer_id)
    await refused(ApproverIsRequester, await owner(), accept)
    moved = await run_command(maria, accept)
    used = await done(RedeemSession(await service("PHY45"), madrid, moving))
    back = await done(ReverseRedemption(used_before, Fault.BUSINESS, "was not here"))

    assert await left(moving) == [(8, 34412)]
    assert await posted(moved.operation_id) == _at_home_in(madrid, lisbon, 34412)
    assert await posted(used.operation_id) == [
        ("DEFERRED_REVENUE", madrid, 5294),
        ("BREAKAGE_REVENUE", madrid, -794),
        ("REVENUE", madrid, -4500),
    ]
    assert await posted(back.operation_id) == [
        ("DEFERRED_REVENUE", madrid, -794),
        ("BREAKAGE_REVENUE", madrid, 794),
        *_at_its_value(lisbon, madrid, -4500),
        *_at_home_in(madrid, lisbon, 4500),
    ]


async def test_terms_of_before_let_nobody_hand_sessions_on(whole: None) -> None:
    asked = Asked(await package("moving"), await customer("Eva"), 2, branch_id=await branch("LIS"))

    refusal = await refused(TransferNotAllowed, await owner(), TransferPackage(asked))

    assert refusal.allowed is TransferTo.NONE


async def test_what_was_due_until_july_is_settled_and_what_came_in_august_waits(whole: None) -> None:
    lisbon, madrid = await branch("LIS"), await branch("MAD")

    run = await settle(await staff("Alice Accountant"), RunSettlement(date(2026, 3, 1), date(2026, 7, 31)))
    await done(ApproveSettlement(run.outcome.settlement_id))
    paid = await done(ConfirmSettlement(run.outcome.settlement_id))

    assert (run.outcome.pairs, run.outcome.entries, paid.outcome.all_paid) == (1, 11, True)
    assert await posted(await only("SELECT operation_id AS id FROM settlement_line")) == [
        ("DUE_TO_BRANCH", madrid, 57565),
        ("DUE_FROM_BRANCH", madrid, -22500),
        ("CASH", madrid, -35065),
        ("CASH", lisbon, 35065),
        ("DUE_TO_BRANCH", lisbon, 22500),
        ("DUE_FROM_BRANCH", lisbon, -57565),
    ]
    assert await _due_to_branches() == {lisbon: 4500, madrid: 0}


async def test_two_of_before_are_merged_with_what_they_owe_and_forgotten(whole: None) -> None:
    lisbon, madrid = await branch("LIS"), await branch("MAD")
    ivo, teo = await customer("Ivo"), await customer("Teo")

    merged = await done(MergeCustomers(ivo, teo, "the same person"))
    erased = (await done(EraseCustomer(ivo, "asked for it", confirm=True))).outcome

    assert (merged.outcome.bookings, merged.outcome.owed_minor) == (2, 10700)
    assert await posted(merged.operation_id) == [
        ("RECEIVABLE", lisbon, 5500),
        ("RECEIVABLE", lisbon, -5500),
        ("RECEIVABLE", madrid, 5200),
        ("RECEIVABLE", madrid, -5200),
    ]
    assert (erased.customers, erased.operations, erased.sessions, erased.owed_minor) == (2, 4, 21, 27700)
    assert await rows("SELECT id FROM customer WHERE first_name IN ('Ivo', 'Teo')") == []


async def _used_in_madrid(package_id: str) -> str:
    """The operation by which a session of a package of Lisbon was used there."""
    return await only(
        """SELECT e.operation_id AS id FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id
        WHERE l.package_id = $1 AND l.account = 'DUE_TO_BRANCH'""",
        package_id,
    )


async def _due_to_branches() -> dict[str, int]:
    """What each branch still owes the other."""
    found = await rows(
        """SELECT branch_id, SUM(credit_minor - debit_minor) AS owed FROM journal_line
        WHERE account = 'DUE_TO_BRANCH' GROUP BY branch_id"""
    )
    return {row["branch_id"]: int(row["owed"]) for row in found}


def _at_its_value(home: str, performing: str, value: int) -> list[tuple[str, str, int]]:
    """A session used elsewhere, for which nothing else is agreed than its value."""
    return [
        ("DEFERRED_REVENUE", home, value),
        ("DUE_TO_BRANCH", home, -value),
        ("DUE_FROM_BRANCH", performing, value),
        ("REVENUE", performing, -value),
    ]


def _at_home_in(new_home: str, home: str, value: int) -> list[tuple[str, str, int]]:
    """Value that one home branch owes another from now on."""
    return [
        ("DEFERRED_REVENUE", home, value),
        ("DEFERRED_REVENUE", new_home, -value),
        ("DUE_TO_BRANCH", home, -value),
        ("DUE_FROM_BRANCH", new_home, value),
    ]
