"""The statements that move documents from one state to the next.

Whoever sends or compares holds the connection; who retries has locked the document.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.accounting.connectors.protocol import Answer, Problem
from domain.accounting.sync.comparing import Compared
from domain.accounting.sync.rendering import Unwritten
from domain.accounting.sync.rules import Call, DocumentState
from domain.accounting.sync.settling import Settled
from domain.kernel.db import execute, execute_many, insert, rows

_LONGEST_REMOTE_ID = 120


@dataclass(frozen=True, slots=True)
class Claimed:
    """A document that is sent now, with its bytes and the version of the mapping that they go by."""

    document_id: str
    body: str
    version: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A call that has ended."""

    document_id: str
    call: Call
    answer: Answer
    at: datetime
    milliseconds: int


async def times_ended(document_ids: Sequence[str]) -> dict[str, int]:
    """How often each of these was surely booked or refused; those that never were are left out."""
    if not document_ids:
        return {}
    found = await rows(
        """SELECT document_id, COUNT(*) AS times FROM sync_attempt
        WHERE document_id = ANY($1) AND outcome IN ('SUCCESS', 'REJECTED') GROUP BY document_id""",
        list(document_ids),
    )
    return {row["document_id"]: row["times"] for row in found}


async def claim(claimed: Sequence[Claimed], look_at: datetime) -> None:
    """Written before anything is sent: what is found like this later may have been, and is looked for from then on."""
    await execute_many(
        """UPDATE sync_document SET state = 'SENDING', attempts = attempts + 1, body = $2, mapping_version = $3,
        due_at = $4 WHERE id = $1 AND state = 'PENDING'""",
        [(each.document_id, each.body, each.version, look_at) for each in claimed],
    )


async def look_for(document_ids: Sequence[str]) -> None:
    """Count one more attempt to find out what became of documents."""
    await execute_many(
        "UPDATE sync_document SET state = 'UNCERTAIN', attempts = attempts + 1 WHERE id = $1",
        [(document_id,) for document_id in document_ids],
    )


@dataclass(frozen=True, slots=True)
class Blocked:
    """A document that cannot be rendered; by itself it goes on when the mapping has changed."""

    document_id: str
    why: Unwritten
    version: int

    @property
    def state(self) -> DocumentState:
        """What is not mapped waits, and what cannot be said there needs a person."""
        return DocumentState.PENDING if self.why.problem is Problem.NO_MAPPING else DocumentState.REJECTED


async def block(blocked: Sequence[Blocked]) -> None:
    """Nothing was sent."""
    await execute_many(
        """UPDATE sync_document SET state = $2, due_at = NULL, problem = $3, message = $4, hint = $5,
        mapping_version = $6 WHERE id = $1 AND state = 'PENDING'""",
        [(each.document_id, each.state.value, *_told(each.why), each.version) for each in blocked],
    )


def _told(why: Unwritten) -> tuple[str, str, str]:
    return why.problem.value, why.message[:1000], why.hint[:500]


async def unsent(document_ids: Sequence[str], due_at: datetime) -> None:
    """They were to be sent, and were not: the other system takes nothing for now."""
    await execute(
        """UPDATE sync_document SET state = 'PENDING', attempts = attempts - 1, due_at = $2
        WHERE id = ANY($1) AND state = 'SENDING'""",
        list(document_ids),
        due_at,
    )


async def settle(settled: Sequence[Settled], now: datetime) -> None:
    """What became of documents; those that are to be booked on another day lose their bytes."""
    await execute_many(
        """UPDATE sync_document SET state = $2, due_at = $3, problem = $4, message = $5, hint = $6,
        remote_id = COALESCE($7, remote_id), sent_at = COALESCE($8, sent_at),
        body = CASE WHEN $10 THEN NULL ELSE body END, booked_on = COALESCE($9, booked_on)
        WHERE id = $1 AND state IN ('SENDING', 'UNCERTAIN')""",
        [
            (
                each.document_id,
                each.state.value,
                each.due_at,
                each.problem.value if each.problem else None,
                each.message[:1000],
                each.hint[:500],
                each.remote_id and each.remote_id[:_LONGEST_REMOTE_ID],
                now if each.state is DocumentState.SENT else None,
                each.booked_on,
                each.booked_on is not None,
            )
            for each in settled
        ],
    )


async def insert_attempts(ended: Sequence[Ended]) -> None:
    """Write down how calls ended."""
    await insert(
        "sync_attempt",
        [
            {
                "document_id": each.document_id,
                "call": each.call.value,
                "outcome": each.answer.outcome.value,
                "status": each.answer.status,
                "detail": each.answer.message[:1000],
                "attempted_at": each.at,
                "milliseconds": each.milliseconds,
            }
            for each in ended
        ],
    )


async def note(compared: Compared, at: datetime) -> None:
    """What is booked as it should be is verified, what is there at all was sent, and what is not is in doubt."""
    verified = """UPDATE sync_document SET state = 'VERIFIED', remote_id = $2, verified_at = $3,
        sent_at = COALESCE(sent_at, $3), due_at = NULL, problem = NULL, message = '', hint = '' WHERE id = $1"""
    found = """UPDATE sync_document SET state = 'SENT', remote_id = $2, sent_at = COALESCE(sent_at, $3),
        due_at = NULL, problem = NULL, message = '', hint = '' WHERE id = $1"""
    await _found_by_comparing([*compared.verified, *compared.found], at)
    await execute_many(verified, [(ours, its[:_LONGEST_REMOTE_ID], at) for ours, its in compared.verified.items()])
    await execute_many(found, [(ours, its[:_LONGEST_REMOTE_ID], at) for ours, its in compared.found.items()])
    await execute_many(
        "UPDATE sync_document SET state = 'SENT', verified_at = NULL WHERE id = $1 AND state = 'VERIFIED'",
        [(each,) for each in compared.doubted],
    )


async def _found_by_comparing(document_ids: Sequence[str], at: datetime) -> None:
    """Write down of those that were not known to be there that they are, as if each had been looked for."""
    await execute(
        """INSERT INTO sync_attempt (document_id, call, outcome, detail, attempted_at, milliseconds)
        SELECT id, 'PROBE', 'SUCCESS', 'A comparison found it there.', $2, 0 FROM sync_document
        WHERE id = ANY($1) AND state NOT IN ('SENT', 'VERIFIED')""",
        list(document_ids),
        at,
    )


async def retry(document_id: str, state: DocumentState, at: datetime, *, anew: bool) -> None:
    """A document, which is locked, is due now; to be rendered anew where it was surely not booked.

    What is known of one in doubt stays until it is found or not.
    """
    told = "" if state is DocumentState.UNCERTAIN else ", problem = NULL, message = '', hint = ''"
    await execute(
        f"""UPDATE sync_document SET state = $2, due_at = $3{told},
        body = CASE WHEN $4 THEN NULL ELSE body END WHERE id = $1""",
        document_id,
        state.value,
        at,
        anew,
    )
