"""What the graph reads of limits on refunds."""

from dataclasses import dataclass
from datetime import datetime

from domain.kernel.access import Actor
from domain.kernel.db import rows
from domain.kernel.principals import BUSINESS, Role
from domain.refunds.limits_store import NEWEST


@dataclass(frozen=True, slots=True)
class LimitView:
    """A limit that counts now."""

    id: str
    role: Role
    branch_id: str | None
    currency: str
    at_once_minor: int | None
    per_day_minor: int | None
    set_by: str
    set_at: datetime


_COLUMNS = ", ".join(LimitView.__slots__)


async def limits(actor: Actor) -> list[LimitView]:
    """The limits of the chain, for those who read what the business keeps from its customers; none to others."""
    if not BUSINESS.lets(actor):
        return []
    found = await rows(
        f"""SELECT {_COLUMNS} FROM refund_limit r WHERE chain_id = $1 AND {NEWEST}
        ORDER BY role, COALESCE(branch_id, '')""",
        actor.chain_id,
    )
    return [LimitView(**row | {"role": Role(row["role"])}) for row in found]
