"""Every statement by which who a customer was is taken out of the database; sessions and money stay as they are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.kernel.commands import Work
from domain.kernel.db import execute, rows

PLACEHOLDER = "Erased"

_HELD = "(SELECT id FROM package WHERE holder_id = ANY($1))"
_VISITS = """(SELECT booking_id FROM booking_person WHERE customer_id = ANY($1)
    UNION SELECT id FROM booking WHERE customer_id = ANY($1))"""
_HANDED = """(SELECT package_id FROM transfer WHERE sender_id = ANY($1) OR recipient_id = ANY($1)
    UNION SELECT into_package_id FROM transfer WHERE sender_id = ANY($1) OR recipient_id = ANY($1))"""
ABOUT = f"""o.customer_id = ANY($1) OR o.package_id IN {_HELD}
    OR o.id IN (SELECT c.operation_id FROM booking_change c WHERE c.booking_id IN {_VISITS})
    OR (o.act LIKE '%transfer%' AND o.package_id IN {_HANDED})"""
"""Which operations `o` are about the persons."""


@dataclass(frozen=True, slots=True)
class Said:
    """An operation about the person that has words in it: a reason, attachments, or a key that names the person."""

    id: str
    reason: str
    idempotency_key: str | None
    outcome: Any

    def without(self, names: Sequence[str]) -> "Said":
        """The operation without them; a key stays unless it names the person."""
        key = self.idempotency_key
        named = key is not None and any(_word(name).search(key.lower()) for name in names)
        attached = isinstance(self.outcome, dict) and "attachments" in self.outcome
        outcome = self.outcome | {"attachments": []} if attached else self.outcome
        return replace(self, reason="", idempotency_key=None if named else key, outcome=outcome)


def _word(name: str) -> re.Pattern[str]:
    """The name as a word of its own: short ones stand by chance within keys that are made of random letters."""
    before = r"(?<![^\W_])" if name[0].isalnum() else ""
    after = r"(?![^\W_])" if name[-1].isalnum() else ""
    return re.compile(before + re.escape(name) + after)


async def persons(customer_id: str) -> list[str]:
    """The customer, and who was merged into them."""
    sql = "SELECT id FROM customer WHERE id = $1 OR merged_into_id = $1 ORDER BY id"
    return [row["id"] for row in await rows(sql, customer_id)]


async def names(persons: Sequence[str]) -> list[str]:
    """The words by which the persons are known, in small letters; what is too short to name anybody is left out."""
    found = await rows("SELECT first_name, last_name, phone, email FROM customer WHERE id = ANY($1)", list(persons))
    references = await rows("SELECT reference FROM customer_reference WHERE customer_id = ANY($1)", list(persons))
    words = {str(value).lower() for row in (*found, *references) for value in row.values() if value}
    return sorted(word for word in words if len(word) >= 3)


async def said(persons: Sequence[str]) -> list[Said]:
    """The operations about the persons that have words in them."""
    found = await rows(
        f"""SELECT o.id, o.reason, o.idempotency_key, o.outcome FROM operation o
        WHERE ({ABOUT}) AND (o.reason <> '' OR o.idempotency_key IS NOT NULL OR o.act = 'attach_to_booking')
        ORDER BY o.seq""",
        list(persons),
    )
    return [Said(**row) for row in found]


async def forget_said(said: Said) -> None:
    """Take the words out of an operation; the database lets nothing else of it change."""
    await execute(
        "UPDATE operation SET reason = '', idempotency_key = $2, outcome = $3 WHERE id = $1",
        said.id,
        said.idempotency_key,
        said.outcome,
    )


async def forget_person(work: Work, persons: Sequence[str]) -> None:
    """Nothing that tells who they were stays in their records and merges.

    They are members of no household, and nothing is shared with them any more.
    """
    alone = await rows(
        """SELECT h.id FROM household h WHERE h.id IN (SELECT household_id FROM customer WHERE id = ANY($1))
        AND NOT EXISTS (SELECT 1 FROM customer o WHERE o.household_id = h.id AND NOT o.id = ANY($1))""",
        list(persons),
    )
    await execute(
        "UPDATE household SET name = $2, reference = NULL WHERE id = ANY($1)", [row["id"] for row in alone], PLACEHOLDER
    )
    await execute(
        """UPDATE customer SET first_name = $2, last_name = '', phone = NULL, email = NULL, country = NULL,
        birthday = NULL, tags = $3, whatsapp_consent = NULL, notes = '', household_id = NULL, guardian = $4,
        erased_at = $5 WHERE id = ANY($1)""",
        list(persons),
        PLACEHOLDER,
        [],
        False,
        work.now,
    )
    await execute(
        "UPDATE share SET revoked_at = $2, revoked_by = $3 WHERE customer_id = ANY($1) AND revoked_at IS NULL",
        list(persons),
        work.now,
        work.actor.id,
    )
    await execute("DELETE FROM customer_reference WHERE customer_id = ANY($1)", list(persons))
    await execute(
        "UPDATE customer_merge SET before = $2 WHERE kept_id = ANY($1) OR merged_id = ANY($1)", list(persons), {}
    )


async def forget_visits(persons: Sequence[str]) -> None:
    """Schedulers do not know the visits they booked any more; to these, and where they came along, nothing is attached.

    No note is left either.
    """
    held = list(persons)
    await execute("UPDATE booking SET source = NULL, external_ref = NULL WHERE customer_id = ANY($1)", held)
    await execute(f"UPDATE booking SET attachments = $2 WHERE id IN {_VISITS}", held, [])
    await execute(f"UPDATE booking_change SET note = '' WHERE note <> '' AND booking_id IN {_VISITS}", held)


async def forget_changes(persons: Sequence[str]) -> None:
    """Nothing is left of what was said when sessions or packages of theirs were handed on, given back or disputed."""
    held = list(persons)
    await execute(
        "UPDATE transfer SET reason = '', decision = '' WHERE sender_id = ANY($1) OR recipient_id = ANY($1)", held
    )
    await execute(
        f"""UPDATE refund SET reason = '', hardship = '', decision = ''
        WHERE customer_id = ANY($1) OR package_id IN {_HELD}""",
        held,
    )
    await execute(f"UPDATE branch_transfer SET reason = '', decision = '' WHERE package_id IN {_HELD}", held)
    await execute(
        f"""UPDATE settlement_dispute SET reason = '', resolution = '' WHERE entry_id IN (SELECT e.id
        FROM journal_entry e JOIN operation o ON o.id = e.operation_id
        WHERE o.customer_id = ANY($1) OR o.package_id IN {_HELD})""",
        held,
    )
