"""Reading packages."""

from datetime import date
from functools import partial

import strawberry

from domain.packages import reading
from domain.packages.rules import Status
from domain.packages.view import PackageFilter, PackageOrder, PackageView, Position
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.errors import BadUserInput
from schema.packages.types import Package, package_of, shown
from schema.scalars import instant


@strawberry.input(description="Which packages; every part that is given must hold.")
class PackageFilterInput:
    """The filter of packages."""

    branch_id: strawberry.ID | None = strawberry.field(default=None, description="At home at this branch.")
    holder_id: strawberry.ID | None = strawberry.field(default=None, description="Held by this customer.")
    definition_id: strawberry.ID | None = strawberry.field(default=None, description="Sold from this definition.")
    service_id: strawberry.ID | None = strawberry.field(default=None, description="With a lot for this service.")
    statuses: list[Status] = strawberry.field(default_factory=list, description="In one of these states now.")
    expiring_before: date | None = strawberry.field(
        default=None, description="With sessions left that live now and whose last day is before this day."
    )
    remaining_at_most: int | None = strawberry.field(
        default=None, description="With at most so many sessions that can be used now: low balances."
    )
    reference: str | None = strawberry.field(default=None, description="With exactly this reference.")
    overdue: bool | None = strawberry.field(
        default=None,
        description="With an instalment whose day is over and that is not paid, or more outstanding than the "
        "instalments cover; or, if false, without.",
    )

    def chosen(self) -> PackageFilter:
        """The filter as the domain knows it."""
        return PackageFilter(**{**vars(self), "statuses": tuple(dict.fromkeys(self.statuses))})


async def packages_of(
    info: Info,
    first: int | None,
    after: str | None,
    chosen: PackageFilter,
    order: PackageOrder,
) -> Connection[Package]:
    """A page of the packages that the actor may see."""
    asked = page(first, after, chosen, order)
    actor = info.context.actor
    found = await reading.page(actor, chosen, order, asked.size + 1, _position(asked.after))
    return connection(found, asked, package_of, _keys, partial(reading.count, actor, chosen))


def _keys(view: PackageView) -> list[str]:
    return [view.sold_at.isoformat(), view.id]


def _position(keys: list[str] | None) -> Position | None:
    if keys is None:
        return None
    try:
        sold_at, package_id = keys
        return Position(instant(sold_at), package_id)
    except ValueError as error:
        raise BadUserInput("The cursor is malformed. Take it from an edge of the same connection.") from error


@strawberry.type
class PackageQueries:
    """Mixed into the root query."""

    @strawberry.field(description="One package; null when there is none that you may see.")
    async def package(self, info: Info, id: strawberry.ID) -> Package | None:
        return await shown(info, id)

    @strawberry.field(
        description="Packages you may see: a customer's own and shared ones; for staff those at home or sold at their "
        "branches, or used there."
    )
    async def packages(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: PackageFilterInput | None = None,
        order_by: PackageOrder = PackageOrder.SOLD_LAST_FIRST,
    ) -> Connection[Package] | None:
        chosen = filter.chosen() if filter else PackageFilter()
        return await packages_of(info, first, after, chosen, order_by)


@strawberry.type
class ViewerPackages:
    """Mixed into the viewer."""

    @strawberry.field(
        description="Your packages: a customer's own and shared ones; for staff as `packages` shows them."
    )
    async def packages(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: PackageFilterInput | None = None,
        order_by: PackageOrder = PackageOrder.SOLD_LAST_FIRST,
    ) -> Connection[Package]:
        chosen = filter.chosen() if filter else PackageFilter()
        return await packages_of(info, first, after, chosen, order_by)
