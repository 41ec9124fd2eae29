"""What a package counts for when it is changed for another, and that no way round yields more than was paid."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.terms import Item, RefundBasis, Refunding, UpgradeMethod
from domain.kernel.quotes import DerivationStep
from domain.ledger.rules import BonusOrder
from domain.refunds.rules import quote as refund_quote
from domain.upgrades.carried_usage import ItemAfter, items_after
from domain.upgrades.rules import New, Old, quote, used_beyond
from tests.fixtures.golden import cases
from tests.fixtures.properties import steadily
from tests.fixtures.refunds import standing

Asked = dict[str, Any]


@pytest.mark.parametrize(("asked", "expect"), cases("upgrade_quotes"))
def test_golden_upgrades(asked: Asked, expect: Asked) -> None:
    given_up, method = asked["old"], UpgradeMethod(asked["method"])
    old = Old(given_up["price"], given_up["price"] - given_up["paid"], given_up["sessions"], given_up["used"])
    new = New(asked["new"]["price"], asked["new"]["sessions"])
    if used_beyond(method, old, new):
        assert expect == {"refused": True}
        return
    told = quote(method, old, new, asked["currency"])
    unused = {"unused_value": told.unused_value_minor} if method is UpgradeMethod.CREDIT_UNUSED else {}
    assert expect == {"refused": False} | unused | {
        "price_difference": told.difference_minor,
        "outstanding_carried": told.outstanding_carried_minor,
        "amount_due": told.due_minor,
        "customer_credit": told.credit_minor,
        "sessions_after": told.sessions_after,
    }


def test_every_step_of_a_credit_for_what_is_unused() -> None:
    told = quote(UpgradeMethod.CREDIT_UNUSED, Old(45000, 25000, 5, 2), New(80000, 10), "EUR")
    assert told.steps == (
        DerivationStep("Used of the old package", "450.00 × 2 / 5 = 180.00", 18000, 2),  # noqa: RUF001
        DerivationStep("Unused value of the old package", "450.00 - 180.00 = 270.00", 27000, 3),
        DerivationStep("Price of the new package, less what the old one counts for", "800.00 - 270.00 = 530.00", 53000),
        DerivationStep("With what was unpaid of the old package", "530.00 + 250.00 = 780.00", 78000),
        DerivationStep("To be paid", "780.00", 78000),
        DerivationStep("Sessions in the new package", "10", sessions=10),
    )


def test_every_step_of_usage_that_is_carried_into_a_smaller_package() -> None:
    told = quote(UpgradeMethod.CARRY_USAGE, Old(80000, 0, 10, 1), New(45000, 5), "EUR")
    assert told.steps == (
        DerivationStep("Price of the old package", "800.00", 80000),
        DerivationStep(
            "Price of the new package, less what the old one counts for", "450.00 - 800.00 = -350.00", -35000
        ),
        DerivationStep("Credit of the customer", "350.00", 35000),
        DerivationStep("Sessions in the new package", "5 - 1 = 4", sessions=4),
    )


def test_more_used_than_the_new_package_holds() -> None:
    old = Old(80000, 0, 10, 7)
    assert used_beyond(UpgradeMethod.CARRY_USAGE, old, New(45000, 5)) == 2
    assert used_beyond(UpgradeMethod.CREDIT_UNUSED, old, New(45000, 5)) == 0
    with pytest.raises(AssertionError, match="does not hold"):
        quote(UpgradeMethod.CARRY_USAGE, old, New(45000, 5), "EUR")


def test_free_sessions_count_as_usage_but_not_as_value() -> None:
    """Buy 10 get 2, all of it used but one paid session and one free one."""
    old = Old(45000, 0, 10, 9, used_of_all=10)
    assert quote(UpgradeMethod.CREDIT_UNUSED, old, New(80000, 20), "EUR").unused_value_minor == 4500
    assert quote(UpgradeMethod.CARRY_USAGE, old, New(80000, 20), "EUR").sessions_after == 10


ITEMS = (Item(("srv_a",), 5, 1), Item(("srv_b", "srv_c"), 3, 1))


@pytest.mark.parametrize(
    ("used", "order", "after"),
    [
        ([], BonusOrder.LAST, [(5, 1), (3, 1)]),
        ([("srv_a", 2)], BonusOrder.LAST, [(3, 1), (3, 1)]),
        ([("srv_a", 2)], BonusOrder.FIRST, [(4, 0), (3, 1)]),
        ([("srv_c", 4)], BonusOrder.LAST, [(5, 1), (0, 0)]),
        ([("srv_c", 6)], BonusOrder.LAST, [(3, 1), (0, 0)]),
        ([("srv_x", 6), ("srv_a", 1)], BonusOrder.LAST, [(0, 0), (2, 1)]),
        ([("srv_a", 6), ("srv_b", 4)], BonusOrder.LAST, [(0, 0), (0, 0)]),
    ],
)
def test_usage_is_carried_by_service_first(
    used: list[tuple[str, int]], order: BonusOrder, after: list[tuple[int, int]]
) -> None:
    carried = [(frozenset({service}), count) for service, count in used]
    assert items_after(ITEMS, carried, order) == [ItemAfter(*left) for left in after]


PRICES = st.integers(0, 10**7)


@given(
    st.sampled_from(UpgradeMethod),
    PRICES,
    st.integers(0, 10_000),
    st.integers(1, 20),
    st.integers(0, 20),
    PRICES,
    st.integers(20, 40),
    st.integers(0, 10_000),
    st.integers(0, 20),
    st.sampled_from(RefundBasis),
    st.sampled_from(RefundBasis),
    st.booleans(),
)
@steadily
def test_to_upgrade_and_then_give_back_never_yields_more_than_giving_back_the_old_one_would_have(
    method: UpgradeMethod,
    price: int,
    paid_bp: int,
    sessions: int,
    used: int,
    new_price: int,
    new_sessions: int,
    due_paid_bp: int,
    used_later: int,
    old_basis: RefundBasis,
    basis: RefundBasis,
    cooling_off: bool,
) -> None:
    paid, used = price * paid_bp // 10_000, min(used, sessions)
    told = quote(method, Old(price, price - paid, sessions, used), New(new_price, new_sessions), "EUR")
    before = standing(price, paid, (sessions, 0), used, list_price=1000)
    would_have = refund_quote(before, Refunding(old_basis)).refund_minor
    most = max(0, would_have - told.credit_minor)
    then_paid = told.due_minor * due_paid_bp // 10_000
    outstanding = told.due_minor - then_paid
    gone = new_sessions - told.sessions_after + min(used_later, told.sessions_after)
    new = standing(
        new_price,
        new_price - outstanding,
        (new_sessions, 0),
        gone,
        list_price=1000,
        outstanding_minor=outstanding,
        brought_minor=most,
        paid_since_minor=then_paid,
    )
    terms = Refunding(basis)
    back = refund_quote(new, terms, cooling_off).refund_minor
    assert told.credit_minor + back <= max(would_have, told.credit_minor) + then_paid
    assert told.credit_minor + back <= paid + then_paid
    without = replace(new, brought_minor=None)
    assert back == min(refund_quote(without, terms, cooling_off).refund_minor, most + then_paid)
