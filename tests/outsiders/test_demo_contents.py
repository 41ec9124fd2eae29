"""The demo holds what its visitors are promised, told through the acts, and every example in it runs."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from carnet.demo import Demo, seed
from carnet.demo.stage import Stage
from domain.kernel.db import rows
from domain.ledger import audit
from tests.fixtures.demo_tabs import run_tab
from tests.fixtures.desk import on
from tests.fixtures.graph import SETTINGS, Graph, graph

pytestmark = pytest.mark.anyio

PACKAGES = """
query ($after: String) {
  packages(first: 100, after: $after) {
    nodes {
      name status paymentState branch { code } outstanding { currency } terms { who { sharing } }
      lots { origin }
    }
  }
}
"""


async def packages(client: Graph, token: str) -> list[Any]:
    """Every package that somebody sees."""
    found: list[Any] = (await client.ask(token, PACKAGES))["packages"]["nodes"]
    return found


async def acts() -> Counter[str]:
    """How often each act was carried out, but for the new API key of each start."""
    found = await rows("SELECT act, COUNT(*) AS n FROM operation GROUP BY act")
    return Counter({row["act"]: row["n"] for row in found if not row["act"].endswith("_api_key")})


async def test_packages_of_every_status_are_there_at_every_branch(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        found = await packages(client, demo.tokens.owner)

    assert {each["status"] for each in found} == {
        "PENDING", "DISPUTED", "FROZEN", "ACTIVE", "IN_GRACE", "EXPIRED", "USED_UP", "VOIDED", "CHARGED_BACK",
        "UPGRADED", "REFUNDED",
    }  # fmt: skip
    assert {each["paymentState"] for each in found} == {
        "OPEN", "PARTIALLY_PAID", "PAID", "DISPUTED", "REFUNDED", "PARTIALLY_REFUNDED"
    }  # fmt: skip
    assert {each["branch"]["code"] for each in found} == {"LIS", "MAD", "PDL"}
    assert {each["terms"]["who"]["sharing"] for each in found} == {"NONE", "HOUSEHOLD", "NAMED"}
    origins = {lot["origin"] for each in found for lot in each["lots"]}
    assert origins == {"PURCHASE", "BONUS", "GOODWILL", "TRANSFER", "TOP_UP"}
    assert {each["outstanding"]["currency"] for each in found} == {"EUR"}


async def test_the_customer_of_the_demo_has_a_history_worth_reading(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        answer = await client.ask(
            demo.tokens.customer,
            """{ viewer { name packages { nodes { name holder { name } status balance { remaining consumed }
            history { nodes { act branch { code } } } } } } }""",
        )

    assert answer["viewer"]["name"] == "Ana Silva"
    assert [(each["name"], each["status"], each["balance"]) for each in answer["viewer"]["packages"]["nodes"]] == [
        ("Physio 10-pack", "ACTIVE", {"remaining": 7, "consumed": 4}),
        ("Massage Buy 3 Free 1", "ACTIVE", {"remaining": 1, "consumed": 2}),
        ("Yoga group 10-pack", "EXPIRED", {"remaining": 0, "consumed": 6}),
    ]
    history = answer["viewer"]["packages"]["nodes"][0]["history"]["nodes"]
    assert [(step["act"], step["branch"]["code"]) for step in history] == [
        ("sell_package", "LIS"),
        ("redeem_session", "LIS"),
        ("redeem_session", "LIS"),
        ("redeem_session", "MAD"),
        ("redeem_session", "LIS"),
        ("reverse_redemption", "LIS"),
        ("grant_goodwill", "LIS"),
        ("redeem_session", "LIS"),
    ]


async def test_every_role_is_held_on_the_whole_chain_and_at_a_branch(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        staff = await client.ask(
            demo.tokens.owner, "{ staff(first: 100) { nodes { roles { role branch { code } } } } }"
        )

    held = [role for person in staff["staff"]["nodes"] for role in person["roles"]]
    roles = {"OWNER", "MANAGER", "FRONT_DESK", "PRACTITIONER", "ACCOUNTANT"}
    assert {role["role"] for role in held if role["branch"] is None} == roles
    assert {role["role"] for role in held if role["branch"]} == roles


async def test_the_other_chain_lives_in_pounds_and_neither_sees_the_other(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        theirs = await packages(client, demo.tokens.other_chain_owner)
        branches = await client.ask(demo.tokens.other_chain_owner, "{ branches { nodes { code } } }")
        ours = await packages(client, demo.tokens.owner)

    assert [(each["name"], each["outstanding"]["currency"]) for each in theirs] == [("Physio 6-pack", "GBP")] * 2
    assert [branch["code"] for branch in branches["branches"]["nodes"]] == ["STR"]
    assert (len(ours), {each["branch"]["code"] for each in ours}) == (50, {"LIS", "MAD", "PDL"})


async def test_both_ledgers_of_both_chains_hold_together(demo_db: str) -> None:
    await seed(SETTINGS.tokens)

    chains = await audit.chains()
    assert len(chains) == 2
    assert [await audit.audit_ledgers(chain) for chain in chains] == [[], []]


async def test_a_start_on_another_day_finds_what_the_first_one_made(db: str) -> None:
    first = await seed(SETTINGS.tokens)
    made = await acts()
    with on(datetime.now(UTC) + timedelta(days=200)):
        second = await seed(SETTINGS.tokens)

    assert await acts() == made
    assert [_undated(tab.variables) for tab in second.tabs] == [_undated(tab.variables) for tab in first.tabs]
    async with graph() as client:
        assert await client.errors(first.tokens.integrator, "{ viewer { id } }") == ["UNAUTHENTICATED"]
        assert (await client.ask(second.tokens.integrator, "{ viewer { kind } }"))["viewer"]["kind"] == "INTEGRATION"


def _undated(variables: str) -> str:
    """What the examples ask for lies in the days around the start."""
    return re.sub(r"\d{4}-\d\d-\d\d", "<day>", variables)


async def test_a_start_that_was_cut_short_is_made_whole_by_the_next(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Stage, "act", _cut_short(Stage.act, after=100))
        with pytest.raises(KeyboardInterrupt):
            await seed(SETTINGS.tokens)
    assert sum((await acts()).values()) == 101  # with the founding of the chain

    await seed(SETTINGS.tokens)

    whole = await acts()
    await seed(SETTINGS.tokens)
    assert await acts() == whole
    assert (whole["sell_package"], whole["reverse_redemption"], whole["found_chain"]) == (48, 1, 2)


async def test_every_example_does_what_its_title_says(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)
    async with graph() as client:
        answers = [await run_tab(client, tab) for tab in demo.tabs]

    assert all("errors" not in answer for answer in answers), answers
    carried_out = {
        name: data["__typename"] for answer in answers for name, data in answer["data"].items() if _is_act(data)
    }
    assert carried_out == {
        "bookSession": "BookSessionPayload",
        "redeemSession": "RedeemSessionPayload",
        "sellPackage": "SellPackagePayload",
        "recordPayment": "RecordPaymentPayload",
        "voidSale": "VoidSalePayload",
        "definePackage": "DefinePackagePayload",
        "sharePackage": "SharePackagePayload",
        "revokeSharing": "RevokeSharingPayload",
        "exportCustomer": "ExportCustomerPayload",
        "transferQuote": "TransferQuote",
        "transferPackage": "TransferPackagePayload",
        "undoTransfer": "UndoTransferPayload",
        "approveTransfer": "ApproveTransferPayload",
        "mergeCustomers": "MergeCustomersPayload",
        "acceptBranchTransfer": "AcceptBranchTransferPayload",
        "approveSettlement": "ApproveSettlementPayload",
        "confirmSettlement": "ConfirmSettlementPayload",
        "runSettlement": "RunSettlementPayload",
        "topUpPackage": "TopUpPackagePayload",
        "upgradePackage": "UpgradePackagePayload",
        "refundQuote": "RefundQuote",
        "requestRefund": "RequestRefundPayload",
        "approveRefund": "ApproveRefundPayload",
        "payOutRefund": "PayOutRefundPayload",
        "acknowledgeEntries": "AcknowledgeEntriesPayload",
        "connectAccounting": "ConnectAccountingPayload",
    }
    assert [name for answer in answers for name, data in answer["data"].items() if not _has_content(data)] == []


async def test_with_systems_beside_it_there_are_examples_for_them(db: str) -> None:
    demo = await seed(SETTINGS.tokens, "http://127.0.0.1:9")
    with_systems = {tab.title for tab in demo.tabs}
    assert demo.beside is not None
    async with graph() as client:
        answers = [await run_tab(client, tab) for tab in demo.tabs[-5:]]
        await client.ask(demo.tokens.owner, _morning())
    connections, dry_run, mapped, webhooks, inbound = (answer["data"] for answer in answers)

    assert [each["name"] for each in connections["accountingConnections"]["nodes"]] == [
        "Xero", "QuickBooks", "ERPNext", "Odoo", "Plain text"
    ]  # fmt: skip
    assert {document["problem"] for document in dry_run["syncDryRun"]["documents"]} == {None}
    assert mapped["mapAccount"]["version"] == 2
    assert [each["state"] for each in webhooks["webhooks"]["nodes"]] == ["ACTIVE"]
    assert [each["name"] for each in inbound["inboundHooks"]["nodes"]] == ["Demo scheduler"]

    again = await seed(SETTINGS.tokens, "http://127.0.0.1:9")
    assert {tab.title for tab in again.tabs} == with_systems
    assert again.beside is not None
    assert again.beside.hook.path == demo.beside.hook.path
    assert again.beside.webhook_secret != demo.beside.webhook_secret


async def test_the_examples_are_for_each_kind_of_user(demo_db: str) -> None:
    demo = await seed(SETTINGS.tokens)

    used = {json.loads(tab.headers)["Authorization"].removeprefix("Bearer ") for tab in demo.tabs}
    assert used == _all_but_the_other_chain(demo)


def _morning() -> str:
    """What the guide says to ask when something is red."""
    guide = (Path(__file__).parents[2] / "docs" / "integration.md").read_text()
    shown = re.search(r"```graphql\n(query Morning .*?)```", guide, re.DOTALL)
    assert shown
    return shown[1]


def _all_but_the_other_chain(demo: Demo) -> set[str]:
    tokens = demo.tokens
    staff = {tokens.owner, tokens.manager_lis, tokens.manager_mad, tokens.frontdesk_lis, tokens.accountant}
    return staff | {tokens.customer, tokens.integrator}


def _is_act(data: Any) -> bool:
    return isinstance(data, dict) and "__typename" in data


def _has_content(data: Any) -> bool:
    """Something is shown, and no list in it is empty at the top."""
    return bool(data) and (isinstance(data, list) or data.get("nodes") != [])


def _cut_short(act: Any, after: int) -> Any:
    done = 0

    async def acting(stage: Stage, *told: Any) -> Any:
        nonlocal done
        if done == after:
            raise KeyboardInterrupt
        done += 1
        return await act(stage, *told)

    return acting
