"""Pure rules of merging: what the one who stays takes over from the other, and what was so before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from domain.customers.store import Customer

UNDONE_WITHIN = timedelta(days=7)
_PARAGRAPH = "\n\n"
_BLANKS = ("last_name", "phone", "email", "country", "birthday", "whatsapp_consent")


@dataclass(frozen=True, slots=True)
class Before:
    """What came from the one who was merged, so that it can go back.

    `fields` are those of the one who stays: as they were, and as the merge left them. Of tags and notes, which are
    joined, only what came is kept: so they can go back in any order, and nobody's words stand in another merge.
    """

    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    notes: str = ""
    household_id: str | None = None
    guardian: bool = False
    packages: tuple[str, ...] = ()
    bookings: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    doubled_visits: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    ended_shares: tuple[str, ...] = ()
    references: tuple[int, ...] = ()
    sent: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    credit: dict[str, int] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)


def taken_over(kept: Customer, merged: Customer) -> dict[str, tuple[Any, Any]]:
    """The fields of the one who stays that change, as they were and as they become: blanks are filled.

    The household of the one who stays counts; who is in none takes over the other's.
    """
    becomes: dict[str, Any] = {name: getattr(merged, name) for name in _BLANKS if getattr(kept, name) in (None, "")}
    if kept.household_id is None:
        becomes["household_id"] = merged.household_id
    if merged.guardian and kept.household_id in (None, merged.household_id):
        becomes["guardian"] = True
    was = {name: getattr(kept, name) for name in becomes}
    return {name: (was[name], value) for name, value in becomes.items() if value != was[name]}


def new_tags(kept: Customer, merged: Customer) -> tuple[str, ...]:
    """The tags that the one who stays does not have yet."""
    return tuple(dict.fromkeys(tag for tag in merged.tags if tag not in kept.tags))


def new_notes(kept: Customer, merged: Customer) -> str:
    """The notes that come to those of the one who stays, unless they are the same."""
    return "" if merged.notes == kept.notes else merged.notes


def become(kept: Customer, before: Before) -> dict[str, Any]:
    """Every field that changes, as it becomes: what came of tags and notes stands behind what there was."""
    changed = {name: became for name, (_, became) in before.fields.items()}
    if before.tags:
        changed["tags"] = (*kept.tags, *before.tags)
    if before.notes:
        changed["notes"] = _PARAGRAPH.join(note for note in (kept.notes, before.notes) if note)
    return changed


def given_back(kept: Customer, before: Before) -> dict[str, Any]:
    """The fields as they were before the merge, but for those that somebody has changed since.

    Who came to the household by the merge leaves it, and is no guardian of it any more.
    """
    back = {
        name: _read(name, was)
        for name, (was, became) in before.fields.items()
        if getattr(kept, name) == _read(name, became)
    }
    if before.tags:
        back["tags"] = tuple(tag for tag in kept.tags if tag not in before.tags)
    if before.notes:
        back["notes"] = _without(kept.notes, before.notes)
    return back | {"guardian": False} if "household_id" in back else back


def _without(notes: str, came: str) -> str:
    if notes == came or notes.startswith(came + _PARAGRAPH):
        return notes[len(came + _PARAGRAPH) :]
    return notes.replace(_PARAGRAPH + came, "", 1)


def _read(name: str, written: Any) -> Any:
    """A field as JSON keeps it, turned into what it was."""
    return date.fromisoformat(str(written)) if name == "birthday" and written is not None else written


def still_there(moved: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    """What can go back of amounts that moved: never more than there is at the branch now."""
    return {
        branch_id: min(amount, now.get(branch_id, 0))
        for branch_id, amount in moved.items()
        if now.get(branch_id, 0) > 0
    }
