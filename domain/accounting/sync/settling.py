"""Pure: what an answer means for the document that was sent or looked for, and for its whole connection."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.accounting.connectors.protocol import Answer, Outcome, Problem
from domain.accounting.sync.rules import (
    A_DAY,
    Call,
    DocumentState,
    Jitter,
    LockedDays,
    backoff,
    first_open_day,
)

_RESTS = frozenset({Problem.TOO_MANY_CALLS, Problem.UNREACHABLE})
_HINT = "Carnet looks there by itself whether it is booked before it sends anything again."


@dataclass(frozen=True, slots=True)
class Asked:
    """What the other system was asked about: the document, how often it was by now, and why."""

    document_id: str
    call: Call
    attempts: int
    booked_on: date
    settles: timedelta
    """How long it may be at work there without an answer."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How a document stands from now on; without an answer about it, it stands as before."""

    document_id: str
    state: DocumentState
    due_at: datetime | None = None
    problem: Problem | None = None
    message: str = ""
    hint: str = ""
    remote_id: str | None = None
    booked_on: date | None = None
    """The other day on which it is to be booked, for which it has to be rendered anew."""
    rests_until: datetime | None = None
    stopped_because: str = ""


def settled(asked: Asked, answer: Answer, now: datetime, locked_days: LockedDays, jitter: Jitter) -> Settled:
    """Only a document that is surely not booked becomes PENDING again."""
    told = Settled(
        asked.document_id, DocumentState.UNCERTAIN, now, answer.problem, answer.message, answer.hint, answer.remote_id
    )
    if answer.outcome is Outcome.SUCCESS:
        return Settled(asked.document_id, DocumentState.SENT, remote_id=answer.remote_id)
    wait = backoff(asked.attempts, jitter)
    told = _for_the_connection(told, answer, now, wait)
    if asked.call is Call.PROBE:
        return _looked_for(told, answer, now + asked.settles + wait, now)
    if answer.outcome is Outcome.UNCERTAIN:
        return replace(told, due_at=now + asked.settles + wait, hint=answer.hint or _HINT)
    if answer.problem is Problem.LOCKED_DAY:
        return _locked(told, asked, answer, now, locked_days)
    if answer.outcome is Outcome.REJECTED:
        return replace(told, state=DocumentState.REJECTED, due_at=None)
    return replace(told, state=DocumentState.PENDING, due_at=now + wait)


def _for_the_connection(told: Settled, answer: Answer, now: datetime, wait: timedelta) -> Settled:
    if answer.problem is Problem.UNAUTHORISED:
        return replace(told, stopped_because=answer.message or "The accounting system lets Carnet in no more.")
    if answer.retry_after is not None or answer.problem in _RESTS:
        return replace(told, rests_until=now + (wait if answer.retry_after is None else answer.retry_after))
    return told


def _looked_for(told: Settled, answer: Answer, again_at: datetime, now: datetime) -> Settled:
    """Only where it was really looked for and not found it may be sent again."""
    if answer.outcome is Outcome.LATER and answer.problem is None:
        return Settled(told.document_id, DocumentState.PENDING, now)
    return replace(told, due_at=again_at, hint=answer.hint or _HINT)


def _locked(told: Settled, asked: Asked, answer: Answer, now: datetime, locked_days: LockedDays) -> Settled:
    told = replace(told, state=DocumentState.PENDING, due_at=now + A_DAY)
    if locked_days is LockedDays.HOLD:
        return told
    opens = first_open_day(asked.booked_on, answer.locked_until, now.date())
    return told if opens is None else replace(told, due_at=now, booked_on=opens)
