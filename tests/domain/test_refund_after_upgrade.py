"""An upgrade gets round no refund terms: what was paid before it brings back what it would have brought then."""

from datetime import timedelta

import pytest

from domain.catalog.terms import Change, RefundBasis, Refunding, UpgradeMethod
from domain.kernel.access import Role
from domain.kernel.commands import run_command
from domain.kernel.quotes import DerivationStep
from domain.payments.reverse_payment import ReversePayment
from domain.refunds.asked import Asked
from domain.refunds.errors import NothingToRefund
from domain.refunds.quote import RefundQuote
from domain.refunds.quoting import refund_quote
from domain.refunds.request_refund import RequestRefund
from domain.refunds.rules import Reckoned
from domain.refunds.set_refund_limit import SetRefundLimit
from tests.fixtures.chain import Harbour, harbour, published
from tests.fixtures.desk import MONDAY, cash, on, package, refused, used
from tests.fixtures.given_back import assert_sound, given_back, state
from tests.fixtures.money_acts import paid
from tests.fixtures.topped_up import added
from tests.fixtures.upgraded import CARRY, CREDIT, bought, changing, larger, quoted, sessions, upgraded

pytestmark = pytest.mark.anyio

PENALTY = Refunding(penalty_bp=2000, approval_above_minor=0)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def _quote(house: Harbour, package_id: str, sessions: int | None = None) -> RefundQuote:
    return await refund_quote(house.desk_lis, Asked(package_id, sessions))


async def _new(house: Harbour, to: str, method: UpgradeMethod, uses: int, refund: Refunding = PENALTY) -> str:
    """The id of the package to which 10 for 450.00 are changed, so many of them used; nothing more is paid."""
    mine = await bought(house, await changing(house, to, 10, method=method, refund=refund))
    await used(house, mine, sessions=uses)
    new_id: str = (await upgraded(house, mine, to)).outcome.into_package_id
    return new_id


async def _carried(house: Harbour, to: str, paid_minor: int = 0) -> str:
    """The id of the package to which 5 for 450.00 are changed, 4 of them used and staying so."""
    mine = await bought(house, await changing(house, to, method=CARRY))
    await used(house, mine, sessions=4)
    assert (await _quote(house, mine)).refund_minor == 9000
    assert (await quoted(house, mine, to)).refundable_minor == 9000
    payments = cash(paid_minor) if paid_minor else ()
    new_id: str = (await upgraded(house, mine, to, payments=payments)).outcome.into_package_id
    return new_id


async def test_used_sessions_get_no_cheaper_by_an_upgrade_that_nobody_pays(house: Harbour) -> None:
    with on(MONDAY):
        new = await _carried(house, await larger(house, 20))
        quote = await _quote(house, new)
        assert (quote.refund_minor, quote.cleared_minor) == (9000, 35000)
        [binding] = [each for each in quote.reckonings if each.binding]
        label = "At most what the package before would have brought, and what was paid since"
        assert binding.steps[-2:] == (
            DerivationStep(label, "90.00 + 0.00 = 90.00", 9000),
            DerivationStep("Refund", "450.00 - 160.00 = 290.00, at most 90.00", 9000, 16),
        )
        assert (await given_back(house, new)).outcome.refund_minor == 9000
    await assert_sound(house)


async def test_what_was_paid_since_comes_back_with_it_and_no_more_once_it_is_taken_back(house: Harbour) -> None:
    with on(MONDAY):
        new = await _carried(house, await larger(house, 20))
        payment_id = await paid(house, new, 35000)
        assert (await _quote(house, new)).refund_minor == 44000
        await run_command(house.owner, ReversePayment(payment_id, "bounced"))
        assert (await _quote(house, new)).refund_minor == 9000
    await assert_sound(house)


async def test_parts_bring_together_what_all_at_once_would(house: Harbour) -> None:
    with on(MONDAY):
        new = await _carried(house, await larger(house, 20), 10000)
        assert (await _quote(house, new)).refund_minor == 19000
        # 8 more count as used: 550.00 - 480.00; of the 190.00 that may come back 120.00 are left then.
        assert (await given_back(house, new, 8)).outcome.refund_minor == 7000
        assert (await given_back(house, new)).outcome.refund_minor == 12000
    await assert_sound(house)


