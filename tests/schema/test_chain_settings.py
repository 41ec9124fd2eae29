"""The settings of a chain are read by its business and changed by its owner, over HTTP."""

import pytest

from domain.kernel.ids import is_id
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import mutation, refused

pytestmark = pytest.mark.anyio

SETTINGS = "{ shortfall openBookings reinstatementDays deskExtensionDays backdateDays reversalHours }"
READ = f"{{ viewer {{ chain {{ name currency settings {SETTINGS} }} }} }}"
CHANGE = mutation("changeChainSettings", f"operationId chain {{ name settings {SETTINGS} }}")
AS_FOUNDED = {
    "shortfall": "REFUSE",
    "openBookings": "FLAG",
    "reinstatementDays": 90,
    "deskExtensionDays": 14,
    "backdateDays": 7,
    "reversalHours": 48,
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
    given = {"shortfall": "CHARGE", "openBookings": "COMPLETE", "reversalHours": 24}
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


async def test_a_manager_may_not(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        assert await app.errors(house.manager_lis, CHANGE, input={"backdateDays": 1}) == ["FORBIDDEN"]
