"""The mutation recordPayment."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.ledger.accounts import PaymentMethod
from domain.payments.record_payment import RecordPayment
from schema.acts import carry_out, describe, idempotency_key, operation_id, parsed, replayed
from schema.branches.refusals import BooksClosed, WrongCurrency
from schema.context import Info
from schema.packages import refusals
from schema.packages.types import OfPackage
from schema.payments.refusals import BadPaymentTime
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, MoneyInput, money_of

KEEP_EXCESS = "Whether what exceeds that is kept as the customer's credit; refused otherwise."
RECEIVED_AT = "When the money came in; now unless given, never in closed books. Credit is always used now."


@strawberry.input(description="Money that came in for a package, or credit of its holder that is used for it.")
class RecordPaymentInput:
    """The input of recordPayment."""

    package_id: strawberry.ID = strawberry.field(description="The package it is for.")
    branch_id: strawberry.ID = strawberry.field(description="The branch whose register took it in, or that acts.")
    method: PaymentMethod = strawberry.field(description="How it came in.")
    amount: MoneyInput = strawberry.field(description="How much; at most what is outstanding.")
    idempotency_key: str = idempotency_key()
    keep_excess: bool = strawberry.field(default=False, description=KEEP_EXCESS)
    received_at: datetime | None = strawberry.field(default=None, description=RECEIVED_AT)


@strawberry.type(description="The payment was recorded.")
class RecordPaymentPayload(OfPackage):
    """The outcome of recordPayment."""

    outstanding: Money = strawberry.field(description="What was outstanding after it.")
    kept: Money = strawberry.field(description="What of it exceeded that and is the holder's credit.")
    activated: bool = strawberry.field(description="Whether this payment activated the package.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


RecordPaymentResult = Annotated[
    RecordPaymentPayload
    | InvalidInput
    | NotFound
    | refusals.PaymentExceedsOutstanding
    | WrongCurrency
    | refusals.BranchClosed
    | refusals.PackageClosed
    | refusals.PaymentAboveLimit
    | refusals.NotEnoughCredit
    | BadPaymentTime
    | BooksClosed,
    strawberry.union("RecordPaymentResult", description="The payment recorded, or why not."),
]


async def resolve(info: Info, input: RecordPaymentInput) -> RecordPaymentResult:
    """Build the command and carry it out."""
    (amount,) = parsed((input.amount, ("amount",)))
    command = RecordPayment(
        package_id=input.package_id,
        branch_id=input.branch_id,
        method=input.method,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        keep_excess=input.keep_excess,
        received_at=input.received_at,
    )
    done = await carry_out(info, command, input.idempotency_key)
    outcome = done.outcome
    return RecordPaymentPayload(
        package_id=outcome.package_id,
        outstanding=money_of(outcome.outstanding_minor, outcome.currency),
        kept=money_of(outcome.kept_minor, outcome.currency),
        activated=outcome.activated,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "record_payment",
        "Records money received for a package, or uses credit of its holder: less is receivable from then on, and a "
        "package that waited for it becomes active.",
    ),
)
