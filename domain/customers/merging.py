"""Pure rules of merging: what the one who stays takes over from the other, and what was so before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from domain.customers.store import Customer

UNDONE_WITHIN = timedelta(days=7)
_BLANKS = ("last_name", "phone", "email", "country", "birthday", "whatsapp_consent")


@dataclass(frozen=True, slots=True)
class Before:
    """What came from the one who was merged, so that it can go back.

    `fields` are those of the one who stays: as they were, and as the merge left them.
    """

    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
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
    """The fields of the one who stays that change, as they were and as they become: blanks are filled, the rest joined.

    The household of the one who stays counts; who is in none takes over the other's.
    """
    becomes: dict[str, Any] = {name: getattr(merged, name) for name in _BLANKS if getattr(kept, name) in (None, "")}
    becomes["tags"] = tuple(dict.fromkeys((*kept.tags, *merged.tags)))
    becomes["notes"] = "\n\n".join(dict.fromkeys(note for note in (kept.notes, merged.notes) if note))
    if kept.household_id is None:
        becomes["household_id"] = merged.household_id
    if merged.guardian and kept.household_id in (None, merged.household_id):
        becomes["guardian"] = True
    was = {name: getattr(kept, name) for name in becomes}
    return {name: (was[name], value) for name, value in becomes.items() if value != was[name]}


def given_back(kept: Customer, fields: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """The fields as they were before the merge, but for those that somebody has changed since.

    Who came to the household by the merge leaves it, and is no guardian of it any more.
    """
    back = {
        name: _read(name, was) for name, (was, became) in fields.items() if getattr(kept, name) == _read(name, became)
    }
    return back | {"guardian": False} if "household_id" in back else back


def _read(name: str, written: Any) -> Any:
    """A field as JSON keeps it, turned into what it was."""
    if name == "birthday" and written is not None:
        return date.fromisoformat(str(written))
    return tuple(written) if name == "tags" else written


def still_there(moved: Mapping[str, int], now: Mapping[str, int]) -> dict[str, int]:
    """What can go back of amounts that moved: never more than there is at the branch now."""
    return {
        branch_id: min(amount, now.get(branch_id, 0))
        for branch_id, amount in moved.items()
        if now.get(branch_id, 0) > 0
    }
