"""Pure rules of handing over: what an answer means, which row of a mapping fits, and how long to wait."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.accounting.connectors.opening import SETTLES
from domain.accounting.connectors.protocol import Answer, Outcome, Problem
from domain.accounting.sync.legs import Leg
from domain.accounting.sync.mapping import Chart, Mapped
from domain.accounting.sync.rendering import Sheet, Unmapped, called
from domain.accounting.sync.rules import Call, DocumentState, LockedDays, backoff, first_open_day, last_night
from domain.accounting.sync.settling import Asked, settled
from domain.ledger.accounts import Account

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def whole(most: timedelta) -> timedelta:
    """No jitter."""
    return most


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [backoff(attempts, whole).total_seconds() for attempts in (1, 2, 3, 10, 11, 1000)]

    assert waits == [1, 2, 4, 512, 900, 900]


@pytest.mark.parametrize(
    ("outcome", "problem", "call", "state"),
    [
        (Outcome.SUCCESS, None, Call.SEND, DocumentState.SENT),
        (Outcome.SUCCESS, None, Call.PROBE, DocumentState.SENT),
        (Outcome.REJECTED, Problem.INVALID, Call.SEND, DocumentState.REJECTED),
        (Outcome.REJECTED, Problem.LOCKED_DAY, Call.SEND, DocumentState.PENDING),
        (Outcome.UNCERTAIN, Problem.NO_ANSWER, Call.SEND, DocumentState.UNCERTAIN),
        (Outcome.UNCERTAIN, Problem.NO_ANSWER, Call.PROBE, DocumentState.UNCERTAIN),
        (Outcome.LATER, Problem.UNREACHABLE, Call.SEND, DocumentState.PENDING),
        (Outcome.LATER, Problem.UNREACHABLE, Call.PROBE, DocumentState.UNCERTAIN),
        (Outcome.LATER, Problem.UNAUTHORISED, Call.PROBE, DocumentState.UNCERTAIN),
        (Outcome.REJECTED, Problem.INVALID, Call.PROBE, DocumentState.UNCERTAIN),
        (Outcome.LATER, None, Call.PROBE, DocumentState.PENDING),
    ],
)
def test_only_what_is_surely_not_booked_may_be_sent_again(
    outcome: Outcome, problem: Problem | None, call: Call, state: DocumentState
) -> None:
    told = settled(
        Asked("doc_1", call, 3, date(2026, 3, 2), SETTLES),
        Answer(outcome, problem=problem),
        NOW,
        LockedDays.HOLD,
        whole,
    )

    assert told.state is state


def test_a_retry_after_counts_for_the_connection_also_where_nobody_knows() -> None:
    answer = Answer(Outcome.UNCERTAIN, problem=Problem.NO_ANSWER, retry_after=timedelta(seconds=40))
    told = settled(Asked("doc_1", Call.SEND, 1, date(2026, 3, 2), SETTLES), answer, NOW, LockedDays.HOLD, whole)

    assert told.rests_until == NOW + timedelta(seconds=40)
    assert told.due_at == NOW + timedelta(seconds=16)


@pytest.mark.parametrize(
    ("day", "locked_until", "opens"),
    [
        (date(2026, 2, 10), date(2026, 2, 28), date(2026, 3, 1)),
        (date(2026, 3, 2), date(2026, 3, 10), None),
        (date(2026, 3, 2), date.max, None),
        (date(2026, 1, 10), None, date(2026, 2, 1)),
        (date(2026, 3, 2), None, date(2026, 3, 10)),
        (date(2026, 3, 10), None, None),
        (date(2026, 3, 2), date(2026, 2, 28), date(2026, 3, 10)),
    ],
)
def test_the_first_open_day_is_never_one_to_come(day: date, locked_until: date | None, opens: date | None) -> None:
    assert first_open_day(day, locked_until, NOW.date()) == opens


def test_the_narrowest_row_counts_and_a_later_one_replaces_it() -> None:
    leg = Leg(Account.REVENUE, "lis", "LIS", -100, service_id="phy", service="PHY45", tax_code="STANDARD")
    rows = [
        Mapped(Account.REVENUE, "any"),
        Mapped(Account.REVENUE, "tax", tax_code="STANDARD"),
        Mapped(Account.REVENUE, "service", service_id="phy"),
        Mapped(Account.REVENUE, "branch", "lis"),
        Mapped(Account.REVENUE, "both", service_id="phy", tax_code="STANDARD"),
        Mapped(Account.REVENUE, "all", "lis", "phy", "STANDARD"),
        Mapped(Account.CASH, "cash", "lis", "phy", "STANDARD"),
    ]
    found = []
    taken_back: list[Mapped] = []
    for _ in range(6):
        row = Chart(1, [*rows, *taken_back]).called(leg)
        assert row is not None
        found.append(row.remote_account)
        taken_back.append(Mapped(Account.REVENUE, None, row.branch_id, row.service_id, row.tax_code))

    assert found == ["all", "both", "branch", "service", "tax", "any"]
    assert Chart(1, [*rows, *taken_back]).called(leg) is None


def test_lines_that_are_called_the_same_are_added_up_debits_and_credits_apart() -> None:
    legs = (
        Leg(Account.REVENUE, "lis", "LIS", -100, service_id="phy", service="PHY45"),
        Leg(Account.REVENUE, "lis", "LIS", -50, service_id="mas", service="MAS60"),
        Leg(Account.REVENUE, "lis", "LIS", 30, service_id="mas", service="MAS60"),
        Leg(Account.DEFERRED_REVENUE, "lis", "LIS", 120),
    )
    sheet = Sheet("doc_1", date(2026, 3, 2), None, "EUR", "memo", legs)
    document = called(sheet, Chart(1, [Mapped(Account.REVENUE, "400"), Mapped(Account.DEFERRED_REVENUE, "200")]))

    assert not isinstance(document, Unmapped)
    assert [(line.remote_account, line.amount_minor, line.description) for line in document.lines] == [
        ("400", -150, "Revenue LIS"),
        ("400", 30, "Revenue LIS"),
        ("200", 120, "Deferred revenue LIS"),
    ]


def test_a_night_begins_at_three_on_the_clock_there() -> None:
    assert last_night(datetime(2026, 3, 10, 2, 59, tzinfo=UTC), "Europe/Lisbon") == datetime(2026, 3, 9, 3, tzinfo=UTC)
    assert last_night(datetime(2026, 3, 10, 2, 0, tzinfo=UTC), "Europe/Madrid") == datetime(2026, 3, 10, 2, tzinfo=UTC)
