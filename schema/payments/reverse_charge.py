"""The mutation reverseCharge."""

from typing import Annotated

import strawberry

from domain.payments.reverse_charge import ReverseCharge
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.customers.outcomes import OfCustomer
from schema.packages.refusals import AlreadyReversed, ReversalTooLate
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of


@strawberry.input(description="Which charge to take back, and why.")
class ReverseChargeInput:
    """The input of reverseCharge."""

    operation_id: strawberry.ID = strawberry.field(
        description="The operation that charged a visit without a package, as the account's charges name it. A visit "
        "on a package is undone by reverseRedemption, with what it charged."
    )
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The charge was taken back.")
class ReverseChargePayload(OfCustomer):
    """The outcome of reverseCharge."""

    sessions: int = strawberry.field(description="How many sessions had been charged.")
    amount: Money = strawberry.field(description="What had been charged for them.")
    credited: Money = strawberry.field(description="What of that had been paid, and is the customer's credit.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


ReverseChargeResult = Annotated[
    ReverseChargePayload | InvalidInput | NotFound | AlreadyReversed | ReversalTooLate,
    strawberry.union("ReverseChargeResult", description="The charge taken back, or why not."),
]


async def resolve(info: Info, input: ReverseChargeInput) -> ReverseChargeResult:
    """Build the command and carry it out."""
    done = await carry_out(info, ReverseCharge(input.operation_id, input.reason), input.idempotency_key)
    outcome = done.outcome
    return ReverseChargePayload(
        customer_id=outcome.customer_id,
        sessions=outcome.sessions,
        amount=money_of(outcome.amount_minor, outcome.currency),
        credited=money_of(outcome.credited_minor, outcome.currency),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "reverse_charge",
        "Takes back what was put to a customer's account for a visit without a package; what had been paid of it "
        "becomes the customer's credit, and the booking stays as it ended. The desk of the branch may do it within the "
        "chain's reversal hours, later only a manager; a second time is refused.",
    ),
)
