"""The catalogue over HTTP: services, definitions, versions, terms, and what a session costs."""

from typing import Any

import pytest

from domain.kernel.access import Actor
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.graph import Graph, graph
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

SERVICE = """mutation($input: DefineServiceInput!) { defineService(input: $input) {
  __typename
  ... on DefineServicePayload { created service { id code name durationMinutes groupClass
    prices { branch { code } listPrice { amount currency } deliveryCost { amount } } } }
  ... on WrongCurrency { currency expected path }
} }"""
DEFINE = """mutation($input: DefinePackageInput!) { definePackage(input: $input) {
  __typename
  ... on DefinePackagePayload { definition { id code state } version { id version state name } }
  ... on UserError { message path }
  ... on InvalidInput { problems { path message } }
  ... on NotFound { noun }
  ... on ServiceNotPriced { serviceCode }
  ... on WrongCurrency { currency expected }
} }"""
PUBLISH = """mutation($id: ID!) { publishPackageDefinition(input: {definitionId: $id}) {
  __typename
  ... on PublishPackageDefinitionPayload { version { version state } definition { versions { version state } } }
  ... on NothingToPublish { publishedVersion }
} }"""
RETIRE = """mutation($id: ID!) { retirePackageDefinition(input: {definitionId: $id}) {
  __typename
  ... on RetirePackageDefinitionPayload { version { version state } definition { state } }
  ... on AlreadyRetired { retiredAt }
} }"""
DEFINITION = """query($id: ID!, $branch: ID!) { packageDefinition(id: $id) { name current {
  pricing(branchId: $branch) { singleSessionPrice { amount } perSessionPrice { amount } saved { amount currency }
    items { sessions singleSessionPrice { amount } perSessionPrice { amount } services { code } } }
} } }"""
TERMS = """query($id: ID!) { packageDefinition(id: $id) { current { terms {
  sessions paidSessions bonusSessions
  items { paid bonus services { code } }
  price { amount { amount currency } taxRate taxCode taxIncluded taxPoint bonusValue bonusOrder
    branchTaxes { branchId taxRate taxCode } }
  validity { days months until starts startWithinDays expiry graceDays graceAllows renewalInGrace }
  where { scope branches { code } practitioners { name } }
  who { sharing transfer partialTransfer maximumTransfers transferFee { amount } transferNeedsApproval }
  cancellation { freeUntilHours late noShow reschedules }
  change { topUp topUpMinimum topUpMaximum topUpPrice topUpFixedPrice { amount } topUpDays upgradeTo upgradeMethod }
  refund { basis penaltyFixed { amount } penaltyPercent penaltyOf penaltyAtMost { amount } penaltyAtLeast { amount }
    penaltyUnusedAtMost { amount } coolingOffDays coolingOffBusinessDays adminFee { amount } feeTaxed
    approvalAbove { amount } }
  use { activation upToPaid limitPerCustomer freezeDays freezeTimes }
} } } }"""


def _ten(service_id: str, **more: Any) -> dict[str, Any]:
    """10 sessions for 450.00, valid for 180 days."""
    return {
        "code": "NEW10",
        "name": "Ten",
        "items": [{"services": [service_id], "paid": 10}],
        "price": {"amount": "450.00", "currency": "EUR"},
        "validity": {"days": 180},
    } | more


async def test_a_service_is_defined_with_its_prices_and_changed_under_its_code(db: str) -> None:
    house = await harbour(db)
    price = {"branchId": house.lis, "listPrice": {"amount": "35.50", "currency": "EUR"}}
    cost = {"deliveryCost": {"amount": "12.00", "currency": "EUR"}}
    yoga = {"code": "YOGA", "name": "Yoga", "durationMinutes": 60, "groupClass": True}
    async with graph() as app:
        first = await app.act(house.owner, SERVICE, input=yoga | {"prices": [price]})
        again = await app.act(house.owner, SERVICE, input=yoga | {"name": "Hatha", "prices": [price | cost]})
    assert (first["created"], again["created"]) == (True, False)
    assert first["service"]["id"] == again["service"]["id"]
    assert again["service"] | {"id": ""} == {
        "id": "",
        "code": "YOGA",
        "name": "Hatha",
        "durationMinutes": 60,
        "groupClass": True,
        "prices": [
            {
                "branch": {"code": "LIS"},
                "listPrice": {"amount": "35.50", "currency": "EUR"},
                "deliveryCost": {"amount": "12.00"},
            }
        ],
    }


