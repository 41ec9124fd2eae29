"""The mutation payAccount."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.ledger.accounts import PaymentMethod
from domain.payments.pay_account import PayAccount
from schema.acts import carry_out, describe, idempotency_key, operation_id, parsed, replayed
from schema.branches.refusals import BooksClosed, WrongCurrency
from schema.context import Info
from schema.customers.outcomes import OfCustomer
from schema.customers.refusals import CustomerMerged
from schema.packages import refusals
from schema.payments.record_payment import KEEP_EXCESS, RECEIVED_AT
from schema.payments.refusals import BadPaymentTime
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, MoneyInput, money_of


@strawberry.input(description="Money that came in for a customer's account, or credit that is used for it.")
class PayAccountInput:
    """The input of payAccount."""

    customer_id: strawberry.ID = strawberry.field(description="Whose account.")
    branch_id: strawberry.ID = strawberry.field(description="The branch whose register took it in, or that acts.")
    method: PaymentMethod = strawberry.field(description="How it came in.")
    amount: MoneyInput = strawberry.field(description="How much; at most what is owed on the account.")
    idempotency_key: str = idempotency_key()
    keep_excess: bool = strawberry.field(default=False, description=KEEP_EXCESS)
    received_at: datetime | None = strawberry.field(default=None, description=RECEIVED_AT)


@strawberry.type(description="The payment was recorded.")
class PayAccountPayload(OfCustomer):
    """The outcome of payAccount."""

    owed: Money = strawberry.field(description="What was still owed on the account after it.")
    kept: Money = strawberry.field(description="What of it was more than was owed, and is the customer's credit.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


PayAccountResult = Annotated[
    PayAccountPayload
    | InvalidInput
    | NotFound
    | CustomerMerged
    | refusals.PaymentExceedsOutstanding
    | WrongCurrency
    | refusals.BranchClosed
    | refusals.PaymentAboveLimit
    | refusals.NotEnoughCredit
    | BadPaymentTime
    | BooksClosed,
    strawberry.union("PayAccountResult", description="The payment recorded, or why not."),
]


async def resolve(info: Info, input: PayAccountInput) -> PayAccountResult:
    """Build the command and carry it out."""
    (amount,) = parsed((input.amount, ("amount",)))
    command = PayAccount(
        customer_id=input.customer_id,
        branch_id=input.branch_id,
        method=input.method,
        amount_minor=amount.amount_minor,
        currency=amount.currency,
        keep_excess=input.keep_excess,
        received_at=input.received_at,
    )
    done = await carry_out(info, command, input.idempotency_key)
    outcome = done.outcome
    return PayAccountPayload(
        customer_id=outcome.customer_id,
        owed=money_of(outcome.owed_minor, outcome.currency),
        kept=money_of(outcome.kept_minor, outcome.currency),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "pay_account",
        "Records money received for what a customer owes outside of packages, or uses their credit for it: the oldest "
        "charge is settled first, where it is owed. What is more may be kept as credit; without anything owed all of "
        "it is a deposit.",
    ),
)
