"""Pure: a document in the words of the other system, or what is not mapped yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.accounting.connectors.protocol import Connector, Document, DocumentLine, Problem
from domain.accounting.sync.legs import LONGEST_MEMO, Leg
from domain.accounting.sync.mapping import Chart, Mapped

_TOLD = 3
_UNMAPPED = "Map the account: the document goes on by itself."
_UNFIT = "Change the mapping, and retry."


@dataclass(frozen=True, slots=True)
class Unmapped:
    """The legs of a document that nothing is said of."""

    legs: tuple[Leg, ...]

    @property
    def message(self) -> str:
        """Which they are."""
        told = dict.fromkeys(_wanted(leg) for leg in self.legs)
        more = len(told) - _TOLD
        rest = f", and {more} more" if more > 0 else ""
        return f"No account is mapped for {'; '.join(list(told)[:_TOLD])}{rest}."


def _wanted(leg: Leg) -> str:
    service = f", service {leg.service}" if leg.service else ""
    tax = f", tax code {leg.tax_code}" if leg.tax_code else ""
    return f"{leg.account} at branch {leg.branch}{service}{tax}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document as it was made: booked on its day, or on another where that one was locked there."""

    id: str
    day: date
    booked_on: date | None
    currency: str
    memo: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A document has no bytes, and why."""

    problem: Problem
    message: str
    hint: str


def rendered(sheet: Sheet, chart: Chart, connector: Connector) -> str | Unwritten:
    """The bytes of a document as the text that they are, or why there are none."""
    words = called(sheet, chart)
    if isinstance(words, Unmapped):
        return Unwritten(Problem.NO_MAPPING, words.message, _UNMAPPED)
    try:
        return connector.render(words).decode()
    except ValueError as error:
        return Unwritten(Problem.INVALID, f"It cannot be written: {error}.", _UNFIT)


def called(sheet: Sheet, chart: Chart) -> Document | Unmapped:
    """The document by this mapping."""
    named = [(leg, chart.called(leg)) for leg in sheet.legs]
    missing = tuple(leg for leg, row in named if row is None)
    if missing:
        return Unmapped(missing)
    booked_on, memo = sheet.booked_on or sheet.day, sheet.memo
    if booked_on != sheet.day:
        memo = f"{memo} (of {sheet.day}, whose books were locked)"
    lines = _lines((leg, row) for leg, row in named if row is not None)
    return Document(sheet.id, booked_on, sheet.currency, memo[:LONGEST_MEMO], lines)


def _lines(named: Iterable[tuple[Leg, Mapped]]) -> tuple[DocumentLine, ...]:
    """A line for all that differs in nothing that is told, debits and credits apart."""
    lines: dict[tuple[object, ...], DocumentLine] = {}
    for leg, row in named:
        words = _words(leg)
        key = (row.remote_account, tuple(sorted(row.dimensions.items())), leg.tax_code, words, leg.amount_minor > 0)
        amount = leg.amount_minor + (lines[key].amount_minor if key in lines else 0)
        assert row.remote_account is not None
        lines[key] = DocumentLine(row.remote_account, amount, words, row.dimensions, leg.tax_code)
    return tuple(lines.values())


def _words(leg: Leg) -> str:
    words = leg.account.replace("_", " ").capitalize()
    return f"{words} {leg.branch}, {leg.counterparty}" if leg.counterparty else f"{words} {leg.branch}"
