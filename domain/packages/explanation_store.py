"""What explanations are told from: the packages, their traces, and the journal's sums of each operation."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.db import rows
from domain.ledger.accounts import Account, Event
from domain.packages import notes, reading, steps_books
from domain.packages.trace_books import Books

_TRACES = """SELECT t.package_id, o.id AS operation_id, o.act, o.recorded_at, o.effective_at,
    m.effective_at AS moved_at, b.id AS branch_id, b.name AS branch, m.lot_id, m.source, m.target, m.sessions,
    m.value_minor, m.tax_minor, m.breakage_minor, m.practitioner_id, m.service_id, s.name AS service,
    l.origin, l.bonus, l.item, l.lapses_at, y.method, y.amount_minor, y.kept_minor, y.received_at, t.reversed,
    v.lot_id AS revalued_lot_id, v.value_change_minor, v.effective_at AS revalued_at,
    COALESCE(v.breakage_bp, (SELECT e.rate_bp FROM breakage_estimate e WHERE m.source = 'ISSUED'
        AND e.definition_id = p.definition_id AND e.estimated_at <= o.recorded_at ORDER BY e.id DESC LIMIT 1)
    ) AS breakage_bp, i.due_on, i.amount_minor AS due_minor,
    m.booking_id, c.starts_at, c.kind AS booking_became, b.time_zone, n.outcome, w.id AS handed_id,
    w.first_name AS handed_first_name, w.last_name AS handed_last_name, w.household_id AS handed_household_id
    FROM (SELECT package_id, operation_id, id AS movement_id, CAST(NULL AS BIGINT) AS revaluation_id,
            NULL AS payment_id, 0 AS reversed, NULL AS instalment_id, NULL AS noted_id, 2 AS phase
            FROM movement WHERE package_id = ANY($1)
        UNION ALL SELECT r.package_id, r.operation_id, NULL, r.id, NULL, 0, NULL, NULL, CASE WHEN r.breakage_bp = 0
            AND EXISTS (SELECT 1 FROM movement g WHERE g.operation_id = r.operation_id AND g.lot_id = r.lot_id
                AND g.target IN ('MOVED', 'REFUNDED')) THEN 1 ELSE 3 END
            FROM revaluation r WHERE r.package_id = ANY($1)
        UNION ALL SELECT package_id, operation_id, NULL, NULL, id, 0, NULL, NULL, 5
            FROM payment WHERE package_id = ANY($1)
        UNION ALL SELECT p.package_id, r.operation_id, NULL, NULL, p.id, 1, NULL, NULL, 0
            FROM payment_reversal r JOIN payment p ON p.id = r.payment_id WHERE p.package_id = ANY($1)
        UNION ALL SELECT package_id, operation_id, NULL, NULL, NULL, 0, id, NULL, 6
            FROM instalment WHERE package_id = ANY($1)
        UNION ALL SELECT package_id, id, NULL, NULL, NULL, 0, NULL, id,
            CASE act WHEN 'upgrade_package' THEN 4 ELSE 7 END FROM operation
            WHERE package_id = ANY($1) AND act = ANY($3)) t
    JOIN operation o ON o.id = t.operation_id JOIN package p ON p.id = t.package_id
    LEFT JOIN operation n ON n.id = t.noted_id
    LEFT JOIN movement m ON m.id = t.movement_id LEFT JOIN revaluation v ON v.id = t.revaluation_id
    LEFT JOIN lot l ON l.id = m.lot_id LEFT JOIN service s ON s.id = m.service_id
    LEFT JOIN payment y ON y.id = t.payment_id LEFT JOIN instalment i ON i.id = t.instalment_id
    LEFT JOIN branch b ON b.id = COALESCE(m.branch_id, y.branch_id, n.branch_id)
    LEFT JOIN booking_change c ON c.id = (SELECT MAX(k.id) FROM booking_change k
        WHERE k.operation_id = m.operation_id AND k.booking_id = m.booking_id)
    LEFT JOIN (SELECT operation_id, recipient_id AS person_id FROM transfer WHERE package_id = ANY($1)
        UNION ALL SELECT into_operation_id, sender_id FROM transfer WHERE into_package_id = ANY($1)
        UNION ALL SELECT undo_operation_id, recipient_id FROM transfer WHERE package_id = ANY($1)
        UNION ALL SELECT undo_into_operation_id, sender_id FROM transfer WHERE into_package_id = ANY($1)) h
        ON h.operation_id = m.operation_id
    LEFT JOIN customer w ON w.id = h.person_id
    LEFT JOIN (SELECT package_id, MIN(package_version) AS version FROM operation
        WHERE package_id = ANY($1) AND recorded_at > $2 GROUP BY package_id) later ON later.package_id = t.package_id
    WHERE later.version IS NULL OR o.package_version < later.version
        OR (o.act = 'import_package' AND m.effective_at <= $2)
    ORDER BY t.package_id, o.package_version, t.phase, m.id, v.id, y.id, i.number"""
# Cut at the first act recorded after the instant, not act by act: each process stamps by its own clock, before it has
# the package, so an act may bear an earlier instant than the one it builds on. No instant (NULL) cuts nothing. What was
# moved in from another system was known there when it happened, so it counts from then on. Inside an operation, what
# is taken back comes before what is done instead, and the act in words last: it is the sum of what it did. But what was
# expected to lapse is worked out before sessions go away, and what an upgrade makes owed before it is paid.


async def packages(actor: Actor, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Those of the packages that the actor may see, with what their explanation depends on: the price as sold."""
    where = reading.visible(actor)
    where.add("p.id = ANY({ids})", ids=list(ids))
    return await rows(
        f"""SELECT p.id, p.currency, p.terms, p.home_branch_id, b.name AS home_branch, p.disputed_at, h.lapse_tax,
        p.price_minor - CAST((SELECT COALESCE(SUM(u.amount_minor), 0)
            FROM top_up u WHERE u.package_id = p.id) AS BIGINT) AS price_minor
        FROM package p JOIN branch b ON b.id = p.home_branch_id JOIN chain h ON h.id = p.chain_id
        WHERE {where}""",
        *where.args,
    )


async def traces(ids: Sequence[str], at: datetime | None) -> list[dict[str, Any]]:
    """Everything that was recorded of the packages up to the instant, in the order of telling."""
    return await rows(_TRACES, list(ids), at, list(notes.ACTS))


async def booked(ids: Sequence[str]) -> Mapping[str, dict[str, Books]]:
    """By package and operation what the journal has of the package; what is owed stands as price.

    The operation that closes a package for another tells the entry of both; the other has one of its own.
    """
    found = await rows(
        """SELECT l.package_id, COALESCE(u.into_operation_id, e.operation_id) AS operation_id, e.event, l.account,
        SUM(l.credit_minor - l.debit_minor) AS amount
        FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
        LEFT JOIN upgrade u ON u.operation_id = e.operation_id AND u.into_package_id = l.package_id
        WHERE l.package_id = ANY($1) AND l.account = ANY($2)
        GROUP BY l.package_id, COALESCE(u.into_operation_id, e.operation_id), e.event, l.account""",
        list(ids),
        [account.value for account in steps_books.ACCOUNTS],
    )
    books: dict[str, dict[str, Books]] = defaultdict(dict)
    for row in found:
        of_package, operation_id = books[row["package_id"]], row["operation_id"]
        part = steps_books.booked(Event(row["event"]), Account(row["account"]), int(row["amount"]))
        of_package[operation_id] = of_package.get(operation_id, Books()) + part
    return books
