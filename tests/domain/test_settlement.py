"""Settlements: what branches owe each other is drafted once, approved by another person, and paid."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.accounting.close_period import ClosePeriod
from domain.branches.errors import BooksClosed
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import ApproverIsRequester, Forbidden, InvalidInput, NotFound
from domain.ledger.audit import audit_ledgers
from domain.ledger.seal import seal_operations
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.reports.collections import money_in, totals
from domain.reports.figures import span
from domain.reports.reconciliation import Reconciled, reconciliation
from domain.reports.tables.registry import Report
from domain.reports.tables.table import Asked
from domain.settlements.approve_settlement import ApproveSettlement
from domain.settlements.cancel_settlement import CancelSettlement
from domain.settlements.confirm_settlement import ConfirmSettlement
from domain.settlements.run_errors import (
    AlreadyPaid,
    BadSettlementDay,
    EarlierUnsettled,
    NothingToSettle,
    SettlementDecided,
    SettlementNotApproved,
    SettlementOpen,
    SettlementPeriodNotOver,
)
from domain.settlements.run_settlement import RunSettlement, settle
from domain.settlements.states import SettlementState
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, posted, refused, sold, used
from tests.fixtures.races import at_once
from tests.fixtures.reports import report_rows
from tests.fixtures.settled import approved, away, march, owed, ran

pytestmark = pytest.mark.anyio

APRIL = datetime(2026, 4, 1, 12, tzinfo=UTC)


async def both_ways(db: str) -> Harbour:
    """In March Lisbon owes Madrid two sessions of 45.00 and Ponta Delgada one, and Madrid owes Lisbon one."""
    with on(MONDAY):
        house = await harbour(db)
        package_id, _, _ = await away(house)
        await used(house, package_id, branch_id=house.mad)
        of_madrid = await sold(house, house.ten, branch_id=house.mad, customer_id=house.eva)
        await used(house, of_madrid, branch_id=house.lis)
        await used(house, of_madrid, branch_id=house.mad)
    return house


async def test_pairs_are_netted_with_both_their_sides(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        done = (await ran(house, march())).outcome
    assert (done.pairs, done.entries) == (2, 4)
    assert await owed(house, done.settlement_id) == {"LIS to MAD": 9000, "MAD to LIS": 4500, "LIS to PDL": 4500}


async def test_a_second_run_of_the_same_period_finds_nothing(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        first = await approved(house, march())
        refusal = await refused(NothingToSettle, house.accountant, march())
        assert (refusal.settled_until, refusal.last_settlement_id) == (date(2026, 3, 31), first)
        assert (await refused(NothingToSettle, house.accountant, march(30))).last_settlement_id == first
        await run_command(house.accountant, ConfirmSettlement(first))
        await seal_operations()
        assert (await refused(NothingToSettle, house.accountant, march())).last_settlement_id == first


async def test_a_draft_keeps_others_away_until_it_is_cancelled(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        draft = (await ran(house, march())).outcome.settlement_id
        assert (await refused(SettlementOpen, house.owner, march())).settlement_id == draft
        await run_command(house.accountant, CancelSettlement(draft, "too early"))
        again = (await ran(house, march())).outcome.settlement_id
        assert await owed(house, again) == await owed(house, draft)
        refusal = await refused(SettlementDecided, house.accountant, CancelSettlement(draft, "again"))
        assert refusal.state is SettlementState.CANCELLED


async def test_what_comes_late_and_what_is_taken_back_lands_in_the_next(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        package_id, in_madrid, _ = await away(house)
    with on(APRIL):
        first = await approved(house, march())
        await run_command(house.accountant, ConfirmSettlement(first))
        back = ReverseRedemption(in_madrid.operation_id, Fault.CUSTOMER, "typed twice")
        await run_command(house.owner, back)
        await used(house, package_id, branch_id=house.pdl, visited_at=datetime(2026, 3, 30, 9, tzinfo=UTC))
    with on(APRIL + timedelta(days=1)):
        # What came late is posted in March and needs no earlier first day; what was taken back is posted in April.
        second = await ran(house, RunSettlement(date(2026, 4, 1), date(2026, 4, 1)))
        assert await owed(house, second.outcome.settlement_id) == {"LIS to PDL": 4500, "LIS to MAD": -4500}
        await run_command(house.owner, ApproveSettlement(second.outcome.settlement_id))
        paid = await run_command(house.accountant, ConfirmSettlement(second.outcome.settlement_id))
    lines = [line for line in await _paid_lines(paid.outcome.settlement_id) if house.mad in line[1:3]]
    assert sorted(lines) == [
        ("CASH", house.mad, None, -4500), ("DUE_FROM_BRANCH", house.mad, house.lis, 4500),
        ("DUE_TO_BRANCH", house.lis, house.mad, -4500),
    ]  # fmt: skip
    assert await _still_due() == 0
    assert await audit_ledgers(house.chain_id) == []


async def _paid_lines(settlement_id: str) -> list[tuple[str, str, str | None, int]]:
    found = await rows(
        """SELECT j.account, j.branch_id, j.counterparty_id, j.debit_minor - j.credit_minor AS amount
        FROM settlement_line l JOIN journal_entry e ON e.operation_id = l.operation_id
        JOIN journal_line j ON j.entry_id = e.id WHERE l.settlement_id = $1""",
        settlement_id,
    )
    return [(row["account"], row["branch_id"], row["counterparty_id"], row["amount"]) for row in found]


async def _still_due() -> int:
    found = await rows(
        """SELECT COUNT(*) AS n FROM (SELECT branch_id FROM journal_line WHERE account IN
        ('DUE_TO_BRANCH', 'DUE_FROM_BRANCH') GROUP BY branch_id, counterparty_id, account
        HAVING SUM(debit_minor) <> SUM(credit_minor)) AS open"""
    )
    count: int = found[0]["n"]
    return count


async def test_what_waits_for_its_seal_lands_in_the_next(db: str) -> None:
    house = await both_ways(db)
    with on(MONDAY):
        package_id = await sold(house, house.ten)
    with on(APRIL):
        await seal_operations()
        await used(house, package_id, branch_id=house.mad, visited_at=datetime(2026, 3, 31, 9, tzinfo=UTC))
        first = (await run_command(house.accountant, march())).outcome.settlement_id  # without sealing before
        assert (await owed(house, first))["LIS to MAD"] == 9000
        await run_command(house.owner, ApproveSettlement(first))
        second = (await ran(house, march())).outcome.settlement_id
        assert await owed(house, second) == {"LIS to MAD": 4500}


async def test_days_that_no_settlement_covers_are_not_left_out(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        await seal_operations()
        late = RunSettlement(date(2026, 3, 3), date(2026, 3, 31))
        assert (await refused(EarlierUnsettled, house.accountant, late)).unsettled_from == MONDAY.date()
        await approved(house, RunSettlement(MONDAY.date(), date(2026, 3, 5)))
        await refused(NothingToSettle, house.accountant, RunSettlement(date(2026, 3, 20), date(2026, 3, 31)))


async def test_a_period_must_be_over_at_every_branch_and_the_right_way_round(db: str) -> None:
    house = await both_ways(db)
    with on(datetime(2026, 3, 3, 0, 30, tzinfo=UTC)):  # still Monday in the Azores
        assert (await refused(SettlementPeriodNotOver, house.accountant, march(2))).today == date(2026, 3, 2)
        turned = RunSettlement(date(2026, 3, 2), date(2026, 3, 1))
        assert (await refused(InvalidInput, house.accountant, turned)).path == ("period", "from")


async def test_another_person_approves_and_nothing_changes_after_that(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        draft = (await ran(house, march())).outcome.settlement_id
        assert (await refused(SettlementNotApproved, house.owner, ConfirmSettlement(draft))).settlement_id == draft
        refusal = await refused(ApproverIsRequester, house.accountant, ApproveSettlement(draft))
        assert refusal.requested_by == house.accountant.id
        await run_command(house.owner, ApproveSettlement(draft))
        for command in (ApproveSettlement(draft), CancelSettlement(draft, "oh")):
            refusal_after = await refused(SettlementDecided, house.owner, command)
            assert refusal_after.state is SettlementState.APPROVED


async def test_payment_settles_both_sides_of_each_line_once(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        settlement_id = await approved(house, march())
        with_madrid, with_azores = await _lines(settlement_id, house)
        first = await run_command(house.accountant, ConfirmSettlement(settlement_id, (with_madrid,)))
        assert (first.outcome.all_paid, first.outcome.paid_on) == (False, APRIL.date())
        (paid,) = await rows("SELECT operation_id FROM settlement_line WHERE id = $1", with_madrid)
        assert sorted(await posted(paid["operation_id"])) == sorted([
            ("DUE_TO_BRANCH", house.lis, 9000), ("DUE_FROM_BRANCH", house.lis, -4500), ("CASH", house.lis, -4500),
            ("CASH", house.mad, 4500), ("DUE_TO_BRANCH", house.mad, 4500), ("DUE_FROM_BRANCH", house.mad, -9000),
        ])  # fmt: skip
        again = ConfirmSettlement(settlement_id, (with_azores, with_madrid))
        assert (await refused(AlreadyPaid, house.accountant, again)).line_id == with_madrid
        rest = await run_command(house.accountant, ConfirmSettlement(settlement_id))
        assert (rest.outcome.line_ids, rest.outcome.all_paid) == ((with_azores,), True)
        assert (await refused(AlreadyPaid, house.accountant, ConfirmSettlement(settlement_id))).line_id is None
    assert [row["state"] for row in await rows("SELECT state FROM settlement")] == ["PAID"]
    assert await _still_due() == 0
    assert await audit_ledgers(house.chain_id) == []


async def _lines(settlement_id: str, house: Harbour) -> tuple[str, str]:
    found = await rows("SELECT id, one_id, other_id FROM settlement_line WHERE settlement_id = $1", settlement_id)
    ((madrid,), (azores,)) = (
        [row["id"] for row in found if branch in (row["one_id"], row["other_id"])] for branch in (house.mad, house.pdl)
    )
    return madrid, azores


async def test_a_line_that_cancels_out_is_settled_without_money(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        ours, theirs = await sold(house, house.ten), await sold(house, house.ten, branch_id=house.mad)
        await used(house, ours, branch_id=house.mad)
        await used(house, theirs, branch_id=house.lis)
    with on(APRIL):
        settlement_id = await approved(house, march())
        await run_command(house.accountant, ConfirmSettlement(settlement_id))
    accounts = {account for account, _, _, _ in await _paid_lines(settlement_id)}
    assert accounts == {"DUE_TO_BRANCH", "DUE_FROM_BRANCH"}
    assert await _still_due() == 0


async def test_the_day_of_payment(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        settlement_id = await approved(house, march())
    with on(APRIL + timedelta(days=9)):
        for day in (date(2026, 3, 31), date(2026, 4, 11)):
            refusal = await refused(BadSettlementDay, house.accountant, ConfirmSettlement(settlement_id, None, day))
            assert (refusal.run_on, refusal.today) == (date(2026, 4, 1), date(2026, 4, 10))
        await run_command(house.owner, ClosePeriod(date(2026, 4, 5), "month end"))
        closed = ConfirmSettlement(settlement_id, None, date(2026, 4, 5))
        assert (await refused(BooksClosed, house.accountant, closed)).open_from == date(2026, 4, 6)
        await run_command(house.accountant, ConfirmSettlement(settlement_id, None, date(2026, 4, 6)))
    days = await rows("SELECT DISTINCT posted_on FROM journal_entry WHERE event = 'SETTLEMENT'")
    assert [row["posted_on"] for row in days] == [date(2026, 4, 6)]


async def test_two_runs_at_once_make_one_draft(db: str) -> None:
    house = await both_ways(db)
    await seal_operations()
    with on(APRIL):
        answers = await at_once(*(run_command(who, march()) for who in (house.owner, house.accountant)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", "SettlementOpen"]
    assert len(await rows("SELECT id FROM settlement")) == 1


async def test_who_may_and_what_there_is_not(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        for actor in (house.manager_lis, house.desk_lis):
            await refused(Forbidden, actor, march())
        settlement_id = await approved(house, march())
        await refused(Forbidden, house.manager_lis, ConfirmSettlement(settlement_id))
        for command in (ApproveSettlement(settlement_id), ConfirmSettlement(settlement_id)):
            refusal = await refused(NotFound, house.other_owner, command)
            assert (refusal.noun, refusal.path) == ("settlement", ("settlementId",))
        assert (await refused(InvalidInput, house.owner, ConfirmSettlement(settlement_id, ()))).path == ("lineIds",)
        refusal = await refused(NotFound, house.owner, ConfirmSettlement(settlement_id, ("stl_none",)))
        assert (refusal.noun, refusal.path) == ("settlement line", ("lineIds",))


async def test_the_auditor_finds_a_payment_that_the_journal_does_not_tell(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        settlement_id = await approved(house, march())
        madrid, _ = await _lines(settlement_id, house)
        await execute("UPDATE settlement_line SET paid_on = $2 WHERE id = $1", madrid, APRIL.date())
        await seal_operations()
    found = [str(finding) for finding in await audit_ledgers(house.chain_id)]
    assert sorted(found) == [
        f"SETTLED: {house.lis} to {house.mad}, DUE_TO_BRANCH: 9000 expected, 0 found",
        f"SETTLED: {house.mad} to {house.lis}, DUE_TO_BRANCH: 4500 expected, 0 found",
    ]


async def test_the_same_key_gives_the_first_draft_again(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        first, again = [await settle(house.accountant, march(), "settlement of march") for _ in range(2)]
    assert (first.outcome, first.replayed, again.replayed) == (again.outcome, False, True)


async def test_settlements_are_handed_over_as_a_table(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        settlement_id = await approved(house, march())
        await run_command(house.accountant, ConfirmSettlement(settlement_id))
    found = await report_rows(house.accountant, Report.SETTLEMENTS, Asked(last_day=date(2026, 3, 31)))
    assert [tuple(row[name] for name in ("debtor", "creditor", "net", "row_count", "paid_on")) for row in found] == [
        ("LIS", "MAD", "45.00", "3", "2026-04-01"), ("LIS", "PDL", "45.00", "1", "2026-04-01"),
    ]  # fmt: skip
    assert await report_rows(house.manager_mad, Report.SETTLEMENTS, Asked()) == found[:1]
    assert await report_rows(house.accountant, Report.SETTLEMENTS, Asked(first_day=date(2026, 4, 1))) == []


async def test_money_between_branches_is_not_money_that_customers_paid(db: str) -> None:
    house = await both_ways(db)
    with on(APRIL):
        settlement_id = await approved(house, march())
        await run_command(house.accountant, ConfirmSettlement(settlement_id))
    april = span(date(2026, 4, 1), date(2026, 4, 30))
    report = await reconciliation(house.accountant, april, house.lis)
    assert report.difference.value == 0
    terms = {term.kind: term.figure.value for term in report.terms if term.figure.value}
    assert terms == {Reconciled.SETTLED: -9000, Reconciled.BETWEEN_BRANCHES: -9000}
    assert (await totals(house.accountant, money_in(april), "EUR")).collected.value == 0
