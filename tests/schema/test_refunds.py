"""Sessions are given back over HTTP: asked for, approved, paid out and read, and every refusal with its facts."""

from typing import Any

import pytest

from domain.ledger.accounts import PaymentMethod
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, used
from tests.fixtures.given_back import by, imported, paid, returnable
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import MONEY, euros, key, mutation, refused

pytestmark = pytest.mark.anyio

_ASKED = f"""replayed refundState givenBack amountRefunded {MONEY} goodwillRefunded {MONEY} amountKept {MONEY}
    amountCleared {MONEY} bookingIds package {{ status closedAs }} refundId
    refund {{ state decidedBy {{ name }} quote {{ quoteHash total {MONEY} }}
      parts {{ id method amount {MONEY} paidOutAt branch {{ code }} }} }}"""
REQUEST = mutation("requestRefund", _ASKED)
APPROVE = mutation("approveRefund", _ASKED)
REFUSE = mutation("refuseRefund", "refundId replayed refund { state decision }")
WITHDRAW = mutation("withdrawRefund", "refundId replayed refund { state decision }")
PAY_OUT = mutation(
    "payOutRefund",
    f"""replayed refundState amountPaidOut {MONEY} stillOwed {MONEY}
    paidOut {{ partId method amount {MONEY} branch {{ code }} }} refund {{ state completedAt }}""",
)
_LIMIT = f"id role atOnce {MONEY} perDay {MONEY} setAt branch {{ code }} setBy {{ name }}"
LIMIT = mutation("setRefundLimit", f"operationId limit {{ {_LIMIT} }}")
ABSENT = "ref_00000000000000000000000000"
NOW = "2026-03-02T10:00:00Z"
LIMITS = f"{{ refundLimits {{ {_LIMIT} }} }}"


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


def asking(package_id: str, **changed: Any) -> dict[str, Any]:
    """The input that gives all of a package back, unless changed."""
    return {"packageId": package_id, "reason": "moves away", "idempotencyKey": key()} | changed


def about(refund_id: str, **changed: Any) -> dict[str, Any]:
    """The input of an act on a refund, unless changed."""
    return {"refundId": refund_id, "idempotencyKey": key()} | changed


async def test_what_a_customer_asks_for_is_approved_paid_out_and_told(house: Harbour) -> None:
    ana = await customer_actor(house, house.ana)
    with on(MONDAY):
        received = (by(PaymentMethod.CASH, 30000), by(PaymentMethod.CARD, 15000))
        mine = await paid(house, await returnable(house), *received)
        await used(house, mine, sessions=4)
        async with graph() as app:
            sent = asking(mine)
            asked = (await app.ask(ana, REQUEST, input=sent))["requestRefund"]
            refund_id = asked.pop("refundId")
            quote = asked["refund"].pop("quote")
            assert asked == {
                "__typename": "RequestRefundPayload",
                "replayed": False,
                "refundState": "REQUESTED",
                "givenBack": 6,
                "amountRefunded": euros("270.00"),
                "goodwillRefunded": euros("0.00"),
                "amountKept": euros("0.00"),
                "amountCleared": euros("0.00"),
                "bookingIds": [],
                "package": {"status": "ACTIVE", "closedAs": None},
                "refund": {"state": "REQUESTED", "decidedBy": None, "parts": []},
            }
            again = (await app.ask(ana, REQUEST, input=sent))["requestRefund"]
            assert (again["replayed"], again["refundId"]) == (True, refund_id)
            bound = about(refund_id, quoteHash=quote["quoteHash"], reason="as quoted")
            done = (await app.ask(house.manager_lis, APPROVE, input=bound))["approveRefund"]
            assert (done["refundState"], done["package"]) == (
                "APPROVED",
                {"status": "REFUNDED", "closedAs": "REFUNDED"},
            )
            card, cash = done["refund"].pop("parts")
            assert done["refund"] == {"state": "APPROVED", "decidedBy": {"name": "Luis Manager"}, "quote": None}
            assert [(part["method"], part["amount"]) for part in (card, cash)] == [
                ("CARD", euros("150.00")),
                ("CASH", euros("120.00")),
            ]
            first = about(refund_id, branchId=house.lis, partIds=[card["id"]])
            half = (await app.ask(house.desk_lis, PAY_OUT, input=first))["payOutRefund"]
            assert half == {
                "__typename": "PayOutRefundPayload",
                "replayed": False,
                "refundState": "APPROVED",
                "amountPaidOut": euros("150.00"),
                "stillOwed": euros("120.00"),
                "paidOut": [
                    {"partId": card["id"], "method": "CARD", "amount": euros("150.00"), "branch": {"code": "LIS"}}
                ],
                "refund": {"state": "APPROVED", "completedAt": None},
            }
            twice = about(refund_id, branchId=house.lis, partIds=[card["id"]])
            assert await refused(app, house.desk_lis, PAY_OUT, twice) == (
                "PartPaidOut",
                {"path": ["partIds"], "refundId": refund_id, "partIds": [card["id"]], "paidOutAt": NOW},
            )
            rest = about(refund_id, branchId=house.mad, toCredit=True)
            last = (await app.ask(house.owner, PAY_OUT, input=rest))["payOutRefund"]
            assert [(part["method"], part["branch"]["code"]) for part in last["paidOut"]] == [
                ("CUSTOMER_CREDIT", "LIS")
            ]
            assert (last["refundState"], last["refund"]["state"]) == ("COMPLETED", "COMPLETED")


