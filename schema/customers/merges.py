"""Merges of customers as the graph shows them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.customers.merges import MergeView, merges_of
from schema.context import Info, Loader

if TYPE_CHECKING:
    from schema.customers.types import Customer

MERGES = Loader(merges_of)


@strawberry.type(description="Two customers who were said to be one person.")
class CustomerMerge:
    """A merge."""

    id: strawberry.ID = strawberry.field(description="Its id; undoCustomerMerge takes it.")
    merged_at: datetime = strawberry.field(description="When they were merged.")
    undoable_until: datetime = strawberry.field(description="The instant from which it stays as it is.")
    undone_at: datetime | None = strawberry.field(description="When it was undone; null where it holds.")
    kept_id: strawberry.Private[str]
    merged_id: strawberry.Private[str]

    @strawberry.field(description="The customer who stayed.")
    async def kept(self, info: Info) -> Annotated["Customer", strawberry.lazy("schema.customers.types")] | None:
        from schema.customers.loaders import CUSTOMER

        return await info.context.load(CUSTOMER, self.kept_id)

    @strawberry.field(description="The customer who was merged into that one.")
    async def merged(self, info: Info) -> Annotated["Customer", strawberry.lazy("schema.customers.types")] | None:
        from schema.customers.loaders import CUSTOMER

        return await info.context.load(CUSTOMER, self.merged_id)


def merge_of(view: MergeView) -> CustomerMerge:
    """A merge as the graph shows it."""
    return CustomerMerge(
        id=strawberry.ID(view.id),
        merged_at=view.merged_at,
        undoable_until=view.undoable_until,
        undone_at=view.undone_at,
        kept_id=view.kept_id,
        merged_id=view.merged_id,
    )
