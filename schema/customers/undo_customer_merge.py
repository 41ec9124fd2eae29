"""The mutation undoCustomerMerge."""

from typing import Annotated

import strawberry

from domain.customers.undo_customer_merge import UndoCustomerMerge
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.branches.refusals import BooksClosed
from schema.context import Info
from schema.customers.outcomes import OfCustomer
from schema.customers.refusals import CustomerErased, CustomerMerged, MergeTooOld, MergeUndone
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of


@strawberry.input(description="A merge of two customers who are two persons after all.")
class UndoCustomerMergeInput:
    """The input of undoCustomerMerge."""

    merge_id: strawberry.ID = strawberry.field(description="The merge, as mergeCustomers answered it.")
    reason: str = strawberry.field(description="Why, at most 500 characters.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="They are two customers again.")
class UndoCustomerMergePayload(OfCustomer):
    """The outcome of undoCustomerMerge; the customer is the one who is one of their own again."""

    kept_id: strawberry.ID = strawberry.field(description="The customer who had stayed.")
    package_ids: list[strawberry.ID] = strawberry.field(description="The packages that went back.")
    credit: Money = strawberry.field(description="The credit that went back.")
    credit_spent: Money = strawberry.field(description="What of the credit that had come was not there any more.")
    owed: Money = strawberry.field(description="What was still owed and went back.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


UndoCustomerMergeResult = Annotated[
    UndoCustomerMergePayload
    | InvalidInput
    | NotFound
    | MergeUndone
    | MergeTooOld
    | CustomerMerged
    | CustomerErased
    | BooksClosed,
    strawberry.union("UndoCustomerMergeResult", description="The merge undone, or why not."),
]


async def resolve(info: Info, input: UndoCustomerMergeInput) -> UndoCustomerMergeResult:
    """Build the command and carry it out."""
    done = await carry_out(info, UndoCustomerMerge(input.merge_id, input.reason), input.idempotency_key)
    outcome = done.outcome
    return UndoCustomerMergePayload(
        customer_id=outcome.merged_id,
        kept_id=outcome.kept_id,
        package_ids=list(outcome.package_ids),
        credit=money_of(outcome.credit_minor, outcome.currency),
        credit_spent=money_of(outcome.credit_spent_minor, outcome.currency),
        owed=money_of(outcome.owed_minor, outcome.currency),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "undo_customer_merge",
        "Undoes a merge within 7 days: what came from the one who was merged goes back, packages even if they were "
        "used since, credit as far as it is still at its branch, fields unless somebody has changed them. What was "
        "bought or booked since stays with the one who stayed.",
    ),
)
