"""What a transfer costs, who approves it where the terms ask for that, and how it is told from both sides."""

from dataclasses import replace

import pytest

from domain.catalog.terms import Price, TransferTo, Who
from domain.kernel.access import Actor
from domain.kernel.commands import run_command
from domain.kernel.db import execute, rows
from domain.kernel.errors import ApproverIsRequester, Forbidden, InvalidInput, NotFound
from domain.kernel.quotes import DerivationStep
from domain.ledger.accounts import PaymentMethod
from domain.packages.errors import BranchClosed, NotEnoughSessions
from domain.packages.explanation import explain
from domain.packages.reverse_redemption import Fault, ReverseRedemption
from domain.payments import reading as payments
from domain.payments.pay_account import PayAccount
from domain.transfers import reading
from domain.transfers.approve_transfer import ApproveTransfer
from domain.transfers.asked import Asked, FeePayer
from domain.transfers.errors import NothingToHandOn, TransferPending, WrongTransferState
from domain.transfers.quoting import transfer_quote
from domain.transfers.refuse_transfer import RefuseTransfer
from domain.transfers.undo_transfer import UndoTransfer
from domain.transfers.view import TransferFilter
from domain.transfers.withdraw_transfer import WithdrawTransfer
from tests.fixtures.chain import Harbour, customer_actor, harbour, published
from tests.fixtures.desk import MONDAY, on, posted, refused, used
from tests.fixtures.explained import as_booked, told
from tests.fixtures.handed import FEE, assert_sound, giving, handed_on, lots, paid, ten, to_eva, undone

pytestmark = pytest.mark.anyio

APPROVED = Who(transfer=TransferTo.ANYONE, partial_transfer=True, transfer_needs_approval=True)


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


async def owed(house: Harbour, customer_id: str) -> tuple[int, tuple[tuple[str, int], ...]]:
    """What the customer owes besides packages, and has as credit."""
    account = (await payments.accounts_of(house.owner, [customer_id]))[customer_id]
    return account.owed_minor, account.credit


async def test_the_fee_is_owed_where_it_was_done_and_taken_back_with_the_transfer(house: Harbour) -> None:
    with on(MONDAY):
        taxed = replace(ten(house, who=FEE), price=Price(45000, "EUR", 2000, "STANDARD"))
        mine = await paid(house, await published(house.owner, "FEE", taxed))
        done = await handed_on(house, mine, 3, fee_payer=FeePayer.RECIPIENT)
        assert (await posted(done.operation_id))[2:] == [
            ("RECEIVABLE", house.lis, 1500),
            ("FEE_INCOME", house.lis, -1250),
            ("TAX_PAYABLE", house.lis, -250),
        ]
        assert (done.outcome.fee_minor, await owed(house, house.eva)) == (1500, (1500, ()))
        (charge,) = (await payments.charges_of(house.owner, [house.eva]))[house.eva]
        assert (charge.purpose, charge.service_id, charge.sessions, charge.tax_minor) == ("TRANSFER_FEE", None, 3, 250)
        # It is no visit: there is nothing of it to reverse but with the transfer.
        typed_twice = ReverseRedemption(done.operation_id, Fault.BUSINESS, "typed twice")
        await refused(NotFound, house.owner, typed_twice)
        await run_command(house.desk_lis, PayAccount(house.eva, house.lis, PaymentMethod.CASH, 1500, "EUR"))
        await assert_sound(house)
        back = await undone(house, done.outcome.transfer_id)
        assert (back.outcome.fee_minor, back.outcome.credited_minor) == (1500, 1500)
        assert await owed(house, house.eva) == (0, ((house.lis, 1500),))
        sender_pays = (await handed_on(house, mine, 1)).outcome
        assert await owed(house, house.ana) == (1500, ())
        await undone(house, sender_pays.transfer_id)
        assert await owed(house, house.ana) == (0, ())
    await assert_sound(house)


async def test_where_the_terms_say_so_another_person_approves_and_only_then_it_moves(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house, who=APPROVED))
        asked = (await run_command(house.manager_lis, to_eva(house, mine, 3))).outcome
        assert (asked.state, asked.into_package_id, asked.sessions) == ("REQUESTED", None, 3)
        assert await lots(mine) == [("PURCHASE", 10, 0, 0, 45000)]
        approve = ApproveTransfer(asked.transfer_id)
        await refused(ApproverIsRequester, house.manager_lis, approve)
        for actor in (house.desk_lis, house.manager_mad):
            await refused(Forbidden, actor, approve)
        await refused(NotFound, house.other_owner, approve)
        done = (await run_command(house.owner, approve)).outcome
        assert (done.state, done.sessions, done.value_minor) == ("DONE", 3, 13500)
        assert await lots(done.into_package_id) == [("TRANSFER", 3, 0, 0, 13500)]
        await refused(WrongTransferState, house.owner, approve)
        found = await rows("SELECT decided_by, requested_by, reason FROM transfer")
        assert found == [{"decided_by": house.owner.id, "requested_by": house.manager_lis.id, "reason": ""}]
        await undone(house, asked.transfer_id)
    await assert_sound(house)


