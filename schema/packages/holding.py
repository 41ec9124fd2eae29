"""The packages of a customer."""

from schema.connections import page
from schema.context import Info
from schema.packages.loaders import HELD
from schema.packages.types import Package, package_of


async def packages_held(info: Info, customer_id: str, first: int | None) -> list[Package]:
    """The packages that the customer bought last, at most so many."""
    size = page(first, None).size
    return [package_of(view) for view in await info.context.load(HELD, (size, customer_id)) or []]
