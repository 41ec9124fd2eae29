"""What a package lacks and the chain charges is told by the redemption and by the customer's account."""

import pytest

from domain.branches.change_chain_settings import ChangeChainSettings
from domain.kernel.commands import run_command
from domain.packages.sold import Shortfall
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import sold
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import euros, use

pytestmark = pytest.mark.anyio

REDEEM = """mutation($input: RedeemSessionInput!) { redeemSession(input: $input) { ... on RedeemSessionPayload {
  redemption { sessions charged chargedAmount { amount currency } lots { sessions } } } } }"""
ACCOUNT = """query($id: ID!) { customer(id: $id) { charges {
  sessions amount { amount currency } tax { amount } bookingId branch { code } service { code } } } }"""


async def test_the_redemption_and_the_account_tell_what_was_charged(db: str) -> None:
    house = await harbour(db)
    await run_command(house.owner, ChangeChainSettings(shortfall=Shortfall.CHARGE))
    package_id = await sold(house, house.ten)
    async with graph() as app:
        done = await app.act(house.desk_lis, REDEEM, input=use(house, package_id, sessions=12))
        assert done["redemption"] == {
            "sessions": 12,
            "charged": 2,
            "chargedAmount": euros("100.00"),
            "lots": [{"sessions": 10}],
        }
        charge = {
            "sessions": 2,
            "amount": euros("100.00"),
            "tax": {"amount": "0.00"},
            "bookingId": None,
            "branch": {"code": "LIS"},
            "service": {"code": "PHY45"},
        }
        for actor, seen in (
            (house.owner, [charge]),
            (await customer_actor(house, house.ana), [charge]),
            (await customer_actor(house, house.rui), []),
            (house.manager_mad, []),
        ):
            found = (await app.ask(actor, ACCOUNT, id=house.ana))["customer"]
            assert (found["charges"] if found else []) == seen
