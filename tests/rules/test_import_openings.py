"""A pack opens with the value that is left, spread by the sessions left, and a history that adds up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.imports.rules.catalogue import Item
from domain.imports.rules.openings import Standing, agreed_items, open_pack, standing, value_left
from domain.imports.rules.packs import VisitStatus
from tests.fixtures.spreadsheets import MASSAGE_3_FREE_1, MIXED, PHYSIO_10, pack, visit


@pytest.mark.parametrize(
    ("price", "total", "used", "left"),
    [(45000, 10, 3, 31500), (17999, 4, 2, 8999), (31990, 6, 1, 26658), (5900, 3, 3, 0), (0, 5, 1, 0), (1, 2, 1, 0)],
)
def test_what_is_left_is_the_price_less_the_used_part_rounded_half_up(
    price: int, total: int, used: int, left: int
) -> None:
    assert value_left(pack(price, total, used)) == left


def test_a_pack_with_sessions_given_on_top_has_them_as_bonus_of_the_first_item() -> None:
    assert agreed_items(PHYSIO_10, 11) == (Item("PHY45", 10, 1),)
    assert agreed_items(MASSAGE_3_FREE_1, 5) == (Item("MAS60", 3, 2),)


def test_a_pack_with_fewer_sessions_lacks_bonus_first_and_from_the_last_item() -> None:
    assert agreed_items(MASSAGE_3_FREE_1, 2) == (Item("MAS60", 2, 0),)
    assert agreed_items(MIXED, 3) == (Item("MAS60", 3, 0),)


def test_bonus_sessions_are_a_lot_of_their_own_and_used_last() -> None:
    opening = open_pack(pack(18000, 4, 3, code="MASB3F1"), MASSAGE_3_FREE_1, [])
    assert [(lot.bonus, lot.sessions, lot.left, lot.value_left_minor) for lot in opening.lots] == [
        (False, 3, 0, 0),
        (True, 1, 1, 4500),
    ]


def test_the_value_left_is_spread_over_the_lots_by_sessions_left() -> None:
    visits = [visit(2, "MAS60", day=1), visit(3, "FAC50", day=2), visit(4, "MAS60", day=3)]
    opening = open_pack(pack(31990, 6, 3, code="MIX42"), MIXED, visits)
    assert opening.value_left_minor == 15995
    assert [(lot.service, lot.left, lot.value_left_minor) for lot in opening.lots] == [
        ("MAS60", 2, 10663),
        ("FAC50", 1, 5332),
    ]


def test_the_used_sessions_carry_the_rest_the_earlier_ones_the_odd_cents() -> None:
    opening = open_pack(pack(31990, 6, 4, code="MIX42"), MIXED, [visit(2, "MAS60"), visit(3, "FAC50", day=2)])
    assert [(use.lot, use.sessions, use.value_minor) for use in opening.uses] == [
        (0, 1, 5332),
        (1, 1, 5332),
        (0, 2, 10663),
    ]
    assert [lot.value_minor for lot in opening.lots] == [15995 + 5332, 5332 + 5331]


def test_a_visit_uses_a_session_of_its_service() -> None:
    opening = open_pack(pack(31990, 6, 2, code="MIX42"), MIXED, [visit(2, "FAC50"), visit(3, "FAC50")])
    assert [(lot.service, lot.left) for lot in opening.lots] == [("MAS60", 4), ("FAC50", 0)]


def test_a_visit_of_a_service_that_is_used_up_takes_another_session_because_the_count_is_right() -> None:
    visits = [visit(line, "FAC50") for line in (2, 3, 4)]
    opening = open_pack(pack(31990, 6, 3, code="MIX42"), MIXED, visits)
    assert [(lot.service, lot.left) for lot in opening.lots] == [("MAS60", 3), ("FAC50", 0)]


def test_a_cancelled_visit_uses_nothing() -> None:
    cancelled = visit(2, "PHY45", VisitStatus.CANCELLED)
    assert open_pack(pack(45000, 10, 0), PHYSIO_10, [cancelled]).uses == ()


def test_of_more_visits_than_the_count_the_earliest_are_believed() -> None:
    visits = [visit(4, "PHY45", day=9), visit(2, "PHY45", day=1), visit(3, "PHY45", day=5)]
    opening = open_pack(pack(45000, 10, 2), PHYSIO_10, visits)
    assert [use.visit.line for use in opening.uses if use.visit] == [2, 3]


def test_uses_that_no_visit_tells_of_are_kept_without_a_date() -> None:
    opening = open_pack(pack(45000, 10, 3), PHYSIO_10, [visit(2, "PHY45")])
    assert [(use.sessions, use.visit is None, use.value_minor) for use in opening.uses] == [
        (1, False, 4500),
        (2, True, 9000),
    ]


def test_what_is_unpaid_is_outstanding() -> None:
    assert open_pack(pack(45000, 10, 3, paid=11250), PHYSIO_10, []).outstanding_minor == 33750


@pytest.mark.parametrize(
    ("used", "day", "expected"),
    [
        (3, date(2026, 5, 2), Standing.LIVE),
        (3, date(2026, 5, 3), Standing.IN_GRACE),
        (3, date(2026, 5, 16), Standing.IN_GRACE),
        (3, date(2026, 5, 17), Standing.EXPIRED),
        (10, date(2026, 5, 2), Standing.USED_UP),
        (10, date(2026, 5, 17), Standing.USED_UP),
    ],
)
def test_a_pack_is_live_through_its_last_day_and_then_in_grace(used: int, day: date, expected: Standing) -> None:
    assert standing(pack(45000, 10, used), 14, day) is expected


@given(
    price=st.integers(0, 10**9),
    total=st.integers(1, 40),
    used=st.integers(0, 40),
    services=st.lists(st.sampled_from(["MAS60", "FAC50"]), max_size=45),
)
def test_no_session_and_no_cent_is_lost_whatever_the_visits_say(
    price: int, total: int, used: int, services: list[str]
) -> None:
    used = min(used, total)
    opening = open_pack(
        pack(price, total, used, code="MIX42"), MIXED, [visit(line, each) for line, each in enumerate(services, 2)]
    )
    assert sum(lot.sessions for lot in opening.lots) == total
    assert sum(lot.left for lot in opening.lots) == total - used
    assert sum(lot.value_left_minor for lot in opening.lots) == opening.value_left_minor
    assert sum(lot.value_minor for lot in opening.lots) == price
    assert sum(use.sessions for use in opening.uses) == used
    assert opening.value_left_minor + sum(use.value_minor for use in opening.uses) == price
