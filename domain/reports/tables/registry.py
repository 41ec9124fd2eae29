"""Every report that can be handed over as a table, and the one way to have it as CSV."""

from collections.abc import AsyncIterator
from dataclasses import replace
from enum import StrEnum

from domain.kernel.access import Actor
from domain.kernel.clock import now
from domain.kernel.csv import csv_rows
from domain.reports.tables.checking import check
from domain.reports.tables.collections import COLLECTIONS
from domain.reports.tables.customer_value import CUSTOMER_VALUE
from domain.reports.tables.deferred_revenue import DEFERRED_REVENUE
from domain.reports.tables.journal import JOURNAL
from domain.reports.tables.package_metrics import PACKAGE_METRICS
from domain.reports.tables.package_profit import PACKAGE_PROFIT
from domain.reports.tables.reconciliation import RECONCILIATION
from domain.reports.tables.settlements import SETTLEMENTS
from domain.reports.tables.table import Asked, Table
from domain.reports.tables.trial_balance import TRIAL_BALANCE


class Report(StrEnum):
    """The reports, by the name that people call them."""

    JOURNAL = "JOURNAL"
    TRIAL_BALANCE = "TRIAL_BALANCE"
    DEFERRED_REVENUE = "DEFERRED_REVENUE"
    RECONCILIATION = "RECONCILIATION"
    COLLECTIONS = "COLLECTIONS"
    PACKAGE_PROFIT = "PACKAGE_PROFIT"
    PACKAGE_METRICS = "PACKAGE_METRICS"
    CUSTOMER_VALUE = "CUSTOMER_VALUE"
    SETTLEMENTS = "SETTLEMENTS"

    @property
    def hyphenated(self) -> str:
        """The name on the command line and in the names of files."""
        return self.lower().replace("_", "-")


TABLES: dict[Report, Table] = {
    Report.JOURNAL: JOURNAL,
    Report.TRIAL_BALANCE: TRIAL_BALANCE,
    Report.DEFERRED_REVENUE: DEFERRED_REVENUE,
    Report.RECONCILIATION: RECONCILIATION,
    Report.COLLECTIONS: COLLECTIONS,
    Report.PACKAGE_PROFIT: PACKAGE_PROFIT,
    Report.PACKAGE_METRICS: PACKAGE_METRICS,
    Report.CUSTOMER_VALUE: CUSTOMER_VALUE,
    Report.SETTLEMENTS: SETTLEMENTS,
}


async def refuse_unless_possible(actor: Actor, report: Report, asked: Asked) -> None:
    """Refuse whoever may not read the report, and what it cannot be asked."""
    await check(actor, report.hyphenated, TABLES[report], asked)


def settled(report: Report, asked: Asked) -> Asked:
    """The same as it is known now: what is recorded while the rows are read is in none of them."""
    return replace(asked, as_of=asked.as_of or now()) if "as_of" in TABLES[report].takes else asked


async def csv_report(actor: Actor, report: Report, asked: Asked) -> AsyncIterator[str]:
    """The report as CSV, in pieces so that memory stays flat; refuses before the first, which begins with the head."""
    await refuse_unless_possible(actor, report, asked)
    table = TABLES[report]
    head = csv_rows([table.columns])
    async for chunk in table.rows(actor, settled(report, asked)):
        yield head + csv_rows(chunk)
        head = ""
    if head:
        yield head