async def test_the_most_is_handed_down_by_a_second_upgrade(house: Harbour) -> None:
    with on(MONDAY):
        last = await published(house.owner, "LARGEST", sessions(house, 30, 120000))
        to = await larger(house, 20, change=Change(upgrade_to=(last,), upgrade_method=CARRY))
        middle = await _carried(house, to, 10000)
        assert (await quoted(house, middle, last)).refundable_minor == 19000
        new = (await upgraded(house, middle, last)).outcome.into_package_id
        assert (await _quote(house, new)).refund_minor == 19000
        await paid(house, new, 1000)
        assert (await _quote(house, new)).refund_minor == 20000
    await assert_sound(house)


async def test_what_was_not_refundable_is_not_after_an_upgrade(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house, 20)
        new = await _new(house, to, CREDIT, 2, Refunding(RefundBasis.NONE, approval_above_minor=0))
        quote = await _quote(house, new)
        assert (quote.refund_minor, quote.cleared_minor) == (0, 44000)
        done = (await given_back(house, new)).outcome
        assert (done.state, done.refund_minor, done.cleared_minor) == ("COMPLETED", 0, 44000)
    await assert_sound(house)


async def test_neither_the_penalty_nor_the_approval_is_got_round_in_cooling_off(house: Harbour) -> None:
    with on(MONDAY):
        new = await _new(house, await larger(house, 20, refund=Refunding(cooling_off_days=14)), CREDIT, 2)
        quote = await _quote(house, new)
        assert (quote.refund_minor, quote.needs_approval, quote.reckoned_by) == (28800, True, Reckoned.COOLING_OFF)
        done = (await given_back(house, new)).outcome
        assert (done.state, done.refund_minor) == ("REQUESTED", 28800)


async def test_all_that_was_paid_comes_back_in_cooling_off_where_the_terms_before_kept_nothing(house: Harbour) -> None:
    with on(MONDAY):
        new = await _new(house, await larger(house, 20, refund=Refunding(cooling_off_days=14)), CREDIT, 2, Refunding())
        await paid(house, new, 44000)
        quote = await _quote(house, new)
        assert (quote.refund_minor, quote.needs_approval) == (80000, False)
    await assert_sound(house)


NOTHING_BACK = Refunding(RefundBasis.NONE)
OF_THE_ONE_BEFORE = (
    "10 sessions are left, and nothing comes back for all of them: by the terms of the package that an upgrade closed "
    "for this one, nothing is left of what was paid. Use them, or refund an amount as goodwill, for which no session "
    "has to be given back."
)


async def _owing(
    house: Harbour, to: str, paid_minor: int, uses: int, refund: Refunding, method: UpgradeMethod = CREDIT, of: int = 10
) -> str:
    """The id of the package to which so many for 450.00 are changed, of which little is paid."""
    mine = await bought(house, await changing(house, to, of, method=method, refund=refund), paid_minor)
    await used(house, mine, sessions=uses) if uses else None
    new_id: str = (await upgraded(house, mine, to)).outcome.into_package_id
    return new_id


@pytest.mark.parametrize(
    ("sessions_of_new", "price", "method", "of", "uses", "paid_before", "refund", "paid_later", "back"),
    [
        (20, 80000, CARRY, 5, 4, 0, Refunding(), 45000, 9000),
        (10, 45000, CREDIT, 10, 0, 0, NOTHING_BACK, 45000, 0),
        (20, 80000, CREDIT, 10, 3, 15000, NOTHING_BACK, 78500, 48500),
        (10, 45000, CREDIT, 10, 2, 0, PENALTY, 54000, 37800),
    ],
)
async def test_what_is_paid_for_the_past_only_after_an_upgrade_buys_nothing_back(
    house: Harbour,
    sessions_of_new: int,
    price: int,
    method: UpgradeMethod,
    of: int,
    uses: int,
    paid_before: int,
    refund: Refunding,
    paid_later: int,
    back: int,
) -> None:
    with on(MONDAY):
        new = await _owing(house, await larger(house, sessions_of_new, price), paid_before, uses, refund, method, of)
        await paid(house, new, paid_later)
        if back:
            assert (await _quote(house, new)).refund_minor == back
        else:
            nothing = await refused(NothingToRefund, house.desk_lis, RequestRefund(Asked(new), "moves away"))
            assert nothing.message == OF_THE_ONE_BEFORE
    await assert_sound(house)


