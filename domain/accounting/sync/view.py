"""Connections, documents and the rest of what is kept of handing over, as the engine and the graph know them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.accounting.connectors.protocol import Outcome, Problem, System
from domain.accounting.sync.legs import Leg
from domain.accounting.sync.mapping import Mapped
from domain.accounting.sync.rendering import Sheet
from domain.accounting.sync.rules import Call, ConnectionState, DocumentState, LockedDays, Mode


@dataclass(frozen=True, slots=True)
class Connection:
    """An accounting system that is handed the journal; without branches, that of the whole chain."""

    id: str
    chain_id: str
    name: str
    system: System
    mode: Mode
    branch_ids: tuple[str, ...] | None
    starts_on: date
    locked_days: LockedDays
    settings: Mapping[str, object]
    state: ConnectionState
    stopped_because: str
    position: int
    rests_until: datetime | None
    reconciled_at: datetime | None
    reconcile_for: str | None
    created_by: str
    created_at: datetime
    unread_times: int = 0
    """How often the comparison that is due could not be read."""
    unread_at: datetime | None = None
    """When it last could not; null once it could."""
    unread_because: str = ""

    def resting_until(self, now: datetime) -> datetime | None:
        """Until when it still rests; what is over is not forgotten, but counts no more."""
        return self.rests_until if self.rests_until is not None and self.rests_until > now else None

    def at_work(self, now: datetime) -> bool:
        """Whether the other system may be called."""
        return self.state is ConnectionState.ACTIVE and self.resting_until(now) is None


@dataclass(frozen=True, slots=True)
class SyncDocument:
    """What is booked as one journal in the other system, and how far that has come."""

    id: str
    connection_id: str
    number: int
    branch_id: str | None
    day: date
    booked_on: date | None
    currency: str
    memo: str
    legs: tuple[Leg, ...]
    entries: int
    first_position: int
    last_position: int
    mapping_version: int | None
    body: str | None
    state: DocumentState
    attempts: int
    due_at: datetime | None
    problem: Problem | None
    message: str
    hint: str
    remote_id: str | None
    made_at: datetime
    sent_at: datetime | None
    verified_at: datetime | None

    @property
    def sheet(self) -> Sheet:
        """What it is rendered from."""
        return Sheet(self.id, self.day, self.booked_on, self.currency, self.memo, self.legs)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of the other system about a document, and how it ended."""

    id: int
    document_id: str
    call: Call
    outcome: Outcome
    status: int | None
    detail: str
    attempted_at: datetime
    milliseconds: int


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row of the mapping, with who wrote it and when."""

    id: int
    version: int
    mapped: Mapped
    mapped_by: str
    mapped_at: datetime
