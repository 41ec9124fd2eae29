"""Which sessions of which lots are given back, what counts as used, when cooling-off ends, and what goes back where."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.terms import Item, Price, Refunding, Terms, Validity
from domain.ledger.accounts import PaymentMethod
from domain.ledger.rules import BonusOrder, Lot, Origin
from domain.refunds.rules import (
    Counted,
    Moment,
    PaidBack,
    PaidIn,
    bought,
    given_back,
    is_cooling_off,
    last_day,
    over_payments,
    to_credit,
)
from tests.fixtures.lots import EMPTY, THEN
from tests.fixtures.properties import steadily

AT = Moment(THEN)
TERMS = Terms(
    (Item(("srv_a",), 10, 2, (5000,)), Item(("srv_b",), 3, 0, (9000,))),
    Price(60000, "EUR", 2000, tax_included=False),
    Validity(days=180),
)


def a_lot(id: str, **changes: object) -> Lot:
    """A lot with these counts."""
    lot: Lot = replace(EMPTY, id=id, **changes)  # type: ignore[arg-type]
    return replace(lot, issued=sum((lot.available, lot.held, lot.consumed, lot.expired, lot.refunded, lot.moved)))


PAID = a_lot("lot_a", available=3, held=1, consumed=5, refunded=1)
BONUS = a_lot("lot_b", available=2, bonus=True, origin=Origin.BONUS)
OTHER = a_lot("lot_c", item=1, available=1, moved=2, services=frozenset({"srv_b"}))
TOP_UP = a_lot("lot_d", origin=Origin.TOP_UP, available=4, last_day=date(2026, 8, 1), issued_at=THEN)
GIFT = a_lot("lot_e", origin=Origin.GOODWILL, bonus=True, available=1)
TAKEN_OVER = a_lot("lot_f", origin=Origin.TRANSFER, available=2)
LOTS = (PAID, BONUS, OTHER, TOP_UP, GIFT, TAKEN_OVER)


def test_the_last_to_be_used_go_first_and_gifts_and_what_was_taken_over_stay() -> None:
    assert given_back(LOTS, TERMS, {}, 2, AT) == {"lot_b": 2}
    assert given_back(LOTS, TERMS, {}, 5, AT) == {"lot_b": 2, "lot_d": 3}
    assert given_back(LOTS, TERMS, {}, None, AT) == {"lot_a": 3, "lot_b": 2, "lot_c": 1, "lot_d": 4}


def test_free_ones_go_last_where_they_are_used_first() -> None:
    terms = replace(TERMS, price=replace(TERMS.price, bonus_order=BonusOrder.FIRST))
    taken = [given_back((PAID, BONUS), terms, {}, k, AT) for k in (1, 3, 4)]
    assert taken == [{"lot_a": 1}, {"lot_a": 3}, {"lot_a": 3, "lot_b": 1}]


def test_what_bookings_hold_goes_as_far_as_they_are_called_off() -> None:
    assert given_back((PAID,), TERMS, {}, None, AT) == {"lot_a": 3}
    assert given_back((PAID,), TERMS, {"lot_a": 1}, None, AT) == {"lot_a": 4}


@given(st.integers(0, 12))
@steadily
def test_one_more_is_the_same_and_one_more(sessions: int) -> None:
    fewer, more = (given_back(LOTS, TERMS, {"lot_a": 1}, k, AT) for k in (sessions, sessions + 1))
    assert all(more[lot_id] >= count for lot_id, count in fewer.items())


def test_sessions_are_counted_as_the_terms_have_them_and_top_ups_by_themselves() -> None:
    taken = given_back(LOTS, TERMS, {}, None, AT)
    package, top_up = bought(LOTS, TERMS, 92000, {"lot_d": 20000}, taken, AT)
    assert (package.price_minor, top_up.price_minor) == (72000, 20000)
    first, second = package.items
    assert (first.paid, first.bonus, first.list_price_minor) == (Counted(10, 4, 3, 1), Counted(2, 2, 2), 6000)
    assert (second.paid, second.list_price_minor) == (Counted(3, 1, 1, moved=2), 10800)
    assert (first.paid.used, first.paid.kept, second.paid.used) == (5, 1, 2)
    assert top_up.items[0].paid == Counted(4, 4, 4)


def test_sessions_that_no_lot_has_were_used_before_an_upgrade() -> None:
    [package] = bought((a_lot("lot_a", available=8),), TERMS, 72000, {}, {}, AT)
    assert [item.paid.used for item in package.items] == [2, 3]


def test_what_has_lapsed_is_gone_whether_or_not_that_is_posted() -> None:
    late = Moment(EMPTY.lapses_at)
    posted = replace(PAID, available=0, expired=3)
    for lot in (PAID, posted):
        assert given_back((lot,), TERMS, {"lot_a": 1}, None, late) == {"lot_a": 1}
        assert bought((lot,), TERMS, 72000, {}, {}, late)[0].items[0].paid == Counted(10, 1, 0, 1, lapsed=3)
    disputed = Moment(EMPTY.lapses_at, THEN)
    assert given_back((PAID,), TERMS, {}, None, disputed) == {"lot_a": 3}


FRIDAY = date(2026, 4, 3)


@pytest.mark.parametrize(
    ("days", "business", "holidays", "last"),
    [
        (14, False, [], date(2026, 4, 17)),
        (1, True, [], date(2026, 4, 6)),
        (5, True, [], date(2026, 4, 10)),
        (5, True, [date(2026, 4, 6)], date(2026, 4, 13)),
        (5, True, [date(2026, 4, 4)], date(2026, 4, 10)),
        (5, False, [date(2026, 4, 6)], date(2026, 4, 8)),
    ],
)
def test_the_last_day_of_cooling_off(days: int, business: bool, holidays: list[date], last: date) -> None:
    terms = Refunding(cooling_off_days=days, cooling_off_business_days=business)
    assert last_day(terms, FRIDAY, holidays) == last


def test_where_friday_is_free_the_branch_says_so() -> None:
    terms = Refunding(cooling_off_days=1, cooling_off_business_days=True)
    assert last_day(terms, date(2026, 4, 2), weekend=(4, 5)) == date(2026, 4, 5)


def test_days_are_those_of_the_branch() -> None:
    """Sold at 23:30 in Singapore; the fifth working day ends at midnight there."""
    terms = Refunding(cooling_off_days=5, cooling_off_business_days=True)
    sold_at = datetime(2026, 4, 3, 15, 30, tzinfo=UTC)
    ends = datetime(2026, 4, 10, 16, 0, tzinfo=UTC)
    asked = (ends - timedelta(seconds=1), ends)
    assert [is_cooling_off(terms, sold_at, now, "Asia/Singapore") for now in asked] == [True, False]
    assert not is_cooling_off(Refunding(), sold_at, sold_at, "Asia/Singapore")


def paid_in(id: str, day: int, brought: int, back: int = 0, method: PaymentMethod = PaymentMethod.CASH) -> PaidIn:
    return PaidIn(id, method, "A", THEN + timedelta(days=day), brought, back)


CARD = paid_in("pay_b", 1, 10000, 2000, PaymentMethod.CARD)
PAYMENTS = (paid_in("pay_a", 0, 20000), CARD, paid_in("pay_c", 2, 5000))


def test_the_last_payment_goes_back_first_and_none_beyond_what_it_brought() -> None:
    assert over_payments(16000, PAYMENTS, "A") == [
        PaidBack(5000, PaymentMethod.CASH, "A", "pay_c"),
        PaidBack(8000, PaymentMethod.CARD, "A", "pay_b"),
        PaidBack(3000, PaymentMethod.CASH, "A", "pay_a"),
    ]
    assert over_payments(0, PAYMENTS, "A") == []


def test_what_no_payment_brought_becomes_credit_at_home() -> None:
    assert over_payments(9000, [CARD], "B") == [
        PaidBack(8000, PaymentMethod.CARD, "A", "pay_b"),
        PaidBack(1000, PaymentMethod.CUSTOMER_CREDIT, "B"),
    ]


def test_as_credit_each_part_still_counts_on_its_payment() -> None:
    assert to_credit(over_payments(9000, [CARD], "B"), "B") == [
        PaidBack(8000, PaymentMethod.CUSTOMER_CREDIT, "B", "pay_b"),
        PaidBack(1000, PaymentMethod.CUSTOMER_CREDIT, "B"),
    ]


@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(1, 10**5), st.integers(0, 10**5)), max_size=5))
@steadily
def test_parts_are_the_whole_and_no_payment_gives_more_than_it_brought(
    refund: int, amounts: list[tuple[int, int]]
) -> None:
    payments = [paid_in(f"pay_{i}", i, brought, min(back, brought)) for i, (brought, back) in enumerate(amounts)]
    parts = over_payments(refund, payments, "A")
    assert sum(part.amount_minor for part in parts) == refund
    by_id = {part.payment_id: part.amount_minor for part in parts}
    assert all(by_id.get(each.payment_id, 0) <= each.brought_minor - each.went_back_minor for each in payments)
