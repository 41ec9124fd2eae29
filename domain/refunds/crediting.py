"""Locking the account on which a refund becomes credit."""

from domain.kernel.db import Outdated
from domain.kernel.errors import NotFound
from domain.packages import store as packages


async def lock_holder(customer_id: str) -> None:
    """Lock the customer; who was merged into somebody else meanwhile is to be looked up again."""
    try:
        await packages.lock_customer(customer_id)
    except NotFound as merged:
        raise Outdated from merged
