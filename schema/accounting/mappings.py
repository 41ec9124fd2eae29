"""What accounts are called in other systems, as the graph shows it."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from domain.accounting.sync import reading
from domain.accounting.sync.view import Connection, MappedRow
from domain.ledger.accounts import Account
from schema import connections
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.service import SERVICE, Service
from schema.connections import number, page
from schema.context import Info
from schema.people.loaders import STAFF
from schema.people.types import Staff


@strawberry.type(description="A dimension of the other system, such as a cost centre or a tracking category.")
class MappingDimension:
    """A dimension."""

    name: str = strawberry.field(description="What it is called there.")
    value: str = strawberry.field(description="What is booked under it.")


@strawberry.type(
    description="What a role is called in the other system, for all lines or for those of a branch, a service, a tax "
    "code. Of the rows that fit a line, the one that names most counts; of as many, a branch before a service, and "
    "that before a tax code."
)
class AccountMapping:
    """A row of the mapping."""

    version: int = strawberry.field(description="The version of the mapping that it came with.")
    account: Account = strawberry.field(description="The role.")
    tax_code: str | None = strawberry.field(description="Only for lines with it; null for all.")
    remote_account: str | None = strawberry.field(
        description="The account there; null where the row takes back what was said before."
    )
    dimensions: list[MappingDimension] = strawberry.field(description="What its lines carry there besides.")
    is_current: bool = strawberry.field(description="Whether no later row for the same lines has taken its place.")
    mapped_at: datetime = strawberry.field(description="When.")
    view: strawberry.Private[MappedRow]

    @strawberry.field(description="Only for lines of this branch; null for all.")
    async def branch(self, info: Info) -> Branch | None:
        branch_id = self.view.mapped.branch_id
        return await info.context.load(BRANCH, branch_id) if branch_id else None

    @strawberry.field(description="Only for lines about this service; null for all.")
    async def service(self, info: Info) -> Service | None:
        service_id = self.view.mapped.service_id
        return await info.context.load(SERVICE, service_id) if service_id else None

    @strawberry.field(description="Who mapped it.")
    async def mapped_by(self, info: Info) -> Staff | None:
        return await info.context.load(STAFF, self.view.mapped_by)


async def mappings_of(
    connection: Connection, first: int | None, after: str | None, replaced: bool
) -> connections.Connection[AccountMapping]:
    """The rows of a connection that the viewer may see, in the order in which they were mapped."""
    asked = page(first, after, "accountMappings", connection.id, replaced)
    behind = number(asked.after) or 0
    rows = await reading.mapping(connection)
    current = _current(rows)
    wanted = [row for row in rows if row.id > behind and (replaced or _counts(row, current))]
    return connections.connection(
        wanted[: asked.size + 1], asked, lambda row: _mapping_of(row, row.id in current), lambda row: [str(row.id)]
    )


def _current(rows: Sequence[MappedRow]) -> set[int]:
    return set({row.mapped.key: row.id for row in rows}.values())


def _counts(row: MappedRow, current: set[int]) -> bool:
    return row.id in current and row.mapped.remote_account is not None


def _mapping_of(row: MappedRow, current: bool) -> AccountMapping:
    mapped = row.mapped
    return AccountMapping(
        version=row.version,
        account=mapped.account,
        tax_code=mapped.tax_code,
        remote_account=mapped.remote_account,
        dimensions=[MappingDimension(name=name, value=value) for name, value in sorted(mapped.dimensions.items())],
        is_current=current,
        mapped_at=row.mapped_at,
        view=row,
    )
