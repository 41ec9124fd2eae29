"""Every statement that looks for the customers who come to bookings, and locks them."""

from collections.abc import Sequence

from domain.bookings.booked import Busy
from domain.bookings.rules import Span
from domain.kernel.commands import Work
from domain.kernel.db import rows
from domain.packages.merged_store import no_customer


async def lock(work: Work, customer_ids: Sequence[str]) -> None:
    """Let nobody else book for these customers before the act ends, in the order of their ids."""
    found = await rows(
        """SELECT id FROM customer WHERE chain_id = $1 AND id = ANY($2) AND merged_into_id IS NULL
        AND erased_at IS NULL ORDER BY id FOR NO KEY UPDATE""",
        work.chain_id,
        list(customer_ids),
    )
    known = {row["id"] for row in found}
    for index, customer_id in enumerate(customer_ids):
        if customer_id not in known:
            path = ("customerId",) if index == 0 else ("companionIds", str(index - 1))
            raise await no_customer(work.chain_id, customer_id, *path)


async def busy(customer_ids: Sequence[str], span: Span, but: str | None = None) -> list[Busy]:
    """When these customers are expected in a time, or were; all bookings that were not called off, but for one."""
    found = await rows(
        """SELECT bk.id, bp.customer_id, bk.branch_id, bk.starts_at, bk.ends_at FROM booking_person bp
        JOIN booking bk ON bk.id = bp.booking_id WHERE bp.customer_id = ANY($1) AND bk.starts_at < $3
        AND bk.ends_at > $2 AND bk.state IN ('CONFIRMED', 'COMPLETED') AND bk.id <> $4 ORDER BY bk.starts_at, bk.id""",
        list(customer_ids),
        span.starts_at,
        span.ends_at,
        but or "",
    )
    return [
        Busy(row["id"], row["customer_id"], row["branch_id"], Span(row["starts_at"], row["ends_at"])) for row in found
    ]


async def coming_to(booking_id: str) -> list[str]:
    """The customers who come, the one who booked among them."""
    found = await rows("SELECT customer_id FROM booking_person WHERE booking_id = $1 ORDER BY id", booking_id)
    return [row["customer_id"] for row in found]
