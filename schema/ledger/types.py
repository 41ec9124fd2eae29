"""Operations, journal entries and the trial balance as the graph shows them."""

from datetime import date, datetime

import strawberry

from domain.kernel.access import Principal
from domain.ledger.accounts import Account, Event
from domain.ledger.journal import EntryView, LineView, OperationView, TrialBalanceRow
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info
from schema.enums import enum
from schema.interfaces import Node
from schema.ledger.loaders import LINES, OPERATION
from schema.scalars import Money, money_of

PrincipalKind = enum(
    Principal,
    name="PrincipalKind",
    description="The kinds of who.",
    STAFF="A person who works for the chain.",
    CUSTOMER="A customer, through an app.",
    INTEGRATION="Another system, with an API key.",
    SYSTEM="Carnet itself: imports and sweeps.",
)

AccountRole = enum(
    Account,
    name="AccountRole",
    description="The role of an account; a chain maps roles to its own chart of accounts.",
    CASH="Money received, by payment method.",
    PROVIDER_CLEARING="Money a payment provider has taken in and not yet paid out.",
    RECEIVABLE="What customers still owe for packages sold.",
    DEFERRED_REVENUE="Value still owed to customers as sessions.",
    REVENUE="Value of sessions that were used.",
    BREAKAGE_REVENUE="Value of sessions that lapsed unused.",
    FEE_INCOME="Fees kept from refunds and transfers.",
    TAX_PAYABLE="Tax owed to the authorities.",
    CUSTOMER_CREDIT="Money that belongs to customers and is not yet spent.",
    REFUND_PAYABLE="Refunds agreed and not yet paid out.",
    PRICE_CONCESSION="What was given up as goodwill.",
    DUE_FROM_BRANCH="What another branch owes this one.",
    DUE_TO_BRANCH="What this branch owes another one.",
    DISPUTES="Money held back while a payment is disputed.",
    BAD_DEBT="What will never be paid.",
    PROVIDER_FEES="What payment providers keep.",
    OPENING_BALANCE="The other side of what was moved in from another system.",
)

EntryEvent = enum(
    Event,
    name="EntryEvent",
    description="What a journal entry tells of.",
    SALE="A package was sold.",
    PAYMENT="Money came in for a package.",
    SESSION="Sessions were used.",
    REVERSAL="An earlier entry was mirrored.",
    LAPSE="Sessions lapsed unused.",
    OPENING="A package was moved in from another system.",
)


@strawberry.type(description="Who carried out an operation.")
class PrincipalReference:
    """The principal of an operation."""

    kind: Principal = strawberry.field(description="What kind of principal.")
    id: strawberry.ID = strawberry.field(description="The id of the person, customer or API key; `system` for Carnet.")


