"""What kept a package from being used at an instant of the past, though its row no longer tells."""

from datetime import datetime

from domain.packages import rules, store
from domain.packages.errors import BadVisitTime
from domain.packages.sold import Sold


async def refuse_blocked_then(sold: Sold, at: datetime, now: datetime) -> None:
    """Refuse a visit of the past for which the package was not active yet, or that was in one of its freezes.

    The package itself bears only its newest freeze; it bears none if it has none.
    """
    if at >= now:
        return
    if sold.activated_at is not None and sold.sold_at <= at < sold.activated_at:
        raise BadVisitTime(at, sold.activated_at, now)
    frozen = await store.frozen_then(sold.id, at) if sold.frozen_from else None
    if frozen:
        rules.refuse_frozen(sold, *frozen)