async def test_a_price_in_another_currency_is_refused_whatever_its_digits(db: str) -> None:
    house = await harbour(db)
    price = {"branchId": house.lis, "listPrice": {"amount": "3550", "currency": "JPY"}}
    yoga = {"code": "YOGA", "name": "Yoga", "durationMinutes": 60, "prices": [price]}
    async with graph() as app, unchanged():
        refused = await app.act(house.owner, SERVICE, input=yoga)
    assert refused == {"__typename": "WrongCurrency", "currency": "JPY", "expected": "EUR", "path": ["prices"]}


async def test_customers_see_list_prices_and_not_what_delivery_costs(db: str) -> None:
    house = await harbour(db)
    cost = {"amount": "12.00", "currency": "EUR"}
    price = {"branchId": house.lis, "listPrice": {"amount": "35.50", "currency": "EUR"}, "deliveryCost": cost}
    yoga = {"code": "YOGA", "name": "Yoga", "durationMinutes": 60, "prices": [price]}
    read = """query($id: ID!, $at: ID!, $away: ID!) { service(id: $id) {
      here: listPrice(branchId: $at) { amount } away: listPrice(branchId: $away) { amount }
      prices { deliveryCost { amount } } } }"""
    async with graph() as app:
        yoga_id = (await app.act(house.owner, SERVICE, input=yoga))["service"]["id"]
        ana = await customer_actor(house, house.ana)
        seen = (await app.ask(ana, read, id=yoga_id, at=house.lis, away=house.mad))["service"]
    assert seen == {"here": {"amount": "35.50"}, "away": None, "prices": [{"deliveryCost": None}]}


