"""Totals of the journal: exactly its lines, whatever was added up when, and whoever did it at the same time."""

import asyncio
import signal
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.kernel.db import execute, rows
from domain.ledger.audit import Check, Finding, audit_ledgers
from domain.ledger.seal import seal_operations
from domain.ledger.total import total_journal
from domain.reports import sums_store
from domain.reports.figures import Span
from domain.reports.sums_store import Chosen, Sum, sums
from tests.fixtures import killed_totaller
from tests.fixtures.chain import harbour
from tests.fixtures.desk import on, used
from tests.fixtures.ledgers import traded
from tests.fixtures.two_winters import A_MOMENT, Winters, day, two_winters

pytestmark = pytest.mark.anyio

SPANS = (
    (None, date.max),
    (None, date(2026, 1, 31)),
    (None, date(2026, 3, 1)),
    (None, date(2025, 12, 9)),
    (date(2026, 1, 1), date(2026, 1, 31)),
    (date(2026, 3, 1), date(2026, 3, 31)),
    (date(2025, 12, 10), date(2025, 12, 31)),
    (date(2025, 12, 1), date(2026, 2, 18)),
    (date(2025, 12, 11), date(2026, 2, 1)),
    (date(2026, 1, 15), date(2026, 1, 31)),
    (date(2026, 1, 2), date(2026, 1, 30)),
    (date(2025, 1, 1), date(2026, 12, 31)),
    (date(2027, 5, 5), date(2027, 5, 5)),
)
MOMENTS = (None, day(2026, 3, 2), day(2026, 3, 2) - A_MOMENT, day(2025, 12, 10), day(2025, 1, 1))


async def straight(chain_id: str, first: date | None, last: date, as_of: datetime | None) -> dict[Any, tuple[int, int]]:
    """The sums of a span and of what came before, from nothing but lines."""
    found = await rows(
        """SELECT e.posted_on, l.account, l.branch_id, COALESCE(p.definition_id, '') AS definition_id, e.event,
        l.debit_minor, l.credit_minor FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
        JOIN operation o ON o.id = e.operation_id LEFT JOIN package p ON p.id = l.package_id
        WHERE e.chain_id = $1 AND e.posted_on <= $2 AND o.recorded_at <= $3""",
        chain_id,
        last,
        as_of or day(2100, 1, 1),
    )
    added: dict[Any, tuple[int, int]] = {}
    for row in found:
        early = row["posted_on"] < (first or date.max)
        key = (early, row["account"], row["branch_id"], row["definition_id"], None if early else row["event"])
        debit, credit = added.get(key, (0, 0))
        added[key] = (debit + row["debit_minor"], credit + row["credit_minor"])
    return added


def keyed(early: bool, each: Sum) -> tuple[Any, tuple[int, int]]:
    key = (early, each.account, each.branch_id, each.definition_id, each.event)
    return key, (each.debit_minor, each.credit_minor)


async def assert_all_sums(there: Winters) -> None:
    """Reports find what the lines say, for every span, as of every moment."""
    for first, last in SPANS:
        for as_of in MOMENTS:
            found = await sums(there.house.owner, Chosen(Span(first, last, as_of)), "sums")
            ours = dict([*(keyed(True, each) for each in found.before), *(keyed(False, each) for each in found.within)])
            assert ours == await straight(there.house.chain_id, first, last, as_of), (first, last, as_of)
            assert found.currency == "EUR"


async def test_sums_are_those_of_the_lines_however_much_is_sealed_and_totalled(db: str) -> None:
    there = await two_winters(db)
    await assert_all_sums(there)
    await seal_operations()
    await assert_all_sums(there)
    half = await total_journal(15)
    assert half == 15 + len(await rows("SELECT 1 FROM operation WHERE chain_id <> $1", there.house.chain_id))
    await assert_all_sums(there)
    while await total_journal(7):
        pass
    await assert_all_sums(there)
    with on(day(2026, 3, 16)):
        await used(there.house, there.ten)
    await assert_all_sums(there)
    assert await audit_ledgers(there.house.chain_id) == []


