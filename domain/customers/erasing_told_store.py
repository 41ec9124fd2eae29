"""Every statement by which what other systems told about a person is taken out of the database."""

from collections.abc import Sequence

from domain.customers.erasing_store import ABOUT
from domain.customers.told_of import ERASED, ERASED_MESSAGE, refers
from domain.kernel.commands import Work
from domain.kernel.db import execute, rows


async def forget_told(work: Work, persons: Sequence[str]) -> None:
    """Nothing is left of it; what had no effect is looked through for them, and comes to an end where it waits.

    By the references of their bookings, too: it comes before these are forgotten.
    """
    await execute(
        f"UPDATE inbound_event SET body = $2 WHERE operation_id IN (SELECT o.id FROM operation o WHERE {ABOUT})",
        list(persons),
        b"",
    )
    others = await rows(
        """SELECT e.id, e.body, h.name FROM inbound_event e JOIN inbound_hook h ON h.id = e.hook_id
        WHERE h.chain_id = $1 AND (e.operation_id IS NULL OR e.message = 'STALE') AND length(e.body) > 0""",
        work.chain_id,
    )
    references = await _references(persons)
    about = [row["id"] for row in others if _is_about(bytes(row["body"]), persons, references.get(row["name"], []))]
    await execute("UPDATE inbound_event SET body = $2 WHERE id = ANY($1)", about, b"")
    await execute(
        """UPDATE inbound_event SET state = 'REJECTED', problem = $2, message = $3, due_at = NULL, processed_at = $4
        WHERE id = ANY($1) AND state = 'RECEIVED'""",
        about,
        ERASED,
        ERASED_MESSAGE,
        work.now,
    )


async def _references(persons: Sequence[str]) -> dict[str, list[str]]:
    """What each system calls their bookings."""
    found = await rows(
        "SELECT source, external_ref FROM booking WHERE customer_id = ANY($1) AND external_ref IS NOT NULL",
        list(persons),
    )
    references: dict[str, list[str]] = {}
    for row in found:
        references.setdefault(row["source"], []).append(row["external_ref"])
    return references


def _is_about(body: bytes, persons: Sequence[str], references: Sequence[str]) -> bool:
    return any(person.encode() in body for person in persons) or refers(body, references)
