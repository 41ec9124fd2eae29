"""The freezes that lengthen what a first use starts, read only where one may."""

from datetime import datetime

from domain.packages import rules, store
from domain.packages.sold import Frozen, Sold


async def freezes_if_first(sold: Sold, at: datetime) -> list[Frozen]:
    """The freezes of the package, where a use at the instant may start its validity; it bears none if it has none."""
    if sold.frozen_from is None or not rules.may_start(sold, at):
        return []
    return await store.freezes(sold.id)
