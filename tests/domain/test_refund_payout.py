"""What was agreed is paid out: part by part, once, where and how the customer gets it, and the home branch owes it."""

import pytest

from domain.customers.merge_customers import MergeCustomers
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.ledger.accounts import PaymentMethod, Received
from domain.payments import reading as payments
from domain.refunds.deciding_errors import PartPaidOut, WrongRefundState
from domain.refunds.pay_out_refund import PayOutRefund
from tests.fixtures.chain import Harbour, customer, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, posted, refused, used
from tests.fixtures.given_back import (
    approved,
    assert_sound,
    given_back,
    paid,
    paid_out,
    parts,
    returnable,
    state,
)
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio

BY_THREE = tuple(
    Received(method, amount)
    for method, amount in (
        (PaymentMethod.CASH, 20000),
        (PaymentMethod.CARD, 15000),
        (PaymentMethod.ONLINE_LINK, 10000),
    )
)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def agreed(house: Harbour, *received: Received) -> str:
    """The id of a refund that is owed in full: all ten sessions, 450.00."""
    mine = await paid(house, await returnable(house), *received)
    refund_id: str = (await given_back(house, mine)).outcome.refund_id
    return refund_id


async def ids(refund_id: str) -> list[str]:
    found = await rows("SELECT id FROM refund_part WHERE refund_id = $1 ORDER BY number", refund_id)
    return [row["id"] for row in found]


async def test_each_part_goes_back_once_by_its_own_method_and_the_last_one_completes_it(house: Harbour) -> None:
    with on(MONDAY):
        refund_id = await agreed(house, *BY_THREE)
        _, card, money = await ids(refund_id)
        assert await parts(refund_id) == [
            ("ONLINE_LINK", house.lis, 10000, False),
            ("CARD", house.lis, 15000, False),
            ("CASH", house.lis, 20000, False),
        ]
        first = await paid_out(house, refund_id, part_ids=(card,))
        assert (first.outcome.state, first.outcome.paid_minor, first.outcome.owed_minor) == ("APPROVED", 15000, 30000)
        assert await posted(first.operation_id) == [
            ("REFUND_PAYABLE", house.lis, 15000),
            ("CASH", house.lis, -15000),
        ]
        again = await refused(PartPaidOut, house.owner, PayOutRefund(refund_id, house.lis, (money, card)))
        assert (again.part_ids, again.paid_out_at) == ((card,), MONDAY)
        rest = await paid_out(house, refund_id)
        assert (rest.outcome.state, rest.outcome.owed_minor) == ("COMPLETED", 0)
        assert await posted(rest.operation_id) == [
            ("REFUND_PAYABLE", house.lis, 10000),
            ("PROVIDER_CLEARING", house.lis, -10000),
            ("REFUND_PAYABLE", house.lis, 20000),
            ("CASH", house.lis, -20000),
        ]
        over = await refused(WrongRefundState, house.owner, PayOutRefund(refund_id, house.lis))
        assert (over.state, over.since) == ("COMPLETED", MONDAY)
    await assert_sound(house)


async def test_another_branch_hands_it_out_and_the_home_branch_owes_it_that(house: Harbour) -> None:
    with on(MONDAY):
        refund_id = await agreed(house, *BY_THREE)
        done = await paid_out(house, refund_id, house.mad)
        assert await posted(done.operation_id) == [
            ("REFUND_PAYABLE", house.lis, 10000),
            ("PROVIDER_CLEARING", house.lis, -10000),
            ("REFUND_PAYABLE", house.lis, 15000),
            ("DUE_TO_BRANCH", house.lis, -15000),
            ("DUE_FROM_BRANCH", house.mad, 15000),
            ("CASH", house.mad, -15000),
            ("REFUND_PAYABLE", house.lis, 20000),
            ("DUE_TO_BRANCH", house.lis, -20000),
            ("DUE_FROM_BRANCH", house.mad, 20000),
            ("CASH", house.mad, -20000),
        ]
        assert await parts(refund_id) == [
            ("ONLINE_LINK", house.lis, 10000, True),
            ("CARD", house.mad, 15000, True),
            ("CASH", house.mad, 20000, True),
        ]
    await assert_sound(house)


