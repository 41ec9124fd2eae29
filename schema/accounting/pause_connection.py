"""The mutation pauseConnection."""

from typing import Annotated

import strawberry

from domain.accounting.sync.pause_connection import PauseConnection
from schema.accounting.accounting_connections import AccountingConnection, connection_shown
from schema.accounting.sync_refusals import ConnectionNotActive
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which connection, and why.")
class PauseConnectionInput:
    """The input of pauseConnection."""

    connection_id: strawberry.ID = strawberry.field(description="The connection.")
    reason: str = strawberry.field(default="", description="Why, for the audit log; at most 500 characters.")


@strawberry.type(description="What is on its way arrives; everything else waits.")
class PauseConnectionPayload:
    """The outcome of pauseConnection."""

    connection: AccountingConnection | None = strawberry.field(description="The connection.")
    operation_id: strawberry.ID = operation_id()


PauseConnectionResult = Annotated[
    PauseConnectionPayload | InvalidInput | NotFound | ConnectionNotActive,
    strawberry.union("PauseConnectionResult", description="The connection paused, or why not."),
]


async def resolve(info: Info, input: PauseConnectionInput) -> PauseConnectionResult:
    """Build the command and carry it out."""
    done = await carry_out(info, PauseConnection(input.connection_id, input.reason))
    return PauseConnectionPayload(
        connection=await connection_shown(info, done.outcome.connection_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "pause_connection",
        "Pauses a connection: what is on its way arrives, and nothing more is sent or compared until it is resumed. "
        "Nothing is lost: documents of what is posted meanwhile are sent then. Sent again it is refused as not active.",
    ),
)