async def test_what_was_asked_for_is_judged_when_it_is_approved(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house, who=APPROVED))
        asked = (await handed_on(house, mine, 8)).outcome
        await used(house, mine, sessions=3)
        few = await refused(NotEnoughSessions, house.manager_lis, ApproveTransfer(asked.transfer_id))
        assert (few.asked, few.remaining) == (8, 7)
        for end in (RefuseTransfer, WithdrawTransfer):
            one = (await handed_on(house, mine, 2)).outcome
            await refused(InvalidInput, house.manager_lis, end(one.transfer_id, ""))
            await refused(Forbidden, house.manager_mad, end(one.transfer_id, "no"))
            assert (await run_command(house.manager_lis, end(one.transfer_id, "not hers"))).outcome.state in (
                "REFUSED",
                "WITHDRAWN",
            )
            for then in (RefuseTransfer(one.transfer_id, "again"), ApproveTransfer(one.transfer_id)):
                await refused(WrongTransferState, house.manager_lis, then)
        assert await lots(mine) == [("PURCHASE", 7, 0, 0, 31500)]
        last = (await handed_on(house, mine, 2)).outcome
        await execute("UPDATE branch SET closed_at = $2 WHERE id = $1", house.lis, MONDAY)
        assert (
            await refused(BranchClosed, house.manager_lis, ApproveTransfer(last.transfer_id))
        ).branch_id == house.lis
    await assert_sound(house)


async def test_the_whole_package_waits_alone(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house, who=APPROVED))
        whole = (await handed_on(house, mine)).outcome.transfer_id
        for sessions in (None, 10, 2):
            to_rui = to_eva(house, mine, sessions, recipient_id=house.rui)
            pending = await refused(TransferPending, house.owner, to_rui)
            assert (pending.package_id, pending.transfer_id, pending.requested_at) == (mine, whole, MONDAY)
        await run_command(house.desk_lis, WithdrawTransfer(whole, "not hers"))
        parts = [(await handed_on(house, mine, sessions)).outcome.transfer_id for sessions in (8, 7)]
        for sessions in (None, 10):
            pending = await refused(TransferPending, house.owner, to_eva(house, mine, sessions))
            assert pending.transfer_id == parts[0]
        # Who approves asks what it would come to, whatever waits.
        quote = await transfer_quote(house.manager_lis, Asked(mine, house.eva, 7))
        await run_command(house.manager_lis, ApproveTransfer(parts[1], quote.quote_hash))
        few = await refused(NotEnoughSessions, house.manager_lis, ApproveTransfer(parts[0]))
        assert (few.asked, few.remaining) == (8, 3)


async def test_the_rest_that_was_asked_for_may_be_nothing_by_then(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house, who=APPROVED))
        asked = (await handed_on(house, mine)).outcome.transfer_id
        await used(house, mine, sessions=10)
        nothing = await refused(NothingToHandOn, house.manager_lis, ApproveTransfer(asked))
        assert (nothing.package_id, nothing.held) == (mine, 0)


async def test_what_cannot_be_decided_or_undone_any_more_says_what_it_is_and_what_to_do(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house, who=APPROVED))
        waiting, away, back, done, over = [(await handed_on(house, mine, 2)).outcome.transfer_id for _ in range(5)]
        await run_command(house.manager_lis, RefuseTransfer(away, "no"))
        await run_command(house.desk_lis, WithdrawTransfer(back, "no"))
        for each in (done, over):
            await run_command(house.manager_lis, ApproveTransfer(each))
        await undone(house, over)
        undo = {each: UndoTransfer(each, "a mistake") for each in (waiting, away, back, over)}
        told = [await refused(WrongTransferState, house.owner, command) for command in undo.values()]
        told.append(await refused(WrongTransferState, house.owner, ApproveTransfer(done)))
        at = "2026-03-02 10:00 UTC"
        assert [each.message for each in told] == [
            f"The transfer waits to be decided since {at}. Approve, refuse or withdraw it.",
            f"The transfer was refused at {at}. Ask for a new one if need be.",
            f"The transfer was withdrawn at {at}. Ask for a new one if need be.",
            f"The transfer was undone at {at}. Ask for a new one if need be.",
            f"The transfer was done at {at}. Undo it, or let the recipient hand the sessions back.",
        ]


async def test_the_quote_says_what_would_go_and_how_that_comes_about(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house, who=FEE, bonus=2))
        quote = await transfer_quote(house.owner, Asked(mine, house.eva, 11))
        assert (quote.sessions, quote.stays, quote.value_minor, quote.fee_minor) == (11, 1, 41250, 1500)
        assert quote.steps == (
            DerivationStep("Paid sessions, usable until 2026-08-29", "375.00 × 10 / 10 = 375.00", 37500, 10),  # noqa: RUF001
            DerivationStep("Bonus sessions, usable until 2026-08-29", "75.00 × 1 / 2 = 37.50", 3750, 1),  # noqa: RUF001
            DerivationStep("Together", "375.00 + 37.50 = 412.50", 41250, 11),
            DerivationStep("Fee by the terms", "15.00 + 0.00 tax = 15.00", 1500),
        )
        done = (await handed_on(house, mine, 11, quote_hash=quote.quote_hash)).outcome
        assert (done.sessions, done.value_minor, done.fee_minor) == (11, 41250, 1500)


