"""Validity ends with the branch's own day, also where clocks change at midnight or a whole day is left out."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalog.rules import first_last_day, last_day
from domain.catalog.terms import Validity, ValidityStart
from domain.kernel.calendar import add_months, end_of_day, local_date, start_of_day
from tests.fixtures.golden import cases
from tests.fixtures.properties import steadily

ZONES = (
    *("UTC", "Europe/Lisbon", "Atlantic/Azores", "America/New_York", "America/Sao_Paulo", "America/Havana"),
    *("Africa/Cairo", "Asia/Beirut", "Asia/Gaza", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati"),
)
days = st.dates(date(1975, 1, 1), date(2037, 12, 31))


@pytest.mark.parametrize(("asked", "expect"), cases("calendar"))
def test_golden_calendar(asked: dict[str, Any], expect: dict[str, Any]) -> None:
    sold_on = local_date(datetime.fromisoformat(asked["sold_at"]), asked["zone"])
    last = last_day(Validity(**asked["valid"]), sold_on)
    expires_at = end_of_day(last, asked["zone"])
    local = expires_at.astimezone(ZoneInfo(asked["zone"]))
    assert (sold_on.isoformat(), last.isoformat()) == (expect["sale_date"], expect["last_day"])
    assert expires_at == datetime.fromisoformat(expect["expires_at"])
    assert local.isoformat() == expect["expires_at_local"]


def test_in_apia_the_day_after_29_december_2011_was_the_31st() -> None:
    assert end_of_day(date(2011, 12, 29), "Pacific/Apia") == datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert start_of_day(date(2011, 12, 31), "Pacific/Apia") == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_a_gap_that_begins_before_midnight_ends_the_day_where_it_begins() -> None:
    # Toronto went from 23:30 to 00:30 on 30 March 1919; asking the zone for its midnight would give 01:00.
    assert end_of_day(date(1919, 3, 30), "America/Toronto") == datetime(1919, 3, 31, 4, 30, tzinfo=UTC)


@given(day=days, zone=st.sampled_from(ZONES))
@steadily
def test_a_day_ends_at_the_first_instant_that_is_no_longer_that_day(day: date, zone: str) -> None:
    end = end_of_day(day, zone)
    assert local_date(end, zone) > day
    assert local_date(end - timedelta(microseconds=1), zone) <= day


@given(day=days, zone=st.sampled_from(ZONES))
@steadily
def test_a_day_starts_where_the_one_before_ended(day: date, zone: str) -> None:
    assert start_of_day(day, zone) == end_of_day(day - timedelta(days=1), zone)


@pytest.mark.parametrize(
    ("day", "months", "there"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
    ],
)
def test_months_go_to_the_same_day_or_the_last_one(day: date, months: int, there: date) -> None:
    assert add_months(day, months) == there


def test_validity_lasts_so_many_days_or_months_or_to_a_fixed_day() -> None:
    sold_on = date(2026, 1, 31)
    assert last_day(Validity(days=180), sold_on) == date(2026, 7, 30)
    assert last_day(Validity(months=1), sold_on) == date(2026, 2, 28)
    assert last_day(Validity(until=date(2026, 12, 31)), sold_on) == date(2026, 12, 31)


def test_until_the_first_use_the_last_day_is_the_last_one_to_start() -> None:
    validity = Validity(days=30, starts=ValidityStart.FIRST_USE, start_within_days=90)
    assert first_last_day(validity, date(2026, 1, 1)) == date(2026, 4, 1)
    assert last_day(validity, date(2026, 3, 1)) == date(2026, 3, 31)
