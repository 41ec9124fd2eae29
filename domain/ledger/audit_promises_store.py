"""The proofs of the auditor about what was promised: holds of bookings, charges on accounts, times of freezes."""

from domain.ledger.audit_store import Doubt, doubts

_HELD = "SUM(CASE WHEN m.target = 'HELD' THEN m.sessions ELSE -m.sessions END)"
_HOLDS = """FROM movement m JOIN package p ON p.id = m.package_id WHERE p.chain_id = $1
    AND m.booking_id IS NOT NULL AND (m.target = 'HELD' OR m.source = 'HELD')"""
_DUE = "CASE WHEN b.state = 'CONFIRMED' THEN b.sessions - b.charged ELSE 0 END"
_BORNE = """(SELECT COALESCE(SUM(CASE WHEN p.thaws_at IS NULL OR f.thaws_at > p.thaws_at THEN 2
    WHEN f.thaws_at = p.thaws_at AND f.frozen_from = p.frozen_from THEN 1 ELSE 0 END), 0)
    FROM "freeze" f WHERE f.package_id = p.id AND f.frozen_from < f.thaws_at)"""
# One that ends later counts double, so that it never passes for the one that the package should bear.
_DISPUTES = """(SELECT COUNT(*) FROM "freeze" f WHERE f.package_id = p.id AND f.thaws_at IS NULL
    AND (p.disputed_at IS NULL OR f.frozen_from = p.disputed_at))"""


async def wrong_holds(chain_id: str) -> list[Doubt]:
    """Bookings that hold other sessions than were promised, and lots that hold others than their bookings do.

    A confirmed booking holds all its sessions but those that are charged, every other one nothing.
    """
    return await doubts(
        f"""WITH holds AS (SELECT m.booking_id, {_HELD} AS held {_HOLDS} GROUP BY m.booking_id)
        SELECT b.id AS subject, 'HELD' AS detail, {_DUE} AS expected, COALESCE(h.held, 0) AS found
        FROM booking b LEFT JOIN holds h ON h.booking_id = b.id
        WHERE b.chain_id = $1 AND {_DUE} <> COALESCE(h.held, 0) ORDER BY subject""",
        chain_id,
    ) + await doubts(
        f"""WITH holds AS (SELECT m.lot_id, {_HELD} AS held {_HOLDS} GROUP BY m.lot_id)
        SELECT l.id AS subject, 'HELD' AS detail, COALESCE(h.held, 0) AS expected, l.held AS found
        FROM lot l JOIN package p ON p.id = l.package_id LEFT JOIN holds h ON h.lot_id = l.id
        WHERE p.chain_id = $1 AND l.held <> COALESCE(h.held, 0) ORDER BY subject""",
        chain_id,
    )


async def wrong_charges(chain_id: str) -> list[Doubt]:
    """Customers who owe another amount outside packages than was charged to them and is not paid.

    What a merge moved counts for both; a payment for whoever made it, its reversal for who they were by then.
    """
    return await doubts(
        """WITH parts AS (
            SELECT customer_id, amount_minor + credited_minor AS charged, 0 AS journal
            FROM charge WHERE chain_id = $1
            UNION ALL SELECT y.customer_id, y.kept_minor - y.amount_minor, 0 FROM payment y
            WHERE y.chain_id = $1 AND y.package_id IS NULL
            UNION ALL SELECT o.customer_id, y.amount_minor - y.kept_minor, 0 FROM payment y
            JOIN payment_reversal r ON r.payment_id = y.id JOIN operation o ON o.id = r.operation_id
            WHERE y.chain_id = $1 AND y.package_id IS NULL
            UNION ALL SELECT l.customer_id, CASE WHEN e.event = 'MERGE' THEN l.debit_minor - l.credit_minor ELSE 0 END,
            l.debit_minor - l.credit_minor FROM journal_line l
            JOIN journal_entry e ON e.id = l.entry_id
            WHERE e.chain_id = $1 AND l.account = 'RECEIVABLE' AND l.package_id IS NULL)
        SELECT customer_id AS subject, 'RECEIVABLE' AS detail, SUM(charged) AS expected, SUM(journal) AS found
        FROM parts GROUP BY customer_id HAVING SUM(charged) <> SUM(journal) ORDER BY subject""",
        chain_id,
    )


async def overdrawn_credit(chain_id: str) -> list[Doubt]:
    """Customers who have spent more credit than a branch owed them; tells by how much."""
    return await doubts(
        """SELECT l.customer_id AS subject, l.branch_id AS detail, 0 AS expected,
        SUM(l.credit_minor - l.debit_minor) AS found FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
        WHERE e.chain_id = $1 AND l.account = 'CUSTOMER_CREDIT' GROUP BY l.customer_id, l.branch_id
        HAVING SUM(l.credit_minor - l.debit_minor) < 0 ORDER BY subject, detail""",
        chain_id,
    )


async def wrong_freezes(chain_id: str) -> list[Doubt]:
    """Packages that do not bear the freeze which ends last of those written down, or not the dispute that is open."""
    return await doubts(
        f"""WITH compared AS (
            SELECT p.id, 'frozen_from' AS name, CASE WHEN p.frozen_from < p.thaws_at THEN 1 ELSE 0 END AS borne,
                {_BORNE} AS written FROM package p WHERE p.chain_id = $1
                AND (p.frozen_from IS NOT NULL OR p.id IN (SELECT package_id FROM "freeze"))
            UNION ALL SELECT p.id, 'disputed_at', CASE WHEN p.disputed_at IS NULL THEN 0 ELSE 1 END,
                {_DISPUTES} FROM package p WHERE p.chain_id = $1
                AND (p.disputed_at IS NOT NULL OR p.id IN (SELECT package_id FROM "freeze")))
        SELECT id AS subject, name AS detail, borne AS expected, written AS found FROM compared
        WHERE borne <> written ORDER BY subject, detail""",
        chain_id,
    )
