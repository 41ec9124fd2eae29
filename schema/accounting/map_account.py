"""The mutation mapAccount."""

from collections.abc import Iterable
from typing import Annotated

import strawberry

from domain.accounting.sync.asking import refuse_unknown
from domain.accounting.sync.map_account import MapAccount
from domain.accounting.sync.mapping import Mapped
from domain.kernel import errors
from domain.ledger.accounts import Account
from schema.accounting.accounting_connections import AccountingConnection, connection_shown
from schema.accounting.sync_refusals import UnknownRemoteAccount, UnknownRemoteDimension
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="A dimension of the other system, such as a cost centre or a tracking category.")
class MappingDimensionInput:
    """A dimension as a client sends it."""

    name: str = strawberry.field(description="What it is called there.")
    value: str = strawberry.field(description="What is booked under it.")


@strawberry.input(
    description="What a role is called there; for all its lines, or only for those of a branch, a service, a tax code. "
    "Of the rows that fit a line the one that names most of the three counts alone, with its own dimensions; of as "
    "many, one with the branch before one with the service, and that before one with the tax code."
)
class AccountMappingInput:
    """A row as a client sends it."""

    account: Account = strawberry.field(description="The role.")
    remote_account: str | None = strawberry.field(
        description="The account there, by its code or name as that system wants it; null takes back what was said "
        "before for the same lines."
    )
    branch_id: strawberry.ID | None = strawberry.field(default=None, description="Only for lines of this branch.")
    service_id: strawberry.ID | None = strawberry.field(default=None, description="Only for lines about this service.")
    tax_code: str | None = strawberry.field(default=None, description="Only for lines with this tax code.")
    dimensions: list[MappingDimensionInput] = strawberry.field(
        default_factory=list, description="What its lines carry there besides, at most 10, each name once."
    )

    def read(self, path: tuple[str, ...]) -> Mapped:
        """The row as the domain knows it."""
        named = {each.name: each.value for each in self.dimensions}
        if len(named) < len(self.dimensions):
            raise errors.InvalidInput(errors.FieldProblem((*path, "dimensions"), "dimensions names one twice."))
        return Mapped(self.account, self.remote_account, self.branch_id, self.service_id, self.tax_code, named)


@strawberry.input(description="What accounts are called in the other system.")
class MapAccountInput:
    """The input of mapAccount."""

    connection_id: strawberry.ID = strawberry.field(description="The connection.")
    rows: list[AccountMappingInput] = strawberry.field(
        description="The rows that are new or other than before, at most 500; all others stay as they are."
    )


@strawberry.type(description="The rows count.")
class MapAccountPayload:
    """The outcome of mapAccount."""

    connection: AccountingConnection | None = strawberry.field(description="The connection.")
    version: int = strawberry.field(description="The version of the mapping that counts from now on.")
    operation_id: strawberry.ID = operation_id()


MapAccountResult = Annotated[
    MapAccountPayload | InvalidInput | NotFound | UnknownRemoteAccount | UnknownRemoteDimension,
    strawberry.union("MapAccountResult", description="The new version, or why there is none."),
]


def _read(rows: Iterable[AccountMappingInput]) -> tuple[Mapped, ...]:
    return tuple(row.read(("rows", str(place))) for place, row in enumerate(rows))


async def resolve(info: Info, input: MapAccountInput) -> MapAccountResult:
    """Build the command, ask the other system where it can be asked, and carry it out."""
    command = MapAccount(input.connection_id, _read(input.rows))
    await refuse_unknown(info.context.actor, command)
    done = await carry_out(info, command)
    return MapAccountPayload(
        connection=await connection_shown(info, done.outcome.connection_id),
        version=done.outcome.version,
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "map_account",
        "Says what roles of accounts are called in the other system, by a new version of the mapping. Documents that "
        "waited for it go on; what was written before stays as it was. Where the system can be asked at this moment, "
        "accounts and dimensions that it does not have are refused. Sent again it makes one more version that says the "
        "same.",
    ),
)
