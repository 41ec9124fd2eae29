"""Money is whole minor units of a currency with digits of its own; nothing is ever rounded on the way in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.money import (
    MAX_MINOR,
    Money,
    exponent,
    is_currency,
    parse_decimal_string,
    round_half_up,
    to_decimal_string,
)
from tests.fixtures.properties import steadily

currencies = st.sampled_from(["EUR", "JPY", "KWD", "USD", "CLP", "TND"])


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (45000, "EUR", "450.00"),
        (-1, "EUR", "-0.01"),
        (0, "EUR", "0.00"),
        (10000, "JPY", "10000"),
        (-7, "JPY", "-7"),
        (100001, "KWD", "100.001"),
        (5, "KWD", "0.005"),
    ],
)
def test_an_amount_has_exactly_the_digits_of_its_currency(minor: int, currency: str, text: str) -> None:
    assert to_decimal_string(minor, currency) == text
    assert parse_decimal_string(text, currency) == minor


def test_fewer_digits_than_the_currency_has_are_read_too() -> None:
    assert [parse_decimal_string(text, "EUR") for text in ("450", "450.5", "450.50")] == [45000, 45050, 45050]


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        *(("450.001", "EUR"), ("1.0", "JPY"), ("1.0001", "KWD"), ("10000000000000.00", "EUR")),
        *((text, "EUR") for text in ("", " 1", "1,00", "1e3", "+1", "1.", ".5", "NaN", "--1", "1 000", "1.00\n")),
    ],
)
def test_anything_else_is_refused_and_never_rounded(text: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"decimal|larger"):
        parse_decimal_string(text, currency)


def test_what_is_too_much_is_said_to_be_so_and_long_texts_are_cut() -> None:
    with pytest.raises(ValueError, match=r"^'99999999999999999' is larger than any amount Carnet keeps$"):
        parse_decimal_string("99999999999999999", "EUR")
    with pytest.raises(ValueError, match=rf"^'{'9' * 64}'… is larger than any amount Carnet keeps$"):
        parse_decimal_string("9" * 10_000, "EUR")
    assert parse_decimal_string("0" * 20 + "450.00", "EUR") == 45000


@given(minor=st.integers(-MAX_MINOR + 1, MAX_MINOR - 1), currency=currencies)
@steadily
def test_what_is_written_is_read_back(minor: int, currency: str) -> None:
    assert parse_decimal_string(to_decimal_string(minor, currency), currency) == minor


@pytest.mark.parametrize(("code", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("ISK", 0), ("MGA", 2)])
def test_currencies_have_their_own_digits(code: str, digits: int) -> None:
    assert is_currency(code)
    assert exponent(code) == digits


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XXX", "BTC"])
def test_not_every_code_is_a_currency(code: str) -> None:
    assert not is_currency(code)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"), [(1, 2, 1), (3, 2, 2), (5, 3, 2), (4, 3, 1), (0, 7, 0)]
)
def test_a_half_is_rounded_up(numerator: int, denominator: int, rounded: int) -> None:
    assert round_half_up(numerator, denominator) == rounded


def test_money_is_printed_with_its_currency() -> None:
    assert str(Money(100001, "KWD")) == "100.001 KWD"
