"""Who may agree to how much: by role, branch and day, so that splitting a refund does not help."""

from datetime import timedelta
from typing import Any

import pytest

from domain.branches.errors import WrongCurrency
from domain.kernel.access import Role
from domain.kernel.commands import Done, run_command
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.refunds.approve_refund import ApproveRefund
from domain.refunds.asked import Asked
from domain.refunds.deciding_errors import RefundAboveLimit
from domain.refunds.limits_reading import limits
from domain.refunds.quoting import refund_quote
from domain.refunds.rules.limits import Which
from domain.refunds.set_refund_limit import SetRefundLimit
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, refused
from tests.fixtures.given_back import approved, given_back, paid, returnable, state
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def limit(
    house: Harbour, role: Role, at_once: int | None = None, per_day: int | None = None, **rest: Any
) -> None:
    """The owner limits a role."""
    await run_command(house.owner, SetRefundLimit(role, rest.get("branch_id"), at_once, per_day))


async def states(*done: Done[Any]) -> list[str]:
    return [await state(each.outcome.refund_id) for each in done]


async def test_above_the_amount_of_the_terms_it_waits_and_parts_of_a_day_count_together(house: Harbour) -> None:
    with on(MONDAY):
        definition = await returnable(house, refund={"approval_above_minor": 20000})
        mine, other = await paid(house, definition), await paid(house, definition)
        quote = await refund_quote(house.desk_lis, Asked(mine, 5))
        assert (quote.refund_minor, quote.needs_approval) == (22500, True)
        first = await given_back(house, mine, 4)
        # 180.00 went back of this package, by this person: neither another part nor another package gets below it.
        more = await given_back(house, mine, 1, actor=house.manager_lis)
        beside = await given_back(house, other, 1)
        assert await states(first, more, beside) == ["APPROVED", "REQUESTED", "REQUESTED"]
        # What waits counts for who asked, too; another person who asks for another package starts anew.
        assert (await given_back(house, await paid(house, definition), 4)).outcome.state == "REQUESTED"
        fresh = await given_back(house, await paid(house, definition), 4, actor=house.owner)
        assert fresh.outcome.state == "APPROVED"
    with on(MONDAY + timedelta(days=1)):
        tomorrow = await given_back(house, await paid(house, definition), 4)
        assert tomorrow.outcome.state == "APPROVED"


async def test_what_a_person_asks_for_counts_at_all_branches_and_a_limit_of_a_role_at_each(house: Harbour) -> None:
    with on(MONDAY):
        definition = await returnable(house, refund={"approval_above_minor": 20000})
        in_lisbon, in_madrid = await paid(house, definition), await paid(house, definition, branch_id=house.mad)
        first = await given_back(house, in_lisbon, 4, actor=house.owner)
        second = await given_back(house, in_madrid, 1, actor=house.owner)
        assert await states(first, second) == ["APPROVED", "REQUESTED"]
        await limit(house, Role.OWNER, per_day=20000)
        free = await returnable(house, "FREE")
        elsewhere = await given_back(house, await paid(house, free, branch_id=house.mad), 4, actor=house.owner)
        again = await given_back(house, await paid(house, free), 1, actor=house.owner)
        assert await states(elsewhere, again) == ["APPROVED", "REQUESTED"]


async def test_a_role_agrees_alone_to_no_more_than_its_limit_of_one_package_and_of_a_day(house: Harbour) -> None:
    with on(MONDAY):
        definition = await returnable(house)
        await limit(house, Role.FRONT_DESK, at_once=10000, per_day=15000)
        mine, other, third = [await paid(house, definition) for _ in range(3)]
        first = await given_back(house, mine, 2)
        above = await given_back(house, mine, 1)
        second = await given_back(house, other, 1)
        beyond = await given_back(house, third, 1)
        assert await states(first, above, second, beyond) == ["APPROVED", "REQUESTED", "APPROVED", "REQUESTED"]
        # The manager has no limit, and agrees alone.
        free = await given_back(house, await paid(house, definition), actor=house.manager_lis)
        assert await states(free) == ["APPROVED"]