async def test_both_sides_tell_what_happened_with_its_value(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house))
        done = (await handed_on(house, mine, 3)).outcome
        hers = done.into_package_id
        await handed_on(house, hers, 1, recipient_id=house.rui)
        await undone(house, (await handed_on(house, mine, 2)).outcome.transfer_id)
    given, got = [await as_booked(house, each, MONDAY) for each in (mine, hers)]
    assert told(given, 2) == [
        (
            "3 sessions were handed on to Eva Ruiz at Lisbon Chiado.",
            "450.00 × 3 / 10 = 135.00",  # noqa: RUF001
            {"deferred": -13500, "moved_in": -13500},
        ),
        (
            "2 sessions were handed on to Eva Ruiz at Lisbon Chiado.",
            "315.00 × 2 / 7 = 90.00",  # noqa: RUF001
            {"deferred": -9000, "moved_in": -9000},
        ),
        (
            "2 sessions were given back by Eva Ruiz at Lisbon Chiado.",
            "225.00 + 90.00 = 315.00",
            {"deferred": 9000, "moved_in": 9000},
        ),
    ]
    assert given.identity == "450.00 price - 135.00 moved on = 315.00 deferred."
    assert [label for label, *_ in told(got)] == [
        "3 sessions were received from Ana Silva at Lisbon Chiado.",
        "1 session was handed on to Rui Silva at Lisbon Chiado.",
    ]
    assert got.identity == "90.00 taken over = 90.00 deferred."
    eva, ana = [await customer_actor(house, each) for each in (house.eva, house.ana)]
    with on(MONDAY):
        told_to_eva, told_to_ana = await explain(eva, hers), await explain(ana, mine)
        assert told_to_eva is not None and told_to_ana is not None
        assert [step.label for step in told_to_eva.steps] == [
            "3 sessions were received from another person at Lisbon Chiado.",
            "1 session was handed on to another person at Lisbon Chiado.",
        ]
        assert "Eva" not in "".join(step.label for step in told_to_ana.steps)


async def test_who_may_read_a_transfer_sees_one_of_its_packages(house: Harbour) -> None:
    with on(MONDAY):
        definition = await giving(house)
        mine = await paid(house, definition)
        first = (await handed_on(house, mine, 3)).outcome
        hers = first.into_package_id
        second = (await handed_on(house, hers, 1, recipient_id=house.rui)).outcome
        ids = [second.transfer_id, first.transfer_id]
        people = {name: await customer_actor(house, getattr(house, name)) for name in ("ana", "rui", "eva")}
        seen = {
            **{name: await _seen(actor) for name, actor in people.items()},
            "owner": await _seen(house.owner),
            "lis": await _seen(house.desk_lis),
            "mad": await _seen(house.manager_mad),
            "other": await _seen(house.other_owner),
        }
        assert seen == {
            "ana": ids[1:],
            "rui": ids[:1],
            "eva": ids,
            "owner": ids,
            "lis": ids,
            "mad": [],
            "other": [],
        }
        of = await reading.of_packages(house.owner, [mine, hers], 10)
        assert {package: [view.id for view in views] for package, views in of.items()} == {mine: ids[1:], hers: ids}
        assert await _seen(house.owner, TransferFilter(customer_id=house.rui)) == ids[:1]
        assert await _seen(house.owner, TransferFilter(package_id=hers)) == ids


async def test_who_is_to_get_sessions_learns_of_it_once_they_have_moved(house: Harbour) -> None:
    with on(MONDAY):
        mine = await paid(house, await giving(house, who=APPROVED))
        refused_one, withdrawn, asked = [(await handed_on(house, mine, 2)).outcome.transfer_id for _ in range(3)]
        await run_command(house.manager_lis, RefuseTransfer(refused_one, "she owes"))
        await run_command(house.desk_lis, WithdrawTransfer(withdrawn, "not hers"))
        every = [asked, withdrawn, refused_one]
        ana, eva = [await customer_actor(house, each) for each in (house.ana, house.eva)]
        everyone_else = (ana, house.owner, house.desk_lis)
        assert [await _seen(actor) for actor in (*everyone_else, eva)] == [every, every, every, []]
        assert await reading.by_ids(eva, every) == {}
        hers = (await run_command(house.owner, ApproveTransfer(asked))).outcome.into_package_id
        assert (await _seen(eva), [view.id for view in (await reading.of_packages(eva, [hers], 9))[hers]]) == (
            [asked],
            [asked],
        )
        await undone(house, asked)
        assert [await _seen(actor) for actor in (ana, eva)] == [every, [asked]]


async def _seen(actor: Actor, chosen: TransferFilter | None = None) -> list[str]:
    return [view.id for view in await reading.page(actor, chosen or TransferFilter(), 10)]
