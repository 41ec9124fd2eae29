"""The story of a package: each step with its arithmetic in whole sentences, ending at the balance."""

# ruff: noqa: RUF001 - the sign of multiplication is the one that people read

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.catalog.terms import Item, Price, Terms, Validity
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.rules import LEGAL_MOVES, BonusValue, Bucket, Origin
from domain.packages.notes import Noted
from domain.packages.steps import Story
from domain.packages.trace import Agreed, Balance, Moved, Revalued, Step, TakenBack, Trace
from domain.packages.trace_books import Books

THEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


Told = Moved | Revalued | Received | TakenBack | Agreed | Noted


def traced(what: Told, branch: str | None = "Lisbon") -> Trace:
    return Trace("op_a", "some_act", THEN, THEN, "brn_a", branch, what)


SOLD = Moved("lot_a", Origin.PURCHASE, False, 0, Bucket.ISSUED, Bucket.AVAILABLE, 10, 45000, None, None)


def moved(source: Bucket, target: Bucket, sessions: int, value_minor: int = 0, **rest: Any) -> Moved:
    return replace(SOLD, source=source, target=target, sessions=sessions, value_minor=value_minor, **rest)


def bought(sessions: int, value_minor: int, **rest: Any) -> Moved:
    return moved(Bucket.ISSUED, Bucket.AVAILABLE, sessions, value_minor, **rest)


def told(terms: Terms, *what: Told) -> tuple[Step, ...]:
    return Story(terms, terms.price.currency, terms.price.amount_minor, {}).tell([traced(one) for one in what])


def terms_of(*items: Item, price_minor: int, currency: str = "EUR", bonus: BonusValue = BonusValue.POOLED) -> Terms:
    return Terms(items, Price(price_minor, currency, bonus_value=bonus), Validity(until=date(2026, 12, 31)))


TEN = terms_of(Item(("srv_a",), 10, 0, (5000,)), price_minor=45000)


def test_a_session_takes_its_part_of_what_is_left() -> None:
    use = moved(Bucket.AVAILABLE, Bucket.CONSUMED, 1, 4500, service="Physiotherapy", service_id="srv_a")
    steps = told(TEN, bought(10, 45000), use)
    assert steps[1] == Step(
        operation_id="op_a",
        act="some_act",
        recorded_at=THEN,
        effective_at=THEN,
        label="1 session of Physiotherapy was used at Lisbon.",
        formula="450.00 × 1 / 10 = 45.00",
        sessions_change=-1,
        change=Books(deferred_minor=-4500, recognised_minor=4500),
        after=Balance(
            10, 9, 0, 1, 0, 0, 0, books=Books(price_minor=45000, deferred_minor=40500, recognised_minor=4500)
        ),
        branch_id="brn_a",
        service_id="srv_a",
        lot_id="lot_a",
    )


def test_what_was_rounded_is_not_called_equal() -> None:
    third = moved(Bucket.AVAILABLE, Bucket.CONSUMED, 1, 3333)
    three = terms_of(Item(("srv_a",), 3, 0, (5000,)), price_minor=10000)
    assert told(three, bought(3, 10000), third)[1].formula == "100.00 × 1 / 3 ≈ 33.33"


def test_lots_share_the_price_by_list_price_and_sessions() -> None:
    bundle = terms_of(Item(("srv_a",), 4, 0, (6000,)), Item(("srv_b",), 2, 0, (5500,)), price_minor=31990)
    steps = told(bundle, bought(4, 21936), bought(2, 10054, item=1, lot_id="lot_b"))
    assert [step.formula for step in steps] == [
        "319.90 × 240.00 / 350.00 = 219.36",
        "319.90 × 110.00 / 350.00 = 100.54",
    ]


@pytest.mark.parametrize(
    ("bonus_value", "values", "formulas"),
    [
        (BonusValue.POOLED, (13500, 4500), ["180.00 × 180.00 / 240.00 = 135.00", "180.00 × 60.00 / 240.00 = 45.00"]),
        (BonusValue.ZERO, (18000, 0), ["180.00 × 180.00 / 180.00 = 180.00", "180.00 × 0.00 / 180.00 = 0.00"]),
    ],
)
def test_a_bonus_carries_a_share_or_nothing(
    bonus_value: BonusValue, values: tuple[int, int], formulas: list[str]
) -> None:
    terms = terms_of(Item(("srv_a",), 3, 1, (6000,)), price_minor=18000, bonus=bonus_value)
    free = bought(1, values[1], bonus=True, origin=Origin.BONUS, lot_id="lot_b")
    steps = told(terms, bought(3, values[0]), free)
    assert [step.formula for step in steps] == formulas
    assert steps[1].label == "1 session was added free of charge at Lisbon."


def test_sessions_weigh_where_nothing_has_a_list_price() -> None:
    terms = terms_of(Item(("srv_a",), 3), Item(("srv_b",), 1), price_minor=10000)
    assert told(terms, bought(3, 7500), bought(1, 2500, item=1))[0].formula == "100.00 × 3 / 4 = 75.00"


