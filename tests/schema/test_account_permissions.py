"""Who may take money back, pay into accounts, forgive charges and record payouts, as the policy table says."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from domain.kernel.access import POLICIES
from domain.kernel.ids import new_id
from domain.ledger.accounts import PaymentMethod, Received
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
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.graph import graph
from tests.fixtures.money_acts import deposited, paid, visited
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


async def given_to(house: Harbour, act: str) -> dict[str, Any]:
    """A fresh good input of the act, in Lisbon."""
    match act:
        case "reverse_payment":
            return taking_back(await paid(house, await sold(house, house.ten), 100))
        case "pay_account":
            return into_account(house, "1.00", keepExcess=True)
        case "reverse_charge":
            return forgiving(await visited(house, next(_TIMES), house.lis, house.physio))
        case _:
            await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
            return paying_out(house, "450.00")


@pytest.mark.parametrize("act", DOCUMENTS)
async def test_an_act_is_open_to_those_of_the_policy_table_and_to_nobody_else(db: str, act: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
    async with graph() as app:
        for name, asker in (await askers(house)).items():
            with on(NOW):
                given = await given_to(house, act)
            with on(NOW):
                if asker.may(act):
                    answer = await app.act(asker.credentials, DOCUMENTS[act], input=given)
                    assert answer["__typename"].endswith("Payload"), (name, answer)
                    continue
                async with unchanged():
                    response = await app.post(asker.credentials, DOCUMENTS[act], input=given)
                (error,) = response.json()["errors"]
                assert error["extensions"]["code"] == "FORBIDDEN", name
                assert POLICIES[act].needs in error["message"]


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