async def test_a_definition_goes_from_draft_to_sale_to_its_next_version_to_retirement(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        defined = await app.act(house.owner, DEFINE, input=_ten(house.physio))
        definition_id = defined["definition"]["id"]
        assert (defined["definition"]["state"], defined["version"]["version"]) == ("DRAFT", 1)
        published = await app.act(house.owner, PUBLISH, id=definition_id)
        assert published["version"] == {"version": 1, "state": "PUBLISHED"}
        next_one = await app.act(house.owner, DEFINE, input=_ten(house.physio, name="Ten again"))
        assert next_one["definition"] == {"id": definition_id, "code": "NEW10", "state": "PUBLISHED"}
        assert next_one["version"]["version"] == 2
        published = await app.act(house.owner, PUBLISH, id=definition_id)
        assert published["definition"]["versions"] == [
            {"version": 2, "state": "PUBLISHED"},
            {"version": 1, "state": "RETIRED"},
        ]
        async with unchanged():
            nothing = await app.act(house.owner, PUBLISH, id=definition_id)
        assert nothing == {"__typename": "NothingToPublish", "publishedVersion": 2}
        retired = await app.act(house.owner, RETIRE, id=definition_id)
        assert retired["version"] == {"version": 2, "state": "RETIRED"}
        assert (await app.act(house.owner, RETIRE, id=definition_id))["__typename"] == "AlreadyRetired"


async def test_every_group_of_terms_comes_back_as_it_was_sent(db: str) -> None:
    house = await harbour(db)
    sent: dict[str, Any] = _ten(
        house.physio,
        items=[{"services": [house.physio, house.massage], "paid": 8, "bonus": 2}],
        price={
            "amount": "450.00",
            "currency": "EUR",
            "taxRate": "23",
            "taxCode": "NOR",
            "taxIncluded": False,
            "taxPoint": "AT_REDEMPTION",
            "bonusValue": "ZERO",
            "bonusOrder": "FIRST",
            "branchTaxes": [{"branchId": house.mad, "taxRate": "21", "taxCode": "IVA21"}],
        },
        validity={
            "months": 6,
            "starts": "FIRST_USE",
            "startWithinDays": 30,
            "expiry": "SOFT",
            "graceDays": 14,
            "graceAllows": "BOOKED_ONLY",
            "renewalInGrace": True,
        },
        where={"scope": "LISTED", "branches": [house.mad, house.lis], "practitioners": [house.practitioner_lis.id]},
        who={
            "sharing": "NAMED",
            "transfer": "ANYONE",
            "partialTransfer": True,
            "maximumTransfers": 2,
            "transferFee": "10",
            "transferNeedsApproval": True,
        },
        cancellation={"freeUntilHours": 12, "late": "RETURN", "noShow": "CONSUME", "reschedules": 3},
        change={
            "topUp": True,
            "topUpMinimum": 2,
            "topUpMaximum": 5,
            "topUpPrice": "FIXED",
            "topUpFixedPrice": "47.50",
            "topUpDays": 30,
            "upgradeTo": [house.ten],
            "upgradeMethod": "CARRY_USAGE",
        },
        refund={
            "basis": "LIST_PRICE",
            "penaltyFixed": "5.00",
            "penaltyPercent": "12.5",
            "penaltyOf": "PRICE",
            "penaltyAtMost": "50.00",
            "penaltyAtLeast": "1.00",
            "penaltyUnusedAtMost": "20.00",
            "coolingOffDays": 14,
            "coolingOffBusinessDays": True,
            "adminFee": "2.00",
            "feeTaxed": True,
            "approvalAbove": "100.00",
        },
        use={"activation": "FULL_PAYMENT", "upToPaid": True, "limitPerCustomer": 1, "freezeDays": 60, "freezeTimes": 2},
    )
    async with graph() as app:
        definition_id = (await app.act(house.owner, DEFINE, input=sent))["definition"]["id"]
        terms = (await app.ask(house.owner, TERMS, id=definition_id))["packageDefinition"]["current"]["terms"]
    assert (terms["sessions"], terms["paidSessions"], terms["bonusSessions"]) == (10, 8, 2)
    assert terms["items"] == [{"paid": 8, "bonus": 2, "services": [{"code": "PHY45"}, {"code": "MAS60"}]}]
    amount = {"amount": "450.00", "currency": "EUR"}
    taxes = [{"branchId": house.mad, "taxRate": "21.00", "taxCode": "IVA21"}]
    answered = {"amount": amount, "taxRate": "23.00", "branchTaxes": taxes}
    assert terms["price"] | {"currency": "EUR"} == sent["price"] | answered
    assert terms["validity"] == sent["validity"] | {"days": None, "until": None}
    assert terms["where"] == {
        "scope": "LISTED",
        "branches": [{"code": "MAD"}, {"code": "LIS"}],
        "practitioners": [{"name": "Paulo Practitioner"}],
    }
    assert terms["who"] == sent["who"] | {"transferFee": {"amount": "10.00"}}
    assert terms["cancellation"] == sent["cancellation"]
    assert terms["change"] == sent["change"] | {"topUpFixedPrice": {"amount": "47.50"}}
    assert terms["refund"] == sent["refund"] | {
        "penaltyFixed": {"amount": "5.00"},
        "penaltyPercent": "12.50",
        "penaltyAtMost": {"amount": "50.00"},
        "penaltyAtLeast": {"amount": "1.00"},
        "penaltyUnusedAtMost": {"amount": "20.00"},
        "adminFee": {"amount": "2.00"},
        "approvalAbove": {"amount": "100.00"},
    }
    assert terms["use"] == sent["use"]


async def test_the_price_of_a_session_stands_beside_its_price_alone(db: str) -> None:
    house = await harbour(db)
    ana = await customer_actor(house, house.ana)
    async with graph() as app:
        assert await _pricing(app, ana, house.ten, house.mad) == ("50.00", "45.00", "50.00")
        assert await _pricing(app, ana, house.buy_3_free_1, house.lis) == ("60.00", "45.00", "60.00")
        assert await _pricing(app, ana, house.buy_3_free_1, house.mad) == ("65.00", "45.00", "80.00")
        shown = await app.ask(ana, DEFINITION, id=house.bundle, branch=house.lis)
    assert shown["packageDefinition"]["current"]["pricing"] == {
        "singleSessionPrice": {"amount": "58.33"},
        "perSessionPrice": {"amount": "53.32"},
        "saved": {"amount": "30.10", "currency": "EUR"},
        "items": [
            {
                "sessions": 4,
                "singleSessionPrice": {"amount": "60.00"},
                "perSessionPrice": {"amount": "54.84"},
                "services": [{"code": "MAS60"}],
            },
            {
                "sessions": 2,
                "singleSessionPrice": {"amount": "55.00"},
                "perSessionPrice": {"amount": "50.27"},
                "services": [{"code": "FAC50"}],
            },
        ],
    }


async def test_there_is_no_comparison_where_the_branch_does_not_offer_the_services(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for branch in (house.other_branch, "nowhere"):
            shown = await app.ask(house.owner, DEFINITION, id=house.ten, branch=branch)
            assert shown["packageDefinition"]["current"]["pricing"] is None


async def test_customers_see_what_is_on_sale_and_no_drafts(db: str) -> None:
    house = await harbour(db)
    ana = await customer_actor(house, house.ana)
    listed = (
        """query($filter: PackageDefinitionFilterInput) { packageDefinitions(filter: $filter) { nodes { code } } }"""
    )
    versions = "query($id: ID!) { packageDefinition(id: $id) { versions { version } } }"
    async with graph() as app:
        draft = (await app.act(house.owner, DEFINE, input=_ten(house.physio)))["definition"]["id"]
        await app.act(house.owner, DEFINE, input=_ten(house.physio, code="PHY10"))
        await app.act(house.owner, RETIRE, id=house.trial)
        for_ana = (await app.ask(ana, listed))["packageDefinitions"]["nodes"]
        assert [node["code"] for node in for_ana] == ["PHY10", "MASB3F1", "MIX42"]
        assert (await app.ask(ana, versions, id=house.ten))["packageDefinition"]["versions"] == [{"version": 1}]
        assert (await app.ask(ana, versions, id=draft))["packageDefinition"] is None
        assert len((await app.ask(house.owner, versions, id=house.ten))["packageDefinition"]["versions"]) == 2
        by_service = await app.ask(house.owner, listed, filter={"serviceId": house.facial})
        assert [node["code"] for node in by_service["packageDefinitions"]["nodes"]] == ["FAC3T", "MIX42"]


async def test_the_policies_can_be_read_before_purchase(db: str) -> None:
    house = await harbour(db)
    read = "query($id: ID!) { packageDefinition(id: $id) { policies { topic text }"
    read += " current { terms { policies { topic text } } } } }"
    async with graph() as app:
        found = await app.ask(await customer_actor(house, house.ana), read, id=house.buy_3_free_1)
    policies = found["packageDefinition"]["policies"]
    assert policies == found["packageDefinition"]["current"]["terms"]["policies"]
    assert {"topic": "SESSIONS", "text": "4 sessions, 1 of them free, for 180.00 EUR."} in policies
    free = "A booking can be cancelled free until 24 hours before it starts, by the branch's clock."
    assert {"topic": "CANCELLATION", "text": free} in policies


async def _pricing(app: Graph, actor: Actor, definition_id: str, branch_id: str) -> tuple[str, str, str]:
    shown = await app.ask(actor, DEFINITION, id=definition_id, branch=branch_id)
    found = shown["packageDefinition"]["current"]["pricing"]
    return (found["singleSessionPrice"]["amount"], found["perSessionPrice"]["amount"], found["saved"]["amount"])
