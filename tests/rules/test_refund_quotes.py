"""What comes back of a package, by every basis, to the unit; in parts as at once, and never more than was paid."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.terms import PenaltyOf, RefundBasis, Refunding
from domain.kernel.quotes import DerivationStep
from domain.ledger.rules import BonusOrder
from domain.refunds.rules import Bought, BoughtItem, Counted, Quote, Reckoned, Standing, quote
from tests.fixtures.golden import cases
from tests.fixtures.properties import steadily
from tests.fixtures.refunds import standing, topped_up

Asked = dict[str, Any]


def _terms(asked: Asked) -> Refunding:
    kept = asked.get("penalty", {})
    return Refunding(
        RefundBasis(asked["basis"]),
        penalty_fixed_minor=kept.get("fixed", 0),
        penalty_bp=kept.get("percent_bp", 0),
        penalty_of=PenaltyOf(kept.get("percent_of", "REMAINDER")),
        penalty_at_most_minor=kept.get("cap"),
        cooling_off_days=asked.get("cooling_off", {}).get("days", 0),
    )


def _asked(asked: Asked) -> Standing:
    return standing(
        asked["price"],
        asked["paid"],
        (asked["paid_sessions"], asked["bonus_sessions"]),
        asked["used"],
        BonusOrder(asked.get("bonus_order", "LAST")),
        asked.get("list_price", 0),
        currency=asked["currency"],
        refunded_minor=asked.get("already_refunded", 0),
    )


@pytest.mark.parametrize(("asked", "expect"), cases("refund_quotes"))
def test_golden_refunds(asked: Asked, expect: Asked) -> None:
    cooling_off = asked.get("days_since_sale", 1) <= asked.get("cooling_off", {}).get("days", 0)
    told = quote(_asked(asked), _terms(asked), cooling_off)
    assert {
        "used_value": told.binding.used_value_minor,
        "remainder": told.binding.remainder_minor,
        "penalty": told.binding.penalty_minor,
        "penalty_withheld": told.binding.withheld_minor,
        "refund": told.refund_minor,
        **({"cooling_off_applied": told.cooling_off} if "cooling_off" in asked else {}),
    } == expect


def _lines(told: Quote, by: Reckoned) -> list[tuple[str, str]]:
    [found] = [each for each in told.reckonings if each.by is by]
    return [(step.label, step.formula) for step in found.steps]


def test_every_basis_stands_side_by_side_and_one_binds() -> None:
    told = quote(standing(used=4, list_price=5000), Refunding(RefundBasis.LIST_PRICE))
    assert [(each.by, each.binding, each.used_value_minor, each.refund_minor) for each in told.reckonings] == [
        (Reckoned.PAID_SESSIONS, False, 18000, 27000),
        (Reckoned.ALL_SESSIONS, False, 18000, 27000),
        (Reckoned.LIST_PRICE, True, 20000, 25000),
        (Reckoned.NONE, False, 45000, 0),
    ]
    assert told.binding.steps == (
        DerivationStep("Paid", "450.00", 45000),
        DerivationStep("Value of 4 sessions used", "4 × 50.00 = 200.00", 20000, 4),  # noqa: RUF001
        DerivationStep("Refund", "450.00 - 200.00 = 250.00", 25000, 6),
    )
    assert _lines(told, Reckoned.PAID_SESSIONS)[1] == ("Value of 4 sessions used", "450.00 × 4 / 10 = 180.00")  # noqa: RUF001
    assert _lines(told, Reckoned.NONE)[1:] == [
        ("Nothing is refunded: all of the price counts as used", "450.00"),
        ("Refund", "450.00 - 450.00 = 0.00"),
    ]


def test_in_cooling_off_its_rule_binds_instead_of_the_basis() -> None:
    terms = Refunding(RefundBasis.NONE, admin_fee_minor=1000)
    told = quote(standing(sessions=(3, 1), price=30000, used=2), terms, cooling_off=True)
    assert (told.binding.by, told.refund_minor, told.fee_minor) == (Reckoned.COOLING_OFF, 15000, 0)
    assert _lines(told, Reckoned.COOLING_OFF) == [
        ("Paid", "300.00"),
        ("Value of 2 sessions used", "300.00 × 2 / 4 = 150.00"),  # noqa: RUF001
        ("Refund", "300.00 - 150.00 = 150.00"),
    ]


@pytest.mark.parametrize(
    ("terms", "used", "formula", "amount"),
    [
        ({"penalty_fixed_minor": 2000}, 4, None, 2000),
        ({"penalty_bp": 1000}, 4, "270.00 × 10.00 % = 27.00", 2700),  # noqa: RUF001
        ({"penalty_bp": 1250, "penalty_of": PenaltyOf.PRICE}, 4, "450.00 × 12.50 % = 56.25", 5625),  # noqa: RUF001
        ({"penalty_fixed_minor": 2000, "penalty_bp": 1000}, 4, "20.00 + 270.00 × 10.00 % = 47.00", 4700),  # noqa: RUF001
        ({"penalty_bp": 1000, "penalty_at_most_minor": 2000}, 4, "270.00 × 10.00 %, at most 20.00 = 20.00", 2000),  # noqa: RUF001
        ({"penalty_bp": 1000, "penalty_at_least_minor": 3000}, 4, "270.00 × 10.00 %, at least 30.00 = 30.00", 3000),  # noqa: RUF001
        ({"admin_fee_minor": 1000}, 4, "10.00 fee = 10.00", 1000),
        (
            {"penalty_bp": 1000, "penalty_at_most_minor": 2000, "admin_fee_minor": 1000},
            4,
            "270.00 × 10.00 %, at most 20.00 + 10.00 fee = 30.00",  # noqa: RUF001
            3000,
        ),
        (
            {"penalty_bp": 2000, "penalty_unused_at_most_minor": 1500},
            0,
            "450.00 × 20.00 %, at most 15.00 = 15.00",  # noqa: RUF001
            1500,
        ),
        ({"penalty_bp": 2000, "penalty_unused_at_most_minor": 1500}, 1, "405.00 × 20.00 % = 81.00", 8100),  # noqa: RUF001
    ],
)
def test_penalties(terms: Asked, used: int, formula: str | None, amount: int) -> None:
    told = quote(standing(used=used), Refunding(**terms))
    [step] = [step for step in told.binding.steps if step.label == "Penalty by the terms"]
    assert (step.formula, step.amount_minor) == (formula or "20.00", amount)
    assert told.refund_minor == 45000 - used * 4500 - amount
    assert told.fee_minor == amount


def test_hardship_waives_the_penalty_and_says_so() -> None:
    told = quote(standing(used=4), Refunding(penalty_fixed_minor=2000), waived=True)
    assert (told.refund_minor, told.fee_minor, told.waived_minor) == (27000, 0, 2000)
    assert ("Penalty waived for hardship", "20.00, waived") in _lines(told, Reckoned.PAID_SESSIONS)


def test_what_is_asked_for_already_is_not_promised_twice() -> None:
    told = quote(standing(used=4, pending_minor=20000), Refunding())
    assert told.refund_minor == 7000
    assert told.binding.steps[-1].formula == "450.00 - 180.00 - 200.00 = 70.00 (of it 200.00 asked for already)"


def test_the_open_receivable_is_cleared_before_anything_comes_back() -> None:
    """Of 540.00 were paid 180.00: what is unused is owed no more first."""
    told = [quote(standing(54000, 18000, used=used), Refunding()) for used in (0, 2, 4)]
    assert [(each.cleared_minor, each.refund_minor) for each in told] == [(36000, 18000), (36000, 7200), (32400, 0)]
    assert told[2].binding.steps[0] == DerivationStep("Owed no more", "360.00 - 36.00 = 324.00", 32400)
    assert told[2].binding.steps[-1].formula == "180.00 - 216.00 = -36.00, no less than 0.00"


def _mixed(**counts: tuple[int, int]) -> Standing:
    """10 of 50.00 and 2 of 200.00 for 720.00: their shares are 400.00 and 320.00."""
    used = {"cheap": (0, 0), "dear": (0, 0)} | counts
    items = tuple(
        BoughtItem(
            Counted(sessions, sessions - used[name][0], sessions - used[name][0] - used[name][1]), Counted(), alone
        )
        for name, sessions, alone in (("cheap", 10, 5000), ("dear", 2, 20000))
    )
    return Standing("EUR", (Bought(72000, items),), 72000)


def test_what_has_lapsed_or_moved_on_is_not_called_used() -> None:
    item = BoughtItem(Counted(10, 2, 1, lapsed=4, moved=1))
    told = quote(Standing("EUR", (Bought(45000, (item,)),), 45000), Refunding())
    assert told.binding.steps[1] == DerivationStep(
        "Value of 3 sessions used, 4 lapsed, 1 moved on and 1 kept",
        "450.00 × 9 / 10 = 405.00",  # noqa: RUF001
        40500,
        9,
    )


def test_less_than_nothing_is_paid_where_more_was_used_before_an_upgrade_than_was_paid_for() -> None:
    standing = Standing("EUR", (Bought(45000, (BoughtItem(Counted(10, 10, 10)),)),), -30500)
    told = quote(standing, Refunding())
    assert [(step.label, step.formula, step.amount_minor) for step in told.binding.steps] == [
        ("Paid: more was used of the package before than was paid for it", "-305.00", -30500),
        ("Value of 0 sessions used", "450.00 × 0 / 10 = 0.00", 0),  # noqa: RUF001
        ("Refund", "-305.00, no less than 0.00", 0),
    ]


def test_items_of_different_list_prices_share_the_price_as_at_the_sale() -> None:
    told = quote(_mixed(dear=(2, 0)), Refunding())
    assert (told.binding.used_value_minor, told.refund_minor) == (32000, 40000)
    told = quote(_mixed(dear=(1, 0), cheap=(3, 0)), Refunding(RefundBasis.LIST_PRICE))
    assert told.binding.steps[1].formula == "3 × 50.00 + 1 × 200.00 = 350.00"  # noqa: RUF001
    told = quote(_mixed(dear=(1, 0), cheap=(3, 0)), Refunding())
    assert told.binding.steps[0] == DerivationStep(
        "Price shared over 2 items by list price",
        "720.00 as 10 × 50.00 : 2 × 200.00 = 400.00 + 320.00",  # noqa: RUF001
        72000,
    )
    assert told.binding.steps[2].formula == "400.00 × 3 / 10 + 320.00 × 1 / 2 = 280.00"  # noqa: RUF001


def test_where_an_item_lets_choose_the_service_used_tells_its_list_price() -> None:
    item = BoughtItem(Counted(10, 8, 8), Counted(), 6000, list_used_minor=9000)
    told = quote(Standing("EUR", (Bought(45000, (item,)),), 45000), Refunding(RefundBasis.LIST_PRICE))
    assert (told.binding.used_value_minor, told.binding.steps[1].formula) == (9000, "90.00")


def test_list_price_takes_no_more_than_the_price() -> None:
    told = quote(standing(used=10, list_price=5000), Refunding(RefundBasis.LIST_PRICE))
    assert told.binding.steps[1].formula == "10 × 50.00 = 500.00, at most the price 450.00"  # noqa: RUF001


def test_a_top_up_is_refunded_by_its_own_price() -> None:
    told = quote(topped_up(standing(used=10), 20000, 4, used=1), Refunding())
    assert (told.binding.used_value_minor, told.refund_minor) == (50000, 15000)
    assert told.binding.steps[1].formula == "450.00 × 10 / 10 + 200.00 × 1 / 4 = 500.00"  # noqa: RUF001


def test_a_free_package_gives_nothing_back() -> None:
    told = quote(standing(0, sessions=(0, 1)), Refunding(RefundBasis.PAID_SESSIONS))
    assert (told.refund_minor, told.credit_minor) == (0, 0)


def test_some_of_the_sessions_come_back_as_though_those_kept_were_used() -> None:
    """Free sessions are the last to be used, and so the first to be given back: for nothing."""
    free = [quote(standing(30000, sessions=(3, 1), kept=4 - k), Refunding()).refund_minor for k in range(5)]
    assert free == [0, 0, 10000, 20000, 30000]
    told = quote(standing(used=4, kept=4), Refunding(penalty_bp=1000))
    assert (told.sessions, told.refund_minor, told.fee_minor) == (2, 8100, 900)
    assert told.binding.steps[1] == DerivationStep(
        "Value of 4 sessions used and 4 kept",
        "450.00 × 8 / 10 = 360.00",  # noqa: RUF001
        36000,
        8,
    )


def test_a_penalty_that_an_earlier_part_has_paid_is_not_kept_again() -> None:
    terms = Refunding(penalty_fixed_minor=2000)
    first = quote(standing(kept=6), terms)
    assert (first.refund_minor, first.fee_minor, first.credit_minor) == (16000, 2000, 18000)
    rest = standing(refunded_sessions=4, refunded_minor=16000, kept_before_minor=2000)
    second = quote(rest, terms)
    assert (second.refund_minor, second.fee_minor, second.credit_minor) == (27000, 0, 27000)
    waived = quote(rest, terms, waived=True)
    assert (waived.refund_minor, waived.fee_minor, waived.credit_minor) == (29000, -2000, 27000)


@pytest.mark.parametrize(("of", "kept"), [(PenaltyOf.REMAINDER, 1100), (PenaltyOf.PRICE, 2750)])
def test_what_went_back_in_cooling_off_bears_no_penalty_when_more_goes_back_later(of: PenaltyOf, kept: int) -> None:
    """Eight for 440.00; three went back in cooling-off, then two: 10 % of 110.00, or of the 275.00 that was kept."""
    rest = standing(44000, sessions=(8, 0), kept=3, refunded_sessions=3, refunded_minor=16500, free_before_minor=16500)
    told = quote(rest, Refunding(penalty_bp=1000, penalty_of=of))
    assert (told.refund_minor, told.fee_minor) == (11000 - kept, kept)


BASES = st.sampled_from(RefundBasis)
ORDERS = st.sampled_from(BonusOrder)
PRICES = st.integers(0, 10**7)


@st.composite
def policies(draw: st.DrawFn) -> Refunding:
    """Any policy that terms can have."""
    least = draw(st.none() | st.integers(0, 10**5))
    return Refunding(
        draw(BASES),
        penalty_fixed_minor=draw(st.integers(0, 10**5)),
        penalty_bp=draw(st.integers(0, 10_000)),
        penalty_unused_at_most_minor=draw(st.none() | st.integers(0, 10**5)),
        penalty_of=draw(st.sampled_from(PenaltyOf)),
        penalty_at_least_minor=least,
        penalty_at_most_minor=draw(st.none() | st.integers(least or 0, 10**6)),
        admin_fee_minor=draw(st.integers(0, 10**4)),
    )


@given(policies(), PRICES, st.integers(0, 10_000), st.integers(1, 20), st.integers(0, 5), ORDERS, st.booleans())
@steadily
def test_more_use_never_brings_more_and_nothing_brings_more_than_was_paid(
    terms: Refunding, price: int, paid_bp: int, paid: int, bonus: int, order: BonusOrder, cooling_off: bool
) -> None:
    came_in = price * paid_bp // 10_000
    told = [
        quote(standing(price, came_in, (paid, bonus), used, order, list_price=3000), terms, cooling_off)
        for used in range(paid + bonus + 1)
    ]
    refunds = [each.refund_minor for each in told]
    assert refunds == sorted(refunds, reverse=True)
    assert all(0 <= each <= came_in for each in refunds)
    assert all(each.refund_minor + each.binding.withheld_minor <= came_in for each in told)


@given(policies(), PRICES, st.integers(0, 10_000), st.integers(0, 12), st.booleans(), st.booleans())
@steadily
def test_without_words_only_what_binds_is_reckoned_and_to_the_same(
    terms: Refunding, price: int, paid_bp: int, used: int, cooling_off: bool, waived: bool
) -> None:
    of = standing(price, price * paid_bp // 10_000, (10, 2), used, list_price=3000)
    told, bare = quote(of, terms, cooling_off, waived), quote(of, terms, cooling_off, waived, in_words=False)
    assert bare == replace(told, reckonings=(replace(told.binding, steps=()),))


@given(policies(), PRICES, st.integers(1, 20), st.integers(0, 5), st.data(), ORDERS, st.booleans())
@steadily
def test_more_sessions_never_bring_less_and_all_of_them_the_whole(
    terms: Refunding, price: int, paid: int, bonus: int, data: st.DataObject, order: BonusOrder, cooling_off: bool
) -> None:
    used = data.draw(st.integers(0, paid + bonus))
    parts = [
        quote(standing(price, None, (paid, bonus), used, order, 3000, kept=kept), terms, cooling_off).refund_minor
        for kept in range(paid + bonus - used, -1, -1)
    ]
    assert parts == sorted(parts)
    assert parts[-1] == quote(standing(price, None, (paid, bonus), used, order, 3000), terms, cooling_off).refund_minor


@given(policies(), PRICES, st.integers(1, 20), st.integers(0, 5), st.data(), ORDERS)
@steadily
def test_given_back_in_two_parts_is_given_back_at_once(
    terms: Refunding, price: int, paid: int, bonus: int, data: st.DataObject, order: BonusOrder
) -> None:
    used = data.draw(st.integers(0, paid + bonus - 1))
    first = data.draw(st.integers(1, paid + bonus - used))
    whole = quote(standing(price, None, (paid, bonus), used, order, 3000), terms)
    part = quote(standing(price, None, (paid, bonus), used, order, 3000, paid + bonus - used - first), terms)
    if not part.refund_minor:
        return
    rest = standing(
        price,
        None,
        (paid, bonus),
        used,
        order,
        3000,
        refunded_sessions=first,
        refunded_minor=part.refund_minor,
        kept_before_minor=part.fee_minor,
    )
    after = quote(rest, terms)
    assert part.refund_minor + after.refund_minor == whole.refund_minor
    assert part.credit_minor + after.credit_minor == whole.credit_minor


@given(policies(), st.integers(10**6, 10**7), st.integers(5_000, 10_000), st.integers(0, 4))
@steadily
def test_what_is_credited_is_what_is_left_of_the_price(terms: Refunding, price: int, paid_bp: int, used: int) -> None:
    """As long as something comes back: it is refunded, kept, or owed no more, and together that is the remainder."""
    told = quote(standing(price, price * paid_bp // 10_000, used=used, list_price=3000), terms)
    if told.refund_minor:
        assert told.credit_minor == told.binding.remainder_minor


def test_what_is_counted_cannot_be_more_than_there_is() -> None:
    with pytest.raises(AssertionError):
        Counted(10, 6, 7)
    with pytest.raises(AssertionError):
        replace(Counted(10, 6), refunded=5)
