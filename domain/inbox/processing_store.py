"""Every statement by which events are processed: which are due, who has taken one, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.inbox.rules import EventState, ProviderKind
from domain.kernel.db import execute, rows


@dataclass(frozen=True, slots=True)
class Taken:
    """An event in the hands of one worker; the number of its attempt tells the hands apart."""

    id: str
    attempts: int
    body: bytes
    hook_id: str
    chain_id: str
    name: str
    provider: ProviderKind


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of an attempt; `due_at` where there is to be another one."""

    state: EventState
    problem: str | None = None
    message: str = ""
    operation_id: str | None = None
    due_at: datetime | None = None


async def due(now: datetime, at_most: int) -> Sequence[str]:
    """Events whose turn it is, in the order in which they came or are to be tried again."""
    found = await rows(
        "SELECT id FROM inbound_event WHERE state = 'RECEIVED' AND due_at <= $1 ORDER BY due_at, id LIMIT $2",
        now,
        at_most,
    )
    return [row["id"] for row in found]


async def take(event_id: str, now: datetime, until: datetime) -> Taken | None:
    """The event, which nobody else takes until then; None where somebody has."""
    taken = await execute(
        """UPDATE inbound_event SET attempts = attempts + 1, due_at = $3
        WHERE id = $1 AND state = 'RECEIVED' AND due_at <= $2""",
        event_id,
        now,
        until,
    )
    if not taken:
        return None
    (row,) = await rows(
        """SELECT e.id, e.attempts, e.body, e.hook_id, h.chain_id, h.name, h.provider
        FROM inbound_event e JOIN inbound_hook h ON h.id = e.hook_id WHERE e.id = $1""",
        event_id,
    )
    return Taken(**row | {"provider": ProviderKind(row["provider"])})


async def is_erased(chain_id: str, customer_id: str) -> bool:
    """Whether it is somebody who asked to be forgotten."""
    erased = "SELECT 1 FROM customer WHERE chain_id = $1 AND id = $2 AND erased_at IS NOT NULL"
    return bool(await rows(erased, chain_id, customer_id))


async def any_erased(chain_id: str, customer_ids: Sequence[str]) -> bool:
    """Whether one of them asked to be forgotten; who is being erased right now is waited for."""
    found = await rows(
        "SELECT erased_at FROM customer WHERE chain_id = $1 AND id = ANY($2) ORDER BY id FOR SHARE",
        chain_id,
        list(customer_ids),
    )
    return any(row["erased_at"] is not None for row in found)


async def note(taken: Taken, verdict: Verdict, now: datetime) -> None:
    """Write down what became of it; what it has brought about is so, also where others have taken it meanwhile."""
    ours = "attempts = $2 AND state = 'RECEIVED'"
    if verdict.state is EventState.PROCESSED:
        ours = "attempts >= $2 AND state <> 'PROCESSED'"
    await execute(
        f"""UPDATE inbound_event SET state = $3, problem = $4, message = $5, operation_id = $6, due_at = $7,
            processed_at = $8 WHERE id = $1 AND {ours}""",
        taken.id,
        taken.attempts,
        verdict.state.value,
        verdict.problem,
        verdict.message,
        verdict.operation_id,
        verdict.due_at,
        None if verdict.state is EventState.RECEIVED else now,
    )
