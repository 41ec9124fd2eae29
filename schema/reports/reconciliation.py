"""The reconciliation of cash and accrual as the graph shows it."""

from datetime import date, datetime

import strawberry

from domain.reports import figures
from domain.reports import reconciliation as report
from domain.reports.reconciliation import Reconciled, View
from schema.context import Info
from schema.enums import enum
from schema.reports.arguments import WHO, AsOf, AtBranch, From, To, refuse_unless_possible
from schema.reports.figure import Figure, figure_of
from schema.scalars import CurrencyCode

ReconciliationView = enum(
    View,
    name="ReconciliationView",
    description="The two ways in which the journal is read.",
    CASH="By the money that moved.",
    ACCRUAL="By what was earned and what is owed.",
)

ReconciledKind = enum(
    Reconciled,
    name="ReconciledKind",
    description="The terms of the equation between what was collected and what it became.",
    COLLECTED="Money that came in from customers, less payments taken back.",
    REFUNDED="Money that went back to customers.",
    RECOGNISED="Revenue of sessions used.",
    BREAKAGE="Revenue of sessions that are never used.",
    FEES="Fees kept.",
    CONCESSIONS="What was given up as goodwill.",
    DEFERRED_REVENUE="By how much more is owed as sessions.",
    TAX="By how much more is owed to the authorities.",
    CUSTOMER_CREDIT="By how much more is owed to customers as credit.",
    REFUNDS_PAYABLE="By how much more is owed as refunds agreed.",
    RECEIVABLE="By how much more customers owe.",
    PROVIDER_FEES="What payment providers kept.",
    BAD_DEBT="What will never be paid.",
    DISPUTES="By how much more is held back while payments are disputed.",
    BETWEEN_BRANCHES="By how much more is owed to other branches, less what they owe.",
    OPENING_BALANCES="The other side of what was moved in from another system.",
    PROVIDERS="Money that providers gave back after disputes, less what they kept back and took as fees.",
    SETTLED="Money that other branches paid in settlements, less what was paid to them.",
)


@strawberry.type(description="One term of the equation.")
class ReconciliationTerm:
    """A figure with its sign."""

    kind: Reconciled = strawberry.field(description="Which one.")
    view: View = strawberry.field(description="On which side of the equation it stands.")
    sign: int = strawberry.field(description="1 where it is added, -1 where it is subtracted.")
    figure: Figure = strawberry.field(description="How much it is.")


@strawberry.type(
    description="Collected - refunded = recognised + breakage + fees - concessions + the changes of what is owed - the "
    "change of what customers owe, and whatever other accounts moved. The terms with their signs say it in full."
)
class Reconciliation:
    """The report."""

    from_: date = strawberry.field(name="from", description="The first accounting day.")
    to: date = strawberry.field(description="The last accounting day.")
    as_of: datetime | None = strawberry.field(description="What was recorded after this instant is left out.")
    currency: CurrencyCode = strawberry.field(description="The currency of all amounts.")
    terms: list[ReconciliationTerm] = strawberry.field(description="All terms, also those that are zero.")
    cash: Figure = strawberry.field(description="The cash view: its terms added up.")
    accrual: Figure = strawberry.field(description="The accrual view: its terms added up.")
    difference: Figure = strawberry.field(description="The one less the other: always zero.")


async def resolve(
    info: Info, from_: From, to: To, branch_id: AtBranch = None, as_of: AsOf = None
) -> Reconciliation | None:
    """Ask for the report."""
    span = figures.span(from_, to, as_of)
    await refuse_unless_possible(info, "the reconciliation", branch_id, as_of=as_of)
    found = await report.reconciliation(info.context.actor, span, branch_id)
    return Reconciliation(
        from_=from_,
        to=to,
        as_of=as_of,
        currency=CurrencyCode(found.currency),
        terms=[
            ReconciliationTerm(
                kind=term.kind, view=term.view, sign=term.sign, figure=figure_of(term.figure, found.currency)
            )
            for term in found.terms
        ],
        cash=figure_of(found.cash, found.currency),
        accrual=figure_of(found.accrual, found.currency),
        difference=figure_of(found.difference, found.currency),
    )


QUERY = strawberry.field(
    resolver=resolve,
    description=f"How the money of a period and the earnings of it hang together, term by term. {WHO}",
)