def test_what_comes_back_is_added_to_what_is_left() -> None:
    steps = told(
        TEN,
        bought(10, 45000),
        moved(Bucket.AVAILABLE, Bucket.CONSUMED, 2, 9000),
        moved(Bucket.CONSUMED, Bucket.AVAILABLE, 2, 9000),
    )
    assert (steps[2].label, steps[2].formula) == ("2 sessions were given back at Lisbon.", "360.00 + 90.00 = 450.00")
    assert (steps[2].sessions_change, steps[2].available_after, steps[2].value_change_minor) == (2, 10, 9000)


def test_a_hold_moves_no_value() -> None:
    steps = told(
        TEN, bought(10, 45000), moved(Bucket.AVAILABLE, Bucket.HELD, 2), moved(Bucket.HELD, Bucket.CONSUMED, 1, 4500)
    )
    assert [step.formula for step in steps[1:]] == ["2 of 10", "450.00 × 1 / 10 = 45.00"]
    assert [(step.sessions_change, step.available_after, step.after.held) for step in steps[1:]] == [
        (-2, 8, 2),
        (0, 8, 1),
    ]


def test_a_payment_lowers_what_is_outstanding() -> None:
    _, step = told(TEN, bought(10, 45000), Received(PaymentMethod.BANK_TRANSFER, 20000))
    assert (step.label, step.formula) == (
        "200.00 EUR was paid by bank transfer at Lisbon.",
        "450.00 - 200.00 = 250.00 outstanding",
    )
    assert (step.sessions_change, step.value_change_minor, step.after.outstanding_minor, step.lot_id) == (
        0,
        0,
        25000,
        None,
    )


def test_currencies_have_their_own_digits() -> None:
    yen = terms_of(Item(("srv_a",), 10, 0, (1500,)), price_minor=10000, currency="JPY")
    use = moved(Bucket.AVAILABLE, Bucket.CONSUMED, 1, 1000)
    assert told(yen, bought(10, 10000), use)[1].formula == "10000 × 1 / 10 = 1000"


@pytest.mark.parametrize(("source", "target"), sorted(LEGAL_MOVES))
def test_every_move_there_is_can_be_told(source: Bucket, target: Bucket) -> None:
    fill = [] if source in (Bucket.ISSUED, Bucket.AVAILABLE) else [moved(Bucket.AVAILABLE, source, 1, 4500)]
    if source is Bucket.HELD:
        fill = [moved(Bucket.AVAILABLE, Bucket.HELD, 1)]
    step = told(TEN, bought(10, 45000), *fill, moved(source, target, 1, 0))[-1]
    assert step.label.startswith(("1 session was ", "1 session lapsed"))


def test_a_hold_without_a_known_start_is_told_too() -> None:
    held = moved(Bucket.AVAILABLE, Bucket.HELD, 2, service="Physiotherapy")
    assert (
        told(TEN, bought(10, 45000), held)[1].label
        == "2 sessions of Physiotherapy were reserved by a booking at Lisbon."
    )
    start = replace(held, booked_for=datetime(2026, 5, 4, 10, tzinfo=UTC), booking_id="bkg_a")
    step = told(TEN, bought(10, 45000), start)[1]
    assert step.label == "2 sessions of Physiotherapy were reserved for 2026-05-04 10:00 at Lisbon."
    assert step.booking_id == "bkg_a"


@pytest.mark.parametrize(
    ("act", "outcome", "label", "formula"),
    [
        (
            "unfreeze_package",
            {"thawed_on": "2026-03-10", "lots": []},
            "The freeze was ended on 2026-03-10.",
            "no last day moves",
        ),
        (
            "extend_package",
            {
                "last_day": "2026-09-30",
                "lots": [
                    {"was": "2026-09-29", "last_day": "2026-09-30"},
                    {"was": "2026-08-30", "last_day": "2026-09-01"},
                ],
            },
            "The last day was moved to 2026-09-30.",
            "2026-09-29 + 1 day = 2026-09-30",
        ),
        (
            "open_dispute",
            {"amount_minor": 1200, "fee_minor": 0, "currency": "JPY"},
            "A payment of 1200 JPY was disputed.",
            "1200 kept back",
        ),
    ],
)
def test_what_moves_nothing_leaves_the_balance_as_it_is(
    act: str, outcome: dict[str, Any], label: str, formula: str
) -> None:
    before, step = told(TEN, bought(10, 45000), Noted(act, outcome))
    assert (step.label, step.formula) == (label, formula)
    assert (step.sessions_change, step.value_change_minor, step.after, step.lot_id) == (0, 0, before.after, None)


@pytest.mark.parametrize("origin", list(Origin))
def test_every_origin_and_method_can_be_told(origin: Origin) -> None:
    (issued,) = told(TEN, bought(2, 9000, origin=origin))
    assert issued.label.startswith("2 sessions were ")
    for method in PaymentMethod:
        assert " was paid " in told(TEN, Received(method, 1))[0].label
