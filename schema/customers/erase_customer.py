"""The mutation eraseCustomer."""

from typing import Annotated

import strawberry

from domain.customers.erase_customer import EraseCustomer
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.customers.outcomes import OfCustomer
from schema.customers.refusals import CustomerErased, CustomerMerged, CustomerStillHolds
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Who is to be forgotten.")
class EraseCustomerInput:
    """The input of eraseCustomer."""

    customer_id: strawberry.ID = strawberry.field(description="The customer.")
    reason: str = strawberry.field(
        description="Why, at most 500 characters; it stays in the audit log and should not name the person."
    )
    confirm: bool = strawberry.field(
        default=False,
        description="Whether what they still hold, owe or are expected for is to stay as it is; without it erasing is "
        "refused while there is any (CustomerStillHolds).",
    )


@strawberry.type(description="Nothing tells any more who they were.")
class EraseCustomerPayload(OfCustomer):
    """The outcome of eraseCustomer."""

    customers: int = strawberry.field(description="How many customers were this person, with those merged into them.")
    operations: int = strawberry.field(description="How many operations in the audit log lost their words.")
    operation_id: strawberry.ID = operation_id()


EraseCustomerResult = Annotated[
    EraseCustomerPayload | InvalidInput | NotFound | CustomerMerged | CustomerErased | CustomerStillHolds,
    strawberry.union("EraseCustomerResult", description="The customer erased, or why not."),
]


async def resolve(info: Info, input: EraseCustomerInput) -> EraseCustomerResult:
    """Build the command and carry it out."""
    done = await carry_out(info, EraseCustomer(input.customer_id, input.reason, input.confirm))
    outcome = done.outcome
    return EraseCustomerPayload(
        customer_id=outcome.customer_id,
        customers=outcome.customers,
        operations=outcome.operations,
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "erase_customer",
        "Erases who somebody was, for good: names, phones, e-mail addresses, birthday, tags, notes, references, "
        "reasons and attachments are gone everywhere, also of those merged into them. Sessions, money, days and "
        "ids stay as they are, and the seals of the audit log still prove the rest. What they still hold or owe is "
        "wound up by its package, visit or account; nothing new can be done with them, and their tokens are "
        "nobody's. Sent again it is refused.",
    ),
)
