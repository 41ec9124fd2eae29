"""The mutation mergeCustomers."""

from typing import Annotated

import strawberry

from domain.customers.merge_customers import MergeCustomers
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.branches.refusals import BooksClosed
from schema.context import Info
from schema.customers.outcomes import OfCustomer
from schema.customers.refusals import CustomerErased, CustomerMerged, SameCustomer
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of


@strawberry.input(description="Two customers who are one person.")
class MergeCustomersInput:
    """The input of mergeCustomers."""

    keep_id: strawberry.ID = strawberry.field(description="The customer who stays.")
    merge_id: strawberry.ID = strawberry.field(description="The customer who is the same person.")
    reason: str = strawberry.field(description="How that was found out, at most 500 characters.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="They are one customer from now on.")
class MergeCustomersPayload(OfCustomer):
    """The outcome of mergeCustomers."""

    merge_id: strawberry.ID = strawberry.field(description="The merge; undoCustomerMerge takes it for 7 days.")
    package_ids: list[strawberry.ID] = strawberry.field(description="The packages that changed their holder.")
    bookings: int = strawberry.field(description="How many visits went over, past ones too.")
    credit: Money = strawberry.field(description="The credit that went over.")
    owed: Money = strawberry.field(description="What was owed on the account that went over.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


MergeCustomersResult = Annotated[
    MergeCustomersPayload | InvalidInput | NotFound | SameCustomer | CustomerMerged | CustomerErased | BooksClosed,
    strawberry.union("MergeCustomersResult", description="The customers merged, or why not."),
]


async def resolve(info: Info, input: MergeCustomersInput) -> MergeCustomersResult:
    """Build the command and carry it out."""
    command = MergeCustomers(input.keep_id, input.merge_id, input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    outcome = done.outcome
    return MergeCustomersPayload(
        customer_id=outcome.kept_id,
        merge_id=outcome.merge_id,
        package_ids=list(outcome.package_ids),
        bookings=outcome.bookings,
        credit=money_of(outcome.credit_minor, outcome.currency),
        owed=money_of(outcome.owed_minor, outcome.currency),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "merge_customers",
        "Merges two customers who are one person: packages, visits, shares, references, transfers that wait, "
        "credit and what is owed belong to the one who stays; blank fields are filled, tags and notes joined. What "
        "was done before stays written as it was, and is read with the one who stays. The other is still answered, "
        "with `mergedInto`, but not listed; nothing can be done with them, and their tokens act for the one who "
        "stays.",
    ),
)