async def test_sums_are_asked_again_when_more_is_behind_than_was_expected(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = await two_winters(db)
    await seal_operations()
    monkeypatch.setattr(sums_store, "_SOON", 3)
    await assert_all_sums(there)


async def test_sums_of_some_accounts_of_a_branch_or_definition(db: str) -> None:
    there = await two_winters(db)
    await seal_operations()
    await total_journal(20)
    house, march = there.house, Span(date(2026, 3, 1), date(2026, 3, 31))
    everything = await sums(house.owner, Chosen(march), "sums")
    some = await sums(house.owner, Chosen(march, branch_id=house.mad, definition_id=house.bundle), "sums")
    for ours, all_of_them in ((some.before, everything.before), (some.within, everything.within)):
        assert ours == tuple(
            each for each in all_of_them if each.branch_id == house.mad and each.definition_id == house.bundle
        )
        assert ours
    assert (await sums(house.manager_mad, Chosen(march), "sums")).within == tuple(
        each for each in everything.within if each.branch_id == house.mad
    )
    assert (await sums(house.other_owner, Chosen(march), "sums")).before == ()


async def test_totals_are_kept_by_month_and_by_year(db: str) -> None:
    there = await two_winters(db)
    await seal_operations()
    await total_journal()
    found = await rows(
        """SELECT period, event, debit_minor, credit_minor FROM journal_total
        WHERE account = 'DEFERRED_REVENUE' AND definition_id = $1 ORDER BY period, event""",
        there.house.ten,
    )
    assert [tuple(row.values()) for row in found] == [
        (2025, "", 4500, 45000),
        (2026, "", 22500, 0),
        (202512, "SALE", 0, 45000),
        (202512, "SESSION", 4500, 0),
        (202601, "SESSION", 9000, 0),
        (202602, "SESSION", 9000, 0),
        (202603, "SESSION", 4500, 0),
    ]


async def test_two_who_add_up_at_once_add_nothing_twice(db: str) -> None:
    there = await two_winters(db)
    await seal_operations()
    async with asyncio.timeout(60):
        while any(await asyncio.gather(total_journal(3), total_journal(2), total_journal(4))):
            pass
    assert await audit_ledgers(there.house.chain_id) == []
    await assert_all_sums(there)


async def test_a_report_that_is_read_while_others_seal_and_add_up_is_complete(db: str) -> None:
    there = await two_winters(db)
    asked = Chosen(Span(date(2026, 2, 10), date(2026, 3, 31)))
    expected = await sums(there.house.owner, asked, "sums")
    busy = asyncio.create_task(_one_by_one())
    reads = 0
    while not busy.done():
        assert await sums(there.house.owner, asked, "sums") == expected
        reads += 1
    assert reads > 10
    assert await busy > 10


async def _one_by_one() -> int:
    """Seal and add up in the smallest steps there are; how many these were."""
    steps = 0
    while await seal_operations(at_most=1) + await total_journal(at_most=1):
        steps += 1
    return steps


async def test_who_is_killed_before_the_commit_has_added_nothing(database_url: str, tmp_path: Path) -> None:
    await killed_totaller.prepare(database_url)
    process = await asyncio.create_subprocess_exec(sys.executable, killed_totaller.__file__, database_url)
    assert await process.wait() == -signal.SIGKILL
    await killed_totaller.assert_nothing_added_then_all(database_url)


async def test_the_auditor_finds_totals_that_are_not_the_sums_of_the_lines(db: str) -> None:
    house = await harbour(db)
    await traded(house)
    await seal_operations()
    await total_journal()
    assert await audit_ledgers(house.chain_id) == []

    await execute("UPDATE journal_total SET credit_minor = credit_minor + 1 WHERE account = 'CASH' AND event = ''")
    await execute("DELETE FROM journal_total WHERE account = 'REVENUE' AND event = 'REVERSAL'")

    found = {(each.subject, each.detail.split(" op")[0], each.expected, each.found) for each in await findings(house)}
    year = min(row["period"] for row in await rows("SELECT period FROM journal_total"))
    month = max(row["period"] for row in await rows("SELECT period FROM journal_total"))
    assert found == {
        (house.lis, f"credits of CASH  {house.ten} {year}", 0, 1),
        (house.lis, f"debits of REVENUE REVERSAL {house.ten} {month}", 4500, 0),
    }


async def findings(house: Any) -> list[Finding]:
    """What the auditor says of totals; nothing else is wrong."""
    found = await audit_ledgers(house.chain_id)
    assert {each.check for each in found} == {Check.TOTALS}
    return found