async def test_who_approves_above_every_limit_of_their_roles_is_refused_with_the_facts(house: Harbour) -> None:
    with on(MONDAY):
        definition, ana = await returnable(house), await customer_actor(house, house.ana)
        await limit(house, Role.MANAGER, at_once=30000, per_day=40000)
        mine, other = await paid(house, definition), await paid(house, definition)
        whole = (await given_back(house, mine, actor=ana)).outcome.refund_id
        above = await refused(RefundAboveLimit, house.manager_lis, ApproveRefund(whole))
        assert (above.role, above.which, above.refund_id) == (Role.MANAGER, Which.AT_ONCE, whole)
        assert (above.limit.amount_minor, above.already.amount_minor, above.asked.amount_minor) == (30000, 0, 45000)
        part = (await given_back(house, other, 6, actor=ana)).outcome.refund_id
        await approved(house, part)
        third = (await given_back(house, await paid(house, definition), 3, actor=ana)).outcome.refund_id
        day = await refused(RefundAboveLimit, house.manager_lis, ApproveRefund(third))
        assert (day.which, day.limit.amount_minor, day.already.amount_minor, day.asked.amount_minor) == (
            Which.PER_DAY,
            40000,
            27000,
            13500,
        )
        rest = (await given_back(house, other, 1, actor=ana)).outcome.refund_id
        package = await refused(RefundAboveLimit, house.manager_lis, ApproveRefund(rest))
        assert (package.which, package.already.amount_minor) == (Which.AT_ONCE, 27000)
        for refund_id in (whole, third, rest):
            await approved(house, refund_id, house.owner)
    with on(MONDAY + timedelta(days=1)):
        fresh = (await given_back(house, await paid(house, definition), 6, actor=ana)).outcome.refund_id
        await approved(house, fresh)


async def test_two_at_once_by_one_person_do_not_pass_the_limit_together(house: Harbour) -> None:
    definition = await returnable(house)
    await limit(house, Role.FRONT_DESK, per_day=15000)
    mine, other = await paid(house, definition), await paid(house, definition)
    both = await at_once(given_back(house, mine, 2), given_back(house, other, 2))
    assert sorted(await states(*both)) == ["APPROVED", "REQUESTED"]


async def test_what_is_set_for_a_branch_counts_there_and_the_newest_word_counts(house: Harbour) -> None:
    with on(MONDAY):
        definition = await returnable(house)
        await limit(house, Role.FRONT_DESK, at_once=1000)
        await limit(house, Role.FRONT_DESK, at_once=50000, branch_id=house.lis)
        await limit(house, Role.FRONT_DESK, at_once=4500, branch_id=house.lis)
        first = await given_back(house, await paid(house, definition), 1)
        second = await given_back(house, await paid(house, definition), 2)
        assert await states(first, second) == ["APPROVED", "REQUESTED"]
        found = await limits(house.manager_mad)
        assert [(each.role, each.branch_id, each.at_once_minor, each.per_day_minor) for each in found] == [
            (Role.FRONT_DESK, None, 1000, None),
            (Role.FRONT_DESK, house.lis, 4500, None),
        ]
        assert await limits(await customer_actor(house, house.ana)) == []
        assert await limits(house.other_owner) == []


async def test_only_the_owner_sets_limits_of_roles_that_agree_to_refunds_in_the_money_of_the_chain(
    house: Harbour,
) -> None:
    with on(MONDAY):
        for actor in (house.manager_lis, house.accountant, house.integrator):
            await refused(Forbidden, actor, SetRefundLimit(Role.MANAGER, house.lis, 1))
        await refused(NotFound, house.owner, SetRefundLimit(Role.MANAGER, house.other_branch, 1))
        wrong = await refused(WrongCurrency, house.owner, SetRefundLimit(Role.MANAGER, None, 1, 2, ("EUR", "GBP")))
        assert (wrong.currency, wrong.path) == ("GBP", ("perDay", "currency"))
        for bad, path in (
            (SetRefundLimit(Role.ACCOUNTANT), "role"),
            (SetRefundLimit(Role.MANAGER, None, -1), "atOnce"),
        ):
            assert (await refused(InvalidInput, house.owner, bad)).path == (path,)
