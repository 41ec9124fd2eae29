"""A price is shared over items by list price and over paid and bonus lots by sessions, to the unit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.money import split_largest_remainder
from domain.ledger.allocation import Share, Weighed, allocate
from domain.ledger.rules import BonusValue
from tests.fixtures.golden import cases
from tests.fixtures.properties import steadily

weighed = st.builds(Weighed, st.integers(0, 10**7), st.integers(1, 50), st.integers(0, 50))


@pytest.mark.parametrize(("asked", "expect"), cases("price_allocation"))
def test_golden_price_allocation(asked: dict[str, Any], expect: dict[str, Any]) -> None:
    items = [Weighed(item["ssp"], item["paid"], item["bonus"]) for item in asked["items"]]
    shares = allocate(asked["price"], items, BonusValue(asked["bonus_value"]))
    found = [(share.weight, share.allocated, share.paid_lot, share.bonus_lot) for share in shares]
    assert found == [
        (item["weight"], item["allocated"], item["paid_lot"], item["bonus_lot"]) for item in expect["items"]
    ]


def test_four_massages_and_two_facials_share_319_90_by_their_list_prices() -> None:
    shares = allocate(31990, [Weighed(6000, 4, 0), Weighed(5500, 2, 0)], BonusValue.POOLED)
    assert [share.paid_lot for share in shares] == [21936, 10054]


def test_items_without_any_list_price_share_by_their_sessions() -> None:
    assert allocate(900, [Weighed(0, 2, 0), Weighed(0, 1, 0)], BonusValue.POOLED) == [
        Share(0, 600, 0),
        Share(0, 300, 0),
    ]


@given(total=st.integers(0, 10**15), weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
@steadily
def test_a_split_sums_exactly_and_no_part_is_a_unit_off_its_share(total: int, weights: list[int]) -> None:
    whole = sum(weights) or 1
    total = total if sum(weights) else 0
    parts = split_largest_remainder(total, weights)
    assert sum(parts) == total
    assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True))


@given(
    total=st.integers(0, 10**12),
    items=st.lists(weighed, min_size=1, max_size=8),
    bonus_value=st.sampled_from(BonusValue),
)
@steadily
def test_every_unit_of_the_price_is_carried_by_some_lot(
    total: int, items: list[Weighed], bonus_value: BonusValue
) -> None:
    shares = allocate(total, items, bonus_value)
    assert sum(share.paid_lot + share.bonus_lot for share in shares) == total
    if bonus_value is BonusValue.ZERO:
        assert not any(share.bonus_lot for share in shares)


def test_a_total_without_any_weight_is_a_fault() -> None:
    with pytest.raises(AssertionError):
        split_largest_remainder(1, [0, 0])
