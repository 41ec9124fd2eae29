"""When a visit is, and what calling it off or missing it does to its sessions: pure rules, by tables and properties."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bookings.errors import NoSuchLocalTime
from domain.bookings.rules import (
    Ending,
    Span,
    Start,
    State,
    cancelled,
    completed,
    free_until,
    instant,
    missed,
    repeated,
    span,
    split,
    why,
)
from domain.catalog.terms import Cancellation, Missed
from domain.ledger.draft import Draft
from domain.ledger.rules import Bucket
from tests.fixtures.lots import EMPTY, ONCE, a_lot
from tests.fixtures.properties import steadily

LISBON, SANTIAGO, CAIRO, BEIRUT = "Europe/Lisbon", "America/Santiago", "Africa/Cairo", "Asia/Beirut"
ZONES = (LISBON, SANTIAGO, CAIRO, BEIRUT, "Atlantic/Azores", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
CONSUME, RETURN = Missed.CONSUME, Missed.RETURN
TICK = timedelta(microseconds=1)

zones = st.sampled_from(ZONES)
FIRST, LAST = datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-12-31")
local_times = st.datetimes(FIRST, LAST)
instants = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "local", "expected"),
    [
        (LISBON, "2026-03-29T00:59", "2026-03-29T00:59Z"),
        (LISBON, "2026-03-29T02:00", "2026-03-29T01:00Z"),
        (LISBON, "2026-10-25T01:30", "2026-10-25T00:30Z"),
        (SANTIAGO, "2026-09-05T23:59", "2026-09-06T03:59Z"),
        (SANTIAGO, "2026-09-06T01:00", "2026-09-06T04:00Z"),
        (SANTIAGO, "2026-04-04T23:00", "2026-04-05T02:00Z"),
        (CAIRO, "2026-04-24T01:00", "2026-04-23T22:00Z"),
        (BEIRUT, "2026-03-29T01:00", "2026-03-28T22:00Z"),
        (BEIRUT, "2026-10-24T23:30", "2026-10-24T20:30Z"),
    ],
)
def test_a_local_time_is_an_instant_and_the_first_of_two(zone: str, local: str, expected: str) -> None:
    assert instant(Start(local=at(local)), zone) == at(expected)


@pytest.mark.parametrize(
    ("zone", "local"),
    [
        (LISBON, "2026-03-29T01:00"),
        (LISBON, "2026-03-29T01:59:59"),
        (SANTIAGO, "2026-09-06T00:00"),
        (CAIRO, "2026-04-24T00:30"),
        (BEIRUT, "2026-03-29T00:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:10"),
    ],
)
def test_a_local_time_that_never_comes_is_refused(zone: str, local: str) -> None:
    with pytest.raises(NoSuchLocalTime) as caught:
        instant(Start(local=at(local)), zone)
    assert (caught.value.time_zone, caught.value.code) == (zone, "NO_SUCH_LOCAL_TIME")


def test_the_refusal_says_to_what_time_the_clocks_are_put_forward() -> None:
    with pytest.raises(NoSuchLocalTime) as caught:
        instant(Start(local=at("2027-03-28T01:30")), LISBON)
    assert caught.value.next_instant == at("2027-03-28T01:00Z")
    assert caught.value.message == (
        "There is no 2027-03-28T01:30 in Europe/Lisbon: the clocks are put forward to 02:00. Choose another time."
    )


@given(zones, local_times)
@steadily
def test_a_local_time_comes_at_its_instant_or_never(zone: str, local: datetime) -> None:
    try:
        found = instant(Start(local=local), zone)
    except NoSuchLocalTime as refusal:
        found = refusal.next_instant
        assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) > local
        assert (found - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) < local
    else:
        assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
        assert (found - timedelta(hours=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local


@given(zones, instants)
@steadily
def test_an_instant_is_itself_wherever(zone: str, when: datetime) -> None:
    assert instant(Start(at=when), zone) == when
    assert instant(Start(at=when.astimezone(ZoneInfo("Asia/Tokyo"))), zone) == when


def test_a_visit_lasts_its_minutes_also_while_the_clocks_change() -> None:
    found = span(Start(local=at("2026-03-29T00:30")), LISBON, 60)
    assert found == Span(at("2026-03-29T00:30Z"), at("2026-03-29T01:30Z"))


def test_one_visit_may_begin_where_the_other_ends() -> None:
    first, second = Span(at("2026-03-02T10:00Z"), at("2026-03-02T11:00Z")), at("2026-03-02T11:00Z")
    assert not first.overlaps(Span(second, second + timedelta(hours=1)))
    assert first.overlaps(Span(second - TICK, second + timedelta(hours=1)))
    assert first.overlaps(first)


@given(zones, local_times, st.integers(1, 400), st.integers(2, 30))
@steadily
def test_what_is_repeated_keeps_the_time_on_the_wall(zone: str, local: datetime, days: int, times: int) -> None:
    starts = repeated(Start(local=local), days, times)
    assert len(starts) == times
    for index, start in enumerate(starts):
        assert start.local is not None
        assert (start.local.time(), (start.local - local).days) == (local.time(), index * days)


def test_what_is_repeated_by_instant_keeps_the_instant() -> None:
    starts = repeated(Start(at=at("2026-03-26T10:00Z")), 7, 2)
    assert starts == [Start(at=at("2026-03-26T10:00Z")), Start(at=at("2026-04-02T10:00Z"))]


@pytest.mark.parametrize(
    ("zone", "starts", "hours", "until"),
    [
        pytest.param(LISBON, "2026-03-09T10:00Z", 24, "2026-03-08T10:00Z", id="no change"),
        pytest.param(LISBON, "2026-03-29T09:00Z", 24, "2026-03-28T10:00Z", id="23 hours over spring"),
        pytest.param(LISBON, "2026-10-25T10:00Z", 24, "2026-10-24T09:00Z", id="25 hours over autumn"),
        pytest.param(LISBON, "2026-03-29T09:00Z", 48, "2026-03-27T10:00Z", id="48 hours over spring"),
        pytest.param(LISBON, "2026-03-29T11:30Z", 11, "2026-03-29T01:30Z", id="never comes: the later"),
        pytest.param(LISBON, "2026-10-25T12:30Z", 11, "2026-10-25T01:30Z", id="comes twice: the later"),
        pytest.param(LISBON, "2026-03-09T10:00Z", 0, "2026-03-09T10:00Z", id="until it starts"),
    ],
)
def test_cancelling_is_free_until_so_many_hours_before_by_the_wall(
    zone: str, starts: str, hours: int, until: str
) -> None:
    assert free_until(Cancellation(free_until_hours=hours), at(starts), zone) == at(until)


@given(zones, instants, st.integers(0, 100))
@steadily
def test_the_free_time_is_never_far_from_its_hours(zone: str, starts_at: datetime, hours: int) -> None:
    until = free_until(Cancellation(free_until_hours=hours), starts_at, zone)
    assert abs(starts_at - until - timedelta(hours=hours)) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("late", "offset", "expected"),
    [
        (CONSUME, timedelta(), Ending(State.CANCELLED, 0)),
        (CONSUME, TICK, Ending(State.LATE_CANCELLED, 3)),
        (RETURN, TICK, Ending(State.LATE_CANCELLED, 0)),
    ],
)
def test_what_a_cancellation_comes_to(late: Missed, offset: timedelta, expected: Ending) -> None:
    until = at("2026-03-08T10:00Z")
    assert cancelled(Cancellation(24, late), at("2026-03-09T10:00Z"), LISBON, until + offset, 3) == expected


@pytest.mark.parametrize(("no_show", "attended", "used"), [(CONSUME, 1, 3), (RETURN, 1, 1), (RETURN, 3, 3)])
def test_who_stays_away_is_a_no_show(no_show: Missed, attended: int, used: int) -> None:
    policy = Cancellation(no_show=no_show)
    assert completed(policy, 3, attended) == Ending(State.COMPLETED, used)
    assert missed(policy, 3) == Ending(State.NO_SHOW, 3 if no_show is CONSUME else 0)


def test_the_lots_that_were_held_first_are_used_first() -> None:
    assert split({"a": 2, "b": 1}, 0) == [("a", 0, 2), ("b", 0, 1)]
    assert split({"a": 2, "b": 1}, 2) == [("a", 2, 0), ("b", 0, 1)]
    assert split({"a": 2, "b": 1}, 9) == [("a", 2, 0), ("b", 1, 0)]
    assert split({}, 1) == []


@given(st.dictionaries(st.text(min_size=1), st.integers(1, 9)), st.integers(0, 50))
@steadily
def test_every_session_is_used_or_goes_back(held: dict[str, int], used: int) -> None:
    parts = split(held, used)
    assert {lot_id: taken + back for lot_id, taken, back in parts} == held
    assert sum(taken for _, taken, _ in parts) == min(used, sum(held.values()))


def test_why_tells_the_sum_and_counts_what_has_lapsed_as_expired() -> None:
    draft = Draft([a_lot(10), a_lot(2, id="lot_b", lapses_at=EMPTY.lapses_at - timedelta(days=9))])
    draft.move("lot_a", Bucket.AVAILABLE, Bucket.HELD, 3, ONCE)
    draft.move("lot_a", Bucket.HELD, Bucket.CONSUMED, 1, ONCE)
    before = EMPTY.lapses_at - timedelta(days=9) - TICK
    assert why(draft.after, before) == "12 issued - 1 consumed - 2 held = 9 available"
    assert why(draft.after, before + TICK) == "12 issued - 1 consumed - 2 held - 2 expired = 7 available"
    draft.move("lot_b", Bucket.AVAILABLE, Bucket.EXPIRED, 2, ONCE)
    assert why(draft.after, before + TICK) == "12 issued - 1 consumed - 2 held - 2 expired = 7 available"
    assert why([a_lot(4)], before) == "4 issued = 4 available"
