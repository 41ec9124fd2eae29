"""The mutation reversePayment."""

from typing import Annotated

import strawberry

from domain.payments.reverse_payment import ReversePayment
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.packages.refusals import PackageClosed
from schema.packages.types import Package, shown
from schema.payments import refusals
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of


@strawberry.input(description="Which payment to take back, and why.")
class ReversePaymentInput:
    """The input of reversePayment."""

    payment_id: strawberry.ID = strawberry.field(description="The payment, as a package or an account lists it.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The payment was taken back.")
class ReversePaymentPayload:
    """The outcome of reversePayment."""

    payment_id: strawberry.ID = strawberry.field(description="The payment.")
    amount: Money = strawberry.field(description="How much it had been.")
    kept: Money = strawberry.field(
        description="What of it was kept as credit, or became credit when a charge that it had paid was taken back, "
        "and is credit no more."
    )
    pending: bool = strawberry.field(description="Whether the package waits for a payment again.")
    package_id: strawberry.ID | None = strawberry.field(description="The package it was for; null for an account.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()

    @strawberry.field(description="The package, as it is now; null for an account, or when you may not see it.")
    async def package(self, info: Info) -> Package | None:
        return await shown(info, self.package_id) if self.package_id else None


ReversePaymentResult = Annotated[
    ReversePaymentPayload
    | InvalidInput
    | NotFound
    | PackageClosed
    | refusals.PaymentAlreadyReversed
    | refusals.PaymentReversalTooLate
    | refusals.AlreadyDisputed
    | refusals.CreditSpent
    | refusals.PaymentRefunded
    | refusals.PaymentUsedUp,
    strawberry.union("ReversePaymentResult", description="The payment taken back, or why not."),
]


async def resolve(info: Info, input: ReversePaymentInput) -> ReversePaymentResult:
    """Build the command and carry it out."""
    done = await carry_out(info, ReversePayment(input.payment_id, input.reason), input.idempotency_key)
    outcome = done.outcome
    return ReversePaymentPayload(
        payment_id=outcome.payment_id,
        amount=money_of(outcome.amount_minor, outcome.currency),
        kept=money_of(outcome.kept_minor, outcome.currency),
        pending=outcome.pending,
        package_id=outcome.package_id,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "reverse_payment",
        "Takes back a payment that was entered by mistake: exactly its lines are mirrored today, what it settled is "
        "owed again, credit that was used is credit again, credit that it became when a charge was taken back is taken "
        "away as a payment from that credit, and a package that only it had activated waits once more. For a package "
        "that was upgraded or given back since, it is owed again too; a payment on which a refund goes back stays. "
        "The desk may do it on the day it was recorded, later only a manager.",
    ),
)
