"""What a customer has bought before: at most so many of a definition, and none just now unless that is confirmed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.kernel.commands import Work
from domain.packages import reading, store
from domain.packages.errors import DuplicateSale, LimitPerCustomerReached


@dataclass(frozen=True, slots=True)
class Purchase:
    """A definition that is sold to a customer, with what may keep it from being sold again."""

    definition_id: str
    customer_id: str
    limit: int | None
    minutes: int

    def since(self, now: datetime) -> datetime:
        """The instant after which a sale of the same is asked about."""
        return now - timedelta(minutes=self.minutes)


async def refuse_bought(work: Work, purchase: Purchase) -> None:
    """Refuse a customer at the limit, and a sale so soon after one of the same that it may be the same one.

    The customer is locked: of two desks that sell at once one sells, and the other is told of that. A sale that was
    void counts for neither.
    """
    if purchase.limit is None and purchase.minutes == 0:
        return
    await store.lock_customer(purchase.customer_id)
    bought = await store.bought(purchase.definition_id, purchase.customer_id, purchase.limit or 1)
    if purchase.limit is not None and len(bought) >= purchase.limit:
        raise LimitPerCustomerReached(purchase.definition_id, purchase.limit)
    for package_id, sold_at in bought[:1]:
        if purchase.minutes and sold_at > purchase.since(work.now):
            seen = await reading.by_ids(work.actor, [package_id])
            raise DuplicateSale(package_id if seen else None, sold_at, work.now)
