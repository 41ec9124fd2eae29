"""The freezes of a package as the graph shows them."""

from collections.abc import Mapping
from datetime import date, datetime

import strawberry

from domain.expiry import reading
from domain.expiry.reading import Cause, FreezeView
from domain.kernel.access import Actor
from schema.context import Info, Loader
from schema.expiry import enums  # noqa: F401 - importing it describes Cause


@strawberry.type(description="A time in which a package could not be used and did not grow older.")
class PackageFreeze:
    """One freeze."""

    id: strawberry.ID = strawberry.field(description="Its id.")
    cause: Cause = strawberry.field(description="Why.")
    starts_on: date = strawberry.field(description="Its first day, by the home branch's clock.")
    thaws_on: date | None = strawberry.field(
        description="The first day of use again; the first day itself when it was taken back; null while a dispute "
        "lasts."
    )
    frozen_from: datetime = strawberry.field(description="The instant at which it begins.")
    thaws_at: datetime | None = strawberry.field(
        description="The instant at which it ends; null while a dispute lasts."
    )
    days: int = strawberry.field(description="The days it has added to last days.")


async def _freezes(_actor: Actor, package_ids: list[str]) -> Mapping[str, list[FreezeView]]:
    """Of packages that the actor was already shown."""
    return await reading.freezes(package_ids)


FREEZES = Loader(_freezes)


async def freezes_of(info: Info, package_id: str) -> list[PackageFreeze]:
    """The freezes of a package, oldest first."""
    return [_freeze(view) for view in await info.context.load(FREEZES, package_id) or []]


def _freeze(view: FreezeView) -> PackageFreeze:
    return PackageFreeze(
        id=strawberry.ID(view.id),
        cause=view.cause,
        starts_on=view.starts_on,
        thaws_on=view.thaws_on,
        frozen_from=view.frozen_from,
        thaws_at=view.thaws_at,
        days=view.days_added,
    )
