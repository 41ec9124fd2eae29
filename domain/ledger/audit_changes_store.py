"""The proofs of the auditor about packages that were changed: what was refunded, what an upgrade brought, the price."""

from domain.ledger.audit_store import Doubt, doubts

_LINES = "FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id WHERE e.chain_id = $1"
_AGREED = "FROM refund r WHERE r.chain_id = $1 AND r.agreed_at IS NOT NULL"
_PARTS = "FROM refund_part t JOIN refund r ON r.id = t.refund_id WHERE r.chain_id = $1"


async def wrong_refunds(chain_id: str) -> list[Doubt]:
    """Refunds that are not paid out in parts of the same sum, and payments of which more went back than they brought.

    Before a refund is agreed it has no parts; a payment that was taken back has brought nothing.
    """
    return await doubts(
        f"""WITH parts AS (SELECT t.refund_id, SUM(t.amount_minor) AS amount {_PARTS} GROUP BY t.refund_id),
        compared AS (SELECT r.id, COALESCE(t.amount, 0) AS found,
            CASE WHEN r.agreed_at IS NULL THEN 0 ELSE r.refund_minor + r.goodwill_minor END AS agreed
            FROM refund r LEFT JOIN parts t ON t.refund_id = r.id WHERE r.chain_id = $1)
        SELECT id AS subject, 'PARTS' AS detail, agreed AS expected, found FROM compared
        WHERE agreed <> found ORDER BY subject""",
        chain_id,
    ) + await doubts(
        f"""WITH back AS (SELECT t.payment_id, SUM(t.amount_minor) AS amount {_PARTS}
            AND t.payment_id IS NOT NULL GROUP BY t.payment_id),
        compared AS (SELECT y.id, b.amount, CASE WHEN EXISTS (SELECT 1 FROM payment_reversal v
            WHERE v.payment_id = y.id) THEN 0 ELSE y.amount_minor - y.kept_minor END AS brought
            FROM back b JOIN payment y ON y.id = b.payment_id)
        SELECT id AS subject, 'REFUNDED' AS detail, brought AS expected, amount AS found FROM compared
        WHERE amount > brought ORDER BY subject""",
        chain_id,
    )


async def wrong_refunded(chain_id: str) -> list[Doubt]:
    """Packages of which another amount is said to have gone back than refunds and lost disputes come to.

    One that an upgrade opened may lose more in a dispute than it was paid: what the packages before were paid too. So
    may one of which the customer has credit: the provider has all of that still, and a package loses what it was paid.
    """
    return await doubts(
        f"""WITH back AS (
            SELECT r.package_id, r.refund_minor + r.goodwill_minor AS amount, 0 AS lost {_AGREED}
            UNION ALL SELECT l.package_id, l.credit_minor, 1 {_LINES} AND l.account = 'DISPUTES'
                AND e.event = 'DISPUTE_LOST' AND l.credit_minor > 0),
        sums AS (SELECT package_id, SUM(amount) AS amount, MAX(lost) AS lost FROM back GROUP BY package_id),
        credit AS (SELECT r.package_id, SUM(t.amount_minor) AS amount {_PARTS} AND t.method = 'CUSTOMER_CREDIT'
            GROUP BY r.package_id)
        SELECT p.id AS subject, 'REFUNDED' AS detail, COALESCE(s.amount, 0) AS expected, p.refunded_minor AS found
        FROM package p LEFT JOIN sums s ON s.package_id = p.id LEFT JOIN credit c ON c.package_id = p.id
        WHERE p.chain_id = $1 AND p.refunded_minor <> COALESCE(s.amount, 0)
        AND (p.refunded_minor > COALESCE(s.amount, 0)
            OR p.refunded_minor + COALESCE(s.lost * c.amount, 0) < COALESCE(s.amount, 0)
                AND NOT EXISTS (SELECT 1 FROM upgrade u WHERE u.into_package_id = p.id)) ORDER BY subject""",
        chain_id,
    )


async def wrong_payables(chain_id: str) -> list[Doubt]:
    """Packages of which a branch owes other refunds than were agreed there and are not paid out."""
    return await doubts(
        f"""WITH amounts AS (
            SELECT r.package_id, r.home_branch_id AS branch_id, t.amount_minor AS owed, 0 AS journal {_PARTS}
                AND t.paid_out_at IS NULL
            UNION ALL SELECT l.package_id, l.branch_id, 0, l.credit_minor - l.debit_minor {_LINES}
                AND l.account = 'REFUND_PAYABLE')
        SELECT package_id AS subject, branch_id AS detail, SUM(owed) AS expected, SUM(journal) AS found
        FROM amounts GROUP BY package_id, branch_id HAVING SUM(owed) <> SUM(journal) ORDER BY subject, detail""",
        chain_id,
    )


async def wrong_prices(chain_id: str) -> list[Doubt]:
    """Packages sold here whose price is not what sale and top-ups came to, and upgrades that brought something else.

    What an upgrade brings is the price of the new package, without top-ups, less what was due for it.
    """
    return await doubts(
        f"""WITH booked AS (SELECT l.package_id, SUM(l.credit_minor - l.debit_minor) AS amount {_LINES}
            AND e.event IN ('SALE', 'TOP_UP') AND l.account IN ('DEFERRED_REVENUE', 'TAX_PAYABLE')
            GROUP BY l.package_id)
        SELECT p.id AS subject, 'PRICE' AS detail, COALESCE(b.amount, 0) AS expected, p.price_minor AS found
        FROM package p JOIN operation o ON o.package_id = p.id AND o.package_version = 1 AND o.act = 'sell_package'
        LEFT JOIN booked b ON b.package_id = p.id
        WHERE p.chain_id = $1 AND p.price_minor <> COALESCE(b.amount, 0) ORDER BY subject""",
        chain_id,
    ) + await doubts(
        """WITH compared AS (SELECT p.id, p.brought_minor AS found, COALESCE(p.price_minor - u.due_minor
            - (SELECT COALESCE(SUM(t.amount_minor), 0) FROM top_up t WHERE t.package_id = p.id), 0) AS brought
            FROM package p LEFT JOIN upgrade u ON u.into_package_id = p.id
            WHERE p.chain_id = $1 AND (p.brought_minor <> 0 OR u.id IS NOT NULL))
        SELECT id AS subject, 'BROUGHT' AS detail, brought AS expected, found FROM compared
        WHERE brought <> found ORDER BY subject""",
        chain_id,
    )
