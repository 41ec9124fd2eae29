"""What connectors make of what other systems say."""

import time
from datetime import date, timedelta
from decimal import Decimal

import orjson
import pytest

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import meaning, retry_after
from domain.accounting.connectors.erpnext_words import latest as latest_of_erpnext
from domain.accounting.connectors.erpnext_words import words_of as words_of_erpnext
from domain.accounting.connectors.http import Response
from domain.accounting.connectors.naming import id_in, named
from domain.accounting.connectors.odoo_words import latest as latest_of_odoo
from domain.accounting.connectors.protocol import Outcome, Problem
from domain.accounting.connectors.quickbooks_words import fault_of
from domain.accounting.connectors.quickbooks_words import refusal as refusal_of_quickbooks
from domain.accounting.connectors.xero_words import journal_day, refusal, words_of


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"retry-after": "7"}, timedelta(seconds=7)),
        ({"retry-after": "99999999999999"}, timedelta(days=1)),
        (
            {"retry-after": "Thu, 05 Mar 2026 10:01:30 GMT", "date": "Thu, 05 Mar 2026 10:00:00 GMT"},
            timedelta(seconds=90),
        ),
        ({"retry-after": "Thu, 05 Mar 2026 10:01:30 GMT"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon", "date": "now"}, None),
        ({}, None),
    ],
)
def test_how_long_to_rest_is_read_without_a_clock(headers: dict[str, str], wait: timedelta | None) -> None:
    assert retry_after(Response(429, headers, b"")) == wait


@pytest.mark.parametrize(
    ("status", "outcome", "problem"),
    [
        (429, Outcome.LATER, Problem.TOO_MANY_CALLS),
        (401, Outcome.LATER, Problem.UNAUTHORISED),
        (403, Outcome.LATER, Problem.UNAUTHORISED),
        (307, Outcome.LATER, Problem.UNREACHABLE),
        (408, Outcome.UNCERTAIN, Problem.NO_ANSWER),
        (409, Outcome.UNCERTAIN, Problem.NO_ANSWER),
        (500, Outcome.UNCERTAIN, Problem.NO_ANSWER),
        (503, Outcome.UNCERTAIN, Problem.NO_ANSWER),
    ],
)
def test_a_status_means_the_same_in_every_system(status: int, outcome: Outcome, problem: Problem) -> None:
    answer = meaning(Response(status, {}, b""))
    assert answer is not None
    assert (answer.outcome, answer.problem, answer.status) == (outcome, problem, status)


@pytest.mark.parametrize("status", [200, 201, 400, 404, 422])
def test_what_was_taken_or_rejected_the_system_says_in_its_words(status: int) -> None:
    assert meaning(Response(status, {}, b"")) is None


def test_amounts_are_exact_both_ways() -> None:
    told = {"euro": exact.amount(-100_000_000_000_001, "EUR"), "yen": exact.amount(5, "JPY")}
    body = exact.dump(told | {"dinar": exact.amount(1, "KWD")})
    assert body == b'{"euro":-1000000000000.01,"yen":5,"dinar":0.001}'
    read = exact.table(exact.load(body))
    assert [exact.minor(read[name], code) for name, code in (("euro", "EUR"), ("yen", "JPY"), ("dinar", "KWD"))] == [
        -100_000_000_000_001,
        5,
        1,
    ]


@pytest.mark.parametrize("value", [Decimal("0.001"), Decimal("1e15"), Decimal("1e999999"), True, "1.00", 0.1, None])
def test_what_is_no_amount_is_never_rounded_to_one(value: object) -> None:
    with pytest.raises(ValueError, match=r"amount|whole number"):
        exact.minor(value, "EUR")


def test_the_last_id_of_a_memo_is_ours() -> None:
    assert id_in(named("As (Carnet syd_1) said", "syd_2") + " checked by Rui") == "syd_2"
    assert id_in("Carnet syd_1") == ""


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("before the period lock date, currently set at 30-Nov-2025", date(2025, 11, 30)),
        (
            "lock date, currently set at 30-Nov-2025; the end of year lock date, currently set at 31 December 2025",
            date(2025, 12, 31),
        ),
        ("before the period lock date, currently set at 31-Feb-2026", None),
        ("before the end of year lock date", None),
    ],
)
def test_xero_says_until_when_a_day_is_locked(words: str, until: date | None) -> None:
    answer = refusal(words, 400)
    assert (answer.outcome, answer.problem, answer.locked_until) == (Outcome.REJECTED, Problem.LOCKED_DAY, until)


def test_xero_complains_of_a_journal_even_in_a_success() -> None:
    body = b'{"ManualJournals":[{"Status":"DRAFT","ValidationErrors":[{"Message":"Account code \'9\' is"}]}]}'
    assert words_of(Response(200, {}, body)) == "Account code '9' is"
    assert refusal("Account code '9' is", 200).problem is Problem.UNKNOWN_ACCOUNT
    assert words_of(Response(502, {}, b"<html>")) == ""
    assert journal_day("/Date(1553126400000+0000)/") == journal_day("2019-03-21T00:00:00") == date(2019, 3, 21)


def test_what_is_read_can_be_kept_by_any_database() -> None:
    assert exact.text(exact.load(b'{"name":"caf\\ud83d\\u0000 1"}'), "name") == "caf? 1"


def test_words_of_erpnext_are_read_in_no_time_however_odd_they_are() -> None:
    odd = orjson.dumps({"exc_type": "ValidationError", "message": "<b>No</b>" + "<" * 60_000})
    began = time.monotonic()
    assert words_of_erpnext(Response(417, {}, odd)).startswith("No <")
    assert time.monotonic() - began < 2


def test_a_day_that_is_none_locks_nothing() -> None:
    assert latest_of_erpnext(["2026-13-45", "", "2026-02-28 00:00:00", "soon"]) == date(2026, 2, 28)
    assert latest_of_odoo({"user_hard_lock_date": "2026-13-45", "user_fiscalyear_lock_date": "2026-01-31"}) == date(
        2026, 1, 31
    )


def test_a_fault_of_quickbooks_is_known_by_its_number() -> None:
    taken = (
        b'{"Fault":{"Error":[{"Message":"Duplicate Document Number Error","code":"6140"}],"type":"ValidationFault"}}'
    )
    expired = (
        b'{"fault":{"error":[{"message":"errorCode=003200","detail":null,"code":"3200"}],"type":"AUTHENTICATION"}}'
    )
    answer = refusal_of_quickbooks(fault_of(Response(400, {}, taken)), 400)
    assert (answer.outcome, answer.problem) == (Outcome.REJECTED, Problem.INVALID)
    fault = fault_of(Response(401, {}, expired))
    assert (fault.codes, fault.words) == ({"3200"}, "errorCode=003200")
    assert refusal_of_quickbooks(fault, 400).problem is Problem.UNAUTHORISED
    assert refusal_of_quickbooks(fault_of(Response(400, {}, b"")), 400).message.endswith("it answered 400.")