async def test_refusals_come_with_their_facts(house: Harbour) -> None:
    desk, manager = house.desk_lis, house.manager_lis
    with on(MONDAY):
        definition = await returnable(house)
        mine = await paid(house, definition)
        async with graph() as app:
            assert await refused(app, desk, REQUEST, asking(mine, sessions=11)) == (
                "RefundAboveRest",
                {"path": ["sessions"], "packageId": mine, "asked": 11, "refundable": 10, "held": 0},
            )
            assert await refused(app, desk, REQUEST, asking(mine, goodwill=euros("0.01"))) == (
                "GoodwillAboveRest",
                {
                    "path": ["goodwill"],
                    "packageId": mine,
                    "goodwill": euros("0.01"),
                    "comesBack": euros("450.00"),
                    "rest": euros("450.00"),
                },
            )
            kind, facts = await refused(app, desk, REQUEST, asking(mine, quoteHash="of another day"))
            quote = facts.pop("quote")
            assert (kind, facts) == (
                "RefundQuoteChanged",
                {
                    "path": ["quoteHash"],
                    "quoteHash": quote["quoteHash"],
                    "quotedSessions": 10,
                    "total": euros("450.00"),
                },
            )
            former = await imported(house)
            assert await refused(app, desk, REQUEST, asking(former)) == (
                "CreditNotAgreed",
                {"path": ["toCredit"], "packageId": former, "credit": euros("270.00")},
            )
            kind_one = await app.act(desk, REQUEST, input=asking(mine, sessions=9, goodwill=euros("10.00")))
            refund_id = kind_one["refundId"]
            assert await refused(app, desk, REQUEST, asking(mine)) == (
                "RefundPending",
                {"path": [], "packageId": mine, "refundId": refund_id, "requestedAt": NOW},
            )
            limit = {"role": "MANAGER", "branchId": house.lis, "atOnce": euros("400.00")}
            told = (await app.act(house.owner, LIMIT, input=limit))["limit"]
            assert {name: told[name] for name in told if name != "id"} == {
                "role": "MANAGER",
                "atOnce": euros("400.00"),
                "perDay": None,
                "setAt": NOW,
                "branch": {"code": "LIS"},
                "setBy": {"name": "Olga Owner"},
            }
            assert (await app.ask(manager, LIMITS))["refundLimits"] == [told]
            assert await refused(app, manager, APPROVE, about(refund_id)) == (
                "RefundAboveLimit",
                {
                    "path": [],
                    "refundId": refund_id,
                    "role": "MANAGER",
                    "which": "AT_ONCE",
                    "limitAmount": euros("400.00"),
                    "agreedToday": euros("0.00"),
                    "amountAsked": euros("415.00"),
                },
            )
            assert await refused(app, desk, PAY_OUT, about(refund_id, branchId=house.lis)) == (
                "WrongRefundState",
                {"path": [], "refundId": refund_id, "state": "REQUESTED", "since": NOW},
            )
            ended = await app.act(manager, REFUSE, input=about(refund_id, reason="too kind"))
            assert ended["refund"] == {"state": "REFUSED", "decision": "too kind"}
            for act in (REFUSE, WITHDRAW):
                assert await refused(app, manager, act, about(refund_id, reason="no")) == (
                    "WrongRefundState",
                    {"path": [], "refundId": refund_id, "state": "REFUSED", "since": NOW},
                )
            own = (await app.act(house.owner, REQUEST, input=asking(mine, hardship="lost her work")))["refundId"]
            assert await refused(app, house.owner, APPROVE, about(own)) == (
                "ApproverIsRequester",
                {"path": [], "requestedBy": house.owner.id},
            )
            back = await app.act(desk, WITHDRAW, input=about(own, reason="found work"))
            assert back["refund"] == {"state": "WITHDRAWN", "decision": "found work"}


async def test_to_whom_it_is_none_of_their_business_it_does_not_exist(house: Harbour) -> None:
    eva = await customer_actor(house, house.eva)
    with on(MONDAY):
        mine = await paid(house, await returnable(house))
        async with graph() as app:
            asked = await app.act(await customer_actor(house, house.ana), REQUEST, input=asking(mine))
            for actor, document, sent in (
                (eva, WITHDRAW, {"reason": "not mine"}),
                (house.other_owner, APPROVE, {}),
                (house.other_owner, REFUSE, {"reason": "no"}),
                (house.other_owner, PAY_OUT, {"branchId": house.other_branch}),
            ):
                there, absent = [
                    await app.ask(actor, document, input=about(refund_id, **sent))
                    for refund_id in (asked["refundId"], ABSENT)
                ]
                told = str(there).replace(asked["refundId"], ABSENT)
                assert told == str(absent) and "NotFound" in told
