"""The history that the roll-forward is measured on is one that Carnet could have written."""

import asyncio
from datetime import date

from domain.kernel.db import connect, disconnect, rows
from domain.kernel.db.migrate import migrate
from domain.ledger.audit import Check, audit_ledgers
from domain.ledger.total import total_journal
from tests.benchmarks.rolling.history import traded
from tests.benchmarks.rolling.measure import rolling
from tests.fixtures.chain import harbour
from tests.fixtures.postgres import Server


def test_the_auditor_finds_nothing_wrong_but_the_seals_that_nobody_reads(migrated_server: Server) -> None:
    with migrated_server.database("carnet_test_rolling") as url:
        checks, counts = asyncio.run(audited(url))
    assert checks == {Check.SEALS}
    assert counts == {"package": 60, "movement": 400, "journal_total": counts["journal_total"]}


async def audited(url: str) -> tuple[set[Check], dict[str, int]]:
    """What the auditor doubts, and how much there is."""
    await migrate(url)
    await connect(url)
    try:
        house = await harbour(url)
        for first in (0, 30):
            await traded(url, house, first, 30, date(2026, 1, 1), 200)
            await total_journal()
        findings = await audit_ledgers(house.chain_id)
        tables = ("package", "movement", "journal_total")
        counts = {table: (await rows(f"SELECT COUNT(*) AS n FROM {table}"))[0]["n"] for table in tables}
        return {finding.check for finding in findings}, counts
    finally:
        await disconnect()


def test_the_figures_are_those_of_the_aims(migrated_server: Server) -> None:
    month, ratio, part, page, rate = rolling(migrated_server, packages=1200)

    aims = [str(figure.aim) for figure in (month, ratio, part, page)]
    assert aims == ["≤ 2000", "≤ 1.5", "≤ 2000", "≤ 2000"]
    assert month.met and part.met and page.met
    assert rate.aim is None and rate.carnet > 0
