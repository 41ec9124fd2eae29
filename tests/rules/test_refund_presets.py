"""The ready refund policies keep to the rules they stand for, name their sources, and are read with care."""

import json
from dataclasses import replace
from typing import Any

import pytest

from domain.catalog.terms import RefundBasis, Refunding
from domain.refunds.presets import BadPreset, NotAdoptable, Preset, adoptable, fitting_presets, loaded, presets
from domain.refunds.rules import quote
from tests.fixtures.refunds import standing

BY_CODE = {preset.code: preset for preset in presets()}


def test_the_library() -> None:
    assert list(BY_CODE) == [
        "japan-beauty-medicine",
        "japan-computer",
        "japan-esthetics",
        "japan-language",
        "japan-marriage",
        "korea-ten-percent",
        "list-price",
        "singapore-five-working-days",
        "straight-line",
    ]
    assert all(preset.name and preset.note and preset.sources for preset in BY_CODE.values())
    assert all(preset.note.endswith(".") for preset in BY_CODE.values())


def kept(preset: Preset, price: int, used: int, currency: str = "JPY") -> int:
    """The penalty of a package of ten."""
    return quote(standing(price, used=used, currency=currency), preset.refund).binding.penalty_minor


@pytest.mark.parametrize(
    ("code", "unused", "small", "large"),
    [
        ("japan-esthetics", 20000, 7200, 20000),
        ("japan-beauty-medicine", 20000, 14400, 50000),
        ("japan-language", 15000, 14400, 50000),
        ("japan-computer", 15000, 14400, 50000),
        ("japan-marriage", 20000, 14400, 20000),
        ("korea-ten-percent", 30000, 12000, 30000),
        ("straight-line", 0, 0, 0),
        ("singapore-five-working-days", 0, 0, 0),
    ],
)
def test_what_may_be_kept(code: str, unused: int, small: int, large: int) -> None:
    """Of 300,000 unused, of 120,000 with 4 of 10 used, and of 300,000 with 1 of 10 used."""
    preset = BY_CODE[code]
    assert (kept(preset, 300000, 0), kept(preset, 120000, 4), kept(preset, 300000, 1)) == (unused, small, large)


def test_the_list_price_preset_takes_the_discount_back() -> None:
    assert BY_CODE["list-price"].refund == Refunding(RefundBasis.LIST_PRICE)


def test_amounts_are_for_prices_in_their_currency() -> None:
    assert (BY_CODE["japan-esthetics"].fits("JPY"), BY_CODE["japan-esthetics"].fits("EUR")) == (True, False)
    assert BY_CODE["straight-line"].fits("KWD")


def test_who_adopts_a_preset_that_does_not_fit_is_told_which_do() -> None:
    assert adoptable("straight-line", "KWD") is BY_CODE["straight-line"]
    fitting = "korea-ten-percent, list-price, singapore-five-working-days, straight-line"
    with pytest.raises(NotAdoptable) as refused:
        adoptable("japan-esthetics", "EUR")
    amounts = "The amounts of japan-esthetics are in JPY, the price is in EUR"
    assert str(refused.value) == f"{amounts}. Choose one of {fitting}"
    with pytest.raises(NotAdoptable) as refused:
        adoptable("japan", "EUR")
    assert str(refused.value) == f"There is no preset 'japan'. For prices in EUR choose one of {fitting}"


@pytest.mark.parametrize(
    ("country", "currency", "codes"),
    [
        (None, None, list(BY_CODE)),
        ("SG", None, ["list-price", "singapore-five-working-days", "straight-line"]),
        ("JP", "SGD", ["list-price", "straight-line"]),
        (None, "EUR", ["korea-ten-percent", "list-price", "singapore-five-working-days", "straight-line"]),
    ],
)
def test_presets_for_a_country_and_a_currency(country: str | None, currency: str | None, codes: list[str]) -> None:
    assert [preset.code for preset in fitting_presets(country, currency)] == codes


def test_business_days_are_singapores() -> None:
    refund = BY_CODE["singapore-five-working-days"].refund
    assert (refund.cooling_off_days, refund.cooling_off_business_days) == (5, True)


GOOD: dict[str, Any] = {
    "code": "some",
    "name": "Some",
    "note": "A policy.",
    "sources": [{"title": "A law", "place": "Article 1"}],
    "currency": "EUR",
    "refund": {"basis": "PAID_SESSIONS", "admin_fee_minor": 100},
}


def test_a_good_file_is_read_as_it_is() -> None:
    assert loaded(json.dumps(GOOD), "some").refund == replace(Refunding(), admin_fee_minor=100)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"code": "other"}, "its code is other"),
        ({"sources": []}, "it names no source"),
        ({"currency": None}, "its amounts are in no currency"),
        ({"currency": "XXX"}, "XXX is no currency"),
        ({"colour": "red"}, "nothing is called colour"),
        ({"refund": {"penalty": 5}}, "nothing is called penalty"),
        ({"refund": {"penalty_bp": 10_001}}, "penaltyPercent lies between"),
        ({"refund": {"cooling_off_business_days": True}}, "Business days need a number"),
    ],
)
def test_a_bad_file_is_refused_with_the_reason(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(BadPreset, match=f"some: {why}"):
        loaded(json.dumps(GOOD | changes), "some")


@pytest.mark.parametrize("changes", [{"refund": {"basis": "SOME"}}, {"refund": {"penalty_bp": "many"}}, {"name": None}])
def test_values_of_other_kinds_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        loaded(json.dumps(GOOD | changes), "some")
