"""What a lapse, an extension and a freeze make of a lot, by rules that ask nothing but their arguments."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.branches.settings import OpenBookings, Settings, Shortfall
from domain.catalog.terms import Expiry, Item, Price, Sharing, Terms, Use, Validity
from domain.expiry.errors import BadFreezePeriod, BadLastDay, ExtensionBeyondRole, FreezeBeyondLimit, NothingToExtend
from domain.expiry.rules import lapsed, moved_to
from domain.expiry.rules.extending import LATEST, Asked, Desk, extended
from domain.expiry.rules.freezing import Used, lengthened, period, shortened
from domain.ledger.rules import Lot, Origin
from domain.packages.sold import Sold
from tests.fixtures.lots import THEN, a_lot

TICK = timedelta(microseconds=1)
TERMS = Terms(
    (Item(("srv_a",), 10),),
    Price(45000, "EUR"),
    Validity(days=180, expiry=Expiry.SOFT, grace_days=14),
    use=Use(freeze_days=60, freeze_times=2),
)
SOLD = Sold(
    id="pkg_a",
    version=1,
    name="Ten",
    definition_id="def_a",
    holder_id="cus_a",
    home_branch_id="brn_a",
    home_time_zone="America/Santiago",
    selling_branch_id="brn_a",
    currency="EUR",
    price_minor=45000,
    tax_minor=0,
    paid_minor=45000,
    terms=TERMS,
    sharing=Sharing.NONE,
    sold_at=THEN,
    activated_at=THEN,
    first_used_on=None,
    start_by=None,
    frozen_from=None,
    thaws_at=None,
    disputed_at=None,
    extended_days=0,
)
LOT = a_lot()
LAPSES = LOT.lapses_at
NEVER = Used()
DESK = Desk(THEN, Settings(Shortfall.REFUSE, OpenBookings.FLAG, 90, 14, 7, 48), manages=False)


def asked(last_day: date | None = None, **rest: Any) -> Asked:
    return Asked(**{"last_day": last_day, "days": None, "lot_ids": (), "as_of": None} | rest)


def test_a_lot_lapses_at_its_instant_unless_a_dispute_keeps_it() -> None:
    assert not lapsed(LOT, SOLD, LAPSES - TICK)
    assert lapsed(LOT, SOLD, LAPSES)
    assert not lapsed(LOT, replace(SOLD, disputed_at=LAPSES - TICK), LAPSES + timedelta(days=99))
    assert lapsed(LOT, replace(SOLD, disputed_at=LAPSES), LAPSES)


def test_another_last_day_ends_where_its_midnight_does_not_exist() -> None:
    moved = moved_to(LOT, date(2026, 9, 5), SOLD)
    assert moved.expires_at == datetime(2026, 9, 6, 4, tzinfo=UTC), "clocks go from midnight to one o'clock there"
    assert moved.lapses_at == datetime(2026, 9, 20, 3, tzinfo=UTC)
    bare = replace(LOT, origin=Origin.GOODWILL, lapses_at=LOT.expires_at)
    assert moved_to(bare, date(2026, 9, 5), SOLD).lapses_at == moved.expires_at


def test_days_are_counted_from_each_lots_own_last_day() -> None:
    other = a_lot(id="lot_b", last_day=date(2026, 9, 10))
    extension = extended(SOLD, [LOT, other], asked(days=5), DESK)
    assert [lot.last_day for lot in extension.after] == [date(2026, 9, 6), date(2026, 9, 15)]
    assert extension.days == 5


def test_the_most_days_of_any_lot_count_against_the_desk() -> None:
    other = a_lot(id="lot_b", last_day=date(2026, 9, 10))
    with pytest.raises(ExtensionBeyondRole) as caught:
        extended(SOLD, [LOT, other], asked(date(2026, 9, 16)), DESK)
    assert (caught.value.days, caught.value.most) == (15, 14)
    assert extended(SOLD, [LOT, other], asked(date(2026, 9, 15)), DESK).days == 14
    assert extended(SOLD, [LOT, other], asked(date(2026, 9, 16)), replace(DESK, manages=True)).days == 15


def test_what_a_dispute_keeps_alive_is_no_reinstatement() -> None:
    late = replace(DESK, now=LAPSES + timedelta(days=200))
    kept = replace(SOLD, disputed_at=LAPSES - TICK)
    day = date(2026, 9, 10)
    assert [lot.last_day for lot in extended(kept, [LOT], asked(day), late).after] == [day]


def test_a_lot_that_came_later_or_had_lapsed_then_is_no_part_of_it() -> None:
    extended(SOLD, [LOT], asked(days=1, as_of=THEN), DESK)
    for as_of in (THEN - TICK, LAPSES):
        with pytest.raises(NothingToExtend):
            extended(SOLD, [LOT], asked(days=1, as_of=as_of), DESK)


def test_no_day_lies_behind_the_calendar() -> None:
    last = replace(LOT, last_day=LATEST, lapses_at=datetime(2201, 1, 20, tzinfo=UTC))
    with pytest.raises(BadLastDay):
        extended(SOLD, [last], asked(days=1), replace(DESK, manages=True))


def frozen(lots: list[Lot], *days: date | None, used: Used = NEVER, now: datetime = THEN) -> tuple[date, date]:
    found = period(SOLD, lots, days[0], days[1], used, now)
    return found.starts_on, found.thaws_on


def test_a_freeze_lasts_at_most_what_is_left_of_the_terms() -> None:
    today = date(2026, 3, 1)
    assert frozen([LOT], None, None) == (today, date(2026, 4, 30))
    assert frozen([LOT], None, None, used=Used(59, 1)) == (today, date(2026, 3, 2))
    for used in (Used(60, 1), Used(1, 2), Used(61, 1)):
        with pytest.raises(FreezeBeyondLimit) as caught:
            frozen([LOT], None, date(2026, 3, 2), used=used)
        assert caught.value.latest_thaw is None


def test_the_last_day_to_begin_is_the_last_on_which_something_lives() -> None:
    last = date(2026, 9, 15)
    assert frozen([LOT], last, None)[0] == last
    with pytest.raises(BadFreezePeriod) as caught:
        frozen([LOT], last + timedelta(days=1), None)
    assert caught.value.latest == last


@pytest.mark.parametrize("days", [1, 30, 60])
def test_what_is_frozen_to_the_end_or_not_at_all_leaves_exactly_its_days(days: int) -> None:
    bare = a_lot(id="lot_b", origin=Origin.GOODWILL, lapses_at=LOT.expires_at)
    over = a_lot(id="lot_c", lapses_at=THEN, expires_at=THEN)
    time = period(SOLD, [LOT, bare], None, date(2026, 3, 1) + timedelta(days=days), NEVER, THEN)
    gone = replace(LOT, id="lot_d", available=0, consumed=10)
    before, after = lengthened(SOLD, [LOT, bare, over, gone], time)
    assert before == [LOT, bare]
    assert {new.last_day - old.last_day for old, new in zip(before, after, strict=True)} == {timedelta(days=days)}
    longer, back = shortened(SOLD, [*after, over], {"lot_a", "lot_b", "lot_c"}, time.frozen_from, timedelta(days=days))
    assert longer == after
    assert [lot.last_day for lot in back] == [lot.last_day for lot in before]
    assert [lot.expires_at == lot.lapses_at for lot in back] == [False, True]
