"""Transfers of the home branch as the graph shows them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.branch_transfers import reading
from domain.branch_transfers.reading import BranchTransferView
from domain.branch_transfers.rules import State
from schema.branch_transfers import enums as _  # noqa: F401 - describes the states
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.ledger.operation import Operation, operation_shown
from schema.packages.types import OfPackage
from schema.people.loaders import STAFF
from schema.people.types import Staff
from schema.scalars import Money, money_of

if TYPE_CHECKING:
    from schema.branch_transfers.closings import BranchClosing

TRANSFER = Loader(reading.by_ids)
OF_PACKAGE = Loader(reading.of_packages)


@strawberry.type(description="A package that moves, or was to move, from one home branch to another.")
class BranchTransfer(OfPackage, Node):
    """One transfer."""

    state: State = strawberry.field(description="What has become of it, by the clock.")
    reason: str = strawberry.field(description="Why it was asked for.")
    requested_at: datetime = strawberry.field(description="When it was asked for.")
    lapses_at: datetime = strawberry.field(description="Until when it could be accepted.")
    decided_at: datetime | None = strawberry.field(description="When it was decided, or lapsed; null while it waits.")
    decision: str = strawberry.field(description="Why it was refused or withdrawn; empty otherwise.")
    sessions: int | None = strawberry.field(description="Sessions that moved, held ones too; null unless it moved.")
    value: Money | None = strawberry.field(
        description="What of the price the new home owes as sessions from then on; null unless it moved."
    )
    unpaid: Money | None = strawberry.field(
        description="What of the price the customer owes to the new home from then on; null unless it moved."
    )
    view: strawberry.Private[BranchTransferView]

    @strawberry.field(description="The branch that it leaves.")
    async def from_branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.from_branch_id)

    @strawberry.field(description="The branch that it is to reach.")
    async def to_branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.to_branch_id)

    @strawberry.field(description="Who asked for it; another person accepts it.")
    async def requested_by(self, info: Info) -> Staff | None:
        return await info.context.load(STAFF, self.view.requested_by)

    @strawberry.field(description="Who decided it; null while it waits and where nobody did.")
    async def decided_by(self, info: Info) -> Staff | None:
        return await info.context.load(STAFF, self.view.decided_by) if self.view.decided_by else None

    @strawberry.field(description="The operation that decided it; null while it waits or when you may not see that.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id) if self.view.operation_id else None

    @strawberry.field(
        description="The closing of its home branch that moved it; null where it was asked for by itself."
    )
    async def closing(
        self, info: Info
    ) -> Annotated["BranchClosing", strawberry.lazy("schema.branch_transfers.closings")] | None:
        from schema.branch_transfers.closings import closing_shown

        return await closing_shown(info, self.view.closing_id) if self.view.closing_id else None


def transfer_of(view: BranchTransferView) -> BranchTransfer:
    """A transfer as the graph shows it."""
    return BranchTransfer(
        id=strawberry.ID(view.id),
        package_id=strawberry.ID(view.package_id),
        state=view.state,
        reason=view.reason,
        requested_at=view.requested_at,
        lapses_at=view.lapses_at,
        decided_at=view.decided_at,
        decision=view.decision,
        sessions=view.sessions,
        value=None if view.value_minor is None else money_of(view.value_minor, view.currency),
        unpaid=None if view.unpaid_minor is None else money_of(view.unpaid_minor, view.currency),
        view=view,
    )


async def transfer_shown(info: Info, transfer_id: str) -> BranchTransfer | None:
    """A transfer as the actor may see it."""
    view = await info.context.load(TRANSFER, transfer_id)
    return transfer_of(view) if view else None


async def transfers_of_package(info: Info, package_id: str) -> list[BranchTransfer]:
    """The transfers of a package, oldest first; many packages take one statement together."""
    return [transfer_of(view) for view in await info.context.load(OF_PACKAGE, package_id) or []]


@strawberry.type
class OfBranchTransfer:
    """Mixed into the outcomes of acts on a transfer, which is read only when it is asked for."""

    branch_transfer_id: strawberry.ID = strawberry.field(description="The transfer's id.")

    @strawberry.field(description="The transfer, as it is now; null when you may act on it but not see it.")
    async def branch_transfer(self, info: Info) -> BranchTransfer | None:
        return await transfer_shown(info, self.branch_transfer_id)
