"""Sessions are handed on over HTTP: quotes, acts and what is read of them, and every refusal with its facts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fixtures.booking_acts import booked
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, used
from tests.fixtures.graph import graph
from tests.fixtures.handed import ANYONE, FEE, giving, paid
from tests.fixtures.package_acts import MONEY, euros, key, mutation, refused

pytestmark = pytest.mark.anyio

_DONE = f"""replayed transferState handedOn valueHandedOn {MONEY} feeCharged {MONEY} bookingIds
    package {{ id balance {{ moved }} }} transfer {{ id state sessions recipient {{ id }} undoableUntil }}"""
TRANSFER = mutation(
    "transferPackage", f"transferId recipientPackageId recipientPackage {{ id holder {{ id }} }} {_DONE}"
)
APPROVE = mutation(
    "approveTransfer", f"transferId recipientPackageId recipientPackage {{ id holder {{ id }} }} {_DONE}"
)
REFUSE = mutation("refuseTransfer", "transferId replayed transfer { state decision }")
WITHDRAW = mutation("withdrawTransfer", "transferId replayed transfer { state decision }")
UNDO = mutation(
    "undoTransfer",
    f"transferId replayed returned feeTakenBack {MONEY} credited {MONEY} bookingIds package {{ id }}"
    " transfer { state undoneAt undoableUntil }",
)
QUOTE = f"""query($package: ID!, $to: ID!, $sessions: Int) {{
  transferQuote(packageId: $package, recipientId: $to, sessions: $sessions) {{ __typename
    ... on NotEnoughSessions {{ asked remaining }} ... on UserError {{ code }}
    ... on TransferQuote {{ quoteHash quotedSessions stays quotedValue {MONEY} quotedFee {MONEY} needsApproval
      bookingIds
      lots {{ sessions bonus lastDay value {MONEY} }} steps {{ label formula sessions amount {MONEY} }} }} }} }}"""
READ = """query($id: ID!) { transfer(id: $id) { id state package { id } intoPackage { id } sender { id }
    recipient { id } branch { id } fee { amount } value { amount } feePayer } node(id: $id) { id } }"""
OF_PACKAGE = "query($id: ID!) { package(id: $id) { transfers(first: 1) { nodes { id } pageInfo { hasNextPage } } } }"
LIST = """query($filter: TransferFilterInput) { transfers(filter: $filter) { nodes { id } } }"""


def handing(house: Harbour, package_id: str, **changed: Any) -> dict[str, Any]:
    """The input that hands three sessions on to Eva in Lisbon, unless changed."""
    return {
        "packageId": package_id,
        "recipientId": house.eva,
        "branchId": house.lis,
        "sessions": 3,
        "idempotencyKey": key(),
    } | changed


def ending(transfer_id: str, **changed: Any) -> dict[str, Any]:
    """The input that ends or undoes a transfer, unless changed."""
    return {"transferId": transfer_id, "reason": "the wrong Eva", "idempotencyKey": key()} | changed


async def test_what_was_quoted_is_handed_on_read_and_taken_back(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        mine = await paid(house, await giving(house, who=FEE))
        async with graph() as app:
            asked = {"package": mine, "to": house.eva, "sessions": 3}
            quote = (await app.ask(house.desk_lis, QUOTE, **asked))["transferQuote"]
            bound = quote.pop("quoteHash")
            assert quote == {
                "__typename": "TransferQuote",
                "quotedSessions": 3,
                "stays": 7,
                "quotedValue": euros("135.00"),
                "quotedFee": euros("15.00"),
                "needsApproval": False,
                "bookingIds": [],
                "lots": [{"sessions": 3, "bonus": False, "lastDay": "2026-08-29", "value": euros("135.00")}],
                "steps": [
                    {
                        "label": "Paid sessions, usable until 2026-08-29",
                        "formula": "450.00 × 3 / 10 = 135.00",  # noqa: RUF001
                        "sessions": 3,
                        "amount": euros("135.00"),
                    },
                    {
                        "label": "Fee by the terms",
                        "formula": "15.00 + 0.00 tax = 15.00",
                        "sessions": None,
                        "amount": euros("15.00"),
                    },
                ],
            }
            given = handing(house, mine, quoteHash=bound)
            told = await app.act(house.desk_lis, TRANSFER, input=given)
            transfer, into = told.pop("transferId"), told.pop("recipientPackageId")
            assert told == {
                "__typename": "TransferPackagePayload",
                "replayed": False,
                "recipientPackage": {"id": into, "holder": {"id": house.eva}},
                "transferState": "DONE",
                "handedOn": 3,
                "valueHandedOn": euros("135.00"),
                "feeCharged": euros("15.00"),
                "bookingIds": [],
                "package": {"id": mine, "balance": {"moved": 3}},
                "transfer": {
                    "id": transfer,
                    "state": "DONE",
                    "sessions": 3,
                    "recipient": {"id": house.eva},
                    "undoableUntil": "2026-03-03T10:00:00Z",
                },
            }
            assert (await app.act(house.desk_lis, TRANSFER, input=given))["replayed"] is True
            assert await app.ask(house.owner, READ, id=transfer) == {
                "transfer": {
                    "id": transfer,
                    "state": "DONE",
                    "package": {"id": mine},
                    "intoPackage": {"id": into},
                    "sender": {"id": house.ana},
                    "recipient": {"id": house.eva},
                    "branch": {"id": house.lis},
                    "fee": {"amount": "15.00"},
                    "value": {"amount": "135.00"},
                    "feePayer": "SENDER",
                },
                "node": {"id": transfer},
            }
            second = await app.act(house.desk_lis, TRANSFER, input=handing(house, mine, sessions=1))
            found = (await app.ask(house.owner, OF_PACKAGE, id=mine))["package"]["transfers"]
            assert found == {"nodes": [{"id": second["transferId"]}], "pageInfo": {"hasNextPage": True}}
            back = await app.act(house.desk_lis, UNDO, input=ending(transfer))
            assert back == {
                "__typename": "UndoTransferPayload",
                "transferId": transfer,
                "replayed": False,
                "returned": 3,
                "feeTakenBack": euros("15.00"),
                "credited": euros("0.00"),
                "bookingIds": [],
                "package": {"id": mine},
                "transfer": {"state": "UNDONE", "undoneAt": "2026-03-02T10:00:00Z", "undoableUntil": None},
            }
            for chosen, ids in (({"states": ["UNDONE"]}, [transfer]), ({"packageId": into}, [transfer])):
                nodes = (await app.ask(house.owner, LIST, filter=chosen))["transfers"]["nodes"]
                assert [node["id"] for node in nodes] == ids


async def test_refusals_have_their_facts(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        definition = await giving(house, who=ANYONE)
        mine, other = await paid(house, definition), await paid(house, house.ten)
        async with graph() as app:
            desk = house.desk_lis
            assert await refused(app, desk, TRANSFER, handing(house, mine, sessions=11)) == (
                "NotEnoughSessions",
                {"path": [], "triedPackageId": mine, "asked": 11, "remaining": 10},
            )
            assert await refused(app, desk, TRANSFER, handing(house, other)) == (
                "TransferNotAllowed",
                {"path": [], "packageId": other, "allowed": "NONE"},
            )
            assert await refused(app, desk, TRANSFER, handing(house, mine, recipientId=house.ana)) == (
                "TransferToOneself",
                {"path": ["recipientId"], "packageId": mine, "recipientId": house.ana},
            )
            kind, facts = await refused(app, desk, TRANSFER, handing(house, mine, quoteHash="of another day"))
            quote = (await app.ask(desk, QUOTE, package=mine, to=house.eva, sessions=3))["transferQuote"]
            assert (facts.pop("quoteHash"), facts.pop("quote")["stays"]) == (quote["quoteHash"], 7)
            assert (kind, facts) == (
                "QuoteChanged",
                {"path": ["quoteHash"], "sessions": 3, "value": euros("135.00"), "fee": euros("0.00")},
            )
            done = await app.act(desk, TRANSFER, input=handing(house, mine))
            transfer, into = done["transferId"], done["recipientPackageId"]
            for act in (APPROVE, REFUSE, WITHDRAW):
                given = ending(transfer) if act is not APPROVE else ending(transfer) | {"reason": ""}
                assert await refused(app, house.owner, act, given) == (
                    "WrongTransferState",
                    {"path": [], "transferId": transfer, "state": "DONE", "since": "2026-03-02T10:00:00Z"},
                )
            await booked(house, MONDAY + timedelta(days=2), customer_id=house.eva, package_id=into)
            assert await refused(app, desk, UNDO, ending(transfer)) == (
                "TransferUsed",
                {"path": [], "transferId": transfer, "intoPackageId": into, "sessions": 3, "remaining": 2},
            )


async def test_what_waits_is_approved_once_and_only_for_what_there_is(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        mine = await paid(house, await giving(house, who=replace(ANYONE, transfer_needs_approval=True)))
        async with graph() as app:
            whole = handing(house, mine, sessions=None)
            asked = (await app.act(house.desk_lis, TRANSFER, input=whole))["transferId"]
            assert await refused(app, house.desk_lis, TRANSFER, whole | {"idempotencyKey": key()}) == (
                "TransferPending",
                {"path": [], "packageId": mine, "transferId": asked, "requestedAt": "2026-03-02T10:00:00Z"},
            )
            await app.act(house.desk_lis, WITHDRAW, input=ending(asked))
            part = (await app.act(house.desk_lis, TRANSFER, input=handing(house, mine)))["transferId"]
            done = await app.act(house.manager_lis, APPROVE, input={"transferId": part, "idempotencyKey": key()})
            assert done["recipientPackage"] == {"id": done["recipientPackageId"], "holder": {"id": house.eva}}
            again = whole | {"idempotencyKey": key()}
            asked = (await app.act(house.desk_lis, TRANSFER, input=again))["transferId"]
            await booked(house, MONDAY + timedelta(days=2), package_id=mine)
            await used(house, mine, sessions=6)
            approval = {"transferId": asked, "idempotencyKey": key()}
            assert await refused(app, house.manager_lis, APPROVE, approval) == (
                "NothingToHandOn",
                {"path": [], "packageId": mine, "held": 1},
            )


async def test_to_whom_it_is_none_of_their_business_it_does_not_exist(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        mine = await paid(house, await giving(house))
        async with graph() as app:
            transfer = (await app.act(house.desk_lis, TRANSFER, input=handing(house, mine)))["transferId"]
            absent = "trf_" + "0" * 26
            rui = await customer_actor(house, house.rui)
            for nobody in (house.other_owner, house.manager_mad, rui):
                for unknown in (transfer, absent, "nonsense"):
                    assert await app.ask(nobody, READ, id=unknown) == {"transfer": None, "node": None}
            asked = {"package": mine, "to": house.eva}
            assert await app.errors(rui, QUOTE, **asked) == ["FORBIDDEN"]
            seen = await app.ask(house.manager_mad, QUOTE, **asked)
            assert seen == await app.ask(house.other_owner, QUOTE, **asked)
            assert seen["transferQuote"]["code"] == "NOT_FOUND"
            given = handing(house, mine)
            assert await app.errors(rui, TRANSFER, input=given) == ["FORBIDDEN"]
            absent_one = await refused(app, house.other_owner, UNDO, ending(absent))
            foreign = await refused(app, house.other_owner, UNDO, ending(transfer))
            assert (absent_one[1].pop("id"), foreign[1].pop("id")) == (absent, transfer)
            assert absent_one == foreign


async def test_what_the_staff_say_of_a_transfer_is_theirs(db: str) -> None:
    words = "query($id: ID!) { transfer(id: $id) { reason decision } }"
    with on(MONDAY):
        house = await harbour(db)
        mine = await paid(house, await giving(house))
        async with graph() as app:
            given = handing(house, mine, reason="Ana cried at the desk")
            transfer = (await app.act(house.desk_lis, TRANSFER, input=given))["transferId"]
            told = (await app.ask(house.desk_lis, words, id=transfer))["transfer"]
            assert told == {"reason": "Ana cried at the desk", "decision": ""}
            for customer_id in (house.ana, house.eva):
                told = (await app.ask(await customer_actor(house, customer_id), words, id=transfer))["transfer"]
                assert told == {"reason": None, "decision": None}
