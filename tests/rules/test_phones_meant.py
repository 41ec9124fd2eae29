"""A phone is found however it was typed, in any country or in the one that is named."""

import pytest

from domain.customers.rules import phones_meant


@pytest.mark.parametrize(
    "typed", ["+351 922 925 005", "00351922925005", "922 925 005", "0922-925-005", "351922925005", "(0)922.925.005"]
)
def test_every_spelling_means_the_phone_it_was_written_down_as(typed: str) -> None:
    assert "+351922925005" in phones_meant(typed)


def test_a_country_leaves_one_meaning() -> None:
    assert phones_meant("922 925 005", "PT") == ["+351922925005", "+922925005"]
    assert phones_meant("06 1234 5678", "IT") == ["+390612345678", "+0612345678"][:1]


def test_with_its_code_a_phone_means_itself_alone() -> None:
    assert phones_meant("+351 922 925 005") == ["+351922925005"]


@pytest.mark.parametrize("typed", ["", "+", "call me", "1", "9" * 41])
def test_what_is_no_phone_means_nothing(typed: str) -> None:
    assert phones_meant(typed, "PT") == []
