"""Which customers were merged into others, and until when that can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.customers.merging import UNDONE_WITHIN
from domain.customers.store import visible_to
from domain.kernel.access import Actor
from domain.kernel.db import rows
from domain.kernel.reads import DUPLICATES


@dataclass(frozen=True, slots=True)
class MergeView:
    """Two customers who were said to be one person."""

    id: str
    kept_id: str
    merged_id: str
    merged_at: datetime
    undone_at: datetime | None

    @property
    def undoable_until(self) -> datetime:
        """The instant from which it stays as it is."""
        return self.merged_at + UNDONE_WITHIN


async def merges_of(actor: Actor, customer_ids: Sequence[str]) -> dict[str, list[MergeView]]:
    """The merges from which each of the customers came out or into which they went, of those whom the actor sees."""
    found: dict[str, list[MergeView]] = {customer_id: [] for customer_id in customer_ids}
    if not DUPLICATES.lets(actor):
        return found
    visible, args = visible_to(actor)
    ids = f"${len(args) + 1}"
    seen = f"(SELECT c.id FROM customer c WHERE {visible} AND c.id IN (g.kept_id, g.merged_id))"
    for row in await rows(
        f"""SELECT g.id, g.kept_id, g.merged_id, g.merged_at, g.undone_at FROM customer_merge g
        WHERE g.chain_id = $1 AND (g.kept_id = ANY({ids}) OR g.merged_id = ANY({ids}))
        AND g.kept_id IN {seen} AND g.merged_id IN {seen} ORDER BY g.id""",
        *args,
        list(customer_ids),
    ):
        merge = MergeView(**row)
        for customer_id in (merge.kept_id, merge.merged_id):
            if customer_id in found:
                found[customer_id].append(merge)
    return found
