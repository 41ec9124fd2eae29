"""What QuickBooks says: the errors of a fault by their numbers."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import goes_on_once, rejected, unauthorised
from domain.accounting.connectors.http import Response
from domain.accounting.connectors.protocol import Answer, Problem

_CLOSED = frozenset({"6200", "6210"})
_NUMBER_TAKEN = "6140"
_NOT_LET_IN = frozenset({"120", "6190", "3100", "3200"})
_UNKNOWN = frozenset({"610", "2500"})


@dataclass(frozen=True, slots=True)
class Fault:
    """The numbers of its errors, and its words."""

    codes: AbstractSet[str]
    words: str

    @property
    def number_taken(self) -> bool:
        """Whether it has one of this number."""
        return _NUMBER_TAKEN in self.codes


def fault_of(response: Response) -> Fault:
    """What it complains of; nothing for a success."""
    told = exact.table(exact.told(response.body))
    errors = exact.rows(told.get("Fault") or told.get("fault"), "Error") or exact.rows(told.get("fault"), "error")
    words = [
        ": ".join(dict.fromkeys(part for name in ("Message", "Detail") if (part := _part(error, name))))
        for error in errors
    ]
    return Fault(
        frozenset(_part(error, "code").lstrip("0") for error in errors),
        "; ".join(dict.fromkeys(word for word in words if word)),
    )


def refusal(fault: Fault, status: int, locked: date | None = None) -> Answer:
    """Why it said no, and what a person can do."""
    words = fault.words or f"it answered {status}"
    if fault.codes & _CLOSED:
        hint = goes_on_once("Open the period in QuickBooks")
        return replace(rejected(Problem.LOCKED_DAY, words, hint, status), locked_until=locked)
    if fault.codes & _NOT_LET_IN:
        return unauthorised(words, status)
    if fault.codes & _UNKNOWN:
        hint = "Map its accounts, classes and locations to ids that QuickBooks has and that are active, and retry."
        return rejected(Problem.UNKNOWN_ACCOUNT, words, hint, status)
    return rejected(Problem.INVALID, words, "Change what it complains of, there or in the mapping, and retry.", status)


def number_taken(number: str, status: int) -> Answer:
    """It has one of this number, and none that names our id."""
    words = f"its DocNumber {number} is taken by what does not name our id"
    hint = (
        f"Look up {number} in QuickBooks: put our id back at the end of its memo, or give it another number, and retry."
    )
    return rejected(Problem.INVALID, words, hint, status)


def _part(error: object, name: str) -> str:
    return exact.text(error, name) or exact.text(error, name.lower())