@strawberry.type(description="One business act that was carried out; the operations are the audit log.")
class Operation(Node):
    """A row of the audit log."""

    act: str = strawberry.field(description="The act, as its mutation is called in snake case, such as redeem_session.")
    principal: PrincipalReference = strawberry.field(description="Who did it.")
    effective_at: datetime = strawberry.field(description="When it counts for the business.")
    recorded_at: datetime = strawberry.field(description="When it was written.")
    reason: str = strawberry.field(description="Why, in the words of who did it; may be empty.")
    package_version: int | None = strawberry.field(description="The version of the package that it made, from 1 on.")
    sessions_change: int = strawberry.field(description="By how much the available sessions changed.")
    position: int | None = strawberry.field(
        description="Its gapless place in the chain's sealed order; null until it is sealed, seconds after the act."
    )
    package_id: strawberry.ID | None = strawberry.field(description="The package it changed, if any.")
    customer_id: strawberry.ID | None = strawberry.field(description="The customer it was for, if any.")
    branch_id: strawberry.Private[str | None]
    reverses_id: strawberry.Private[str | None]

    @strawberry.field(description="The branch where it happened; null for acts of the whole chain.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id) if self.branch_id else None

    @strawberry.field(description="The operation that this one mirrors.")
    async def reverses(self, info: Info) -> "Operation | None":
        if self.reverses_id is None:
            return None
        found = await info.context.load(OPERATION, self.reverses_id)
        return operation_of(found) if found else None


def operation_of(view: OperationView) -> Operation:
    """An operation as the graph shows it."""
    return Operation(
        id=strawberry.ID(view.id),
        act=view.act,
        principal=PrincipalReference(kind=view.principal, id=strawberry.ID(view.principal_id)),
        effective_at=view.effective_at,
        recorded_at=view.recorded_at,
        reason=view.reason,
        package_version=view.package_version,
        sessions_change=view.sessions_change,
        position=view.position,
        package_id=strawberry.ID(view.package_id) if view.package_id else None,
        customer_id=strawberry.ID(view.customer_id) if view.customer_id else None,
        branch_id=view.branch_id,
        reverses_id=view.reverses,
    )


@strawberry.type(description="One debit or credit of a journal entry.")
class JournalLine:
    """A line with its dimensions."""

    account: Account = strawberry.field(description="The account's role.")
    debit: Money = strawberry.field(description="The amount debited; zero on a credit line.")
    credit: Money = strawberry.field(description="The amount credited; zero on a debit line.")
    payment_method: str | None = strawberry.field(description="How the money came in, on cash and clearing lines.")
    package_id: strawberry.ID | None = strawberry.field(description="The package it is about.")
    service_id: strawberry.ID | None = strawberry.field(description="The service that was performed.")
    branch_id: strawberry.Private[str]
    counterparty_id: strawberry.Private[str | None]

    @strawberry.field(description="The branch whose books the line is in.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id)

    @strawberry.field(description="The other branch, on lines between branches.")
    async def counterparty(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.counterparty_id) if self.counterparty_id else None


def line_of(view: LineView, currency: str) -> JournalLine:
    """A line as the graph shows it."""
    return JournalLine(
        account=view.account,
        debit=money_of(view.debit_minor, currency),
        credit=money_of(view.credit_minor, currency),
        payment_method=view.payment_method,
        package_id=strawberry.ID(view.package_id) if view.package_id else None,
        service_id=strawberry.ID(view.service_id) if view.service_id else None,
        branch_id=view.branch_id,
        counterparty_id=view.counterparty_id,
    )


@strawberry.type(description="A balanced entry of the money journal; it balances for every branch in it.")
class JournalEntry(Node):
    """An entry of the journal."""

    event: Event = strawberry.field(description="What the entry tells of.")
    posted_on: date = strawberry.field(description="The accounting day, by the clock of the package's home branch.")
    effective_at: datetime = strawberry.field(description="When it counts for the business.")
    currency: str = strawberry.field(description="The currency of all its lines.")
    operation_id: strawberry.Private[str]

    @strawberry.field(description="The act that posted it.")
    async def operation(self, info: Info) -> Operation | None:
        found = await info.context.load(OPERATION, self.operation_id)
        return operation_of(found) if found else None

    @strawberry.field(description="Its lines, of the branches whose books you may read.")
    async def lines(self, info: Info) -> list[JournalLine]:
        found = await info.context.load(LINES, str(self.id)) or []
        return [line_of(line, self.currency) for line in found]


def entry_of(view: EntryView) -> JournalEntry:
    """An entry as the graph shows it."""
    return JournalEntry(
        id=strawberry.ID(view.id),
        event=view.event,
        posted_on=view.posted_on,
        effective_at=view.effective_at,
        currency=view.currency,
        operation_id=view.operation_id,
    )


@strawberry.type(description="What one account of one branch was debited and credited in all.")
class TrialBalanceLine:
    """A row of the trial balance."""

    account: Account = strawberry.field(description="The account's role.")
    debit: Money = strawberry.field(description="The sum of its debits.")
    credit: Money = strawberry.field(description="The sum of its credits.")
    balance: Money = strawberry.field(description="Debits less credits.")
    branch_id: strawberry.Private[str]

    @strawberry.field(description="The branch whose books it is in.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id)


@strawberry.type(description="Debits and credits of every account, by branch; the sum of all balances is zero.")
class TrialBalance:
    """The trial balance of a chain."""

    until: date | None = strawberry.field(description="The last day that is counted; null for everything.")
    lines: list[TrialBalanceLine] = strawberry.field(description="By branch and account.")
    debit: Money = strawberry.field(description="The sum of all debits.")
    credit: Money = strawberry.field(description="The sum of all credits; equal to the debits.")


def trial_balance_of(rows: list[TrialBalanceRow], until: date | None, currency: str) -> TrialBalance:
    """The trial balance as the graph shows it."""
    return TrialBalance(
        until=until,
        lines=[
            TrialBalanceLine(
                account=row.account,
                debit=money_of(row.debit_minor, currency),
                credit=money_of(row.credit_minor, currency),
                balance=money_of(row.debit_minor - row.credit_minor, currency),
                branch_id=row.branch_id,
            )
            for row in rows
        ],
        debit=money_of(sum(row.debit_minor for row in rows), currency),
        credit=money_of(sum(row.credit_minor for row in rows), currency),
    )