async def test_by_consent_it_becomes_credit_of_the_customer_also_of_who_they_are_by_now(house: Harbour) -> None:
    with on(MONDAY):
        refund_id = await agreed(house, *BY_THREE)
        kept = await customer(house.owner, "Ana", "Souza", house.lis)
        await run_command(house.owner, MergeCustomers(kept, house.ana, "one person"))
        done = await paid_out(house, refund_id, to_credit=True)
        assert [line for line in await posted(done.operation_id) if line[2] < 0] == [
            ("CUSTOMER_CREDIT", house.lis, -10000),
            ("CUSTOMER_CREDIT", house.lis, -15000),
            ("CUSTOMER_CREDIT", house.lis, -20000),
        ]
        account = (await payments.accounts_of(house.owner, [kept]))[kept]
        assert (account.credit, await state(refund_id)) == (((house.lis, 45000),), "COMPLETED")
    await assert_sound(house)


async def test_nothing_is_paid_out_before_it_is_agreed_to_nor_by_or_of_anybody_else(house: Harbour) -> None:
    with on(MONDAY):
        ana = await customer_actor(house, house.ana)
        mine = await paid(house, await returnable(house))
        asked = (await given_back(house, mine, actor=ana)).outcome.refund_id
        early = await refused(WrongRefundState, house.owner, PayOutRefund(asked, house.lis))
        assert early.state == "REQUESTED"
        await approved(house, asked)
        for actor in (ana, house.practitioner_lis, house.manager_mad):
            await refused(Forbidden, actor, PayOutRefund(asked, house.lis))
        for refund_id, actor, branch in (
            (asked, house.other_owner, house.other_branch),
            ("ref_absent", house.owner, house.lis),
            (asked, house.owner, house.other_branch),
        ):
            await refused(NotFound, actor, PayOutRefund(refund_id, branch))
        other = await agreed_again(house)
        foreign = await refused(NotFound, house.owner, PayOutRefund(asked, house.lis, tuple(await ids(other))))
        assert foreign.path == ("partIds", "0")
        for part_ids in ((), ("rfp_1", "rfp_1")):
            await refused(InvalidInput, house.owner, PayOutRefund(asked, house.lis, part_ids))


async def agreed_again(house: Harbour) -> str:
    """Another refund that is owed."""
    mine = await paid(house, await returnable(house, "OTHER"))
    refund_id: str = (await given_back(house, mine)).outcome.refund_id
    return refund_id


async def test_two_who_pay_out_at_once_pay_once(house: Harbour) -> None:
    with on(MONDAY):
        refund_id = await agreed(house)
        both = await at_once(paid_out(house, refund_id), paid_out(house, refund_id))
        late = [each for each in both if isinstance(each, BaseException)]
        assert [type(each) for each in late] == [WrongRefundState]
        (entry,) = await rows("SELECT COUNT(*) AS entries FROM journal_entry WHERE event = 'REFUND_PAID'")
        assert entry["entries"] == 1
    await assert_sound(house)


async def test_what_was_paid_with_credit_is_credit_again_where_it_stood(house: Harbour) -> None:
    with on(MONDAY):
        first = await agreed(house)
        await paid_out(house, first, to_credit=True)
        again = await paid(house, await returnable(house, "AGAIN"), Received(PaymentMethod.CUSTOMER_CREDIT, 45000))
        await used(house, again, sessions=4)
        back = (await given_back(house, again)).outcome.refund_id
        assert await parts(back) == [("CUSTOMER_CREDIT", house.lis, 27000, False)]
        done = await paid_out(house, back, house.mad)
        assert await posted(done.operation_id) == [
            ("REFUND_PAYABLE", house.lis, 27000),
            ("CUSTOMER_CREDIT", house.lis, -27000),
        ]
    await assert_sound(house)
