"""The mutation resumeConnection."""

from typing import Annotated

import strawberry

from domain.accounting.sync.resume_connection import ResumeConnection
from domain.kernel import errors
from schema.accounting.accounting_connections import AccountingConnection, connection_shown
from schema.accounting.sync_chosen import chosen
from schema.accounting.sync_refusals import ConnectionActive
from schema.accounting.sync_systems import AccountingCredentialsInput
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which connection goes on, and with what.")
class ResumeConnectionInput:
    """The input of resumeConnection."""

    connection_id: strawberry.ID = strawberry.field(description="The connection.")
    credentials: AccountingCredentialsInput | None = strawberry.field(
        default=None,
        description="What lets Carnet in from now on; what it has when left out. With them every connection that is at "
        "work is accepted, too.",
    )


@strawberry.type(description="It goes on where it stopped.")
class ResumeConnectionPayload:
    """The outcome of resumeConnection."""

    connection: AccountingConnection | None = strawberry.field(description="The connection.")
    operation_id: strawberry.ID = operation_id()


ResumeConnectionResult = Annotated[
    ResumeConnectionPayload | InvalidInput | NotFound | ConnectionActive,
    strawberry.union("ResumeConnectionResult", description="The connection at work, or why not."),
]


async def resolve(info: Info, input: ResumeConnectionInput) -> ResumeConnectionResult:
    """Build the command and carry it out."""
    given = chosen(input.credentials) if input.credentials else None
    try:
        done = await carry_out(info, ResumeConnection(input.connection_id, given.credentials if given else None))
    except errors.InvalidInput as bad:
        raise given.refused(bad, "credentials") if given else bad from bad
    return ResumeConnectionPayload(
        connection=await connection_shown(info, done.outcome.connection_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "resume_connection",
        "Lets a connection go on that was paused or has stopped, with new credentials where these are what was wrong. "
        "What has waited is sent, and nothing twice. One that is at work tries at once what it has put off, such as "
        "documents of days that were locked, and looks for those that got no answer. Where it has put nothing off it "
        "is refused as active, so also when this is sent again.",
    ),
)
