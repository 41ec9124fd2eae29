"""The demo shows changes of mind: packages that grew, were changed and given back, and each next step can be tried."""

from typing import Any

import pytest

from carnet.demo import Demo, seed
from tests.fixtures.demo_tabs import titled
from tests.fixtures.graph import SETTINGS, Graph, graph

pytestmark = pytest.mark.anyio

CHANGED = """
{ packages(first: 100) { nodes {
    name status holder { name } price { amount } outstanding { amount } balance { remaining }
    topUps { sessions amount { amount } }
    upgradedFrom { unusedValue { amount } } upgradedTo { newPackage { name } }
    bookings(first: 5) { nodes { state } }
    refunds(first: 5) { nodes {
      state coolingOff reckonedBy total { amount } fee { amount }
      requestedBy { name } decidedBy { name } parts { method amount { amount } paidOutAt }
    } }
} } }
"""


async def changed(client: Graph, demo: Demo, holder: str) -> dict[str, Any]:
    """The packages of somebody in the demo, by name."""
    found = (await client.ask(demo.tokens.owner, CHANGED))["packages"]["nodes"]
    return {each["name"]: each for each in found if each["holder"]["name"] == holder}


async def refund_of(client: Graph, demo: Demo, holder: str) -> tuple[str, Any]:
    """The status of somebody's package, and the refund of it."""
    package = (await changed(client, demo, holder))["Osteopathy of 8, may grow"]
    (refund,) = package["refunds"]["nodes"]
    return package["status"], refund


async def test_a_package_has_grown_and_another_was_changed_with_the_visit_that_was_booked(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        grown = (await changed(client, demo, "Mariana Dias"))["Osteopathy of 8, may grow"]
        his = await changed(client, demo, "Filipe Antunes")
        added = await titled(client, demo, "Front desk: add sessions")
        larger = await titled(client, demo, "Manager: change for a larger package")

    assert (grown["price"]["amount"], grown["balance"]["remaining"]) == ("660.00", 9)
    assert grown["topUps"] == [{"sessions": 4, "amount": {"amount": "220.00"}}]
    old, new = his["Osteopathy of 8, may grow"], his["Osteopathy of 16"]
    assert (old["status"], old["upgradedTo"]) == ("UPGRADED", {"newPackage": {"name": "Osteopathy of 16"}})
    assert new["upgradedFrom"] == {"unusedValue": {"amount": "385.00"}}
    assert (new["outstanding"]["amount"], new["balance"]["remaining"]) == ("200.00", 15)
    assert [each["state"] for each in new["bookings"]["nodes"]] == ["CONFIRMED"]
    assert (added["amountCharged"]["amount"], added["remaining"]) == ("110.00", 11)
    assert (larger["amountDue"]["amount"], larger["newPackage"]["outstanding"]["amount"]) == ("455.00", "255.00")


async def test_refunds_of_every_kind_are_there(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        waits = await refund_of(client, demo, "Irene Castro")
        owed = await refund_of(client, demo, "Otto Lindner")
        done = await refund_of(client, demo, "Zita Moura")
        refused = await refund_of(client, demo, "Lena Vogt")

    assert _told(*waits) == ("ACTIVE", "REQUESTED", "PAID_SESSIONS", "297.00", "33.00")
    assert waits[1]["decidedBy"] is None and waits[1]["parts"] == []
    assert _told(*owed) == ("REFUNDED", "APPROVED", "PAID_SESSIONS", "297.00", "33.00")
    assert (owed[1]["requestedBy"], owed[1]["decidedBy"]) == ({"name": "Dora Pinto"}, {"name": "Luís Carvalho"})
    assert owed[1]["parts"] == [
        {"method": "CARD", "amount": {"amount": "240.00"}, "paidOutAt": None},
        {"method": "CASH", "amount": {"amount": "57.00"}, "paidOutAt": None},
    ]
    assert _told(*done) == ("REFUNDED", "COMPLETED", "COOLING_OFF", "440.00", "0.00")
    assert done[1]["coolingOff"] and done[1]["parts"][0]["paidOutAt"] is not None
    assert _told(*refused) == ("ACTIVE", "REFUSED", "PAID_SESSIONS", "346.50", "38.50")


def _told(status: str, refund: Any) -> tuple[str, ...]:
    amounts = (refund["total"]["amount"], refund["fee"]["amount"])
    return (status, refund["state"], refund["reckonedBy"], *amounts)


async def test_a_small_refund_is_agreed_at_the_desk_and_a_large_one_by_the_manager(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        quoted = await titled(client, demo, "Front desk: what would come back?")
        small = await titled(client, demo, "Front desk: give sessions back")
        approved = await titled(client, demo, "Manager: approve a refund")
        paid = await titled(client, demo, "Front desk: pay a refund out")

    told = {each["by"]: each["refund"]["amount"] for each in quoted["reckonings"]}
    assert told == {"PAID_SESSIONS": "99.00", "ALL_SESSIONS": "99.00", "LIST_PRICE": "54.00", "NONE": "0.00"}
    assert [each["by"] for each in quoted["reckonings"] if each["binding"]] == ["PAID_SESSIONS"]
    assert quoted["paidBackTo"] == [{"method": "CARD", "amount": {"amount": "99.00"}}]
    assert (small["refundState"], small["amountRefunded"]["amount"], small["amountKept"]["amount"]) == (
        "APPROVED", "99.00", "11.00",
    )  # fmt: skip
    assert (approved["refundState"], approved["package"]["closedAs"]) == ("APPROVED", "REFUNDED")
    assert (paid["refundState"], paid["stillOwed"]["amount"]) == ("COMPLETED", "0.00")


async def test_a_policy_is_adopted_and_another_one_tried_on_the_refunds_of_the_past(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        found = await client.ask(
            demo.tokens.owner,
            """{ packageDefinitions(first: 100) { nodes { code current { terms { refund {
            basis penaltyPercent coolingOffDays coolingOffBusinessDays approvalAbove { amount } } } } } }
            branches { nodes { code weekend holidays { name } } } }""",
        )
        simulated = await titled(client, demo, "Owner: what if refunds went by list price?")

    (adopted,) = (each for each in found["packageDefinitions"]["nodes"] if each["code"] == "OST8")
    assert adopted["current"]["terms"]["refund"] == {
        "basis": "PAID_SESSIONS",
        "penaltyPercent": "10.00",
        "coolingOffDays": 5,
        "coolingOffBusinessDays": True,
        "approvalAbove": {"amount": "200.00"},
    }
    holidays = {each["code"]: each["holidays"] for each in found["branches"]["nodes"]}
    assert {code: len(days) for code, days in holidays.items()} == {"LIS": 12, "MAD": 12, "PDL": 0}
    assert [each["cameBack"] for each in simulated["refunds"]["nodes"]] == [
        {"actual": {"amount": "440.00"}, "simulated": {"amount": "440.00"}},
        {"actual": {"amount": "297.00"}, "simulated": {"amount": "320.00"}},
    ]
    assert simulated["cash"] == {"difference": {"amount": "23.00"}}
