"""Which settlement rate counts does not depend on the order in which they are told, and rounding is by session."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.settlements.rates import Basis, Rate, counting, earned
from tests.fixtures.properties import steadily

DAY = date(2026, 3, 2)


def rate(id: str, home: str | None, performing: str | None, starts_on: date = DAY, percent_bp: int = 7000) -> Rate:
    return Rate(id, home, performing, Basis.LIST_PERCENT, percent_bp, starts_on)


def chosen(*rates: Rate, day: date = DAY) -> str | None:
    found = counting(rates, "A", "B", day)
    return found.id if found else None


def test_the_narrowest_counts_whatever_is_newer() -> None:
    later = DAY + timedelta(days=1)
    pair, home, performing = rate("1", "A", "B"), rate("2", "A", None), rate("3", None, "B")
    whole = rate("4", None, None, later)
    assert chosen(whole, performing, home, pair, day=later) == "1"
    assert chosen(whole, performing, home, day=later) == "2"
    assert chosen(whole, performing, day=later) == "3"
    assert chosen(whole, day=later) == "4"
    assert chosen(whole) is None
    assert chosen(rate("5", "B", "A"), rate("6", "C", None), rate("7", None, "C")) is None


def test_of_the_same_width_the_last_to_start_counts_and_of_one_day_the_newest_word() -> None:
    first, second, third = rate("1", "A", "B"), rate("2", "A", "B", DAY - timedelta(days=9)), rate("3", "A", "B")
    assert chosen(first, second) == "1"
    assert chosen(third, first, second) == "3"
    assert chosen(first, second, third, day=DAY - timedelta(days=1)) == "2"


def test_sessions_are_rounded_one_by_one_and_without_a_price_they_earn_their_value() -> None:
    third = rate("1", None, None, percent_bp=3333)
    assert earned(third, 5000, 1) == 1667  # 16.665
    assert earned(third, 5000, 3) == 3 * 1667
    assert earned(rate("1", None, None, percent_bp=0), 5000, 3) == 0
    assert earned(third, None, 1) is None
    assert earned(None, 5000, 1) is None
    assert earned(Rate("1", "A", "B", Basis.SESSION_VALUE, None, DAY), 5000, 1) is None


_BRANCHES = st.sampled_from([None, "A", "B", "C"])
_DAYS = st.integers(-3, 3).map(lambda days: DAY + timedelta(days=days))
_RATES = st.lists(st.builds(rate, st.uuids().map(str), _BRANCHES, _BRANCHES, _DAYS), unique_by=lambda rate: rate.id)


@steadily
@given(_RATES, _DAYS)
def test_no_rate_that_applies_goes_before_the_one_that_counts(rates: list[Rate], day: date) -> None:
    found = counting(rates, "A", "B", day)
    assert counting(reversed(rates), "A", "B", day) == found

    applying = [
        one for one in rates if one.starts_on <= day and one.home_id in (None, "A") and one.performing_id in (None, "B")
    ]
    assert (found is None) == (not applying)
    for other in applying:
        assert found is not None and _weight(found) >= _weight(other)


def _weight(rate: Rate) -> tuple[int, date, str]:
    """A home branch that is named weighs more than a performing one."""
    named = 2 * (rate.home_id is not None) + (rate.performing_id is not None)
    return named, rate.starts_on, rate.id
