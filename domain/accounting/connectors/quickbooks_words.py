"""What QuickBooks says: the errors of a fault by their numbers."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import goes_on_once, rejected, unanswered, unauthorised
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
    if _NUMBER_TAKEN in fault.codes:
        return unanswered(f"its number is taken there, {words}", status)
    if fault.codes & _NOT_LET_IN:
        return unauthorised(words, status)
    if fault.codes & _UNKNOWN:
        hint = "Map its accounts, classes and locations to ids that QuickBooks has and that are active, and retry."
        return rejected(Problem.UNKNOWN_ACCOUNT, words, hint, status)
    return rejected(Problem.INVALID, words, "Change what it complains of, there or in the mapping, and retry.", status)


def _part(error: object, name: str) -> str:
    return exact.text(error, name) or exact.text(error, name.lower())
