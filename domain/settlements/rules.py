"""Pure rules of settlement: what pairs of branches owe each other, and the proof that it cancels out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Dues:
    """What the books of a branch say of another one: what it owes, what it has coming, in how many lines of entries."""

    branch_id: str
    counterparty_id: str
    owes_minor: int
    owed_minor: int
    entries: int


@dataclass(frozen=True, slots=True)
class Pair:
    """What two branches owe each other, both sides; `one_id` is the lower of the ids."""

    one_id: str
    other_id: str
    one_owes_minor: int
    other_owes_minor: int
    entries: int

    @property
    def debtor_id(self) -> str | None:
        """Who pays the difference; None where there is none."""
        if self.one_owes_minor == self.other_owes_minor:
            return None
        return self.one_id if self.one_owes_minor > self.other_owes_minor else self.other_id

    @property
    def creditor_id(self) -> str | None:
        """Who is paid."""
        if self.debtor_id is None:
            return None
        return self.other_id if self.debtor_id == self.one_id else self.one_id

    @property
    def net_minor(self) -> int:
        """What is paid."""
        return abs(self.one_owes_minor - self.other_owes_minor)

    def less(self, aside: "Pair") -> "Pair":
        """The same without what is put aside of it."""
        return replace(
            self,
            one_owes_minor=self.one_owes_minor - aside.one_owes_minor,
            other_owes_minor=self.other_owes_minor - aside.other_owes_minor,
            entries=self.entries - aside.entries,
        )

    def negative(self) -> "Pair":
        """The same with every figure below zero that was above."""
        return Pair(self.one_id, self.other_id, 0, 0, 0).less(self)


def pairs(dues: Iterable[Dues]) -> list[Pair]:
    """The pairs of branches in the order of their ids, each as the books of both agree on it."""
    told = {(each.branch_id, each.counterparty_id): each for each in dues}
    for each in told.values():
        said = told[each.counterparty_id, each.branch_id]
        assert (each.owes_minor, each.owed_minor) == (said.owed_minor, said.owes_minor), f"{each} against {said}"
    return [
        Pair(each.branch_id, each.counterparty_id, each.owes_minor, each.owed_minor, each.entries)
        for _, each in sorted(told.items())
        if each.branch_id < each.counterparty_id
    ]


def together(found: Iterable[Pair]) -> list[Pair]:
    """The pairs with what several say of the same two branches added up, in the order of their ids."""
    sums: dict[tuple[str, str], Pair] = {}
    for pair in found:
        key = (pair.one_id, pair.other_id)
        sums[key] = pair if key not in sums else sums[key].less(pair.negative())
    return [sums[key] for key in sorted(sums)]


def positions(found: Iterable[Pair]) -> dict[str, int]:
    """What each branch has coming from all others, less what it owes them, in the order of the ids."""
    net: Counter[str] = Counter()
    for pair in found:
        net[pair.one_id] += pair.other_owes_minor - pair.one_owes_minor
        net[pair.other_id] += pair.one_owes_minor - pair.other_owes_minor
    return dict(sorted(net.items()))


def days(first: date, last: date) -> str | None:
    """What is wrong with a period, in one sentence."""
    return f"The period ends on {last}, before it begins on {first}. Exchange the two days." if last < first else None
