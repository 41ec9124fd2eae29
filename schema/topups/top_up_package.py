"""The mutation topUpPackage."""

from datetime import date
from typing import Annotated

import strawberry

from domain.ledger.accounts import Received
from domain.topups.asked import Asked
from domain.topups.top_up_package import PackageToppedUp, TopUpPackage
from schema.acts import carry_out, describe, idempotency_key, operation_id, parsed, replayed
from schema.branches.refusals import WrongCurrency
from schema.context import Info
from schema.packages import refusals as of_packages
from schema.packages.sell_package import PaymentInput
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of
from schema.topups import refusals


@strawberry.input(description="How many sessions are added to which package, and where.")
class TopUpPackageInput:
    """The input of topUpPackage."""

    package_id: strawberry.ID = strawberry.field(description="The package that the sessions are added to.")
    sessions: int = strawberry.field(description="How many sessions are added.")
    branch_id: strawberry.ID = strawberry.field(
        description="The branch that adds them: its list price counts where the terms go by that, and payments come in "
        "there. For customers the home branch of the package."
    )
    idempotency_key: str = idempotency_key()
    service_id: strawberry.ID | None = strawberry.field(
        default=None, description="A service of those that are added; needed where the package has several kinds."
    )
    payments: list[PaymentInput] = strawberry.field(
        default_factory=list, description="What is paid at once; the rest is owed. For customers credit, for all of it."
    )
    quote_hash: str | None = strawberry.field(
        default=None, description="The hash of the quote that was shown; another outcome is refused then."
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The sessions were added.")
class TopUpPackagePayload(OfPackage):
    """The outcome of topUpPackage."""

    top_up_id: strawberry.ID = strawberry.field(description="The top-up, as the package lists it.")
    lot_id: strawberry.ID = strawberry.field(description="The lot that the sessions are in.")
    sessions: int = strawberry.field(name="sessionsAdded", description="How many sessions were added.")
    amount: Money = strawberry.field(name="amountCharged", description="What they cost, with tax.")
    tax: Money = strawberry.field(name="taxCharged", description="The tax in it.")
    outstanding: Money = strawberry.field(description="What is still to be paid for the whole package.")
    last_day: date = strawberry.field(
        name="lastDayAdded", description="The last day of the sessions, without grace, by the home branch's clock."
    )
    remaining: int = strawberry.field(description="Sessions of the package that can be used or booked now.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


TopUpPackageResult = Annotated[
    TopUpPackagePayload
    | InvalidInput
    | NotFound
    | refusals.TopUpNotAllowed
    | refusals.TopUpBeyondMaximum
    | refusals.TopUpBelowMinimum
    | refusals.ServiceNotInPackage
    | refusals.TopUpNotPaid
    | refusals.TopUpQuoteChanged
    | of_packages.PackagePending
    | of_packages.PackageClosed
    | of_packages.PackageFrozen
    | of_packages.PackageDisputed
    | of_packages.BranchClosed
    | of_packages.PaymentExceedsOutstanding
    | of_packages.PaymentAboveLimit
    | of_packages.NotEnoughCredit
    | WrongCurrency,
    strawberry.union("TopUpPackageResult", description="The sessions added, or why not."),
]


async def resolve(info: Info, input: TopUpPackageInput) -> TopUpPackageResult:
    """Build the command and carry it out."""
    paid = parsed(
        *((payment.amount, ("payments", str(index), "amount")) for index, payment in enumerate(input.payments))
    )
    command = TopUpPackage(
        asked=Asked(input.package_id, input.sessions, input.branch_id, input.service_id),
        payments=tuple(
            Received(payment.method, amount.amount_minor) for payment, amount in zip(input.payments, paid, strict=True)
        ),
        currencies=tuple(amount.currency for amount in paid),
        quote_hash=input.quote_hash,
        reason=input.reason,
    )
    done = await carry_out(info, command, input.idempotency_key)
    outcome: PackageToppedUp = done.outcome
    return TopUpPackagePayload(
        package_id=strawberry.ID(outcome.package_id),
        top_up_id=strawberry.ID(outcome.top_up_id),
        lot_id=strawberry.ID(outcome.lot_id),
        sessions=outcome.sessions,
        amount=money_of(outcome.amount_minor, outcome.currency),
        tax=money_of(outcome.tax_minor, outcome.currency),
        outstanding=money_of(outcome.outstanding_minor, outcome.currency),
        last_day=outcome.last_day,
        remaining=outcome.remaining,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "top_up_package",
        "Adds sessions to a sold package as its terms allow: at the package's price of a session, at today's list "
        "price or at a fixed one, taxed as the package is. They are a lot of their own, with their own last day and "
        "refund; days of the terms come to the last day of the package, or to today where it has lapsed, and a first "
        "use that starts validity does not move that. What had lapsed stays lapsed. The price of the package grows by "
        "what they cost; what is not paid at once is outstanding, beyond the instalments that may have been agreed. "
        "Customers add sessions to what they hold where their credit pays all of it.",
    ),
)


@strawberry.type
class TopUpMutations:
    """Mixed into the root mutation."""

    top_up_package: TopUpPackageResult = MUTATION
