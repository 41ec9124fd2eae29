"""The settings of a chain are read by its business and changed by its owner, over HTTP."""

import pytest

from domain.kernel.ids import is_id
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import euros, mutation, refused

pytestmark = pytest.mark.anyio

SETTINGS = """{ shortfall openBookings reinstatementDays deskExtensionDays backdateDays reversalHours lapseTax
  breakageMethod duplicateSaleMinutes largestPayment { amount currency } }"""
READ = f"{{ viewer {{ chain {{ name currency settings {SETTINGS} }} }} }}"
CHANGE = mutation("changeChainSettings", f"operationId chain {{ name settings {SETTINGS} }}")
AS_FOUNDED = {
    "shortfall": "REFUSE",
    "openBookings": "FLAG",
    "reinstatementDays": 90,
    "deskExtensionDays": 14,
    "backdateDays": 7,
    "reversalHours": 48,
    "lapseTax": "NONE",
    "breakageMethod": "AT_LAPSE",
    "duplicateSaleMinutes": 10,
    "largestPayment": None,
}


async def test_the_business_reads_the_settings_and_customers_only_whose_customers_they_are(db: str) -> None:
    house = await harbour(db)
    harbour_itself = {"name": "Harbour Wellness", "currency": "EUR"}
    async with graph() as app:
        for actor in (house.owner, house.practitioner_lis):
            found = await app.ask(actor, READ)
            assert found == {"viewer": {"chain": harbour_itself | {"settings": AS_FOUNDED}}}
        found = await app.ask(await customer_actor(house, house.ana), READ)
        assert found == {"viewer": {"chain": harbour_itself | {"settings": None}}}


async def test_an_owner_changes_some_of_them(db: str) -> None:
    house = await harbour(db)
    given = {"shortfall": "CHARGE", "openBookings": "COMPLETE", "reversalHours": 24, "lapseTax": "DUE"}
    given |= {"duplicateSaleMinutes": 0, "largestPayment": euros("500.00")}
    async with graph() as app:
        answer = await app.act(house.owner, CHANGE, input=given)
        assert is_id(answer.pop("operationId"), "op")
        assert answer == {
            "__typename": "ChangeChainSettingsPayload",
            "chain": {"name": "Harbour Wellness", "settings": AS_FOUNDED | given},
        }
        assert (await app.ask(house.desk_lis, READ))["viewer"]["chain"]["settings"] == AS_FOUNDED | given


async def test_settings_out_of_bounds_are_refused_all_at_once(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        kind, facts = await refused(app, house.owner, CHANGE, {"backdateDays": 366, "reversalHours": -1})
    assert (kind, [problem["path"] for problem in facts["problems"]]) == (
        "InvalidInput",
        [["backdateDays"], ["reversalHours"]],
    )


async def test_the_limit_of_payments_in_another_currency_or_with_too_many_digits(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        pounds = {"largestPayment": {"amount": "5.00", "currency": "GBP"}}
        assert (await refused(app, house.owner, CHANGE, pounds))[0] == "WrongCurrency"
        kind, facts = await refused(app, house.owner, CHANGE, {"largestPayment": euros("5.001")})
        assert (kind, facts["path"]) == ("InvalidInput", ["largestPayment", "amount"])
        await app.act(house.owner, CHANGE, input={"largestPayment": euros("5.00")})
        answer = await app.act(house.owner, CHANGE, input={"unlimitedPayments": True})
        assert answer["chain"]["settings"] == AS_FOUNDED


async def test_a_manager_may_not(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        assert await app.errors(house.manager_lis, CHANGE, input={"backdateDays": 1}) == ["FORBIDDEN"]
