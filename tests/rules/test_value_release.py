"""Sessions leave a lot with their share of what is left of its value, and the last one takes the rest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger.draft import Draft, Movement
from domain.ledger.rules import Bucket, Carried, released
from tests.fixtures.golden import cases
from tests.fixtures.lots import EMPTY, ONCE, a_lot
from tests.fixtures.properties import steadily


@pytest.mark.parametrize(("asked", "expect"), cases("value_release"))
def test_golden_value_release(asked: dict[str, Any], expect: dict[str, Any]) -> None:
    draft = Draft([a_lot(asked["sessions"], asked["value"])])
    found = [_after(draft, step) for step in asked["steps"]]
    assert found == expect["steps"]
    assert sum(step.get("released", 0) - step.get("returned", 0) for step in found) == expect["net_released"]


def _after(draft: Draft, step: dict[str, Any]) -> dict[str, int]:
    reverses = step["op"] == "reverse"
    moved = _reverse(draft, draft.movements[step["step"]]) if reverses else _take(draft, step["n"])
    lot = draft.lots[EMPTY.id]
    return {
        "returned" if reverses else "released": moved.carried.value_minor,
        "value_left": lot.value_left_minor,
        "sessions_left": lot.left,
    }


def _take(draft: Draft, sessions: int) -> Movement:
    return draft.move(EMPTY.id, Bucket.AVAILABLE, Bucket.CONSUMED, sessions, ONCE)


def _reverse(draft: Draft, taken: Movement) -> Movement:
    return draft.move(EMPTY.id, Bucket.CONSUMED, Bucket.AVAILABLE, taken.sessions, ONCE, taken.carried)


def test_four_sessions_of_ten_for_450_release_180_and_leave_270() -> None:
    draft = Draft([a_lot(10, 45000)])
    assert _take(draft, 4).carried == Carried(18000)
    assert draft.lots[EMPTY.id].value_left_minor == 27000


def test_holding_a_session_moves_no_value_and_using_the_held_one_does() -> None:
    draft = Draft([a_lot(3, 10000)])
    held = draft.move(EMPTY.id, Bucket.AVAILABLE, Bucket.HELD, 1, ONCE)
    used = draft.move(EMPTY.id, Bucket.HELD, Bucket.CONSUMED, 1, ONCE)
    assert (held.carried, held.deferred_change) == (Carried(0), 0)
    assert (used.carried, used.deferred_change) == (Carried(3333), -3333)


def test_tax_inside_the_value_leaves_in_the_same_shares() -> None:
    draft = Draft()
    draft.issue(EMPTY, 10, Carried(54000, 9000), ONCE)
    assert _take(draft, 1).carried == Carried(5400, 900)


@pytest.mark.parametrize(("source", "target"), [("CONSUMED", "EXPIRED"), ("EXPIRED", "HELD"), ("AVAILABLE", "ISSUED")])
def test_no_other_move_exists(source: str, target: str) -> None:
    draft = Draft([a_lot(3, 300)])
    with pytest.raises(AssertionError, match="no such move"):
        draft.move(EMPTY.id, Bucket(source), Bucket(target), 1, ONCE)


def test_a_bucket_never_gives_more_than_it_holds() -> None:
    with pytest.raises(AssertionError):
        _take(Draft([a_lot(3, 300)]), 4)


@given(value=st.integers(0, 10**15), sizes=st.lists(st.integers(1, 7), min_size=1, max_size=12))
@steadily
def test_however_the_sessions_are_taken_the_parts_sum_to_the_whole(value: int, sizes: list[int]) -> None:
    draft = Draft([a_lot(sum(sizes), value)])
    assert sum(_take(draft, size).carried.value_minor for size in sizes) == value


@given(
    value=st.integers(0, 10**9),
    sessions=st.integers(1, 12),
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 11)), max_size=30),
)
@steadily
def test_a_reversal_gives_back_what_was_taken_whatever_happened_between(
    value: int, sessions: int, steps: list[tuple[bool, int]]
) -> None:
    draft, taken = Draft([a_lot(sessions, value)]), list[Movement]()
    for back, number in steps:
        lot = draft.lots[EMPTY.id]
        if back and taken:
            _reverse(draft, taken.pop(number % len(taken)))
        elif lot.available:
            taken.append(_take(draft, 1 + number % lot.available))
        out = sum(movement.carried.value_minor for movement in taken)
        assert draft.lots[EMPTY.id].value_left_minor == value - out


@given(value=st.integers(0, 10**15), left=st.integers(1, 10_000), data=st.data())
@steadily
def test_what_leaves_is_within_half_a_unit_of_its_exact_share(value: int, left: int, data: st.DataObject) -> None:
    sessions = data.draw(st.integers(1, left))
    assert abs(2 * (released(value, sessions, left) * left - value * sessions)) <= left
