"""The trial balance as the graph shows it."""

from datetime import date, datetime

import strawberry

from domain.ledger.accounts import Account
from domain.reports import trial_balance as report
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info
from schema.reports.figure import Figure, figure_of
from schema.scalars import Money, money_of


@strawberry.type(description="What one account of one branch was debited and credited in all.")
class TrialBalanceLine:
    """A row of the trial balance."""

    account: Account = strawberry.field(description="The account's role.")
    debit: Money = strawberry.field(description="The sum of its debits.")
    credit: Money = strawberry.field(description="The sum of its credits.")
    balance: Money = strawberry.field(description="Debits less credits.")
    derivation: Figure = strawberry.field(description="How the balance came about, with the lines behind it.")
    branch_id: strawberry.Private[str]

    @strawberry.field(description="The branch whose books it is in.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id)


@strawberry.type(description="Debits and credits of every account, by branch; the sum of all balances is zero.")
class TrialBalance:
    """The trial balance of a chain."""

    until: date | None = strawberry.field(description="The last day that is counted; null for everything.")
    as_of: datetime | None = strawberry.field(description="What was recorded after this instant is left out.")
    lines: list[TrialBalanceLine] = strawberry.field(description="By branch and account.")
    debit: Money = strawberry.field(description="The sum of all debits.")
    credit: Money = strawberry.field(description="The sum of all credits; equal to the debits.")


def trial_balance_of(found: report.TrialBalance, until: date | None, as_of: datetime | None) -> TrialBalance:
    """The trial balance as the graph shows it."""
    currency = found.currency
    return TrialBalance(
        until=until,
        as_of=as_of,
        lines=[
            TrialBalanceLine(
                account=row.account,
                debit=money_of(row.debit_minor, currency),
                credit=money_of(row.credit_minor, currency),
                balance=money_of(row.balance.value, currency),
                derivation=figure_of(row.balance, currency),
                branch_id=row.branch_id,
            )
            for row in found.rows
        ],
        debit=money_of(sum(row.debit_minor for row in found.rows), currency),
        credit=money_of(sum(row.credit_minor for row in found.rows), currency),
    )
