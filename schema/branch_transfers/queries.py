"""Reading transfers of the home branch, and closings."""

import strawberry

from schema.branch_transfers.closings import BranchClosing, closing_shown
from schema.branch_transfers.types import BranchTransfer, transfer_shown
from schema.context import Info


@strawberry.type
class BranchTransferQueries:
    """Mixed into the root query."""

    @strawberry.field(description="One transfer of a package to another home branch; null for any other id.")
    async def branch_transfer(self, info: Info, id: strawberry.ID) -> BranchTransfer | None:
        return await transfer_shown(info, id)

    @strawberry.field(description="One closing of a branch, as far as it has come; null for any other id.")
    async def branch_closing(self, info: Info, id: strawberry.ID) -> BranchClosing | None:
        return await closing_shown(info, id)
