"""Who may take money back, pay into accounts, forgive charges and record payouts, as the policy table says."""

from datetime import timedelta
from itertools import count

import pytest

from domain.kernel.ids import new_id
from tests.fixtures.account_acts import (
    ACCOUNT,
    PAYOUT,
    REVERSE_CHARGE,
    REVERSE_PAYMENT,
    forgiving,
    into_account,
    paying_out,
    taking_back,
)
from tests.fixtures.askers import askers
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.graph import graph
from tests.fixtures.money_acts import deposited, visited
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

DOCUMENTS = {
    "reverse_payment": REVERSE_PAYMENT,
    "pay_account": ACCOUNT,
    "reverse_charge": REVERSE_CHARGE,
    "record_payout": PAYOUT,
}
NOW = MONDAY + timedelta(days=6, hours=3)
_TIMES = (MONDAY + timedelta(days=5, hours=number % 24) for number in count())


async def test_the_matrix_is_the_one_that_was_agreed(sqlite_db: str) -> None:
    house = await harbour(sqlite_db)
    found = {act: [name for name, asker in (await askers(house)).items() if asker.may(act)] for act in DOCUMENTS}
    desk = ["owner", "manager there", "desk"]
    assert found == {
        "reverse_payment": [*desk, "key SELL"],
        "pay_account": [*desk, "key SELL"],
        "reverse_charge": [*desk, "key REDEEM"],
        "record_payout": ["owner", "manager there", "accountant", "key ACCOUNTING"],
    }


async def test_what_another_chain_has_is_answered_as_what_is_absent(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        payment_id = await deposited(house, 100)
    visit = await visited(house, MONDAY + timedelta(days=5), house.lis, house.physio)
    there = {"branchId": house.other_branch, "customerId": house.other_customer}
    table = [
        (REVERSE_PAYMENT, taking_back(payment_id), "paymentId", payment_id),
        (ACCOUNT, into_account(house, "1.00", keepExcess=True) | there, "customerId", house.ana),
        (ACCOUNT, into_account(house, "1.00", keepExcess=True) | there, "branchId", house.lis),
        (REVERSE_CHARGE, forgiving(visit), "operationId", visit),
        (PAYOUT, paying_out(house, "1.00"), "branchId", house.lis),
    ]
    with on(NOW):
        async with graph() as app, unchanged():
            for document, given, field, foreign in table:
                absent = new_id(foreign.partition("_")[0])
                said = [
                    await app.act(house.other_owner, document, input=given | {field: one}) for one in (foreign, absent)
                ]
                for answer, one in zip(said, (foreign, absent), strict=True):
                    assert answer["message"].replace(one, "") == said[0]["message"].replace(foreign, "")
                    assert (answer["__typename"], answer["id"], answer["path"]) == ("NotFound", one, [field])
