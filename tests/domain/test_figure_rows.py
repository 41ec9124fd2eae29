"""The rows behind a figure: every line and every session that counts in it, once, with its sign."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.kernel.errors import Forbidden
from domain.ledger.accounts import Account, Event, PaymentMethod
from domain.reports.figures import Figure, Lines, Parts, Side, Source, Span, Uses
from domain.reports.rows import counts_sessions, rows_of
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, cash, on, sold, used
from tests.fixtures.figure_rows import all_rows
from tests.fixtures.ledgers import Traded, traded

pytestmark = pytest.mark.anyio

MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))


def figure(source: Source, sign: int = 1) -> Figure:
    """A figure of which only the source matters."""
    return Figure("", 0, "", source, sign)


async def told(db: str) -> tuple[Harbour, Traded]:
    """Ten for 450.00 with 200.00 paid: on Monday two used and one given back in Lisbon, one used in Madrid."""
    with on(MONDAY):
        house = await harbour(db)
        return house, await traded(house)


async def values(house: Harbour, source: Source, sign: int = 1, size: int = 2) -> list[int]:
    """What each row of a source counts for."""
    return [row.value for row in await all_rows(house.owner, figure(source, sign), size)]


async def test_lines_count_as_debits_less_credits_or_by_one_side(db: str) -> None:
    house, _ = await told(db)
    deferred: dict[str, Any] = {"span": MARCH, "accounts": (Account.DEFERRED_REVENUE,)}
    assert await values(house, Lines(**deferred)) == [-45000, 4500, 4500, -4500, 4500]
    assert await values(house, Lines(**deferred), sign=-1) == [45000, -4500, -4500, 4500, -4500]
    assert await values(house, Lines(**deferred, side=Side.CREDIT)) == [45000, 4500]
    assert await values(house, Lines(**deferred, side=Side.DEBIT), sign=-1) == [-4500, -4500, -4500]


@pytest.mark.parametrize(
    ("narrower", "expected"),
    [
        ({"events": (Event.SESSION,)}, [-4500, -4500, -4500]),
        ({"events": (Event.SESSION, Event.REVERSAL)}, [-4500, -4500, 4500, -4500]),
        ({"branch_ids": ("mad",)}, [-4500]),
        ({"branch_ids": ("mad", "pdl"), "service_id": "massage"}, []),
        ({"definition_id": "ten"}, [-4500, -4500, 4500, -4500]),
        ({"definition_id": "trial"}, []),
        ({"definition_id": ""}, []),
        ({"customer_id": "ana"}, [-4500, -4500, 4500, -4500]),
        ({"customer_id": "rui"}, []),
    ],
)
async def test_lines_are_those_of_which_every_part_holds(
    db: str, narrower: dict[str, Any], expected: list[int]
) -> None:
    house, _ = await told(db)
    named = {name: _known(house, value) for name, value in narrower.items()}
    assert await values(house, Lines(MARCH, (Account.REVENUE,), **named)) == expected


def _known(house: Harbour, value: Any) -> Any:
    """Ids in place of the names that they have in the chain."""
    if isinstance(value, tuple):
        return tuple(_known(house, each) for each in value)
    return getattr(house, value, value) if isinstance(value, str) and not isinstance(value, Event) else value


async def test_money_is_found_by_how_it_came_in(db: str) -> None:
    house, _ = await told(db)
    assert await values(house, Lines(MARCH, payment_method=PaymentMethod.CASH)) == [20000]
    assert await values(house, Lines(MARCH, payment_method=PaymentMethod.CARD)) == []


async def test_sessions_count_on_the_day_of_the_branch_visited(db: str) -> None:
    house, trade = await told(db)
    late = MONDAY.replace(hour=23, minute=30)  # still Monday in Lisbon and the Azores, Tuesday in Madrid
    with on(late):
        await used(house, trade.package_id)
        await used(house, trade.package_id, branch_id=house.mad)
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    assert await values(house, Uses(Span(monday, monday))) == [1, 1, -1, 1, 1]
    (row,) = await all_rows(house.owner, figure(Uses(Span(tuesday, tuesday))))
    assert (row.posted_on, row.branch_id, row.value, row.counts_sessions) == (tuesday, house.mad, 1, True)
    assert await values(house, Uses(Span(None, tuesday))) == [1, 1, -1, 1, 1, 1]
    assert await values(house, Uses(MARCH, branch_ids=(house.mad,), service_id=house.physio)) == [1, 1]
    assert await values(house, Uses(MARCH, definition_id=house.trial)) == []
    assert await values(house, Uses(MARCH, customer_id=house.ana, package_id=trade.package_id), sign=-1) == [
        -1, -1, 1, -1, -1, -1,
    ]  # fmt: skip


async def test_a_figure_made_of_figures_has_their_rows_with_their_signs(db: str) -> None:
    house, _ = await told(db)
    revenue = figure(Lines(MARCH, (Account.REVENUE,)), sign=-1)
    receivable = figure(Lines(MARCH, (Account.RECEIVABLE,)))
    inner = figure(Parts((revenue, receivable)), sign=-1)
    whole = Parts((inner, revenue, figure(Parts(()))))
    assert await values(house, whole) == [
        *[-4500, -4500, 4500, -4500], *[-45000, 20000], *[4500, 4500, -4500, 4500],
    ]  # fmt: skip
    assert not counts_sessions(whole)
    assert counts_sessions(Parts((figure(Uses(MARCH)), figure(Uses(MARCH), sign=-1))))


async def test_pages_of_any_size_have_the_same_rows(db: str) -> None:
    house, _ = await told(db)
    # 50 sources are more than one statement reads, and 500 rows are more than it finds.
    for size, times in ((1, 2), (3, 2), (4, 3), (100, 25), (500, 25)):
        many = Parts(tuple(figure(source) for source in (Lines(MARCH), Uses(MARCH)) for _ in range(times)))
        found = await all_rows(house.owner, figure(many), size)
        assert [row.value for row in found[:14]] == [row.value for row in found[14 * (times - 1) : 14 * times]]
        assert (len(found), sum(row.value for row in found)) == (times * (14 + 4), times * 2)


async def test_what_was_recorded_later_is_left_out(db: str) -> None:
    house, trade = await told(db)
    with on(MONDAY + timedelta(hours=1)):
        await used(house, trade.package_id)
    for as_of, expected in ((MONDAY, 3), (MONDAY + timedelta(hours=1), 4)):
        span = Span(MARCH.first_day, MARCH.last_day, as_of)
        assert len(await values(house, Lines(span, (Account.REVENUE,), (Event.SESSION,)))) == expected
        assert sum(await values(house, Uses(span))) == expected - 1


async def test_rows_are_of_branches_whose_books_one_may_read(db: str) -> None:
    house, _ = await told(db)
    everything = figure(Parts((figure(Lines(MARCH)), figure(Uses(MARCH)))))
    found = await all_rows(house.manager_mad, everything)
    assert [(row.branch_id, row.account, row.value) for row in found] == [
        (house.mad, Account.DUE_FROM_BRANCH, 4500),
        (house.mad, Account.REVENUE, -4500),
        (house.mad, None, 1),
    ]
    assert await all_rows(house.other_owner, everything) == []
    for actor in (house.desk_lis, house.practitioner_lis):
        with pytest.raises(Forbidden):
            await rows_of(actor, everything, 100)


async def test_a_row_tells_what_it_is_about(db: str) -> None:
    house, trade = await told(db)
    with on(MONDAY):
        other = await sold(house, house.buy_3_free_1, payments=cash(18000))
    (row,) = await all_rows(
        house.owner, figure(Lines(MARCH, package_id=other, side=Side.DEBIT, accounts=(Account.CASH,)))
    )
    assert (row.posted_on, row.effective_at, row.value) == (date(2026, 3, 2), MONDAY, 18000)
    assert (row.account, row.event, row.payment_method) == (Account.CASH, Event.PAYMENT, PaymentMethod.CASH)
    assert (row.branch_id, row.package_id, row.service_id) == (house.lis, other, None)
    (use,) = await all_rows(house.owner, figure(Uses(MARCH, branch_ids=(house.mad,))))
    assert (use.operation_id, use.package_id, use.service_id) == (
        trade.redeemed_in_madrid, trade.package_id, house.physio,
    )  # fmt: skip
