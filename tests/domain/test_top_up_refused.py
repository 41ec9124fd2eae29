"""What keeps sessions from being added: terms, state, number, branch, service, and who pays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.branches.errors import WrongCurrency
from domain.catalog.terms import Activation, Change, Item, Sharing, TopUpPrice, Use, Who
from domain.kernel.access import Scope
from domain.kernel.commands import run_command
from domain.kernel.db import execute
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from domain.kernel.money import Money
from domain.ledger.accounts import PaymentMethod, Received
from domain.packages.errors import (
    BranchClosed,
    NotEnoughCredit,
    PackageClosed,
    PackageDisputed,
    PackageFrozen,
    PackagePending,
    PaymentExceedsOutstanding,
)
from domain.payments.void_sale import VoidSale
from domain.topups.asked import Asked
from domain.topups.errors import (
    ServiceNotInPackage,
    TopUpBelowMinimum,
    TopUpBeyondMaximum,
    TopUpNotAllowed,
    TopUpNotPaid,
)
from domain.topups.quoting import top_up_quote
from tests.fixtures.blocked import disputed, frozen
from tests.fixtures.chain import Harbour, customer_actor, harbour, published, terms
from tests.fixtures.desk import MONDAY, cash, on, refused, sold
from tests.fixtures.topped_up import added, adding, credited, from_credit, growing, lots

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_the_terms_say_whether_and_how_many(house: Harbour) -> None:
    with on(MONDAY):
        never = await refused(TopUpNotAllowed, house.owner, adding(house, await sold(house, house.ten)))
        assert never.message == "The terms of the package let no sessions be added. Sell another package."
        mine = await growing(house, Change(top_up=True, top_up_minimum=2, top_up_maximum=6))
        few = await refused(TopUpBelowMinimum, house.owner, adding(house, mine, 1))
        assert (few.sessions, few.least) == (1, 2)
        assert few.message == "1 session was asked for, and at least 2 are added at once. Add more."
        many = await refused(TopUpBeyondMaximum, house.owner, adding(house, mine, 7))
        assert (many.sessions, many.most, many.added, many.path) == (7, 6, 0, ("sessions",))
        await added(house, mine, 4)
        more = await refused(TopUpBeyondMaximum, house.owner, adding(house, mine, 3))
        assert (more.most, more.added) == (2, 4)
        assert more.message == (
            "4 sessions were added before, and 3 sessions were asked for. At most 2 can be added now. Add fewer."
        )
        with pytest.raises(TopUpBeyondMaximum):
            await top_up_quote(house.owner, Asked(mine, 3))
        for sessions in (0, -1, 10_001):
            await refused(InvalidInput, house.owner, adding(house, mine, sessions))


async def test_what_is_blocked_closed_or_not_there_is_not_topped_up(house: Harbour) -> None:
    with on(MONDAY):
        icy, fought, void = [await growing(house) for _ in range(3)]
        waiting = await growing(house, use=Use(activation=Activation.FULL_PAYMENT))
        await run_command(house.owner, VoidSale(void, "a mistake"))
    await frozen(icy, MONDAY, MONDAY + 2 * DAY)
    await disputed(fought, MONDAY)
    with on(MONDAY + DAY):
        await refused(PackageFrozen, house.owner, adding(house, icy))
        await refused(PackageDisputed, house.owner, adding(house, fought))
        await refused(PackageClosed, house.owner, adding(house, void))
        await refused(PackagePending, house.owner, adding(house, waiting))
        for unknown in ("nonsense", new_id("pkg")):
            for by in (house.owner, await customer_actor(house, house.ana)):
                gone = await refused(NotFound, by, adding(house, unknown))
                assert (gone.noun, gone.path) == ("package", ("packageId",))
        foreign = await refused(NotFound, house.owner, adding(house, icy, branch_id=house.other_branch))
        assert foreign.path == ("branchId",)
    with on(MONDAY + 2 * DAY):
        await added(house, icy)
        for branch in (house.lis, house.mad):
            await execute("UPDATE branch SET closed_at = $2 WHERE id = $1", branch, MONDAY + 2 * DAY)
            closed = await refused(BranchClosed, house.owner, adding(house, icy, branch_id=house.mad))
            assert (closed.branch_id, closed.closed_at) == (branch, MONDAY + 2 * DAY)
            await execute("UPDATE branch SET closed_at = NULL WHERE id = $1", branch)


async def test_where_less_is_left_than_is_added_at_once_no_more_can_be_added(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house, Change(top_up=True, top_up_minimum=3, top_up_maximum=5))
        six = await refused(TopUpBeyondMaximum, house.owner, adding(house, mine, 6))
        assert (
            six.message
            == "0 sessions were added before, and 6 sessions were asked for. At most 5 can be added now. Add fewer."
        )
        await added(house, mine, 4)
        one = await refused(TopUpBeyondMaximum, house.owner, adding(house, mine, 1))
    assert one.message == (
        "4 sessions were added before, and 1 session was asked for. No more can be added: by the terms 1 would be left "
        "to add, and at least 3 are added at once. Sell another package."
    )


async def test_of_several_kinds_one_is_named_and_it_has_a_price(house: Harbour) -> None:
    listed = Change(top_up=True, top_up_price=TopUpPrice.LIST)
    items = Item((house.massage,), 4), Item((house.facial,), 2)
    with on(MONDAY):
        definition = await published(house.owner, "BUNDLE", terms(*items, price_minor=31990, change=listed))
        mine = await sold(house, definition)
        unnamed = await refused(ServiceNotInPackage, house.owner, adding(house, mine))
        assert (unnamed.service_id, unnamed.services) == (None, (house.massage, house.facial))
        other = await refused(ServiceNotInPackage, house.owner, adding(house, mine, service_id=house.physio))
        assert (other.service_id, other.path) == (house.physio, ("serviceId",))
        await added(house, mine, 1, service_id=house.facial)
        assert [lot[:3] for lot in await lots(mine)][-1] == ("TOP_UP", 1, 5500)
        await execute("DELETE FROM service_price WHERE service_id = $1", house.massage)
        unpriced = await refused(TopUpNotAllowed, house.owner, adding(house, mine, service_id=house.massage))
        assert unpriced.by_terms


async def test_what_is_paid_at_once_is_at_most_what_they_cost(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house)
        beyond = await refused(PaymentExceedsOutstanding, house.owner, adding(house, mine, payments=cash(22501)))
        assert (beyond.outstanding, beyond.offered) == (Money(22500, "EUR"), Money(22501, "EUR"))
        dollars = adding(house, mine, payments=cash(22500), currencies=("USD",))
        assert (await refused(WrongCurrency, house.owner, dollars)).path == ("payments", "0", "amount", "currency")
        poor = await refused(NotEnoughCredit, house.owner, adding(house, mine, payments=from_credit(22500)))
        assert poor.available == Money(0, "EUR")
        await refused(InvalidInput, house.owner, adding(house, mine, payments=cash(0)))


async def test_customers_add_to_what_they_hold_and_credit_pays_all_of_it(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house, who=Who(sharing=Sharing.HOUSEHOLD))
        ana, rui, eva = [await customer_actor(house, each) for each in (house.ana, house.rui, house.eva)]
        await credited(house, 30000)
        part = (Received(PaymentMethod.CUSTOMER_CREDIT, 12500), *cash(10000))
        for payments, credit in (((), 0), (cash(22500), 0), (from_credit(22499), 22499), (part, 12500)):
            unpaid = await refused(TopUpNotPaid, ana, adding(house, mine, payments=payments))
            assert (unpaid.amount, unpaid.credit) == (Money(22500, "EUR"), Money(credit, "EUR"))
        many = adding(house, mine, 10, payments=from_credit(45000))
        assert (await refused(NotEnoughCredit, ana, many)).available == Money(30000, "EUR")
        elsewhere = adding(house, mine, branch_id=house.mad, payments=from_credit(22500))
        assert (await refused(InvalidInput, ana, elsewhere)).path == ("branchId",)
        # Rui sees what is shared with him and may use it; Eva does not know that it is there.
        await refused(Forbidden, rui, adding(house, mine, payments=from_credit(22500)))
        await refused(NotFound, eva, adding(house, mine, payments=from_credit(22500)))
        for nobody in (rui, eva):
            with pytest.raises(NotFound):
                await top_up_quote(nobody, Asked(mine, 5))
        assert (await top_up_quote(ana, Asked(mine, 5))).amount_minor == 22500
        with pytest.raises(InvalidInput, match="home branch"):
            await top_up_quote(ana, Asked(mine, 5, house.mad))
        done = await added(house, mine, actor=ana, payments=from_credit(22500))
        assert done.outcome.outstanding_minor == 45000
        free = await growing(house, Change(top_up=True, top_up_price=TopUpPrice.FIXED, top_up_fixed_minor=0))
        gift = await refused(TopUpNotPaid, ana, adding(house, free))
        assert gift.message == "What costs nothing is added by the desk. Ask there."
        assert (await added(house, free)).outcome.amount_minor == 0


async def test_it_takes_the_desk_of_the_branch_or_a_key_that_sells(house: Harbour) -> None:
    with on(MONDAY):
        mine = await growing(house)
        for actor in (house.manager_mad, house.practitioner_lis, house.accountant):
            await refused(Forbidden, actor, adding(house, mine))
        await refused(NotFound, house.other_owner, adding(house, mine, branch_id=house.other_branch))
        reader = replace(house.integrator, scopes=frozenset({Scope.READ}))
        await refused(Forbidden, reader, adding(house, mine))
        assert (await top_up_quote(house.practitioner_lis, Asked(mine, 1))).amount_minor == 4500
        assert (await top_up_quote(reader, Asked(mine, 1))).amount_minor == 4500
        seller = replace(house.integrator, scopes=frozenset({Scope.SELL}))
        assert (await top_up_quote(seller, Asked(mine, 1))).amount_minor == 4500
        await added(house, mine, actor=seller)
        await added(house, mine, actor=house.manager_mad, branch_id=house.mad)
        with pytest.raises(NotFound):
            await top_up_quote(replace(house.integrator, scopes=frozenset({Scope.BOOK})), Asked(mine, 1))
