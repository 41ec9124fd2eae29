"""The trial balance as a table: a row for each account of each branch."""

from domain.branches import store as branches
from domain.kernel.access import Actor
from domain.kernel.money import Money
from domain.ledger import journal
from domain.reports.tables.codes import branch_codes
from domain.reports.tables.table import Asked, Rows, Table

_WHAT = "the trial balance"


async def _rows(actor: Actor, asked: Asked) -> Rows:
    found = await journal.trial_balance(actor, asked.last_day, asked.branch_id)
    currency = (await branches.chain(actor.chain_id)).currency
    codes = await branch_codes(actor, {row.branch_id for row in found})
    yield [
        (
            codes[row.branch_id],
            row.account,
            Money(row.debit_minor, currency),
            Money(row.credit_minor, currency),
            Money(row.debit_minor - row.credit_minor, currency),
            currency,
        )
        for row in sorted(found, key=lambda row: (codes[row.branch_id], row.account))
    ]


TRIAL_BALANCE = Table(
    columns=("branch", "account", "debit", "credit", "balance", "currency"),
    rows=_rows,
    refuse_reader=lambda actor: journal.accounts_branches(actor, _WHAT),
    takes=frozenset({"last_day", "branch_id"}),
)
