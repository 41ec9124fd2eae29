"""Transfers of the home branch over HTTP: the whole way, what each side sees, and every refusal with its facts."""

from datetime import timedelta

import pytest

from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.ids import new_id
from domain.ledger.accounts import PaymentMethod, Received
from domain.payments.open_dispute import OpenDispute
from domain.payments.void_sale import VoidSale
from tests.fixtures.branch_move_acts import (
    ACCEPT,
    ASK,
    CLOSE,
    HISTORY,
    LISTS,
    PROGRESS,
    READ,
    REFUSE,
    WITHDRAW,
    asking,
    of_transfer,
    shutting,
)
from tests.fixtures.branch_moves import finished, moved, requested
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import refused

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def test_a_package_moves_when_the_other_branch_accepts(house: Harbour) -> None:
    with on(MONDAY):
        package_id = await sold(house, house.ten)
        async with graph() as app:
            given = asking(package_id, house.mad)
            asked = await app.act(house.manager_lis, ASK, input=given)
            assert (await app.act(house.manager_lis, ASK, input=given))["replayed"] is True
            accepting = of_transfer(asked["branchTransferId"])
            answer = await app.act(house.manager_mad, ACCEPT, input=accepting)
            assert (await app.act(house.manager_mad, ACCEPT, input=accepting))["replayed"] is True
            read = await app.ask(house.manager_lis, READ, id=asked["branchTransferId"])
            history = await app.ask(house.manager_lis, HISTORY, id=package_id)
    assert asked["lapsesAt"] == "2026-03-16T10:00:00Z"
    assert answer == {
        "__typename": "AcceptBranchTransferPayload",
        "sessions": 10,
        "value": {"amount": "450.00"},
        "unpaid": {"amount": "450.00"},
        "replayed": False,
        "operationId": answer["operationId"],
        "package": {"branch": {"code": "MAD"}},
        "branchTransfer": {
            "id": asked["branchTransferId"],
            "state": "ACCEPTED",
            "reason": "moved",
            "lapsesAt": "2026-03-16T10:00:00Z",
            "decidedAt": "2026-03-02T10:00:00Z",
            "decision": "",
            "sessions": 10,
            "value": {"amount": "450.00"},
            "unpaid": {"amount": "450.00"},
            "packageId": package_id,
            "package": {"id": package_id},
            "fromBranch": {"code": "LIS"},
            "toBranch": {"code": "MAD"},
            "requestedBy": {"name": "Luis Manager"},
            "decidedBy": {"name": "Maria Manager"},
            "operation": {"id": answer["operationId"]},
            "closing": None,
        },
    }
    seen_from_lisbon = answer["branchTransfer"] | {"operation": None}  # which was done in Madrid
    assert read == {"branchTransfer": seen_from_lisbon, "node": {"id": asked["branchTransferId"]}}
    assert history["package"]["branchTransfers"] == [
        {"id": asked["branchTransferId"], "state": "ACCEPTED", "toBranch": {"code": "MAD"}}
    ]


