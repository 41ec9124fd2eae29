"""The trial balance as a table: a row for each account of each branch."""

from domain.kernel.access import Actor
from domain.kernel.money import Money
from domain.reports.tables.codes import branch_codes
from domain.reports.tables.table import Asked, Rows, of_books
from domain.reports.trial_balance import trial_balance


async def _rows(actor: Actor, asked: Asked) -> Rows:
    found = await trial_balance(actor, asked.last_day, asked.branch_id, asked.as_of)
    codes = await branch_codes(actor, (row.branch_id for row in found.rows))
    yield [
        (
            codes[row.branch_id],
            row.account,
            Money(row.debit_minor, found.currency),
            Money(row.credit_minor, found.currency),
            Money(row.balance.value, found.currency),
            found.currency,
        )
        for row in sorted(found.rows, key=lambda row: (codes[row.branch_id], row.account))
    ]


TRIAL_BALANCE = of_books(
    "the trial balance",
    ("branch", "account", "debit", "credit", "balance", "currency"),
    _rows,
    without="first_day",
)
