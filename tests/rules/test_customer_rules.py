"""Phones and names have one form in which they compare, however they were typed."""

import pytest

from domain.customers.rules import fold_name, is_country, normalise_phone


@pytest.mark.parametrize(
    ("typed", "country", "phone"),
    [
        ("922 925 005", "PT", "+351922925005"),
        ("+351 922-925-005", "ES", "+351922925005"),
        ("00351922925005", None, "+351922925005"),
        ("+351922925005", None, "+351922925005"),
        ("(020) 7946.0018", "GB", "+442079460018"),
        ("0532 123 45 67", "TR", "+905321234567"),
        ("06 1234 5678", "IT", "+390612345678"),
        ("202/555-0143", "US", "+12025550143"),
    ],
)
def test_a_phone_is_kept_in_its_international_form(typed: str, country: str | None, phone: str) -> None:
    assert normalise_phone(typed, country) == phone


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        *(("922 925 005", None), ("922 925 005", "XX"), ("", "PT"), ("123", "PT"), ("9" * 16, "PT"), ("+", "PT")),
        *(("+351 call me", "PT"), ("++351922925005", "PT"), ("+0351922925005", "PT"), ("\u0669" * 9, "PT")),
    ],
)
def test_anything_else_is_no_phone(typed: str, country: str | None) -> None:
    assert normalise_phone(typed, country) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("José", "Gonçalves"), ("JOSE", "goncalves")),
        (("Işık", "Yılmaz"), ("ISIK", "YILMAZ")),  # noqa: RUF001
        (("Ana  Maria", "Silva"), ("Ana", "Maria Silva")),
        (("Ｊｏｈｎ", "Weiß"), ("John", "WEISS")),  # noqa: RUF001
    ],
)
def test_names_compare_without_accents_case_and_extra_blanks(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert fold_name(*one) == fold_name(*other)


def test_other_names_stay_other_names() -> None:
    assert fold_name("Ana", "Silva") != fold_name("Ana", "Silveira")


def test_countries_are_two_capital_letters_that_exist() -> None:
    assert [is_country(code) for code in ("PT", "GB", "XK", "pt", "UK", "")] == [True, True, True, False, False, False]
