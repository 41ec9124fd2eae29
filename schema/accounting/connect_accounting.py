"""The mutation connectAccounting."""

from datetime import date
from typing import Annotated

import strawberry

from domain.accounting.sync.connect_accounting import ConnectAccounting
from domain.accounting.sync.connecting import connect
from domain.accounting.sync.rules import LockedDays, Mode
from domain.kernel import errors
from schema.accounting.accounting_connections import AccountingConnection, connection_shown
from schema.accounting.sync_chosen import chosen
from schema.accounting.sync_refusals import ConnectionNameTaken
from schema.accounting.sync_systems import AccountingSystemInput
from schema.acts import describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which system is handed the journal, how, and from which day on.")
class ConnectAccountingInput:
    """The input of connectAccounting."""

    name: str = strawberry.field(description="What people call it; unique in the chain, at most 120 characters.")
    system: AccountingSystemInput = strawberry.field(description="The system with what opens it.")
    mode: Mode = strawberry.field(description="What becomes one document there.")
    starts_on: date = strawberry.field(
        description="What was posted on this day or later is handed over, also what was posted before now."
    )
    branch_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The branches whose books are handed over; all, also later ones, when left out."
    )
    locked_days: LockedDays = strawberry.field(
        default=LockedDays.HOLD, description="What becomes of documents of days that are locked there."
    )
    paused: bool = strawberry.field(
        default=False, description="Whether nothing is sent before it is resumed, so that all can be mapped."
    )


@strawberry.type(description="Documents are made, and sent once their accounts are mapped.")
class ConnectAccountingPayload:
    """The outcome of connectAccounting."""

    connection: AccountingConnection | None = strawberry.field(description="The connection.")
    operation_id: strawberry.ID = operation_id()


ConnectAccountingResult = Annotated[
    ConnectAccountingPayload | InvalidInput | NotFound | ConnectionNameTaken,
    strawberry.union("ConnectAccountingResult", description="The connection, or why there is none."),
]


async def resolve(info: Info, input: ConnectAccountingInput) -> ConnectAccountingResult:
    """Build the command and carry it out."""
    meant = chosen(input.system)
    command = ConnectAccounting(
        name=input.name,
        system=meant.system,
        mode=input.mode,
        starts_on=input.starts_on,
        settings=meant.settings,
        credentials=meant.credentials,
        branch_ids=None if input.branch_ids is None else tuple(input.branch_ids),
        locked_days=input.locked_days,
        paused=input.paused,
    )
    try:
        done = await connect(info.context.actor, command)
    except errors.InvalidInput as bad:
        raise meant.refused(bad, "system") from bad
    info.context.forget()
    return ConnectAccountingPayload(
        connection=await connection_shown(info, done.outcome.connection_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "connect_accounting",
        "Connects an accounting system. What is sealed is handed to it in documents that are each booked once, "
        "whatever breaks; one whose accounts are not all mapped waits until they are. Sent again it is refused: the "
        "name is taken then.",
    ),
)
