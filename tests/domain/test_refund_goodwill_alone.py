"""Goodwill that takes no session, and quotes while another refund waits."""

import pytest

from domain.catalog.terms import RefundBasis
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import InvalidInput
from domain.refunds.asked import Asked
from domain.refunds.deciding_errors import RefundPending
from domain.refunds.errors import GoodwillAboveRest
from domain.refunds.quoting import refund_quote
from domain.refunds.withdraw_refund import WithdrawRefund
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, package, posted, refused, used
from tests.fixtures.explained import as_booked
from tests.fixtures.given_back import (
    approved,
    assert_sound,
    back,
    given_back,
    imported,
    paid,
    paid_out,
    returnable,
    state,
)
from tests.fixtures.handed import lots

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


@pytest.mark.parametrize(
    ("basis", "uses"), [(RefundBasis.NONE, 2), (RefundBasis.LIST_PRICE, 0), (RefundBasis.PAID_SESSIONS, 10)]
)
async def test_goodwill_alone_takes_no_session_and_the_package_stays(
    house: Harbour, basis: RefundBasis, uses: int
) -> None:
    """Also where the list price would give something back by itself, and where all is used."""
    with on(MONDAY):
        mine = await paid(house, await returnable(house, list_minor=4000, refund={"basis": basis}))
        if uses:
            await used(house, mine, sessions=uses)
        asked = await given_back(house, mine, 0, actor=house.manager_lis, goodwill_minor=5000)
        assert (asked.outcome.state, asked.outcome.sessions, asked.outcome.refund_minor) == ("REQUESTED", 0, 0)
        done = await approved(house, asked.outcome.refund_id, house.owner)
        assert await posted(done.operation_id) == [
            ("PRICE_CONCESSION", house.lis, 5000),
            ("REFUND_PAYABLE", house.lis, -5000),
        ]
        await paid_out(house, asked.outcome.refund_id)
        assert await state(asked.outcome.refund_id) == "COMPLETED"
        stays = await package(house, mine)
        assert (stays.remaining, stays.closed_at, stays.outstanding.amount_minor) == (10 - uses, None, 0)
        assert [left for _, left, *_ in await lots(mine)] == [10 - uses]
        above = await refused(GoodwillAboveRest, house.manager_lis, back(mine, 0, goodwill_minor=40001))
        assert above.rest.amount_minor == 40000
        if uses < 10:
            await used(house, mine)
        await as_booked(house, mine, MONDAY)
    await assert_sound(house)


async def test_no_session_goes_only_with_goodwill_and_without_bookings(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await returnable(house))
        nothing = await refused(InvalidInput, house.manager_lis, back(mine, 0))
        assert [(each.message, each.path) for each in nothing.problems] == [
            ("Without goodwill at least 1 session is given back.", ("sessions",))
        ]
        fewer = await refused(InvalidInput, house.manager_lis, back(mine, -1, goodwill_minor=100))
        assert [each.message for each in fewer.problems] == [
            "sessions lies between 1 and 100000, or is 0 where goodwill alone is given."
        ]
        named = back(mine, 0, goodwill_minor=100, booking_ids=("bkg_1",))
        released = await refused(InvalidInput, house.manager_lis, named)
        assert [each.path for each in released.problems] == [("releaseBookingIds",)]


async def test_while_a_refund_waits_a_quote_says_so_as_the_act_does(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await returnable(house))
        await used(house, mine, sessions=2)
        waits = (await given_back(house, mine, 3, actor=house.manager_lis, hardship="ill")).outcome.refund_id
        with pytest.raises(RefundPending) as quote:
            await refund_quote(house.desk_lis, Asked(mine))
        act = await refused(RefundPending, house.desk_lis, back(mine))
        for told in (quote.value, act):
            assert (told.refund_id, told.requested_at) == (waits, MONDAY)
        asked = Asked(mine, 3, hardship="ill")
        assert (await refund_quote(house.owner, asked, approving=waits)).total_minor == 13500
        await run_command(house.manager_lis, WithdrawRefund(waits, "has changed their mind"))
        assert (await refund_quote(house.desk_lis, Asked(mine))).total_minor == 36000


async def test_a_quote_names_no_version_where_the_terms_came_with_an_import(house: Harbour) -> None:
    with on(MONDAY):
        sold = await refund_quote(house.owner, Asked(await paid(house, await returnable(house))))
        [version] = await rows("SELECT id FROM definition_version WHERE id = $1", sold.policy_version_id)
        assert (sold.policy_version, sold.policy_version_id) == (1, version["id"])
        former = await refund_quote(house.owner, Asked(await imported(house)))
        assert (former.policy_version, former.policy_version_id) == (None, None)
