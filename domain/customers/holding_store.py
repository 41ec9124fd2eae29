"""What somebody still holds, owes and is expected for, by the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.kernel.db import rows


@dataclass(frozen=True, slots=True)
class Holding:
    """Sessions that have not lapsed, credit and refunds to be paid out, what is owed, and visits to come."""

    sessions: int
    credit_minor: int
    owed_minor: int
    bookings: int

    @property
    def anything(self) -> bool:
        """Whether anything is left to wind up."""
        return any((self.sessions, self.credit_minor, self.owed_minor, self.bookings))


async def holding(persons: Sequence[str], now: datetime) -> Holding:
    """What these customers, who are locked and are one person, hold now."""
    (found,) = await rows(
        """SELECT
        (SELECT COALESCE(SUM(l.available + l.held), 0) FROM lot l JOIN package p ON p.id = l.package_id
            WHERE p.holder_id = ANY($1) AND (l.lapses_at > $2 OR l.held > 0)) AS sessions,
        (SELECT COALESCE(SUM(credit_minor - debit_minor), 0) FROM journal_line
            WHERE customer_id = ANY($1) AND account = 'CUSTOMER_CREDIT') AS credit,
        (SELECT COALESCE(SUM(t.amount_minor), 0) FROM refund_part t JOIN refund r ON r.id = t.refund_id
            WHERE r.customer_id = ANY($1) AND t.paid_out_at IS NULL) AS refunds,
        (SELECT COALESCE(SUM(debit_minor - credit_minor), 0) FROM journal_line
            WHERE customer_id = ANY($1) AND account = 'RECEIVABLE' AND package_id IS NULL) AS account,
        (SELECT COALESCE(SUM(price_minor - credited_minor - brought_minor - paid_minor), 0) FROM package
            WHERE holder_id = ANY($1)) AS outstanding,
        (SELECT COUNT(*) FROM booking WHERE customer_id = ANY($1) AND state = 'CONFIRMED') AS bookings""",
        list(persons),
        now,
    )
    credit = int(found["credit"]) + int(found["refunds"])
    owed = int(found["account"]) + int(found["outstanding"])
    return Holding(int(found["sessions"]), credit, owed, int(found["bookings"]))
