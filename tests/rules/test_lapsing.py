"""What lapses is decided by the clock alone, and counts from the instant at which it did."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.expiry.rules.lapsing import Came, Home, Late, came_late, let_lapse
from domain.ledger.accounts import Account, Event
from domain.ledger.draft import Draft
from domain.ledger.rules import Bucket
from domain.packages.rules import is_due
from tests.fixtures.lots import ONCE, THEN, a_lot

ENDS = datetime(2026, 8, 29, 23, tzinfo=UTC)
"""Midnight in Lisbon, where summer time is kept: the 30th has begun there."""
TICK = timedelta(microseconds=1)
HOME = Home("pkg_a", "brn_lis", "Europe/Lisbon")


def test_a_lot_is_due_from_the_instant_on_at_which_it_lapses_while_something_is_available() -> None:
    lot = a_lot(10, lapses_at=ENDS)

    assert not is_due(lot, None, ENDS - TICK)
    assert is_due(lot, None, ENDS)
    assert not is_due(replace(lot, available=0, held=10), None, ENDS)


def test_a_dispute_that_began_before_the_lapse_keeps_it_from_happening() -> None:
    lot = a_lot(10, lapses_at=ENDS)

    assert not is_due(lot, ENDS - TICK, ENDS + timedelta(days=365))
    assert is_due(lot, ENDS, ENDS)


def test_what_is_available_lapses_with_its_value_and_what_is_held_stays() -> None:
    lot = a_lot(3, 10000, lapses_at=ENDS)
    draft = Draft([lot])
    draft.move(lot.id, Bucket.AVAILABLE, Bucket.HELD, 1, ONCE)
    [held] = draft.after

    [entry] = let_lapse(draft, [held], HOME, {})

    [after] = draft.after
    assert (after.available, after.held, after.expired, after.value_left_minor) == (0, 1, 2, 3333)
    assert (entry.event, entry.effective_at, entry.posted_on) == (Event.LAPSE, ENDS, date(2026, 8, 30))
    assert [(line.account, line.branch_id, line.package_id, line.amount_minor) for line in entry.lines] == [
        (Account.DEFERRED_REVENUE, "brn_lis", "pkg_a", 6667),
        (Account.BREAKAGE_REVENUE, "brn_lis", "pkg_a", -6667),
    ]


def test_lots_that_lapse_at_one_instant_share_an_entry_and_others_have_their_own() -> None:
    lots = [
        a_lot(1, 100, id="lot_c", lapses_at=ENDS + timedelta(days=1)),
        a_lot(1, 20, id="lot_b", lapses_at=ENDS),
        a_lot(1, 3, id="lot_a", lapses_at=ENDS),
        a_lot(1, 0, id="lot_d", lapses_at=ENDS + timedelta(days=2)),
    ]
    draft = Draft(lots)

    entries = let_lapse(draft, lots, HOME, {})

    assert [(movement.lot_id, movement.occasion.effective_at) for movement in draft.movements] == [
        ("lot_a", ENDS),
        ("lot_b", ENDS),
        ("lot_c", ENDS + timedelta(days=1)),
        ("lot_d", ENDS + timedelta(days=2)),
    ]
    assert [(entry.lines[0].amount_minor, entry.posted_on) for entry in entries] == [
        (23, date(2026, 8, 30)),
        (100, date(2026, 8, 31)),
    ]


@pytest.mark.parametrize(
    ("came", "counts_from", "posted_on"),
    [
        pytest.param(Came(THEN, ENDS + timedelta(days=40), 1), ENDS, date(2026, 10, 9), id="imported"),
        pytest.param(
            Came(ENDS + timedelta(days=2), ENDS + timedelta(days=2), 1),
            ENDS + timedelta(days=2),
            date(2026, 9, 1),
            id="given back",
        ),
    ],
)
def test_what_came_to_a_lapsed_lot_leaves_the_books_no_earlier_than_it_came(
    came: Came, counts_from: datetime, posted_on: date
) -> None:
    lot = a_lot(1, 100, lapses_at=ENDS)
    draft = Draft([lot])

    [entry] = let_lapse(draft, [lot], HOME, {lot.id: [came]})

    assert (entry.effective_at, entry.posted_on) == (counts_from, posted_on)
    assert draft.movements[0].occasion.effective_at == counts_from


def test_what_was_there_in_time_lapses_in_time_whatever_came_later() -> None:
    lot = a_lot(10, 1000, lapses_at=ENDS)
    draft = Draft([lot])
    later = ENDS + timedelta(days=2)

    entries = let_lapse(draft, [lot], HOME, {lot.id: [Came(later, later, 1)]})

    assert [(movement.sessions, movement.occasion.effective_at) for movement in draft.movements] == [
        (9, ENDS),
        (1, later),
    ]
    assert [(entry.lines[0].amount_minor, entry.posted_on) for entry in entries] == [
        (900, date(2026, 8, 30)),
        (100, date(2026, 9, 1)),
    ]


DAY = timedelta(days=1)


def moved(source: Bucket, target: Bucket, sessions: int, days: int, visited: datetime | None = None) -> Late:
    """A movement of a lot that was written down so many days after its lapse."""
    return Late(source.value, target.value, sessions, visited or ENDS + days * DAY, ENDS + days * DAY, ENDS)


@pytest.mark.parametrize(
    ("available", "movements", "late"),
    [
        pytest.param(10, [moved(Bucket.CONSUMED, Bucket.AVAILABLE, 1, 1)], [1], id="given back"),
        pytest.param(
            9,
            [moved(Bucket.CONSUMED, Bucket.AVAILABLE, 1, 1), moved(Bucket.AVAILABLE, Bucket.MOVED, 1, 1)],
            [],
            id="given back and replaced",
        ),
        pytest.param(
            5,
            [
                moved(Bucket.HELD, Bucket.AVAILABLE, 2, 1),
                moved(Bucket.CONSUMED, Bucket.AVAILABLE, 2, 2),
                moved(Bucket.AVAILABLE, Bucket.MOVED, 3, 3),
            ],
            [1],
            id="what came last leaves first",
        ),
        pytest.param(
            9,
            [moved(Bucket.HELD, Bucket.AVAILABLE, 1, 1), moved(Bucket.AVAILABLE, Bucket.CONSUMED, 2, 2, ENDS - TICK)],
            [1],
            id="a visit before the lapse uses what was there",
        ),
        pytest.param(
            5,
            [
                moved(Bucket.AVAILABLE, Bucket.EXPIRED, 6, 1),
                moved(Bucket.EXPIRED, Bucket.AVAILABLE, 6, 2),
                moved(Bucket.AVAILABLE, Bucket.CONSUMED, 1, 2, ENDS - TICK),
            ],
            [5],
            id="lapsed and brought back for a visit before",
        ),
    ],
)
def test_late_is_what_was_not_there_when_the_lot_lapsed(available: int, movements: list[Late], late: list[int]) -> None:
    assert [came.sessions for came in came_late(available, movements)] == late
