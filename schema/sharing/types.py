"""A share of a package as the graph shows it."""

from collections.abc import Mapping
from datetime import datetime

import strawberry

from domain.kernel.access import Actor
from domain.packages import reading as packages
from domain.sharing import reading
from domain.sharing.reading import ShareView
from schema.connections import page
from schema.context import Info, Loader
from schema.customers.loaders import CUSTOMER
from schema.customers.types import Customer
from schema.loading import load_all
from schema.packages.loaders import PACKAGE
from schema.packages.types import Package, package_of


async def _shares(actor: Actor, keys: list[tuple[bool, str]]) -> Mapping[tuple[bool, str], list[ShareView]]:
    """The shares of packages that the actor was already shown."""
    found: dict[tuple[bool, str], list[ShareView]] = {}
    for revoked in {revoked for revoked, _ in keys}:
        shares = await reading.shares_of(actor, [package_id for asked, package_id in keys if asked is revoked], revoked)
        found |= {(revoked, package_id): views for package_id, views in shares.items()}
    return found


async def _shared_with(actor: Actor, keys: list[tuple[int, str]]) -> Mapping[tuple[int, str], list[str]]:
    """The packages that others share with customers; one statement for each length asked for."""
    found: dict[tuple[int, str], list[str]] = {}
    for size in {size for size, _ in keys}:
        shared = await packages.shared_with(actor, [customer_id for asked, customer_id in keys if asked == size], size)
        found |= {(size, customer_id): ids for customer_id, ids in shared.items()}
    return found


SHARES = Loader(_shares)
SHARED_WITH = Loader(_shared_with)


@strawberry.type(
    description="A person who was named to share a package, or a member of the household that shares it for whom there "
    "is a limit."
)
class Share:
    """One share."""

    customer_id: strawberry.ID = strawberry.field(description="The person's id; revokeSharing takes it.")
    most_sessions: int | None = strawberry.field(
        description="The most sessions the person may use in all; null without a limit, 0 for a member who may use "
        "none."
    )
    used: int = strawberry.field(
        description="Sessions of the package that the person has used, and those held by bookings to which the person "
        "comes. Of a visit of several, one is each companion's and the others are of the one who booked."
    )
    shared_at: datetime = strawberry.field(description="Since when that holds.")
    revoked_at: datetime | None = strawberry.field(
        description="Until when that held; null while it does. A new limit ends the one before."
    )

    @strawberry.field(description="The person; null when you may not see them.")
    async def customer(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, self.customer_id)


async def shares_shown(info: Info, package_id: str, revoked: bool) -> list[Share]:
    """With whom a package that is shown is shared."""
    return [_share(view) for view in await info.context.load(SHARES, (revoked, package_id)) or []]


async def packages_shared_with(info: Info, customer_id: str, first: int | None) -> list[Package]:
    """The packages that others share with the customer, at most so many."""
    size = page(first, None).size
    ids = await info.context.load(SHARED_WITH, (size, customer_id)) or []
    return [package_of(view) for view in await load_all(info, PACKAGE, ids)]


def _share(view: ShareView) -> Share:
    return Share(
        customer_id=strawberry.ID(view.customer_id),
        most_sessions=view.most_sessions,
        used=view.used,
        shared_at=view.shared_at,
        revoked_at=view.revoked_at,
    )
