"""A figure of a report: an amount, how it came about, and which rows of the ledgers it is the sum of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from domain.kernel.errors import FieldProblem, InvalidInput
from domain.ledger.accounts import Account, Event, PaymentMethod


class Side(StrEnum):
    """Which side of the journal a figure sums; both, debits less credits, unless one is named."""

    DEBIT = "DEBIT"
    CREDIT = "CREDIT"


@dataclass(frozen=True, slots=True)
class Span:
    """The accounting days that a report covers, both included, and up to when something must have been recorded.

    Without a first day it covers everything up to the last; `as_of` leaves out what was recorded after that instant.
    """

    first_day: date | None
    last_day: date
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Journal lines: those of which every part that is given holds; empty accounts or events mean all.

    The customer is the one whom the operation was for. Charges of single sessions are lines of no package.
    """

    span: Span
    accounts: tuple[Account, ...] = ()
    events: tuple[Event, ...] = ()
    side: Side | None = None
    branch_ids: tuple[str, ...] = ()
    definition_id: str | None = None
    package_id: str | None = None
    service_id: str | None = None
    customer_id: str | None = None
    payment_method: PaymentMethod | None = None
    of_packages: bool = False


@dataclass(frozen=True, slots=True)
class Uses:
    """Sessions used, less those given back: movements into CONSUMED and out of it, by the day they count for.

    The customer is the one who came, whoever holds the package.
    """

    span: Span
    branch_ids: tuple[str, ...] = ()
    definition_id: str | None = None
    package_id: str | None = None
    service_id: str | None = None
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Deliveries:
    """Sessions used, less those given back, at what they cost the branch to deliver on the day of the visit.

    Those whose cost is not known are counted instead, by themselves. What was used before Carnet kept the books is not
    among them: the books have no revenue of it either.
    """

    span: Span
    known: bool = True
    branch_ids: tuple[str, ...] = ()
    definition_id: str | None = None
    package_id: str | None = None


class Taken(StrEnum):
    """What became of sessions of certain packages: issued to them, used less given back, lapsed less reinstated."""

    ISSUED = "ISSUED"
    USED = "USED"
    LAPSED = "LAPSED"


@dataclass(frozen=True, slots=True)
class Lives:
    """All sessions that certain packages were issued, had used or let lapse, whenever that was.

    `whose` says which packages these are; their ids do not tell sources apart, for the list grows with every sale.
    """

    span: Span
    whose: str
    taken: Taken
    package_ids: tuple[str, ...] = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Parts:
    """Other figures, which are added up or subtracted; a figure made of figures has their rows."""

    figures: "tuple[Figure, ...]"


Moved = Uses | Deliveries | Lives
Source = Lines | Moved | Parts


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in minor units, or a count where the source counts sessions: `sign` x the sum of its rows."""

    label: str
    value: int
    formula: str
    source: Source
    sign: int = 1


class InvertedPeriod(InvalidInput):
    """The period of a report ends before it begins; no act takes one, so it has no code of its own."""

    def __init__(self, first_day: date, last_day: date, *path: str) -> None:
        self.first_day, self.last_day = first_day, last_day
        message = f"The period ends on {last_day}, before it begins on {first_day}. Exchange the two days."
        super().__init__(FieldProblem(path or ("from",), message))


def span(first_day: date, last_day: date, as_of: datetime | None = None) -> Span:
    """The span of a report; refuses an inverted one."""
    if last_day < first_day:
        raise InvertedPeriod(first_day, last_day)
    return Span(first_day, last_day, as_of)


def total(label: str, figures: Sequence[Figure], formula: str) -> Figure:
    """A figure made of others."""
    return Figure(label, sum(figure.value for figure in figures), formula, Parts(tuple(figures)))
