"""Top-ups as the graph shows them."""

from collections.abc import Mapping
from datetime import datetime

import strawberry

from domain.kernel.access import Actor
from domain.topups import reading
from domain.topups.reading import TopUpView
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info, Loader
from schema.scalars import Money, money_of


async def _of_packages(_actor: Actor, ids: list[str]) -> Mapping[str, list[TopUpView]]:
    """The top-ups of packages that the actor was already shown."""
    return await reading.of_packages(ids)


OF_PACKAGE = Loader(_of_packages)


@strawberry.type(description="Sessions that were added to a package, as a lot of their own.")
class TopUp:
    """One top-up."""

    id: strawberry.ID = strawberry.field(description="Its id.")
    lot_id: strawberry.ID = strawberry.field(description="The lot that they are in.")
    operation_id: strawberry.ID = strawberry.field(description="The operation that added them.")
    sessions: int = strawberry.field(description="How many sessions were added.")
    amount: Money = strawberry.field(description="What was owed for them, with tax; the price of the package has it.")
    tax: Money = strawberry.field(description="The tax in it.")
    topped_up_at: datetime = strawberry.field(description="When they were added.")
    view: strawberry.Private[TopUpView]

    @strawberry.field(description="The branch where they were added.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id)


async def top_ups_of_package(info: Info, package_id: str) -> list[TopUp]:
    """The top-ups of a package that is shown, oldest first."""
    return [_top_up_of(view) for view in await info.context.load(OF_PACKAGE, package_id) or []]


def _top_up_of(view: TopUpView) -> TopUp:
    return TopUp(
        id=strawberry.ID(view.id),
        lot_id=strawberry.ID(view.lot_id),
        operation_id=strawberry.ID(view.operation_id),
        sessions=view.sessions,
        amount=money_of(view.amount_minor, view.currency),
        tax=money_of(view.tax_minor, view.currency),
        topped_up_at=view.topped_up_at,
        view=view,
    )
