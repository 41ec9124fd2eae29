"""CSV that spreadsheets open as it was meant."""

import csv
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.kernel.csv import Cell, csv_rows
from domain.kernel.money import Money
from tests.fixtures.properties import steadily


def test_a_row_has_decimal_amounts_and_iso_days() -> None:
    rows: list[tuple[Cell, ...]] = [
        ("branch", "day", "sessions", "amount", "note"),
        ("LIS", date(2026, 3, 31), -7, Money(-45000, "EUR"), None),
        ("MAD", date(2026, 4, 1), 0, Money(10000, "JPY"), "two\nlines"),
        ("PDL", date(2026, 4, 2), 12, Money(5, "KWD"), 'Ana "A" Silva, Évora'),
    ]
    assert csv_rows(rows) == (
        "branch,day,sessions,amount,note\r\n"
        "LIS,2026-03-31,-7,-450.00,\r\n"
        'MAD,2026-04-01,0,10000,"two\nlines"\r\n'
        'PDL,2026-04-02,12,0.005,"Ana ""A"" Silva, Évora"\r\n'
    )


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+351 922 925 005", "'+351 922 925 005"),
        ("-LIS", "'-LIS"),
        ("-450.00", "'-450.00"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", '"\'\r=1"'),
        ("a=1", "a=1"),
        (" =1", " =1"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_a_text_that_could_be_carried_out_is_made_harmless(text: str, cell: str) -> None:
    assert csv_rows([("x", text, "y")]) == f"x,{cell},y\r\n"


def test_instants_are_in_utc_and_decimals_stay_figures() -> None:
    instant = datetime(2026, 3, 31, 18, 30, tzinfo=timezone(timedelta(hours=2)))
    assert csv_rows([(instant, Decimal("-12.30"))]) == "2026-03-31T16:30:00Z,-12.30\r\n"


def test_no_rows_are_nothing() -> None:
    assert csv_rows([]) == ""


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=2, max_size=2))
@steadily
def test_every_text_is_read_back_and_none_begins_a_formula(texts: list[str]) -> None:
    [read] = csv.reader(StringIO(csv_rows([texts]), newline=""))
    assert [cell.removeprefix("'") for cell in read] == [text.removeprefix("'") for text in texts]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in read)
