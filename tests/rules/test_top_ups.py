"""What sessions that are added cost, how many may be, and how long they may be used."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.catalog.terms import Change, Item, Price, TaxPoint, Terms, TopUpPrice, Validity
from domain.kernel.quotes import DerivationStep
from domain.ledger.rules import Carried
from domain.topups.rules import Bounds, added, bounds, last_day, session_price

TODAY, LAST = date(2026, 3, 2), date(2026, 5, 31)
TERMS = Terms(
    (Item(("srv_a",), 10, 2),), Price(45000, "EUR"), Validity(days=90), change=Change(top_up=True, top_up_days=30)
)


def by(price: TopUpPrice, fixed: int | None = None, **of_price: Any) -> Terms:
    """The terms with another price of a top-up."""
    change = replace(TERMS.change, top_up_price=price, top_up_fixed_minor=fixed)
    return replace(TERMS, change=change, price=replace(TERMS.price, **of_price))


def test_five_more_at_the_packages_rate() -> None:
    told = added(TERMS, 5, 5000, LAST, False, TODAY)
    assert (told.amount_minor, told.tax_minor, told.carried) == (22500, 0, Carried(22500))
    assert told.steps == (
        DerivationStep("Price of a session of the package", "450.00 / 10 = 45.00", 4500, 1),
        DerivationStep("Sessions at the package's price", "5 × 45.00 = 225.00", 22500, 5),  # noqa: RUF001
        DerivationStep("Usable until", "the package's last day + 30 days: 2026-06-30"),
    )


@pytest.mark.parametrize(
    ("terms", "each"),
    [
        (by(TopUpPrice.PACKAGE_RATE), 4500),
        (by(TopUpPrice.PACKAGE_RATE, amount_minor=10005), 1001),
        (by(TopUpPrice.LIST), 5000),
        (by(TopUpPrice.FIXED, 4700), 4700),
        (replace(TERMS, items=(Item(("srv_a",), 0, 1),), price=Price(0, "EUR")), 0),
    ],
)
def test_the_price_of_a_session(terms: Terms, each: int) -> None:
    assert session_price(terms, 5000) == each
    assert added(terms, 3, 5000, LAST, False, TODAY).amount_minor == 3 * each


@pytest.mark.parametrize(
    ("of_price", "net", "tax", "carried", "at_sale", "step"),
    [
        ({"tax_included": False}, 22500, 4500, Carried(22500), 4500, "225.00 + 45.00 tax = 270.00"),
        ({}, 18750, 3750, Carried(18750), 3750, "187.50 + 37.50 tax = 225.00"),
        ({"tax_point": TaxPoint.AT_REDEMPTION}, 18750, 3750, Carried(22500, 3750), 0, "187.50 + 37.50 tax = 225.00"),
    ],
)
def test_the_tax_is_that_of_the_package(
    of_price: dict[str, Any], net: int, tax: int, carried: Carried, at_sale: int, step: str
) -> None:
    told = added(by(TopUpPrice.PACKAGE_RATE, tax_rate_bp=2000, **of_price), 5, 0, LAST, False, TODAY)
    assert (told.net_minor, told.tax_minor, told.carried, told.tax_at_sale_minor) == (net, tax, carried, at_sale)
    assert told.steps[2].formula == step


@pytest.mark.parametrize(
    ("last", "lapsed", "days", "until"),
    [
        (LAST, False, 30, date(2026, 6, 30)),
        (LAST, False, 0, LAST),
        (date(2026, 2, 25), False, 30, date(2026, 3, 27)),
        (date(2026, 2, 25), False, 3, TODAY),
        (date(2026, 2, 25), True, 30, date(2026, 4, 1)),
        (date(2026, 2, 25), True, 0, TODAY),
    ],
    ids=["live", "live, no days", "in grace", "in grace, too few days", "lapsed", "lapsed, no days"],
)
def test_how_long_they_may_be_used(last: date, lapsed: bool, days: int, until: date) -> None:
    assert last_day(last, lapsed, days, TODAY) == until


def test_how_many_may_be_added() -> None:
    change = Change(top_up=True, top_up_minimum=2, top_up_maximum=6)
    assert bounds(change, 0) == Bounds(2, 6)
    assert [bounds(change, 0).hold(n) for n in (1, 2, 6, 7)] == [False, True, True, False]
    assert bounds(change, 4) == Bounds(2, 2)
    assert not bounds(change, 6).hold(2)
    assert bounds(replace(change, top_up_maximum=None), 100).hold(1000)
    assert not bounds(replace(change, top_up=False, top_up_maximum=None), 0).hold(2)
