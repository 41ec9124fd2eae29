"""What a connector to an accounting system does: render a document, send it, find it again, read back what is booked.

Every call that writes ends in one of three ways: the other system took the document, it said no, or nobody knows. Of
the last kind nothing is sent again before `probe` has said what became of it.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol


class System(StrEnum):
    """The systems that there are connectors for."""

    XERO = "XERO"
    QUICKBOOKS = "QUICKBOOKS"
    ERPNEXT = "ERPNEXT"
    ODOO = "ODOO"
    PLAIN_TEXT = "PLAIN_TEXT"
    WEBHOOK = "WEBHOOK"


class Outcome(StrEnum):
    """How a call ended."""

    SUCCESS = "SUCCESS"
    REJECTED = "REJECTED"
    UNCERTAIN = "UNCERTAIN"
    LATER = "LATER"
    """It was surely not taken, and may be tried again: too many calls, or nobody was reached at all."""


class Problem(StrEnum):
    """Why a document is not booked."""

    NO_MAPPING = "NO_MAPPING"
    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"
    INVALID = "INVALID"
    LOCKED_DAY = "LOCKED_DAY"
    UNAUTHORISED = "UNAUTHORISED"
    TOO_MANY_CALLS = "TOO_MANY_CALLS"
    UNREACHABLE = "UNREACHABLE"
    NO_ANSWER = "NO_ANSWER"


Dimension = tuple[str, str]
"""What a line carries besides its account: the name of a dimension, and its value."""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One side of a document: a positive amount is a debit, a negative one a credit, in minor units."""

    remote_account: str
    amount_minor: int
    description: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    tax_code: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A balanced journal as it is to be booked; `id` is ours, and is found in the other system by it."""

    id: str
    day: date
    currency: str
    memo: str
    lines: tuple[DocumentLine, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call about a document ended, in the words of the other system, and what a person can do."""

    outcome: Outcome
    remote_id: str | None = None
    problem: Problem | None = None
    status: int | None = None
    message: str = ""
    hint: str = ""
    retry_after: timedelta | None = None
    locked_until: date | None = None
    """The last day of the period that is locked, where the other system says so."""


@dataclass(frozen=True, slots=True)
class Booked:
    """A document that the other system has, as read back; our id is empty where it has none of ours."""

    remote_id: str
    document_id: str
    day: date
    amounts: Mapping[str, int]
    """By remote account, debits less credits in minor units."""


class Connector(Protocol):
    """One accounting system, opened with its settings and credentials; used by one task at a time."""

    def render(self, document: Document) -> bytes:
        """The bytes that are sent, each time the same; raises ValueError where it cannot take such a document."""
        ...

    async def send(self, document_id: str, body: bytes, ended: int = 0) -> Answer:
        """Book it; `ended` says how often it was surely booked or refused before.

        Who remembers requests is given another name for each of these, or would say again what was said then.
        """
        ...

    async def probe(self, document_id: str, body: bytes) -> Answer:
        """Whether it is booked: SUCCESS with its id there, LATER where it is surely not; else UNCERTAIN."""
        ...

    def booked(self, first: date, last: date) -> AsyncIterator[Booked]:
        """What is booked on these days that names a document of ours."""
        ...

    async def accounts(self) -> Sequence[str]:
        """The accounts that a mapping can name."""
        ...

    async def lacks(self, dimensions: Collection[Dimension]) -> Sequence[Dimension]:
        """Those of the dimensions that are not there, as far as it can be asked."""
        ...

    async def close(self) -> None:
        """Let go of its connections."""
        ...
