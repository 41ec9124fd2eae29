"""What the graph reads of those with whom packages are shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.kernel.access import Actor, Principal
from domain.kernel.db import Where, rows
from domain.packages.sharers_store import USED

MOST_SHARES = 100


@dataclass(frozen=True, slots=True)
class ShareView:
    """A person with whom a package is or was shared."""

    package_id: str
    customer_id: str
    most_sessions: int | None
    used: int
    shared_at: datetime
    revoked_at: datetime | None


async def shares_of(actor: Actor, package_ids: Sequence[str], revoked: bool) -> dict[str, list[ShareView]]:
    """The newest shares of each package, oldest first: those that hold, or also the ones that were revoked.

    The caller has made sure that the actor may see the packages. A customer who is not of the holder's household sees
    of them their own only.
    """
    where = Where()
    where.add("s.package_id = ANY({ids})", ids=list(package_ids))
    if not revoked:
        where.add("s.revoked_at IS NULL")
    if actor.kind is Principal.CUSTOMER:
        where.add(
            "c.id = {own} OR p.holder_id = {own} OR h.household_id = {household}",
            own=actor.id,
            household=actor.household_id,
        )
    ranked = f"""SELECT s.id, ROW_NUMBER() OVER (PARTITION BY s.package_id
            ORDER BY s.shared_at DESC, s.id DESC) AS place
        FROM share s JOIN customer c ON c.id = s.customer_id JOIN package p ON p.id = s.package_id
        JOIN customer h ON h.id = p.holder_id WHERE {where}"""
    found = await rows(
        f"""SELECT s.package_id, s.customer_id, s.most_sessions, s.shared_at, s.revoked_at, {USED} AS used
        FROM ({ranked}) ranked JOIN share s ON s.id = ranked.id JOIN customer c ON c.id = s.customer_id
        JOIN package p ON p.id = s.package_id WHERE ranked.place <= {where.value(MOST_SHARES)}
        ORDER BY s.package_id, ranked.place DESC""",
        *where.args,
    )
    grouped: dict[str, list[ShareView]] = {package_id: [] for package_id in package_ids}
    for row in found:
        grouped[row["package_id"]].append(_view(row))
    return grouped


def _view(row: dict[str, Any]) -> ShareView:
    return ShareView(**row | {"used": int(row["used"])})
