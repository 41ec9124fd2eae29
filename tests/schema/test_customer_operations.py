"""A customer reads what was done for them and to packages that are theirs or shared, without the desk's own words."""

import pytest

from domain.kernel.commands import run_command
from domain.packages.redeem_session import RedeemSession
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import sold
from tests.fixtures.graph import graph
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

LOG = "{ operations { nodes { act reason packageId reverses { act } } } }"
GIVE = """mutation($id: ID!) {
  grantGoodwill(input: {packageId: $id, sessions: 1, reason: "x", idempotencyKey: "customer-1"}) { __typename }
}"""


async def test_a_holder_and_the_household_see_what_happened_to_a_shared_package(db: str) -> None:
    house = await harbour(db)
    shared = await sold(house, house.buy_3_free_1, reason="pays late")
    own = await sold(house, house.ten)
    use = RedeemSession(house.massage, house.lis, shared, customer_id=house.rui, reason="was rude")
    done = await run_command(house.owner, use)
    await run_command(house.owner, ReverseRedemption(done.operation_id, Fault.BUSINESS, "typing error"))
    async with graph() as app:
        seen = {
            name: (await app.ask(await customer_actor(house, person), LOG))["operations"]["nodes"]
            for name, person in (("ana", house.ana), ("rui", house.rui), ("eva", house.eva))
        }
    on_shared = ["reverse_redemption", "redeem_session", "sell_package"]
    assert [row["act"] for row in seen["ana"] if row["packageId"] == shared] == on_shared
    assert [row["act"] for row in seen["rui"] if row["packageId"] == shared] == on_shared
    assert [row["reverses"] for row in seen["rui"] if row["reverses"]] == [{"act": "redeem_session"}]
    assert not [row for row in seen["rui"] if row["packageId"] == own]
    assert not [row for row in seen["eva"] if row["packageId"]]
    assert {row["reason"] for rows in seen.values() for row in rows} == {None}


async def test_who_may_carry_out_an_act_nowhere_cannot_tell_what_exists(db: str) -> None:
    house = await harbour(db)
    package_id = await sold(house, house.ten)
    ana = await customer_actor(house, house.ana)
    async with graph() as app, unchanged():
        answers = [(await app.post(ana, GIVE, id=given)).json() for given in (package_id, "pkg_unknown")]
    for answer in answers:
        answer["errors"][0]["extensions"].pop("requestId")
        answer.pop("extensions")
    assert answers[0] == answers[1]
    assert answers[0]["errors"][0]["extensions"]["code"] == "FORBIDDEN"
