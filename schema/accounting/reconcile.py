"""The mutation reconcile."""

from typing import Annotated

import strawberry

from domain.accounting.sync.reconcile import Reconcile
from schema.accounting.accounting_connections import AccountingConnection, connection_shown
from schema.accounting.sync_refusals import ConnectionNotActive, NothingToCompare
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import NotFound


@strawberry.input(description="Which connection is compared.")
class ReconcileInput:
    """The input of reconcile."""

    connection_id: strawberry.ID = strawberry.field(description="The connection.")


@strawberry.type(description="It is compared in a moment.")
class ReconcilePayload:
    """The outcome of reconcile."""

    connection: AccountingConnection | None = strawberry.field(
        description="The connection; the first of its `reconciliations` tells the outcome once `reconciledAt` "
        "moves on, or `notComparedBecause` why there is none once `notComparedAt` does."
    )
    operation_id: strawberry.ID = operation_id()


ReconcileResult = Annotated[
    ReconcilePayload | NotFound | ConnectionNotActive | NothingToCompare,
    strawberry.union("ReconcileResult", description="The connection to be compared, or why not."),
]


async def resolve(info: Info, input: ReconcileInput) -> ReconcileResult:
    """Build the command and carry it out."""
    done = await carry_out(info, Reconcile(input.connection_id))
    return ReconcilePayload(
        connection=await connection_shown(info, done.outcome.connection_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "reconcile",
        "Compares what the other system has booked with what was sent, without waiting for the night. What differs is "
        "listed, and nothing is sent again by itself. Sent again before it began it is compared once.",
    ),
)
