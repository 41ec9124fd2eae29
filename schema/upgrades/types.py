"""Upgrades as the graph shows them: how a package was closed for another one."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.catalog.terms import UpgradeMethod
from domain.kernel.access import Actor
from domain.upgrades import reading
from domain.upgrades.reading import UpgradeView
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info, Loader
from schema.quotes import DerivationStep, steps_of
from schema.scalars import Money, money_of

if TYPE_CHECKING:
    from schema.packages.types import Package


async def _out_of(_actor: Actor, ids: list[str]) -> Mapping[str, UpgradeView]:
    """Of packages that the actor was already shown."""
    return await reading.out_of(ids)


async def _into(_actor: Actor, ids: list[str]) -> Mapping[str, UpgradeView]:
    """Of packages that the actor was already shown."""
    return await reading.into(ids)


OUT_OF, INTO = Loader(_out_of), Loader(_into)


@strawberry.type(description="How a package was closed for another one, and what that came to; amounts with tax.")
class Upgrade:
    """One upgrade."""

    id: strawberry.ID = strawberry.field(description="Its id.")
    operation_id: strawberry.ID = strawberry.field(description="The operation that closed the old package.")
    into_operation_id: strawberry.ID = strawberry.field(
        name="newOperationId", description="The operation that opened the new one."
    )
    method: UpgradeMethod = strawberry.field(description="How the old package counted.")
    used: int = strawberry.field(
        description="Sessions of the old package that counted as used: paid ones by CREDIT_UNUSED, all by CARRY_USAGE."
    )
    unused_value: Money = strawberry.field(description="What was unused of the old price.")
    difference: Money = strawberry.field(
        description="The new price less what the old package counted for; may be below zero."
    )
    outstanding_carried: Money = strawberry.field(description="What was unpaid of the old package, owed for the new.")
    due: Money = strawberry.field(description="What was owed for the new package then.")
    credit: Money = strawberry.field(description="What was put to the customer's account instead.")
    sessions_after: int = strawberry.field(description="Sessions of the new package, but for granted ones.")
    steps: list[DerivationStep] = strawberry.field(description="How the figures came about.")
    upgraded_at: datetime = strawberry.field(description="When it was done.")
    view: strawberry.Private[UpgradeView]

    @strawberry.field(description="The branch that did it, and sold the new package.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id)

    @strawberry.field(description="The package that was closed; null when you may not see it.")
    async def package(self, info: Info) -> Annotated["Package", strawberry.lazy("schema.packages.types")] | None:
        from schema.packages.types import shown

        return await shown(info, self.view.package_id)

    @strawberry.field(description="The package that was opened; null when you may not see it.")
    async def new_package(self, info: Info) -> Annotated["Package", strawberry.lazy("schema.packages.types")] | None:
        from schema.packages.types import shown

        return await shown(info, self.view.into_package_id)


def upgrade_of(view: UpgradeView) -> Upgrade:
    """An upgrade as the graph shows it."""
    currency = view.currency
    return Upgrade(
        id=strawberry.ID(view.id),
        operation_id=strawberry.ID(view.operation_id),
        into_operation_id=strawberry.ID(view.into_operation_id),
        method=view.method,
        used=view.used,
        unused_value=money_of(view.unused_value_minor, currency),
        difference=money_of(view.difference_minor, currency),
        outstanding_carried=money_of(view.outstanding_carried_minor, currency),
        due=money_of(view.due_minor, currency),
        credit=money_of(view.credit_minor, currency),
        sessions_after=view.sessions_after,
        steps=steps_of(view.steps, currency),
        upgraded_at=view.upgraded_at,
        view=view,
    )


async def upgraded_to(info: Info, package_id: str) -> Upgrade | None:
    """How a package that is shown was closed for another one, if it was."""
    view = await info.context.load(OUT_OF, package_id)
    return upgrade_of(view) if view else None


async def upgraded_from(info: Info, package_id: str) -> Upgrade | None:
    """How a package that is shown was opened for another one, if it was."""
    view = await info.context.load(INTO, package_id)
    return upgrade_of(view) if view else None
