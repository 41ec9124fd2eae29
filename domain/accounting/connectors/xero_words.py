"""What Xero says: its validation errors, its lock dates, and its way to write a day."""

import re
from collections.abc import Container
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import goes_on_once, rejected
from domain.accounting.connectors.http import Response
from domain.accounting.connectors.protocol import Answer, Dimension, Problem

_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
_SET_AT = re.compile(r"currently set at (\d{1,2})[-/ ]([A-Za-z]{3})[A-Za-z]*[-/ ](\d{4})")
_TICKS = re.compile(r"/Date\((-?\d{1,13})(?:[+-]\d{4})?\)/")
_USABLE = frozenset({"ACTIVE", ""})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def words_of(response: Response) -> str:
    """What it complains of, or nothing; a success that lists errors is none."""
    try:
        told = exact.load(response.body)
    except ValueError:
        return ""
    complaints = [
        exact.text(error, "Message")
        for name in ("Elements", "ManualJournals")
        for element in exact.rows(told, name)
        for error in exact.rows(element, "ValidationErrors")
    ]
    if not complaints and response.status >= 400:
        complaints = [exact.text(told, name) for name in ("Title", "Message", "Detail")]
    return "; ".join(dict.fromkeys(complaint for complaint in complaints if complaint))


def refusal(words: str, status: int, locked: date | None = None) -> Answer:
    """Why it said no, and what a person can do."""
    lower, words = words.lower(), words or f"it answered {status}"
    if "lock date" in lower:
        hint = goes_on_once("Open the period in Xero")
        return replace(rejected(Problem.LOCKED_DAY, words, hint, status), locked_until=locked or _set_at(words))
    if "account code" in lower or "accountcode" in lower:
        hint = "Map its accounts to codes that Xero has and lets journals use, and retry."
        return rejected(Problem.UNKNOWN_ACCOUNT, words, hint, status)
    return rejected(Problem.INVALID, words, "Change what it complains of, there or in the mapping, and retry.", status)


def locked_until(told: object) -> date | None:
    """The later of the two lock dates of the organisation."""
    days = [
        journal_day(day)
        for organisation in exact.rows(told, "Organisations")
        for name in ("PeriodLockDate", "EndOfYearLockDate")
        if (day := exact.text(organisation, name))
    ]
    return max(days, default=None)


def options(told: object) -> Container[Dimension]:
    """The options of tracking categories that can be named, each with its category."""
    return {
        (exact.text(category, "Name"), exact.text(option, "Name"))
        for category in exact.rows(told, "TrackingCategories")
        for option in exact.rows(category, "Options")
        if {exact.text(each, "Status") for each in (category, option)} <= _USABLE
    }


def journal_day(text: str) -> date:
    """The day in either of its ways to write one; raises ValueError."""
    ticks = _TICKS.fullmatch(text)
    if ticks is None:
        return date.fromisoformat(text[:10])
    return (_EPOCH + timedelta(milliseconds=int(ticks[1]))).date()


def _set_at(words: str) -> date | None:
    try:
        days = [
            date(int(year), _MONTHS.index(month.upper()) + 1, int(day)) for day, month, year in _SET_AT.findall(words)
        ]
    except ValueError:
        return None
    return max(days, default=None)
