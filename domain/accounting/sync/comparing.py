"""Pure: what the other system has booked, held against what was sent, document by document."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.accounting.connectors.protocol import Booked, Document
from domain.accounting.sync.rules import DocumentState

_NEVER = "Carnet removes nothing by itself."
_THERE = frozenset({DocumentState.SENT, DocumentState.VERIFIED})


class DifferenceKind(StrEnum):
    """How the books there differ from ours."""

    MISSING = "MISSING"
    EXTRA = "EXTRA"
    CHANGED = "CHANGED"


@dataclass(frozen=True, slots=True)
class Difference:
    """An account of the other system that comes to something else there, in one document: of a branch and a day."""

    kind: DifferenceKind
    day: date
    account: str
    expected_minor: int
    found_minor: int
    currency: str
    branch_id: str | None = None
    document_id: str | None = None
    remote_id: str | None = None
    found_day: date | None = None

    @property
    def hint(self) -> str:
        """What a person can do; Carnet never changes by itself what is in other books."""
        if self.kind is DifferenceKind.MISSING:
            return "If it was removed there by mistake, retry the document: it is looked for, and sent again."
        if self.kind is DifferenceKind.CHANGED:
            return f"Somebody changed {self.remote_id} there: put it back as it was sent."
        if self.currency:
            return f"The document is there more than once: remove {self.remote_id} there. {_NEVER}"
        return (
            "Nothing here has this id. Look first whether another Carnet keeps its books there too: if none does, "
            f"remove {self.remote_id} there, or take the id out of it. {_NEVER}"
        )


@dataclass(frozen=True, slots=True)
class Expected:
    """A document as it should be booked, or how it would be, and what we think became of it."""

    document_id: str
    branch_id: str | None
    day: date
    currency: str
    amounts: Mapping[str, int]
    state: DocumentState


@dataclass(slots=True)
class Compared:
    """What a comparison comes to: documents that are as they should be, that are there at all, and that are not."""

    verified: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    doubted: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    """Not among what was read: missing, still to be sent, or booked there on other days."""

    @property
    def count(self) -> int:
        """How many should be there."""
        return len(self.verified) + len(self.found) + len(self.doubted)


def amounts(document: Document) -> dict[str, int]:
    """By remote account, debits less credits."""
    sums: dict[str, int] = defaultdict(int)
    for line in document.lines:
        sums[line.remote_account] += line.amount_minor
    return dict(sums)


def compared(expected: Iterable[Expected], booked: Sequence[Booked], found: Collection[str] = ()) -> Compared:
    """Each document once: as it should be, changed, absent; and what is there besides, or of what was found before."""
    there: dict[str, Booked] = {}
    outcome = Compared()
    known = {each.document_id: each for each in expected}
    for each in booked:
        if each.document_id in known and each.document_id not in there and each.document_id not in found:
            there[each.document_id] = each
        else:
            outcome.differences += _extra(each, known.get(each.document_id))
    for document_id, document in known.items():
        if document_id in there:
            _compare(outcome, document, there[document_id])
        elif document_id not in found:
            outcome.absent.append(document_id)
    return outcome


def at_last(expected: Sequence[Expected], booked: Sequence[Booked], found: Collection[str]) -> Compared:
    """When all was read: what of these was sent and is not among what is left is missing."""
    outcome = compared(expected, booked, found)
    absent = set(outcome.absent)
    for each in expected:
        if each.document_id in absent and each.state in _THERE:
            outcome.differences += _differing(DifferenceKind.MISSING, each, None)
            outcome.doubted.append(each.document_id)
    return outcome


def _compare(outcome: Compared, expected: Expected, booked: Booked) -> None:
    differences = list(_differing(DifferenceKind.CHANGED, expected, booked))
    if not differences:
        outcome.verified[expected.document_id] = booked.remote_id
        return
    outcome.differences += differences
    if expected.state in _THERE:
        outcome.doubted.append(expected.document_id)
    else:
        outcome.found[expected.document_id] = booked.remote_id


def _differing(kind: DifferenceKind, expected: Expected, booked: Booked | None) -> Iterator[Difference]:
    """The accounts that come to something else; all of them where the day is another one."""
    found = booked.amounts if booked else {}
    moved = booked is not None and booked.day != expected.day
    for account in sorted({*expected.amounts, *found}):
        ours, theirs = expected.amounts.get(account, 0), found.get(account, 0)
        if ours != theirs or (moved and ours):
            yield Difference(
                kind,
                expected.day,
                account,
                ours,
                theirs,
                expected.currency,
                expected.branch_id,
                expected.document_id,
                booked.remote_id if booked else None,
                booked.day if booked else None,
            )


def _extra(booked: Booked, known: Expected | None) -> Iterator[Difference]:
    for account, found in sorted(booked.amounts.items()):
        yield Difference(
            DifferenceKind.EXTRA,
            booked.day,
            account,
            0,
            found,
            known.currency if known else "",
            known.branch_id if known else None,
            booked.document_id or None,
            booked.remote_id,
            booked.day,
        )
