"""Refunds of a past period under another policy, worked by hand; later ones of a package follow the simulated ones."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.terms import PenaltyOf, RefundBasis, Refunding
from domain.refunds.rules import Quote, Reckoned, Standing, quote
from domain.refunds.standing_json import Grounds, from_json, to_json
from domain.reports.simulated import Agreed, Compared, LeftOut
from domain.reports.simulation import simulated
from tests.fixtures.refunds import standing

SOLD, AT = datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 16, 10, tzinfo=UTC)
STRAIGHT = Refunding()


def agreed(of: Standing, told: Quote, package: str = "pkg_1", waived: bool = False, **more: Any) -> Agreed:
    """The refund that was agreed by this quote."""
    grounds = to_json(Grounds(of, SOLD, AT, "Europe/Lisbon", waived=waived))
    plain: dict[str, Any] = {"customer_id": "cus_1", "goodwill_minor": 0, "to_credit": False, "grounds": grounds}
    figures = {"refund_minor": told.refund_minor, "fee_minor": told.fee_minor, "cleared_minor": told.cleared_minor}
    known = {"refund_id": f"ref_{package}", "package_id": package, "currency": of.currency}
    return Agreed(**plain | known | figures | {"reckoned_by": told.binding.by} | more)


def straight(package: str = "pkg_1", used: int = 4, **more: Any) -> Agreed:
    """Ten for 450.00, list 50.00, given back by the straight line."""
    of = standing(used=used, list_price=5000)
    return agreed(of, quote(of, STRAIGHT, waived=more.get("waived", False)), package, **more)


def test_the_same_policy_makes_no_difference() -> None:
    told = simulated([straight(), straight("pkg_2", 1)], STRAIGHT, "EUR")
    assert told.came_back == Compared(2, 67500, 67500)
    assert [each.came_back.difference_minor for each in told.reruns] == [0, 0]


def test_another_basis_penalty_and_cooling_off() -> None:
    """4 used: 270.00 by the straight line; 250.00 at list price; less 10 % of 250.00; in cooling-off 270.00."""
    (one,) = simulated([straight()], Refunding(RefundBasis.LIST_PRICE, penalty_bp=1000), "EUR").reruns
    assert (one.came_back, one.kept) == (Compared(1, 27000, 22500), Compared(1, 0, 2500))
    assert one.reckoned_by is Reckoned.LIST_PRICE
    assert [step.label for step in one.steps] == ["Paid", "Value of 4 sessions used", "Penalty by the terms", "Refund"]
    (one,) = simulated([straight()], Refunding(RefundBasis.NONE, cooling_off_days=14), "EUR").reruns
    assert (one.came_back, one.reckoned_by) == (Compared(1, 27000, 27000), Reckoned.COOLING_OFF)
    (one,) = simulated([straight()], Refunding(RefundBasis.NONE, cooling_off_days=13), "EUR").reruns
    assert (one.came_back, one.reckoned_by) == (Compared(1, 27000, 0), Reckoned.NONE)


def test_hardship_stays_waived_and_goodwill_stays_granted_as_far_as_there_is_money() -> None:
    fee = Refunding(admin_fee_minor=2000)
    told = simulated([straight(waived=True, goodwill_minor=1500), straight("pkg_2", goodwill_minor=1500)], fee, "EUR")
    assert [each.came_back for each in told.reruns] == [Compared(1, 28500, 28500), Compared(1, 28500, 26500)]
    (all_of_it,) = simulated([straight(used=0, goodwill_minor=0)], STRAIGHT, "EUR").reruns
    assert all_of_it.came_back == Compared(1, 45000, 45000)
    dear = standing(used=4, list_price=9000)
    once = agreed(dear, quote(dear, Refunding(RefundBasis.LIST_PRICE)), goodwill_minor=40000)
    (capped,) = simulated([once], STRAIGHT, "EUR").reruns
    assert capped.came_back == Compared(1, 49000, 45000)


def _twice(policy: Refunding) -> list[Agreed]:
    """Ten for 450.00, 2 used; 3 are given back, then the other 5."""
    first = standing(used=2, kept=5, list_price=5000)
    told = quote(first, policy)
    second = standing(
        used=2,
        list_price=5000,
        refunded_sessions=3,
        refunded_minor=told.refund_minor,
        kept_before_minor=told.fee_minor,
    )
    return [agreed(first, told), agreed(second, quote(second, policy))]


def test_a_later_refund_follows_the_simulated_earlier_one() -> None:
    """By the straight line 3 × 45.00, then 5 × 45.00; at list price 450.00 - 7 × 50.00, then the rest of 350.00."""  # noqa: RUF002
    told = simulated(_twice(STRAIGHT), Refunding(RefundBasis.LIST_PRICE), "EUR")
    assert [each.came_back for each in told.reruns] == [Compared(1, 13500, 10000), Compared(1, 22500, 25000)]
    assert told.came_back == Compared(2, 36000, 35000)
    fixed = simulated(_twice(STRAIGHT), Refunding(penalty_fixed_minor=3000), "EUR")
    assert [each.came_back for each in fixed.reruns] == [Compared(1, 13500, 10500), Compared(1, 22500, 22500)]
    assert [each.kept for each in fixed.reruns] == [Compared(1, 0, 3000), Compared(1, 0, 0)]


def test_a_part_that_the_other_policy_frees_of_penalty_stays_free_later() -> None:
    """Three of ten for 135.00, then the other five for 225.00 less 10 %: of 225.00 only, where three cooled off."""
    tenth = Refunding(penalty_bp=1000)
    told = simulated(_twice(STRAIGHT), tenth, "EUR")
    assert [each.kept for each in told.reruns] == [Compared(1, 0, 1350), Compared(1, 0, 2250)]
    first, second = _twice(STRAIGHT)
    cooled = replace(first, reckoned_by=Reckoned.COOLING_OFF)
    free = replace(
        from_json(second.grounds), standing=replace(from_json(second.grounds).standing, free_before_minor=13500)
    )
    again = simulated([cooled, replace(second, grounds=to_json(free))], tenth, "EUR")
    assert [each.kept for each in again.reruns] == [Compared(1, 0, 1350), Compared(1, 0, 2250)]


def test_what_is_cleared_earlier_is_not_owed_later() -> None:
    """Of 450.00 300.00 is paid; 1 used and 4 kept is 225.00, so 150.00 is owed no more; then 225.00 - 45.00."""
    first = standing(paid=30000, used=1, kept=4, list_price=5000)
    told = quote(first, Refunding(RefundBasis.NONE))
    second = standing(
        paid=30000,
        used=1,
        list_price=5000,
        refunded_sessions=5,
        refunded_minor=0,
        outstanding_minor=15000 - told.cleared_minor,
    )
    both = [agreed(first, told), agreed(second, quote(second, Refunding(RefundBasis.NONE)))]
    again = simulated(both, STRAIGHT, "EUR")
    assert [each.cleared for each in again.reruns] == [Compared(1, 0, 15000), Compared(1, 0, 0)]
    assert [each.came_back for each in again.reruns] == [Compared(1, 0, 7500), Compared(1, 0, 18000)]


def test_sums_by_customer_and_in_cash_and_credit() -> None:
    several = [
        straight(customer_id="cus_1"),
        straight("pkg_2", 1, customer_id="cus_2", to_credit=True),
        straight("pkg_3", 0, customer_id="cus_2"),
        straight("pkg_4", 10, customer_id="cus_3"),
    ]
    told = simulated(several, Refunding(penalty_bp=1000, penalty_of=PenaltyOf.PRICE), "EUR")
    assert [(each.customer_id, each.came_back) for each in told.customers] == [
        ("cus_2", Compared(2, 85500, 76500)),
        ("cus_1", Compared(1, 27000, 22500)),
        ("cus_3", Compared(1, 0, 0)),
    ]
    assert (told.cash, told.credit) == (Compared(3, 72000, 63000), Compared(1, 40500, 36000))
    assert told.kept == Compared(4, 0, 13500)


def test_other_currencies_are_left_out_and_counted() -> None:
    yen = standing(45000, used=4, currency="JPY")
    other = agreed(yen, quote(yen, STRAIGHT), "pkg_2")
    told = simulated([straight(), other], Refunding(penalty_fixed_minor=100), "EUR")
    assert (told.came_back, told.left_out) == (Compared(1, 27000, 26900), (LeftOut("JPY", 1, 27000),))
    assert simulated([], STRAIGHT, "EUR").came_back == Compared(0, 0, 0)


POLICIES = st.builds(
    Refunding,
    basis=st.sampled_from(RefundBasis),
    penalty_fixed_minor=st.integers(0, 5000),
    penalty_bp=st.integers(0, 10_000),
    cooling_off_days=st.sampled_from([0, 20]),
)


@given(POLICIES, POLICIES)
def test_simulating_another_policy_is_as_though_it_had_been_agreed(actual: Refunding, other: Refunding) -> None:
    """Both refunds by the other policy, one after the other, whatever was agreed in truth."""
    alike = [each.came_back.simulated_minor for each in simulated(_twice(other), other, "EUR").reruns]
    again = simulated(_twice(actual), other, "EUR")
    assert [each.came_back.simulated_minor for each in again.reruns] == alike
    assert 0 <= again.came_back.simulated_minor <= 45000