async def test_either_side_ends_it_with_a_reason(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    async with graph() as app:
        for actor, document, ended in (
            (house.manager_mad, REFUSE, "REFUSED"),
            (house.manager_lis, WITHDRAW, "WITHDRAWN"),
        ):
            transfer_id = await requested(house, package_id)
            answer = await app.act(actor, document, input=of_transfer(transfer_id, reason="no room"))
            assert answer["branchTransfer"] == {"state": ended, "decision": "no room"}
            assert await refused(app, house.manager_mad, ACCEPT, of_transfer(transfer_id)) == (
                "BranchTransferEnded",
                {
                    "path": [],
                    "branchTransferId": transfer_id,
                    "endedAs": ended,
                    "endedAt": answer["endedAt"],
                },
            )


async def test_the_lists_of_both_branches(house: Harbour) -> None:
    async with graph() as app:
        with on(MONDAY):
            ids = [await requested(house, await sold(house, house.ten)) for _ in range(3)]
        with on(MONDAY + timedelta(days=14)):
            ids.append(await requested(house, await sold(house, house.ten)))
            newest = ids[::-1]
            page = await app.ask(house.manager_mad, LISTS, id=house.mad, first=3)
            incoming = page["branch"]["incomingTransfers"]
            assert [node["id"] for node in incoming["nodes"]] == newest[:3]
            more = await app.ask(
                house.manager_mad, LISTS, id=house.mad, first=3, after=incoming["pageInfo"]["endCursor"]
            )
            assert [node["id"] for node in more["branch"]["incomingTransfers"]["nodes"]] == newest[3:]

            async def outgoing(actor: Actor, *states: str) -> list[str]:
                found = await app.ask(actor, LISTS, id=house.lis, states=list(states))
                return [node["id"] for node in found["branch"]["outgoingTransfers"]["nodes"]]

            assert await outgoing(house.manager_lis) == newest
            assert await outgoing(house.manager_lis, "REQUESTED") == newest[:1]
            assert await outgoing(house.manager_lis, "LAPSED", "ACCEPTED") == newest[1:]
            assert await outgoing(house.manager_mad) == newest
            for nobody in (house.desk_lis, house.accountant, house.other_owner, await customer_actor(house, house.ana)):
                if nobody is house.other_owner:
                    assert (await app.ask(nobody, LISTS, id=house.lis))["branch"] is None
                else:
                    assert await outgoing(nobody) == []


async def test_what_is_of_others_is_absent(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    transfer_id = await requested(house, package_id)
    absent = new_id("btr")
    async with graph() as app:
        for actor in (house.other_owner, house.desk_lis, await customer_actor(house, house.ana)):
            answers = [(await app.post(actor, READ, id=each)).text for each in (transfer_id, absent)]
            assert answers[0] == answers[1]
        for document in (ACCEPT, REFUSE, WITHDRAW):
            rest = {} if document is ACCEPT else {"reason": "no"}
            texts = [
                (await app.post(house.other_owner, document, input=of_transfer(each, **rest))).text.replace(each, "")
                for each in (transfer_id, absent)
            ]
            assert texts[0] == texts[1]
            assert '"NotFound"' in texts[0]
        pending = await app.ask(house.manager_mad, READ, id=transfer_id)
        assert pending["branchTransfer"]["package"] == {"id": package_id}, "who is to take it over may look at it"


async def test_bad_input(house: Harbour) -> None:
    package_id = await sold(house, house.ten)
    online = (Received(PaymentMethod.ONLINE_LINK, 45000),)
    async with graph() as app:

        async def answer(actor: Actor, package_id: str, branch_id: str) -> object:
            return await refused(app, actor, ASK, asking(package_id, branch_id))

        here = {"path": ["toBranchId"], "packageId": package_id, "branchId": house.lis}
        assert await answer(house.manager_lis, package_id, house.lis) == ("AlreadyAtHome", here)
        stranger = {"path": ["toBranchId"], "noun": "branch", "id": house.other_branch}
        assert await answer(house.manager_lis, package_id, house.other_branch) == ("NotFound", stranger)
        empty = await sold(house, house.ten, payments=(Received(PaymentMethod.CASH, 45000),))
        await used(house, empty, sessions=10)
        assert await answer(house.manager_lis, empty, house.mad) == ("NothingToMove", {"path": [], "packageId": empty})
        disputed = await sold(house, house.ten, payments=online)
        await run_command(house.owner, OpenDispute(disputed, 100, "EUR", "fraud"))
        assert (await answer(house.manager_lis, disputed, house.mad))[0] == "PackageDisputed"  # type: ignore[index]
        void = await sold(house, house.ten)
        await run_command(house.owner, VoidSale(void, "typed twice"))
        assert (await answer(house.manager_lis, void, house.mad))[0] == "PackageClosed"  # type: ignore[index]
        await finished(
            (
                await app.act(
                    house.owner, CLOSE, input=shutting(house, branchId=house.pdl, packagesTo={"branchId": house.mad})
                )
            )["branchClosingId"]
        )
        assert (await answer(house.manager_lis, package_id, house.pdl))[0] == "BranchClosed"  # type: ignore[index]
        by_owner = await requested(house, package_id, actor=house.owner)
        pending = {"path": [], "packageId": package_id, "branchTransferId": by_owner}
        kind, facts = await refused(app, house.manager_lis, ASK, asking(package_id, house.mad))
        assert kind == "BranchTransferPending"
        assert facts.items() >= pending.items()
        itself = {"path": [], "requestedBy": house.owner.id}
        assert await refused(app, house.owner, ACCEPT, of_transfer(by_owner)) == ("ApproverIsRequester", itself)


async def test_a_branch_closes_and_its_progress_is_shown(house: Harbour) -> None:
    tens = [await sold(house, house.ten) for _ in range(2)]
    bundle = await sold(house, house.bundle)
    disputed = await sold(house, house.ten, payments=(Received(PaymentMethod.ONLINE_LINK, 45000),))
    await run_command(house.owner, OpenDispute(disputed, 100, "EUR", "fraud"))
    async with graph() as app:
        ordered = await app.act(house.owner, CLOSE, input=shutting(house))
        closing_id = ordered["branchClosingId"]
        assert ordered["branchClosing"] | {"operation": None} == {
            "id": closing_id,
            "reason": "lease",
            "packages": 4,
            "moved": 0,
            "failed": 0,
            "bookings": 0,
            "finishedAt": None,
            "branch": {"code": "LIS", "closedAt": ordered["closedAt"]},
            "packagesTo": {"code": "MAD"},
            "exceptions": [{"definition": {"id": house.bundle}, "branch": {"code": "PDL"}}],
            "failures": [],
            "operation": None,
        }
        going = {"path": [], "branchId": house.lis, "branchClosingId": closing_id}
        assert await refused(app, house.owner, CLOSE, shutting(house)) == ("ClosingGoesOn", going)
        await finished(closing_id, at_most=2)
        done = (await app.ask(house.manager_lis, PROGRESS, id=closing_id))["branchClosing"]
        assert (done["packages"], done["moved"], done["failed"]) == (4, 3, 1)
        assert done["finishedAt"] is not None
        assert done["failures"] == [
            {
                "packageId": disputed,
                "code": "PACKAGE_DISPUTED",
                "message": "A payment for the package is disputed. Settle the dispute first.",
            }
        ]
        [transfer] = (await app.ask(house.owner, HISTORY, id=bundle))["package"]["branchTransfers"]
        assert (transfer["state"], transfer["toBranch"]) == ("ACCEPTED", {"code": "PDL"})
        shown = (await app.ask(house.manager_mad, READ, id=transfer["id"]))["branchTransfer"]
        assert shown is None, "Madrid is neither end of it"
        [first] = (await app.ask(house.owner, HISTORY, id=tens[0]))["package"]["branchTransfers"]
        moved_to_madrid = (await app.ask(house.manager_mad, READ, id=first["id"]))["branchTransfer"]
        assert moved_to_madrid["closing"] == {"id": closing_id}
        listed = (await app.ask(house.manager_lis, LISTS, id=house.lis))["branch"]["closings"]
        assert listed == [{"id": closing_id}]
        for nobody in (house.other_owner, house.desk_lis):
            answers = [(await app.post(nobody, PROGRESS, id=each)).text for each in (closing_id, new_id("cls"))]
            assert answers[0] == answers[1]
        kind, facts = await refused(app, house.owner, CLOSE, shutting(house, branchId=house.mad))
        assert (kind, facts["path"]) == ("InvalidInput", ["packagesTo", "branchId"])


async def test_once_at_home_there_it_is_still_seen_there(house: Harbour) -> None:
    package_id = await sold(house, house.ten, branch_id=house.pdl)
    await moved(house, package_id, asked=house.owner)
    await moved(house, package_id, house.lis, by=house.manager_lis, asked=house.manager_mad)
    async with graph() as app:
        found = await app.ask(house.manager_mad, HISTORY, id=package_id)
    assert [each["toBranch"]["code"] for each in found["package"]["branchTransfers"]] == ["MAD", "LIS"]
