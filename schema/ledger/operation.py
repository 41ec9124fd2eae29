"""Operations, the audit log, as the graph shows them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.kernel.access import Principal
from domain.kernel.reads import WORDS
from domain.ledger.journal import OperationView
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info
from schema.interfaces import Node
from schema.ledger.loaders import OPERATION

if TYPE_CHECKING:
    from schema.accounting.sync_documents import SyncDocument


@strawberry.type(description="Who carried out an operation.")
class PrincipalReference:
    """The principal of an operation."""

    kind: Principal = strawberry.field(description="What kind of principal.")
    id: strawberry.ID = strawberry.field(
        description="The id of the person, customer, API key or inbound hook; `system` for Carnet."
    )


@strawberry.type(description="One business act that was carried out; the operations are the audit log.")
class Operation(Node):
    """A row of the audit log."""

    act: str = strawberry.field(description="The act, as its mutation is called in snake case, such as redeem_session.")
    principal: PrincipalReference = strawberry.field(description="Who did it.")
    effective_at: datetime = strawberry.field(description="When it counts for the business.")
    recorded_at: datetime = strawberry.field(description="When it was written.")
    package_version: int | None = strawberry.field(description="The version of the package that it made, from 1 on.")
    sessions_change: int = strawberry.field(description="By how much the available sessions changed.")
    position: int | None = strawberry.field(
        description="Its gapless place in the chain's sealed order; null until it is sealed, seconds after the act."
    )
    package_id: strawberry.ID | None = strawberry.field(description="The package it changed, if any.")
    customer_id: strawberry.ID | None = strawberry.field(description="The customer it was for, if any.")
    branch_id: strawberry.Private[str | None]
    reverses_id: strawberry.Private[str | None]
    written_reason: strawberry.Private[str]

    @strawberry.field(description="Why, in the words of who did it.")
    def reason(self, info: Info) -> str | None:
        return self.written_reason if WORDS.lets(info.context.actor) else None

    @strawberry.field(description="The branch where it happened; null for acts of the whole chain.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id) if self.branch_id else None

    @strawberry.field(description="The operation that this one mirrors.")
    async def reverses(self, info: Info) -> "Operation | None":
        return await operation_shown(info, self.reverses_id) if self.reverses_id else None

    @strawberry.field(description="The documents that book in accounting systems what it posted.")
    async def sync_documents(
        self, info: Info
    ) -> list[Annotated["SyncDocument", strawberry.lazy("schema.accounting.sync_documents")]]:
        from schema.accounting.sync_documents import OF_OPERATION, documents_shown

        return await documents_shown(info, OF_OPERATION, self.id)


def operation_of(view: OperationView) -> Operation:
    """An operation as the graph shows it."""
    return Operation(
        id=strawberry.ID(view.id),
        act=view.act,
        principal=PrincipalReference(kind=view.principal, id=strawberry.ID(view.principal_id)),
        effective_at=view.effective_at,
        recorded_at=view.recorded_at,
        written_reason=view.reason,
        package_version=view.package_version,
        sessions_change=view.sessions_change,
        position=view.position,
        package_id=strawberry.ID(view.package_id) if view.package_id else None,
        customer_id=strawberry.ID(view.customer_id) if view.customer_id else None,
        branch_id=view.branch_id,
        reverses_id=view.reverses,
    )


async def operation_shown(info: Info, operation_id: str) -> Operation | None:
    """An operation as the actor may see it."""
    found = await info.context.load(OPERATION, operation_id)
    return operation_of(found) if found else None
