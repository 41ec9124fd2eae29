"""The trial balance: what every account was debited and credited up to a day; all balances together are zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.kernel.access import Actor
from domain.kernel.money import to_decimal_string
from domain.ledger.accounts import Account
from domain.reports.figures import Figure, Lines, Span
from domain.reports.sums_store import Chosen, Sum, sums


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """What one account of one branch was debited and credited in all; the balance is debits less credits."""

    account: Account
    branch_id: str
    debit_minor: int
    credit_minor: int
    balance: Figure


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """The rows by branch and account, in the currency of the chain."""

    currency: str
    rows: tuple[TrialBalanceRow, ...]


async def trial_balance(
    actor: Actor, until: date | None = None, branch_id: str | None = None, as_of: datetime | None = None
) -> TrialBalance:
    """Debits and credits by account and branch, over everything posted up to and including a day."""
    span = Span(None, until or date.max, as_of)
    found = await sums(actor, Chosen(span, branch_id=branch_id), "the trial balance")
    grouped: dict[tuple[str, Account], list[Sum]] = {}
    for each in (*found.before, *found.within):
        grouped.setdefault((each.branch_id, each.account), []).append(each)
    rows = (
        _row(branch, account, grouped[branch, account], span, found.currency) for branch, account in sorted(grouped)
    )
    return TrialBalance(found.currency, tuple(rows))


def _row(branch_id: str, account: Account, sums: Sequence[Sum], span: Span, currency: str) -> TrialBalanceRow:
    debit, credit = sum(each.debit_minor for each in sums), sum(each.credit_minor for each in sums)
    debited, credited, balance = (to_decimal_string(minor, currency) for minor in (debit, credit, debit - credit))
    lines = Lines(span, (account,), branch_ids=(branch_id,))
    figure = Figure("Balance", debit - credit, f"{debited} debited - {credited} credited = {balance}", lines)
    return TrialBalanceRow(account, branch_id, debit, credit, figure)
