"""A change of mind under one key is one act, however often and however concurrently it is asked for."""

from dataclasses import replace
from typing import Any

import pytest

from domain.kernel.commands import run_command
from domain.kernel.errors import IdempotencyMismatch
from domain.refunds.approve_refund import ApproveRefund
from domain.refunds.pay_out_refund import PayOutRefund
from domain.refunds.refuse_refund import RefuseRefund
from domain.refunds.withdraw_refund import WithdrawRefund
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.given_back import assert_sound, back, given_back, paid, returnable
from tests.fixtures.races import at_once
from tests.fixtures.topped_up import adding, growing
from tests.fixtures.unchanged import unchanged
from tests.fixtures.upgraded import bought, changing, larger, upgrade

pytestmark = pytest.mark.anyio


async def every_act(house: Harbour) -> list[Any]:
    """A command for each act, each of a package of its own."""
    definition, ana = await returnable(house), await customer_actor(house, house.ana)
    packages = [await paid(house, definition) for _ in range(5)]
    asked = [(await given_back(house, each, actor=ana)).outcome.refund_id for each in packages[:3]]
    agreed = (await given_back(house, packages[3], 2)).outcome.refund_id
    to = await larger(house)
    return [
        ApproveRefund(asked[0]),
        RefuseRefund(asked[1], "no"),
        WithdrawRefund(asked[2], "she stays"),
        PayOutRefund(agreed, house.lis),
        back(packages[4], 2),
        adding(house, await growing(house), 3),
        upgrade(house, await bought(house, await changing(house, to)), to),
    ]


async def test_under_one_key_it_happens_once(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        for command in await every_act(house):
            both = await at_once(*(run_command(house.owner, command, "one key of all") for _ in range(2)))
            assert sorted(done.replayed for done in both) == [False, True], command
            assert (both[0].outcome, both[0].operation_id) == (both[1].outcome, both[1].operation_id)
            async with unchanged():
                assert (await run_command(house.owner, command, "one key of all")).replayed
                with pytest.raises(IdempotencyMismatch):
                    await run_command(house.owner, replace(command, reason="another"), "one key of all")
    await assert_sound(house)