async def test_no_debt_is_let_off_by_an_upgrade_that_nobody_pays(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house, 10, 45000)
        new = await _owing(house, to, 0, 4, NOTHING_BACK)
        # The terms before asked for all of the 450.00, and 180.00 more is owed for what is new.
        quote = await _quote(house, new)
        assert (quote.refund_minor, quote.cleared_minor) == (0, 18000)
        await given_back(house, new)
        assert (await package(house, new)).outstanding.amount_minor == 45000
    await assert_sound(house)


async def test_hardship_waives_what_the_terms_before_would_have_kept(house: Harbour) -> None:
    with on(MONDAY):
        new = await _new(house, await larger(house, 10, 45000), CREDIT, 2)
        await paid(house, new, 9000)
        # 90.00 are used; of the 360.00 left 72.00 would have been kept, and 90.00 were paid since.
        assert (await _quote(house, new)).refund_minor == 37800
        hardship = await refund_quote(house.manager_lis, Asked(new, hardship="fell ill"))
        assert hardship.refund_minor == 45000


async def test_what_has_lapsed_is_not_given_back_by_way_of_an_upgrade(house: Harbour) -> None:
    """3 of 10 are used and 7 have lapsed; 2 were added since and not paid."""
    with on(MONDAY):
        to = await larger(house, 20)
        change = Change(top_up=True, top_up_days=30, upgrade_to=(to,), upgrade_method=CARRY)
        mine = await bought(house, await published(house.owner, "GROWING", sessions(house, 10, 45000, change=change)))
        await used(house, mine, sessions=3)
    with on(MONDAY + timedelta(days=200)):
        await added(house, mine, 2)
        assert (await quoted(house, mine, to)).refundable_minor == 0
        new = (await upgraded(house, mine, to)).outcome.into_package_id
        quote = await _quote(house, new)
        assert (quote.refund_minor, quote.cleared_minor) == (0, 35000)


async def test_what_was_credited_comes_back_no_more(house: Harbour) -> None:
    with on(MONDAY):
        to = await larger(house, 5, 20000)
        mine = await bought(house, await changing(house, to, 10, 45000, refund=Refunding(penalty_bp=2000)))
        assert (await quoted(house, mine, to)).refundable_minor == 36000
        done = (await upgraded(house, mine, to)).outcome
        assert (done.credit_minor, (await _quote(house, done.into_package_id)).refund_minor) == (25000, 11000)
    await assert_sound(house)


async def test_the_day_of_a_package_goes_on_with_the_one_it_was_changed_for(house: Harbour) -> None:
    with on(MONDAY):
        await run_command(house.owner, SetRefundLimit(Role.FRONT_DESK, house.lis, 10000, None))
        to = await larger(house, 20)
        mine = await bought(house, await changing(house, to, 10))
        first = (await given_back(house, mine, 2)).outcome
        new = (await upgraded(house, mine, to)).outcome
        await paid(house, new.into_package_id, new.due_minor)
        assert (await _quote(house, new.into_package_id, 2)).needs_approval is True
        second = (await given_back(house, new.into_package_id, 2)).outcome
        assert [(first.refund_minor, await state(first.refund_id)), (second.refund_minor, second.state)] == [
            (9000, "APPROVED"),
            (8000, "REQUESTED"),
        ]


async def test_what_is_owed_for_the_package_before_stays_owed_and_it_says_so(house: Harbour) -> None:
    with on(MONDAY):
        new = await _owing(house, await larger(house, 10, 45000), 0, 0, NOTHING_BACK)
        owing = await refused(NothingToRefund, house.desk_lis, RequestRefund(Asked(new), "moves away"))
        own = await _owing(house, await larger(house, 10, 45000, refund=NOTHING_BACK), 45000, 0, Refunding())
        none = await refused(NothingToRefund, house.desk_lis, RequestRefund(Asked(own), "moves away"))
    assert owing.message == OF_THE_ONE_BEFORE
    assert none.message[:70] == "10 sessions are left, and by the terms nothing is refunded. Use them, "
