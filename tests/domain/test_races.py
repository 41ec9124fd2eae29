"""What is asked at the same time is done one after the other, and never more often than there is something to do."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.ledger.accounts import PaymentMethod
from domain.ledger.audit import audit_ledgers
from domain.packages.errors import (
    AlreadyReversed,
    LimitPerCustomerReached,
    NotEnoughSessions,
    PaymentExceedsOutstanding,
    ReferenceTaken,
)
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.packages.sell_package import SellPackage
from domain.payments.record_payment import RecordPayment
from tests.fixtures import redeem_many
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import cash, left, package, sold, used
from tests.fixtures.races import at_once

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    return await harbour(db)


def tally(answers: Sequence[Any]) -> Counter[str]:
    """How often each refusal came, and how often the act was carried out."""
    return Counter(type(answer).__name__ for answer in answers)


async def test_two_hundred_for_the_last_session(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    await used(house, package_id, sessions=9)
    use = RedeemSession(house.physio, house.lis, package_id)

    answers = await asyncio.gather(*(run_command(house.owner, use) for _ in range(200)), return_exceptions=True)

    assert tally(answers) == {"Done": 1, "NotEnoughSessions": 199}
    assert {(a.package_id, a.asked, a.remaining) for a in answers if isinstance(a, NotEnoughSessions)} == {
        (package_id, 1, 0)
    }
    assert await left(package_id) == [(0, 0)]
    assert await audit_ledgers(house.chain_id) == []


async def test_fifty_for_whichever_package_of_the_household_has_some(house: Harbour) -> None:
    packages = [await sold(house, house.buy_3_free_1, customer_id=who) for who in (house.ana, house.rui)]
    uses = [
        RedeemSession(house.massage, house.lis, customer_id=who) for who in (house.ana, house.rui) for _ in range(25)
    ]
    answers = await asyncio.gather(*(run_command(house.owner, use) for use in uses), return_exceptions=True)
    assert tally(answers) == {"Done": 8, "NotEnoughSessions": 42}
    assert [await left(package_id) for package_id in packages] == [[(0, 0), (0, 0)]] * 2
    assert await audit_ledgers(house.chain_id) == []


async def test_processes_for_the_last_session(house: Harbour, db: str) -> None:
    package_id = await sold(house, house.ten)
    await used(house, package_id, sessions=9)
    command = (redeem_many.__file__, db, house.chain_id, house.physio, house.lis, package_id, "10")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, *command, env=environment, stdout=asyncio.subprocess.PIPE)
        for _ in range(2 if db.startswith("sqlite") else 4)
    ]
    answers = [await process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    assert sum(int(out) for out, _ in answers) == 1
    assert await left(package_id) == [(0, 0)]


async def test_redeeming_against_reversing(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    use = await used(house, package_id, sessions=10)
    again = RedeemSession(house.physio, house.mad, package_id, sessions=10)
    back = ReverseRedemption(use.operation_id, Fault.BUSINESS, "typed twice")
    answers = await at_once(
        run_command(house.owner, again), run_command(house.owner, back), run_command(house.owner, again)
    )
    done = tally(answers)
    # The reversal always succeeds; a redemption only after it, and then only one.
    assert done["Done"] + done["NotEnoughSessions"] == 3
    assert not isinstance(answers[1], BaseException)
    assert await left(package_id) == [(10, 45000) if done["Done"] == 1 else (0, 0)]
    assert await audit_ledgers(house.chain_id) == []


async def test_reversing_against_reversing(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    use = await used(house, package_id)
    back = ReverseRedemption(use.operation_id, Fault.BUSINESS, "typed twice")
    answers = await at_once(*(run_command(house.owner, back) for _ in range(5)))
    (reversal,) = await rows("SELECT id FROM operation WHERE reverses = $1", use.operation_id)
    assert tally(answers) == {"Done": 1, "AlreadyReversed": 4}
    assert {a.reversal_id for a in answers if isinstance(a, AlreadyReversed)} == {reversal["id"]}
    assert await left(package_id) == [(10, 45000)]


async def test_paying_against_paying(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    pay = RecordPayment(package_id, house.lis, PaymentMethod.CASH, 10000, "EUR")
    answers = await at_once(*(run_command(house.owner, pay) for _ in range(8)))
    assert tally(answers) == {"Done": 4, "PaymentExceedsOutstanding": 4}
    assert {a.outstanding.amount_minor for a in answers if isinstance(a, PaymentExceedsOutstanding)} == {5000}
    assert (await package(house, package_id)).paid_minor == 40000
    assert await audit_ledgers(house.chain_id) == []


async def test_selling_against_the_limit(house: Harbour) -> None:
    sale = SellPackage(house.trial, house.ana, house.lis, cash(9900))
    answers = await at_once(*(run_command(house.owner, sale) for _ in range(6)))
    assert tally(answers) == {"Done": 1, "LimitPerCustomerReached": 5}
    assert {a.limit for a in answers if isinstance(a, LimitPerCustomerReached)} == {1}
    assert len(await rows("SELECT id FROM package")) == 1


async def test_selling_under_one_reference(house: Harbour) -> None:
    sale = SellPackage(house.ten, house.ana, house.lis, reference="H-1", confirmed_duplicate=True)
    answers = await at_once(*(run_command(house.owner, sale) for _ in range(4)))
    (kept,) = await rows("SELECT id FROM package")
    assert tally(answers) == {"Done": 1, "ReferenceTaken": 3}
    assert {a.taken_by_package_id for a in answers if isinstance(a, ReferenceTaken)} == {kept["id"]}
