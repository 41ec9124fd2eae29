"""Which lot is used first depends on the lots alone, never on the order in which they were read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger.order_of_use import choose, in_order_of_use
from domain.ledger.rules import BonusOrder, Lot
from tests.fixtures.lots import EMPTY, THEN, a_lot
from tests.fixtures.properties import steadily

lots = st.lists(
    st.builds(
        lambda priority, days, bonus, services, age: a_lot(
            3,
            priority=priority,
            lapses_at=EMPTY.lapses_at + timedelta(days=days),
            bonus=bonus,
            services=frozenset(f"srv_{n}" for n in range(services)),
            issued_at=THEN - timedelta(hours=age),
        ),
        st.integers(0, 1),
        st.integers(0, 2),
        st.booleans(),
        st.integers(1, 2),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=8,
).map(lambda drawn: [replace(lot, id=f"lot_{number}") for number, lot in enumerate(drawn)])


@pytest.mark.parametrize(
    ("sooner", "later"),
    [
        pytest.param(
            a_lot(id="z", priority=1, lapses_at=EMPTY.lapses_at + timedelta(days=9)), a_lot(id="a"), id="priority"
        ),
        pytest.param(
            a_lot(id="z", bonus=True, lapses_at=EMPTY.lapses_at - timedelta(days=1)), a_lot(id="a"), id="lapse"
        ),
        pytest.param(
            a_lot(id="z", services=frozenset({"srv_a", "srv_b"})), a_lot(id="a", bonus=True), id="paid before bonus"
        ),
        pytest.param(
            a_lot(id="z", issued_at=THEN + timedelta(days=1)),
            a_lot(id="a", services=frozenset({"srv_a", "srv_b"})),
            id="narrower",
        ),
        pytest.param(a_lot(id="z", issued_at=THEN - timedelta(days=1)), a_lot(id="a"), id="older"),
        pytest.param(a_lot(id="a"), a_lot(id="z"), id="id"),
    ],
)
def test_each_rule_decides_before_all_that_follow_it(sooner: Lot, later: Lot) -> None:
    assert in_order_of_use([later, sooner], BonusOrder.LAST) == [sooner, later]
    assert in_order_of_use([sooner, later], BonusOrder.LAST) == [sooner, later]


def test_bonus_sessions_come_first_where_the_terms_say_so() -> None:
    paid, bonus = a_lot(id="a"), a_lot(id="z", bonus=True)
    assert in_order_of_use([paid, bonus], BonusOrder.FIRST) == [bonus, paid]


def test_sessions_come_from_several_lots_when_one_has_too_few() -> None:
    first, second, third = a_lot(2, id="a"), a_lot(5, id="b"), a_lot(5, id="c")
    assert choose([first, second, third], 4) == [(first, 2), (second, 2)]


def test_too_few_sessions_are_taken_as_far_as_they_go() -> None:
    only = a_lot(2)
    assert choose([only], 3) == [(only, 2)]
    assert choose([], 1) == []


@given(drawn=lots, order=st.sampled_from(BonusOrder), sessions=st.integers(1, 20), data=st.data())
@steadily
def test_the_choice_is_the_same_for_every_permutation(
    drawn: Sequence[Lot], order: BonusOrder, sessions: int, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(drawn))
    expected = choose(in_order_of_use(drawn, order), sessions)
    assert choose(in_order_of_use(shuffled, order), sessions) == expected
    assert sum(count for _, count in expected) == min(sessions, sum(lot.available for lot in drawn))
