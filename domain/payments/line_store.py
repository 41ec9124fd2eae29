"""Every statement about payments for a package and for those that upgrades have closed for it, or it for them."""

from dataclasses import dataclass
from datetime import datetime

from domain.kernel.db import rows
from domain.ledger.accounts import PaymentMethod

_LINE = """WITH RECURSIVE line AS (SELECT CAST($1 AS VARCHAR(32)) AS id
    UNION SELECT CASE WHEN u.package_id = line.id THEN u.into_package_id ELSE u.package_id END
    FROM line JOIN upgrade u ON u.package_id = line.id OR u.into_package_id = line.id)"""
"""A package with those that upgrades tie to it: they have all been paid for together."""

_STANDS = "NOT EXISTS (SELECT 1 FROM payment_reversal v WHERE v.payment_id = y.id)"


@dataclass(frozen=True, slots=True)
class Collected:
    """What a provider has collected and has not sent back in refunds, and what it has kept for good in disputes."""

    amount_minor: int
    lost_minor: int

    @property
    def left_minor(self) -> int:
        """What of it can still be disputed."""
        return self.amount_minor - self.lost_minor


async def through_provider(package_id: str) -> Collected:
    """What the provider has collected for a package and those that were upgraded to it, or it to them.

    What the customer was given as credit instead the provider has not sent back.
    """
    (found,) = await rows(
        f"""{_LINE} SELECT
            (SELECT COALESCE(SUM(y.amount_minor - y.kept_minor), 0) FROM payment y JOIN line ON line.id = y.package_id
                WHERE y.method = $2 AND {_STANDS})
            - (SELECT COALESCE(SUM(r.amount_minor), 0) FROM refund_part r JOIN payment y ON y.id = r.payment_id
                JOIN line ON line.id = y.package_id WHERE y.method = $2 AND r.method = $2) AS amount_minor,
            (SELECT COALESCE(SUM(l.credit_minor), 0) FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
                JOIN line ON line.id = l.package_id
                WHERE l.account = 'DISPUTES' AND e.event = 'DISPUTE_LOST') AS lost_minor""",
        package_id,
        PaymentMethod.ONLINE_LINK.value,
    )
    return Collected(int(found["amount_minor"]), int(found["lost_minor"]))


async def went_back(payment_id: str) -> int:
    """How much of a payment goes back in refunds that were agreed."""
    (found,) = await rows(
        "SELECT COALESCE(SUM(amount_minor), 0) AS back FROM refund_part WHERE payment_id = $1", payment_id
    )
    return int(found["back"])


async def lock_line(package_id: str) -> list[tuple[str, datetime]]:
    """Let nobody refund or dispute, at the package that an upgrade made of a closed one, what this act takes back.

    Tells which of them are disputed, and since when.
    """
    found = await rows(
        f"""{_LINE} SELECT p.id, p.disputed_at FROM package p WHERE p.id IN (SELECT id FROM line)
        ORDER BY p.id FOR NO KEY UPDATE""",
        package_id,
    )
    return [(row["id"], row["disputed_at"]) for row in found if row["disputed_at"] is not None]


async def topped_up(package_id: str) -> int:
    """What of the price of a package was agreed later, for sessions that were added to it."""
    (found,) = await rows("SELECT COALESCE(SUM(amount_minor), 0) AS more FROM top_up WHERE package_id = $1", package_id)
    return int(found["more"])
