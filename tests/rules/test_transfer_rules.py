"""Pure rules of handing sessions on."""

from dataclasses import replace
from datetime import timedelta

from domain.transfers.rules import staying
from tests.fixtures.lots import EMPTY, a_lot

TICK = timedelta(microseconds=1)


def test_what_has_lapsed_by_the_clock_does_not_stay_but_what_bookings_hold_does() -> None:
    lots = [replace(a_lot(10), available=7, held=3), a_lot(2, id="lot_b", lapses_at=EMPTY.lapses_at + TICK)]
    assert staying(lots, EMPTY.lapses_at - TICK) == 12
    assert staying(lots, EMPTY.lapses_at) == 5
