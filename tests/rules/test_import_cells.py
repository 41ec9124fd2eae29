"""A cell is read in the forms that people type, and in no other."""

from datetime import UTC, date, datetime

import pytest

from domain.imports.rules.cells import Cells
from domain.imports.rules.dates import parse_date, parse_wall_clock
from domain.imports.rules.faults import Fault, RowRefused
from domain.imports.rules.money import parse_money


@pytest.mark.parametrize("text", ["2026-03-14", "14/03/2026", "14 Mar 2026"])
def test_a_date_has_three_forms(text: str) -> None:
    assert parse_date(text) == date(2026, 3, 14)


def test_a_date_with_slashes_is_always_day_first() -> None:
    assert parse_date("04/03/2026") == date(2026, 3, 4)


def test_the_day_before_a_month_name_may_lack_its_nought() -> None:
    assert parse_date("3 Feb 2026") == parse_date("03 Feb 2026") == date(2026, 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        *("", "n/a", "46095", "14.3", "03/14/2026", "2026-13-05", "2026-02-30", "29/02/2026", "31/02/2026"),
        *("30 Feb 2026", "4/3/2026", "14 March 2026", "14 mar 2026", "14 Mai 2026", "2026-3-14", "14-03-2026"),
        *("2026/03/14", "14/03/26", "2026-03-14T00:00", "0000-01-01", "0001-01-01", "9999-12-31", "٢٠٢٦-٠٣-١٤"),
    ],
)
def test_anything_else_is_no_date(text: str) -> None:
    assert _fault_of(parse_date, text) is Fault.BAD_DATE


def test_a_visit_is_at_the_wall_clock_of_its_branch() -> None:
    assert parse_wall_clock("2026-03-14 18:15", "Atlantic/Azores") == datetime(2026, 3, 14, 19, 15, tzinfo=UTC)


def test_in_the_hour_that_comes_twice_a_visit_is_in_the_first() -> None:
    assert parse_wall_clock("2026-10-25 01:30", "Europe/Lisbon") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_in_the_hour_that_is_skipped_a_visit_is_an_hour_later() -> None:
    assert parse_wall_clock("2026-03-29 01:30", "Europe/Lisbon") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "2026-03-14", "2026-03-14 24:00", "2026-03-14 9:00", "2026-02-30 10:00"])
def test_anything_else_is_no_time_of_a_visit(text: str) -> None:
    assert _fault_of(parse_wall_clock, text, "Europe/Lisbon") is Fault.BAD_DATE


@pytest.mark.parametrize(
    "text", ["450.00", "450,00", "€450.00", "450", "450,00 €", "450,00€", "€ 450", "450,00\N{NO-BREAK SPACE}€"]
)
def test_an_amount_has_a_comma_or_a_point_and_the_sign_on_either_side(text: str) -> None:
    assert parse_money(text, "EUR") == 45000


@pytest.mark.parametrize("text", ["-180.00", "€-180.00", "-€180.00", "-180,00 €"])
def test_the_minus_may_stand_after_the_sign(text: str) -> None:
    assert parse_money(text, "EUR") == -18000


def test_nothing_is_an_amount() -> None:
    assert parse_money("0,00", "EUR") == 0


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "€", "1.234,56", "1,234.56", "1 234", "450.001", "450.", ".50", "450 EUR", "£450", "€450€"),
        *("--1", "1e3", "NaN", "٤٥٠", "9" * 16, "€-€5"),
    ],
)
def test_anything_else_is_no_amount(text: str) -> None:
    assert _fault_of(parse_money, text, "EUR") is Fault.BAD_MONEY


def test_a_currency_keeps_its_own_digits() -> None:
    assert parse_money("450", "JPY") == 450
    assert _fault_of(parse_money, "450.5", "JPY") is Fault.BAD_MONEY
    assert parse_money("£12,30", "GBP") == 1230


def test_a_cell_longer_than_its_column_is_refused() -> None:
    row = Cells(2, {"name": "x" * 121, "notes": ""})
    assert _fault_of(row.text, "name", 120) is Fault.TOO_LONG
    assert _fault_of(row.required, "notes", 120) is Fault.BLANK


@pytest.mark.parametrize("text", ["", "-1", "1.0", "11", "1_0", "+1", "\N{ARABIC-INDIC DIGIT FIVE}", "9999999"])
def test_a_count_is_a_whole_number_within_its_bounds(text: str) -> None:
    assert _fault_of(Cells(2, {"used": text}).number, "used", 0, 10) is Fault.BAD_NUMBER


def _fault_of(parse: object, *arguments: object) -> Fault:
    assert callable(parse)
    with pytest.raises(RowRefused) as refusal:
        parse(*arguments)
    return refusal.value.fault
