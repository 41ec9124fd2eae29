"""Every statement that looks for those who share packages, and for what they have used of them."""

from collections.abc import Sequence
from typing import Any

from domain.kernel.db import rows
from domain.packages.rules import Sharer

_KNOWN_AS = "(SELECT w.id FROM customer w WHERE w.id = c.id OR w.merged_into_id = c.id)"

_REDEEMED = f"""(SELECT COALESCE(SUM(m.sessions), 0) FROM operation o JOIN movement m ON m.operation_id = o.id
    WHERE o.package_id = p.id AND o.customer_id IN {_KNOWN_AS} AND o.act = 'redeem_session' AND m.target = 'CONSUMED'
    AND NOT EXISTS (SELECT 1 FROM operation r WHERE r.reverses = o.id))"""

_TAKEN = """(SELECT COALESCE(SUM(CASE WHEN m.target IN ('HELD', 'CONSUMED') THEN m.sessions ELSE 0 END
    - CASE WHEN m.source IN ('HELD', 'CONSUMED') THEN m.sessions ELSE 0 END), 0)
    FROM movement m WHERE m.booking_id = bk.id AND m.package_id = p.id)"""

# Of what a booking has taken one is for each companion, and the others for who booked; where fewer came than were
# expected, it is for those who are named first.
_BOOKED = f"""(SELECT COALESCE(SUM(CASE WHEN b.taken <= b.place THEN 0 WHEN b.place > 0 THEN 1
        WHEN b.taken > b.companions THEN b.taken - b.companions ELSE 1 END), 0)
    FROM (SELECT {_TAKEN} AS taken,
        (SELECT COUNT(*) FROM booking_person f WHERE f.booking_id = bk.id AND f.id < bp.id) AS place,
        (SELECT COUNT(*) - 1 FROM booking_person f WHERE f.booking_id = bk.id) AS companions
        FROM booking_person bp JOIN booking bk ON bk.id = bp.booking_id
        WHERE bp.customer_id IN {_KNOWN_AS} AND bk.package_id = p.id) b)"""

USED = f"({_REDEEMED} + {_BOOKED})"
"""The sessions of the package `p` that the customer `c` has used or that are held for them."""


async def sharers(
    chain_id: str, package_ids: Sequence[str], person_ids: Sequence[str]
) -> dict[tuple[str, str], Sharer]:
    """How each of the persons stands to each of the packages, by package and person."""
    found = await rows(
        f"""SELECT p.id AS package_id, c.id AS person_id, s.id AS share_id, s.most_sessions,
        CASE WHEN c.household_id = h.household_id THEN 1 ELSE 0 END AS member,
        CASE WHEN s.most_sessions IS NULL THEN 0 ELSE {USED} END AS used
        FROM package p JOIN customer h ON h.id = p.holder_id JOIN customer c ON c.chain_id = p.chain_id
        LEFT JOIN share s ON s.package_id = p.id AND s.customer_id = c.id AND s.revoked_at IS NULL
        WHERE p.chain_id = $1 AND p.id = ANY($2) AND c.id = ANY($3)""",
        chain_id,
        list(package_ids),
        list(person_ids),
    )
    return {(row["package_id"], row["person_id"]): _sharer(row) for row in found}


def _sharer(row: dict[str, Any]) -> Sharer:
    return Sharer(
        person_id=row["person_id"],
        member=bool(row["member"]),
        named=row["share_id"] is not None,
        most_sessions=row["most_sessions"],
        used=int(row["used"]),
    )
