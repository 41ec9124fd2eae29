"""Expected breakage, lot by lot: the golden cases to the unit, and the books of a lot whatever happens to it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger.draft import Draft, Movement
from domain.ledger.rules import Bucket, Carried, Lot, Origin
from tests.fixtures.golden import cases
from tests.fixtures.lots import EMPTY, ONCE, THEN, a_lot
from tests.fixtures.properties import steadily

LOT = EMPTY.id


def share(sessions: int, expected: int) -> int:
    """The share that is expected to lapse, in ten-thousandths."""
    lapsing, rest = divmod((sessions - expected) * 10_000, sessions)
    assert not rest
    return lapsing


@pytest.mark.parametrize(("asked", "expect"), cases("breakage"))
def test_golden_breakage(asked: dict[str, Any], expect: dict[str, Any]) -> None:
    sessions = asked["sessions"] or asked["expected_sessions"]
    lot = a_lot(sessions, asked["price"], breakage_bp=share(sessions, asked["expected_sessions"]))
    draft, breakage = Draft([lot]), 0
    for event, found in zip(asked["events"], expect["events"], strict=True):
        if "use" in event:
            carried = draft.move(LOT, Bucket.AVAILABLE, Bucket.CONSUMED, event["use"], ONCE).carried
            recognised, more = carried.value_minor, carried.breakage_minor
        else:
            recognised = more = -draft.revalue(LOT, share(sessions, event["expected"]), THEN).value_change_minor
        breakage += more
        after = draft.lots[LOT]
        assert (after.consumed, recognised, after.recognised_minor, after.value_left_minor) == (
            found["used"],
            found["recognised"],
            found["cumulative"],
            found["liability"],
        )
        assert breakage == found.get("cumulative_breakage", 0)


def test_tax_falls_due_with_the_use_and_is_no_part_of_what_is_expected_to_lapse() -> None:
    draft = Draft()
    draft.issue(replace(EMPTY, breakage_bp=2000), 10, Carried(54000, 9000), ONCE)
    used = draft.move(LOT, Bucket.AVAILABLE, Bucket.CONSUMED, 1, ONCE)

    assert used.carried == Carried(5625 + 900, 900, 1125)
    assert draft.lots[LOT].value_left_minor == 54000 - 6525


@dataclass
class Told:
    """What the books of a lot say: the journal's side of everything that happens to it."""

    draft: Draft
    revenue: int = 0
    breakage: int = 0
    tax: int = 0
    uses: list[Movement] = field(default_factory=list)

    @property
    def lot(self) -> Lot:
        """As it is now."""
        return self.draft.lots[LOT]

    def note(self, carried: Carried, sign: int = 1) -> None:
        """Sessions that were used or have lapsed, or that came back."""
        self.tax += sign * carried.tax_minor
        self.breakage += sign * carried.breakage_minor
        self.revenue += sign * (carried.value_minor - carried.tax_minor - carried.breakage_minor)

    def use(self, sessions: int) -> None:
        """Of what is available, at most so many."""
        count = min(sessions, self.lot.available)
        if count:
            self.uses.append(self.draft.move(LOT, Bucket.AVAILABLE, Bucket.CONSUMED, count, ONCE))
            self.note(self.uses[-1].carried)

    def reverse(self, which: int, breakage_bp: int) -> None:
        """One of the uses that stay."""
        if self.uses:
            use = self.uses.pop(which % len(self.uses))
            before = self.draft.revalued_minor
            self.draft.give_back(LOT, use.sessions, use.carried, ONCE, breakage_bp)
            self.note(use.carried, -1)
            self.breakage -= self.draft.revalued_minor - before

    def estimate(self, breakage_bp: int) -> None:
        """As a run does: what has nothing left is passed over."""
        if self.lot.left:
            self.breakage -= self.draft.revalue(LOT, breakage_bp, THEN).value_change_minor

    def lapse(self, sessions: int) -> None:
        """Of what is available, at most so many; without the tax in it."""
        count = min(sessions, self.lot.available)
        if count:
            carried = self.draft.move(LOT, Bucket.AVAILABLE, Bucket.EXPIRED, count, ONCE).carried
            self.breakage += carried.breakage_minor


