"""What a fake has booked, and what it counts of that for the tests."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Entry:
    """A journal as the fake keeps it: `told` is what it answers with."""

    remote_id: str
    document_id: str
    day: date
    amounts: Mapping[str, int]
    told: dict[str, object]
    gone: bool = False


@dataclass(slots=True)
class Books:
    """All that a fake has booked, in order."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Book it."""
        self.entries.append(entry)

    def standing(self) -> list[Entry]:
        """What was not voided or deleted since."""
        return [entry for entry in self.entries if not entry.gone]

    def times(self) -> Counter[str]:
        """How often each of our documents is booked."""
        return Counter(entry.document_id for entry in self.standing())

    def balances(self) -> dict[str, int]:
        """Debits less credits of each account in minor units, where they are not zero."""
        sums: Counter[str] = Counter()
        for entry in self.standing():
            sums.update(entry.amounts)
        return {account: sums[account] for account in sorted(sums) if sums[account]}

    def remove(self, document_id: str) -> None:
        """Somebody voids it by hand."""
        for entry in self.entries:
            entry.gone = entry.gone or entry.document_id == document_id
