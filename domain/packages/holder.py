"""Locking customers along with their packages, always before them: so two such acts never wait for each other."""

from domain.kernel.commands import Work
from domain.kernel.db import Outdated
from domain.kernel.errors import NotFound
from domain.packages import store
from domain.packages.quotable import read
from domain.packages.sold import Sold


async def lock_holder(customer_id: str) -> None:
    """Lock a customer; who was merged into somebody else meanwhile is to be looked up again."""
    try:
        await store.lock_customer(customer_id)
    except NotFound as merged:
        raise Outdated from merged


async def lock_with_holder(work: Work, package_id: str) -> Sold:
    """Lock a package, which gets its next version, and before it its holder, whose credit is used or made."""
    holder_id = (await read(work, package_id)).holder_id
    await lock_holder(holder_id)
    sold = await store.lock(work, package_id)
    if sold.holder_id != holder_id:
        raise Outdated
    return sold
