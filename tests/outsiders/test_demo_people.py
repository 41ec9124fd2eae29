"""The demo shows what passes between branches and between people, and each next step can be tried."""

from typing import Any

import pytest

from carnet.demo import Demo, seed
from tests.fixtures.demo_tabs import titled
from tests.fixtures.graph import SETTINGS, Graph, graph

pytestmark = pytest.mark.anyio

SETTLEMENTS = """
{ settlements { nodes { state runBy decidedBy lines { state intercompany rows(first: 1) { nodes { event } } }
    check { sum { amount } agrees } disputes { state } } } }
"""
TRANSFERS = "{ transfers { nodes { state sessions fee { amount } sender { name } recipient { name } } } }"


async def lists(client: Graph, demo: Demo, branch: str) -> dict[str, list[tuple[str, str]]]:
    """What comes to a branch as its home and what leaves it, by state and holder."""
    found = await client.ask(
        demo.tokens.owner,
        """{ branches { nodes { code
        incomingTransfers { nodes { ...Move } } outgoingTransfers { nodes { ...Move } } } } }
        fragment Move on BranchTransfer { state package { holder { name } } }""",
    )
    (its,) = (each for each in found["branches"]["nodes"] if each["code"] == branch)
    return {
        name: [(move["state"], move["package"]["holder"]["name"]) for move in moves["nodes"]]
        for name, moves in its.items()
        if name != "code"
    }


async def test_one_settlement_is_paid_and_one_a_draft_with_a_dispute_and_each_line_opens(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        drafted, paid = (await client.ask(demo.tokens.accountant, SETTLEMENTS))["settlements"]["nodes"]

    assert (drafted["state"], paid["state"]) == ("DRAFT", "PAID")
    assert drafted["disputes"] == [{"state": "OPEN"}] and paid["disputes"] == []
    assert paid["decidedBy"] not in (None, paid["runBy"])
    for each in (drafted, paid):
        assert each["check"] == {"sum": {"amount": "0.00"}, "agrees": True}
        assert all(line["rows"]["nodes"] for line in each["lines"])
    assert {line["state"] for line in paid["lines"]} == {"PAID"}
    assert {line["intercompany"] for each in (drafted, paid) for line in each["lines"]} == {True, False}


async def test_what_is_disputed_stays_aside_and_the_next_settlement_has_what_came_since(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        early = await titled(client, demo, "Accountant: settle the days since")
        approved = await titled(client, demo, "Owner: approve a settlement")
        paid = await titled(client, demo, "Accountant: a settlement was paid")
        since = await titled(client, demo, "Accountant: settle the days since")

    assert early["code"] == "SETTLEMENT_OPEN"
    assert (approved["settlement"]["state"], approved["settlement"]["disputes"][0]["state"]) == ("APPROVED", "OPEN")
    assert {line["state"] for line in paid["settlement"]["lines"]} == {"PAID"}
    assert (since["settlement"]["state"], since["settlement"]["check"]["agrees"]) == ("DRAFT", True)


async def test_packages_wait_for_either_branch_and_one_has_moved(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        before = await lists(client, demo, "MAD")
        moved = await titled(client, demo, "Manager: take a package over")
        after = await lists(client, demo, "MAD")

    assert before == {
        "incomingTransfers": [("REQUESTED", "Yara Monteiro"), ("ACCEPTED", "Quim Teles")],
        "outgoingTransfers": [("REQUESTED", "Xavier Prats")],
    }
    assert (moved["sessions"], moved["value"]["amount"], moved["package"]["branch"]["code"]) == (2, "90.00", "MAD")
    assert after["incomingTransfers"][0] == ("ACCEPTED", "Yara Monteiro")


async def test_packages_are_handed_on_whole_and_in_part_and_one_transfer_waits(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        found = (await client.ask(demo.tokens.owner, TRANSFERS))["transfers"]["nodes"]
        undone = await titled(client, demo, "Front desk: undo a transfer")
        approved = await titled(client, demo, "Manager: approve a transfer")

    told = [(each["state"], each["sessions"], each["fee"]["amount"], each["recipient"]["name"]) for each in found]
    assert sorted(told) == [
        ("DONE", 1, "5.00", "Ivo Neves"),
        ("DONE", 3, "5.00", "Ivo Nogueira"),
        ("DONE", 10, "0.00", "Carla Moreira"),
        ("REQUESTED", 5, "10.00", "Jonas Klein"),
    ]
    assert (undone["returned"], undone["feeTakenBack"]["amount"]) == (1, "5.00")
    assert (approved["handedOn"], approved["valueHandedOn"]["amount"]) == (5, "175.00")


async def test_a_family_has_two_guardians_and_a_child_with_a_limit_and_a_customer_is_merged(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        package: Any = await titled(client, demo, "Front desk: a family and its package")
        twice = await titled(client, demo, "Manager: who is here twice?")
        merged = await titled(client, demo, "Manager: they are one person")
        none = await titled(client, demo, "Manager: who is here twice?")

    assert [each["name"] for each in package["holder"]["household"]["guardians"]] == ["Carla Moreira", "Miguel Moreira"]
    assert package["shares"] == [{"customer": {"name": "Bia Moreira"}, "mostSessions": 3, "used": 2}]
    assert [(pair["one"]["name"], pair["other"]["name"]) for pair in twice["nodes"]] == [
        ("Benedita Rocha", "Bene Rocha")
    ]
    assert [each["name"] for each in merged["customer"]["packages"]] == ["Massage Buy 3 Free 1", "Yoga group 10-pack"]
    assert none["nodes"] == []
