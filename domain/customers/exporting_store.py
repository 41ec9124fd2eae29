"""Every statement that gathers what is kept about a person, by the names under which the document tells it."""

from typing import Any

from domain.kernel.db import rows

_PERSONS = "(SELECT id FROM customer WHERE id = $1 OR merged_into_id = $1)"
_PACKAGES = f"(SELECT id FROM package WHERE holder_id IN {_PERSONS})"
_COMES = f"""(SELECT booking_id FROM booking_person WHERE customer_id IN {_PERSONS}
    UNION SELECT id FROM booking WHERE customer_id IN {_PERSONS})"""

_KEPT = {
    "customers": f"""SELECT id, first_name, last_name, phone, email, country, birthday, tags, whatsapp_consent, notes,
        home_branch_id, household_id, guardian, registered_at, merged_into_id, merged_at
        FROM customer WHERE id IN {_PERSONS} ORDER BY id""",
    "households": f"""SELECT id, name, reference, created_at FROM household
        WHERE id IN (SELECT household_id FROM customer WHERE id IN {_PERSONS}) ORDER BY id""",
    "references": f"SELECT customer_id, reference FROM customer_reference WHERE customer_id IN {_PERSONS} ORDER BY id",
    "merges": f"""SELECT id, kept_id, merged_id, operation_id, merged_at, undone_at FROM customer_merge
        WHERE kept_id IN {_PERSONS} OR merged_id IN {_PERSONS} ORDER BY id""",
    "packages": f"""SELECT id, reference, definition_id, name, holder_id, home_branch_id, selling_branch_id, currency,
        price_minor, tax_minor, paid_minor, credited_minor, refunded_minor, brought_minor, sharing, sold_at,
        activated_at, frozen_from, thaws_at, disputed_at, closed_at, closed_as, version FROM package
        WHERE id IN {_PACKAGES} ORDER BY id""",
    "lots": f"""SELECT id, package_id, origin, bonus, issued_at, last_day, expires_at, lapses_at, issued, available,
        held, consumed, expired, refunded, moved FROM lot WHERE package_id IN {_PACKAGES} ORDER BY id""",
    "visits": f"""SELECT m.operation_id, m.package_id, m.lot_id, m.service_id, m.branch_id, m.practitioner_id,
        m.booking_id, m.effective_at, CASE WHEN m.target = 'CONSUMED' THEN m.sessions ELSE -m.sessions END AS sessions
        FROM movement m JOIN operation o ON o.id = m.operation_id
        WHERE (m.source = 'CONSUMED' OR m.target = 'CONSUMED')
        AND (o.customer_id IN {_PERSONS} OR m.package_id IN {_PACKAGES}) ORDER BY m.id""",
    "bookings": f"""SELECT id, branch_id, service_id, practitioner_id, customer_id, package_id, series_id, source,
        external_ref, starts_at, ends_at, sessions, charged, state, booked_at, ended_at, attachments
        FROM booking WHERE id IN {_COMES} ORDER BY id""",
    "booking_changes": f"""SELECT booking_id, operation_id, kind, branch_id, starts_at, ends_at, cause, note
        FROM booking_change WHERE booking_id IN {_COMES} ORDER BY id""",
    "payments": f"""SELECT y.id, y.operation_id, y.package_id, y.customer_id, y.branch_id, y.method, y.amount_minor,
        y.kept_minor, y.currency, y.received_at, r.reversed_at
        FROM payment y LEFT JOIN payment_reversal r ON r.payment_id = y.id
        WHERE y.customer_id IN {_PERSONS} OR y.package_id IN {_PACKAGES} ORDER BY y.id""",
    "charges": f"""SELECT id, operation_id, customer_id, branch_id, purpose, service_id, booking_id, sessions,
        amount_minor, tax_minor, currency, charged_at FROM charge WHERE customer_id IN {_PERSONS} ORDER BY id""",
    "transfers": f"""SELECT id, package_id, into_package_id, sender_id, recipient_id, branch_id, sessions, moved,
        fee_minor, fee_payer, state, reason, requested_at, decided_at, decision, done_at, undone_at, operation_id,
        into_operation_id
        FROM transfer WHERE sender_id IN {_PERSONS} OR recipient_id IN {_PERSONS} ORDER BY id""",
    "branch_transfers": f"""SELECT id, package_id, from_branch_id, to_branch_id, state, reason, requested_at,
        decided_at, decision FROM branch_transfer WHERE package_id IN {_PACKAGES} ORDER BY id""",
    "top_ups": f"""SELECT id, package_id, lot_id, branch_id, operation_id, sessions, amount_minor, tax_minor,
        topped_up_at FROM top_up WHERE package_id IN {_PACKAGES} ORDER BY id""",
    "upgrades": f"""SELECT id, package_id, into_package_id, branch_id, operation_id, into_operation_id, method,
        currency, used, unused_value_minor, difference_minor, outstanding_carried_minor, due_minor, credit_minor,
        sessions_after, steps, upgraded_at FROM upgrade
        WHERE package_id IN {_PACKAGES} OR into_package_id IN {_PACKAGES} ORDER BY id""",
    "refunds": f"""SELECT id, package_id, customer_id, home_branch_id, sessions, booking_ids, to_credit, hardship,
        goodwill_minor, state, reason, currency, reckoned_by, cooling_off, given_back, refund_minor, fee_minor,
        waived_minor, cleared_minor, value_minor, tax_minor, steps, requested_at, decided_at, decision, agreed_at,
        completed_at, operation_id FROM refund
        WHERE customer_id IN {_PERSONS} OR package_id IN {_PACKAGES} ORDER BY id""",
    "refund_parts": f"""SELECT t.id, t.refund_id, t.number, t.payment_id, t.method, t.branch_id, t.amount_minor,
        t.paid_out_at, t.operation_id FROM refund_part t JOIN refund r ON r.id = t.refund_id
        WHERE r.customer_id IN {_PERSONS} OR r.package_id IN {_PACKAGES} ORDER BY t.id""",
    "shares": f"""SELECT id, package_id, customer_id, most_sessions, shared_at, revoked_at FROM share
        WHERE customer_id IN {_PERSONS} OR package_id IN {_PACKAGES} ORDER BY id""",
    "instalments": f"""SELECT id, package_id, plan, number, due_on, amount_minor FROM instalment
        WHERE package_id IN {_PACKAGES} ORDER BY package_id, plan, number""",
    "freezes": f"""SELECT id, package_id, cause, starts_on, thaws_on, frozen_from, thaws_at, days_added FROM "freeze"
        WHERE package_id IN {_PACKAGES} ORDER BY id""",
    "denials": f"SELECT id, asked, needs, denied_at FROM denial WHERE principal_id IN {_PERSONS} ORDER BY id",
    "inbound_events": f"""SELECT e.id, h.name AS source, e.event_id, e.received_at, e.processed_at, e.state,
        e.problem, e.message, e.operation_id, e.body FROM inbound_event e JOIN inbound_hook h ON h.id = e.hook_id
        WHERE e.operation_id IN (SELECT id FROM operation WHERE customer_id IN {_PERSONS})
        OR (h.chain_id = (SELECT chain_id FROM customer WHERE id = $1) AND length(e.body) > 0
            AND (e.operation_id IS NULL OR e.message = 'STALE')) ORDER BY e.id""",
    "operations": f"""SELECT id, act, principal, principal_id, branch_id, package_id, customer_id, effective_at,
        recorded_at, reason, outcome, reverses FROM operation
        WHERE customer_id IN {_PERSONS} OR package_id IN {_PACKAGES} ORDER BY seq""",
}
_ACCOUNT = f"""SELECT l.branch_id,
    SUM(CASE WHEN l.account = 'CUSTOMER_CREDIT' THEN l.credit_minor - l.debit_minor ELSE 0 END) AS credit_minor,
    SUM(CASE WHEN l.account = 'RECEIVABLE' THEN l.debit_minor - l.credit_minor ELSE 0 END) AS owed_minor
    FROM journal_line l WHERE l.customer_id IN {_PERSONS} AND (l.account = 'CUSTOMER_CREDIT'
        OR (l.account = 'RECEIVABLE' AND l.package_id IS NULL)) GROUP BY l.branch_id ORDER BY l.branch_id"""


async def kept(customer_id: str) -> dict[str, list[dict[str, Any]]]:
    """What each table keeps about the customer and those merged into them.

    Of events that had no effect it is all that the chain has: whom they name stands in their bytes.
    """
    return {name: await rows(sql, customer_id) for name, sql in _KEPT.items()}


async def account(customer_id: str) -> list[dict[str, Any]]:
    """What each branch owes the person, and the person owes it outside of packages."""
    found = await rows(_ACCOUNT, customer_id)
    sums = [row | {name: int(row[name]) for name in ("credit_minor", "owed_minor")} for row in found]
    return [row for row in sums if row["credit_minor"] or row["owed_minor"]]
