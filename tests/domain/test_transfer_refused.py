"""What keeps sessions from being handed on: each refusal says why, and nothing is written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.catalog.terms import Activation, TransferTo, Use, Who
from domain.kernel.commands import run_command
from domain.kernel.db import execute
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.money import Money
from domain.packages.errors import (
    BranchClosed,
    CustomerMerged,
    NotEnoughSessions,
    NotPaidFor,
    PackageClosed,
    PackageDisputed,
    PackageExpired,
    PackageFrozen,
    PackagePending,
)
from domain.packages.redeem_session import RedeemSession
from domain.payments.void_sale import VoidSale
from domain.transfers.asked import Asked
from domain.transfers.errors import (
    NothingToHandOn,
    PackagesDiffer,
    PartialTransferNotAllowed,
    QuoteChanged,
    TransferLimitReached,
    TransferNotAllowed,
    TransferToOneself,
)
from domain.transfers.quoting import transfer_quote
from tests.fixtures.blocked import disputed, frozen
from tests.fixtures.booking_acts import booked
from tests.fixtures.chain import Harbour, harbour, published
from tests.fixtures.desk import MONDAY, cash, on, refused, sold, used
from tests.fixtures.handed import ANYONE, HOUSEHOLD, giving, handed_on, paid, ten, to_eva, undone

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
LAPSES = datetime(2026, 9, 12, 23, tzinfo=UTC)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


@pytest.mark.parametrize("who", [Who(), HOUSEHOLD])
async def test_whom_the_terms_do_not_name_gets_nothing(house: Harbour, who: Who) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house, who=who))
        refusal = await refused(TransferNotAllowed, house.owner, to_eva(house, mine))
        assert (refusal.package_id, refusal.allowed) == (mine, who.transfer)
        if who.transfer is TransferTo.HOUSEHOLD:
            await handed_on(house, mine, recipient_id=house.rui)


async def test_recipients_and_packages_that_there_are_not_are_all_alike(house: Harbour) -> None:
    with on(MONDAY):
        definition = await giving(house)
        mine, other = await paid(house, definition), await paid(house, definition)
        strangers: list[tuple[dict[str, Any], str]] = [
            ({"recipient_id": house.other_customer}, "recipientId"),
            ({"recipient_id": "cus_none"}, "recipientId"),
            ({"package_id": "pkg_none"}, "packageId"),
            ({"into_package_id": "pkg_none"}, "intoPackageId"),
            ({"into_package_id": other}, "intoPackageId"),
            ({"branch_id": house.other_branch}, "branchId"),
        ]
        for changed, path in strangers:
            refusal = await refused(NotFound, house.owner, to_eva(house, **{"package_id": mine} | changed))
            assert refusal.path == (path,)
        await refused(NotFound, house.other_owner, to_eva(house, mine, branch_id=house.other_branch))
        await execute("UPDATE customer SET erased_at = $2 WHERE id = $1", house.eva, MONDAY)
        await refused(NotFound, house.owner, to_eva(house, mine))
        await execute("UPDATE customer SET erased_at = NULL, merged_into_id = $2 WHERE id = $1", house.eva, house.rui)
        assert (await refused(CustomerMerged, house.owner, to_eva(house, mine))).merged_into_id == house.rui


async def test_nobody_hands_on_to_oneself_or_more_than_there_is(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        await used(house, mine, sessions=4)
        oneself = await refused(TransferToOneself, house.owner, to_eva(house, mine, 1, recipient_id=house.ana))
        assert (oneself.recipient_id, oneself.path) == (house.ana, ("recipientId",))
        more = await refused(NotEnoughSessions, house.owner, to_eva(house, mine, 7))
        assert (more.asked, more.remaining) == (7, 6)
        assert more.message == "7 sessions were asked for and 6 can be handed on. Hand on at most that."
        for bad in ({"sessions": 0}, {"sessions": 1, "with_bookings": True}):
            await refused(InvalidInput, house.owner, to_eva(house, mine, **bad))
        await handed_on(house, mine)
        nothing = await refused(NothingToHandOn, house.owner, to_eva(house, mine))
        assert (nothing.package_id, nothing.held) == (mine, 0)
        assert nothing.message == (
            "Nothing is left of the package that could be handed on. Sell the other person a package."
        )


async def test_what_bookings_hold_goes_along_with_them_or_not_at_all(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        await booked(house, MONDAY + 2 * DAY, package_id=mine)
        await used(house, mine, sessions=9)
        held = await refused(NothingToHandOn, house.owner, to_eva(house, mine))
        assert (held.held, held.message) == (
            1,
            "Bookings hold what is left of the package. Hand it on along with visits to come, or cancel them first.",
        )
        assert (await handed_on(house, mine, with_bookings=True)).outcome.sessions == 1


async def test_the_terms_may_let_only_the_whole_go_and_only_so_often(house: Harbour) -> None:
    whole = Who(transfer=TransferTo.ANYONE, maximum_transfers=2)
    with on(MONDAY):
        mine = await paid(house, await giving(house, who=whole))
        part = await refused(PartialTransferNotAllowed, house.owner, to_eva(house, mine, 9))
        assert (part.asked, part.remaining) == (9, 10)
        first = (await handed_on(house, mine, 10)).outcome
        await undone(house, first.transfer_id)
        evas = (await handed_on(house, mine)).outcome.into_package_id
        ruis = (await handed_on(house, evas, recipient_id=house.rui)).outcome.into_package_id
        # Once by Ana and once by Eva: what was undone does not count, and a new package is no new beginning.
        limit = await refused(TransferLimitReached, house.owner, to_eva(house, ruis))
        assert (limit.package_id, limit.limit) == (ruis, 2)


async def test_nothing_goes_that_is_blocked_or_has_lapsed(house: Harbour) -> None:
    with on(MONDAY):
        definition = await giving(house)
        open_, thawing, fought, void = [await paid(house, definition) for _ in range(4)]
        pending = await published(house.owner, "PENDING", ten(house, use=Use(activation=Activation.FULL_PAYMENT)))
        waiting = await sold(house, pending)
        await run_command(house.owner, VoidSale(void, "a mistake"))
        await refused(PackagePending, house.owner, to_eva(house, waiting))
        await refused(PackageClosed, house.owner, to_eva(house, void))
    await frozen(thawing, MONDAY + DAY, MONDAY + 3 * DAY)
    await disputed(fought, MONDAY + DAY)
    with on(MONDAY):  # a freeze that is to come has made its lots last longer already
        await refused(PackageFrozen, house.owner, to_eva(house, thawing))
    with on(MONDAY + DAY):
        await refused(PackageFrozen, house.owner, to_eva(house, thawing, 1))
        await refused(PackageDisputed, house.owner, to_eva(house, fought, 1))
        await refused(PackageDisputed, house.owner, to_eva(house, fought))
    with on(MONDAY + 3 * DAY):
        await handed_on(house, thawing, 1)
    with on(LAPSES - timedelta(microseconds=1)):
        await handed_on(house, open_, 1)
    with on(LAPSES):
        lapsed = await refused(PackageExpired, house.owner, to_eva(house, open_, 1))
        assert lapsed.lapsed_at == LAPSES


@pytest.mark.parametrize(("price", "outstanding"), [(0, 30000), (20, 36000)])
async def test_what_is_outstanding_is_never_more_than_what_stays_is_worth(
    house: Harbour, price: int, outstanding: int
) -> None:
    given = ten(house)
    taxed = replace(given, price=replace(given.price, tax_rate_bp=price * 100, tax_included=False))
    with on(MONDAY):
        # Of ten worth 45.00 each, with tax on top or not; 300.00 of it net is not paid.
        paid_now = 45000 * (100 + price) // 100 - outstanding
        mine = await sold(house, await published(house.owner, "OWED", taxed), payments=cash(paid_now))
        refusal = await refused(NotPaidFor, house.owner, to_eva(house, mine, 4))
        assert (refusal.paid, refusal.outstanding) == (Money(paid_now, "EUR"), Money(outstanding, "EUR"))
        assert "this would hand on more than is paid for" in refusal.message
        await refused(NotPaidFor, house.owner, to_eva(house, mine))
        await handed_on(house, mine, 3)
        await refused(NotPaidFor, house.owner, to_eva(house, mine, 1))


async def test_what_is_paid_for_is_used_or_handed_on_and_not_both(house: Harbour) -> None:
    with on(MONDAY):
        strict = await giving(house, use=Use(up_to_paid=True))
        half = await sold(house, strict, payments=cash(22500))
        transfer_id = (await handed_on(house, half, 4)).outcome.transfer_id
        await used(house, half)
        await refused(NotPaidFor, house.owner, RedeemSession(house.physio, house.lis, half))
        await undone(house, transfer_id)
        await used(house, half, sessions=4)
        await refused(NotPaidFor, house.owner, RedeemSession(house.physio, house.lis, half))


async def test_what_was_received_and_is_gone_again_pays_for_nothing(house: Harbour) -> None:
    with on(MONDAY):
        strict = await giving(house, use=Use(up_to_paid=True))
        hers = await sold(house, strict, customer_id=house.eva)
        done = await handed_on(house, await paid(house, strict), 5, into_package_id=hers)
        await undone(house, done.outcome.transfer_id)
        await refused(NotPaidFor, house.owner, RedeemSession(house.physio, house.lis, hers))


async def test_what_a_booking_holds_is_no_reason_to_owe_for_what_has_gone(house: Harbour) -> None:
    with on(MONDAY):
        mine = await sold(house, await giving(house), payments=cash(42000))
        await booked(house, MONDAY + 2 * DAY, package_id=mine)
        await refused(NotPaidFor, house.owner, to_eva(house, mine))
        await handed_on(house, mine, 8)


async def test_nothing_goes_at_a_closed_branch_or_out_of_the_books_of_one(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        for branch in (house.mad, house.lis):
            await execute("UPDATE branch SET closed_at = $2 WHERE id = $1", branch, MONDAY)
            closed = await refused(BranchClosed, house.owner, to_eva(house, mine, branch_id=house.mad))
            assert closed.branch_id == branch
            await execute("UPDATE branch SET closed_at = NULL WHERE id = $1", house.mad)


async def test_sessions_go_only_into_a_package_just_like_theirs(house: Harbour) -> None:
    with on(MONDAY):
        definition = await giving(house)
        other = await published(house.owner, "OTHER", ten(house))
        mine = await paid(house, definition)
        of_madrid = await paid(house, definition, customer_id=house.eva, branch_id=house.mad)
        different = await paid(house, other, customer_id=house.eva)
        for into in (of_madrid, different):
            refusal = await refused(PackagesDiffer, house.owner, to_eva(house, mine, 1, into_package_id=into))
            assert refusal.into_package_id == into
        blocked = await paid(house, definition, customer_id=house.eva)
    await frozen(blocked, MONDAY, MONDAY + DAY)
    with on(MONDAY):
        await refused(PackageFrozen, house.owner, to_eva(house, mine, 1, into_package_id=blocked))


async def test_another_outcome_than_was_quoted_is_refused_with_the_new_quote(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        first = await refused(QuoteChanged, house.owner, to_eva(house, mine, quote_hash="something else"))
        assert (first.sessions, first.value, first.fee) == (10, Money(45000, "EUR"), Money(0, "EUR"))
        await used(house, mine)
        then = await refused(QuoteChanged, house.owner, to_eva(house, mine, quote_hash=first.quote_hash))
        assert (then.sessions, then.value) == (9, Money(40500, "EUR"))
        done = await handed_on(house, mine, quote_hash=then.quote_hash)
        assert done.outcome.sessions == 9


async def test_what_stays_is_part_of_what_was_quoted(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        asked = Asked(mine, house.eva, 3)
        quote = await transfer_quote(house.owner, asked)
        await used(house, mine)
        changed = await refused(QuoteChanged, house.owner, to_eva(house, mine, 3, quote_hash=quote.quote_hash))
        # The same three sessions, worth the same, but of nine.
        assert changed.message == (
            "By now it is 3 sessions worth 135.00 EUR, for a fee of 0.00 EUR, and 6 would stay. "
            "Show the new quote, and send its hash."
        )
        assert changed.quote == await transfer_quote(house.owner, asked)
        assert (changed.quote.stays, quote.stays) == (6, 7)
        await handed_on(house, mine, 3, quote_hash=changed.quote_hash)


async def test_it_takes_the_desk_of_the_branch(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house, who=ANYONE))
        for actor in (house.manager_mad, house.practitioner_lis, house.accountant):
            await refused(Forbidden, actor, to_eva(house, mine))