RATES = st.integers(0, 9999)
EVENTS = st.one_of(
    st.tuples(st.just("use"), st.integers(1, 5)),
    st.tuples(st.just("reverse"), st.integers(0, 9)),
    st.tuples(st.just("estimate"), RATES),
    st.tuples(st.just("lapse"), st.integers(1, 3)),
)


@given(
    st.integers(0, 100_000),
    st.integers(0, 20),
    st.integers(1, 12),
    RATES,
    st.lists(EVENTS, max_size=25),
)
@steadily
def test_whatever_happens_all_of_the_value_is_recognised_once(
    value: int, tax_percent: int, sessions: int, rate: int, events: list[tuple[str, int]]
) -> None:
    told = Told(Draft())
    told.draft.issue(replace(EMPTY, breakage_bp=rate), sessions, Carried(value, value * tax_percent // 120), ONCE)
    for event, number in [*events, ("use", 2), ("lapse", sessions)]:
        match event:
            case "use":
                told.use(number)
            case "reverse":
                told.reverse(number, rate)
            case "estimate":
                rate = number
                told.estimate(rate)
            case "lapse":
                told.lapse(number)
        lot = told.lot
        assert lot.value_left_minor >= lot.tax_left_minor >= 0
        assert lot.recognised_minor >= lot.tax_recognised_minor >= 0
        deferred = sum(movement.deferred_change for movement in told.draft.movements) + told.draft.revalued_minor
        assert deferred == lot.value_left_minor
        assert told.revenue + told.breakage + told.tax + deferred == value
    assert told.lot.value_left_minor == 0


@given(st.integers(0, 100_000), st.integers(1, 12), RATES, RATES, st.lists(st.integers(1, 3), max_size=6))
@steadily
def test_a_reversal_after_an_estimate_leaves_what_the_uses_that_stay_have_earned(
    value: int, sessions: int, rate: int, later: int, uses: list[int]
) -> None:
    told = Told(Draft([a_lot(sessions, value, breakage_bp=rate)]))
    for count in uses:
        told.use(count)
    told.estimate(later)
    while told.uses:
        told.reverse(0, later)
        fresh = Told(Draft([a_lot(sessions, value, breakage_bp=later)]))
        if told.lot.consumed:
            fresh.use(told.lot.consumed)
        assert told.lot.recognised_minor == fresh.lot.recognised_minor
        assert told.lot.breakage_bp == later
    assert told.lot.value_left_minor == value


@pytest.mark.parametrize("origin", [Origin.GOODWILL, Origin.IMPORT])
def test_what_was_given_or_imported_goes_by_no_estimate_when_it_comes_back(origin: Origin) -> None:
    draft = Draft([a_lot(1, 4500, origin=origin)])
    used = draft.move(LOT, Bucket.AVAILABLE, Bucket.CONSUMED, 1, ONCE)
    draft.give_back(LOT, 1, used.carried, ONCE, 2000)

    assert draft.revaluations == []
    assert (draft.lots[LOT].breakage_bp, draft.lots[LOT].value_left_minor) == (0, 4500)


def test_a_lot_that_was_not_estimated_anew_is_mirrored_and_nothing_else() -> None:
    draft = Draft([a_lot(10, 45000, breakage_bp=2000)])
    uses = [draft.move(LOT, Bucket.AVAILABLE, Bucket.CONSUMED, 1, ONCE) for _ in range(9)]
    draft.give_back(LOT, 1, uses[0].carried, ONCE, 0)

    assert draft.revaluations == []
    assert draft.lots[LOT].value_left_minor == 5625
    assert draft.lots[LOT].revalued_at is None


def test_an_estimate_says_when_it_was_made() -> None:
    draft = Draft([a_lot(10, 45000, breakage_bp=2000)])
    draft.revalue(LOT, 1000, THEN + timedelta(days=1))

    assert draft.lots[LOT].revalued_at == THEN + timedelta(days=1)
