"""What another system tells has one effect, whatever the order and repetition; all else is there with its reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import orjson
import pytest

from domain.bookings.cancel_booking import CancelBooking
from domain.customers.erase_customer import EraseCustomer
from domain.inbox import processing
from domain.inbox.close_inbound_hook import CloseInboundHook
from domain.inbox.errors import InboundEventForgotten, InboundEventProcessed, InboundHookClosed, InboundNameTaken
from domain.inbox.open_inbound_hook import OpenInboundHook
from domain.inbox.processing import process_events
from domain.inbox.receiving_store import insert_event
from domain.inbox.retry_inbound_event import RetryInboundEvent
from domain.inbox.rotate_inbound_secret import RotateInboundSecret
from domain.inbox.rules import EventState
from domain.inbox.scheduler import Scheduler
from domain.kernel import clock, vault
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.kernel.ids import new_id
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused
from tests.fixtures.knocking import GARBAGE, Sender, became, event, opened, processed
from tests.fixtures.races import at_once
from tests.fixtures.unchanged import unchanged
from tests.fixtures.visits import VISIT, assert_audited, bought, counts

pytestmark = pytest.mark.anyio

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EFFECT = ("operation", "unsealed_operation", "sqlite_sequence", "inbound_event")


@pytest.fixture
async def house(db: str) -> Harbour:
    with on(MONDAY):
        return await harbour(db)


@pytest.fixture
async def cal(house: Harbour) -> Sender:
    with on(MONDAY):
        return await opened(house.owner)


async def came(sender: Sender, told: dict[str, Any] | bytes, event_id: str | None = None) -> str:
    """The id here of an event that was taken now."""
    told_id = new_id("ine")
    body = told if isinstance(told, bytes) else orjson.dumps(told)
    assert await insert_event(told_id, sender.hook_id, event_id or told_id, body, clock.now())
    return told_id


async def fate(id: str) -> tuple[str, str | None, str]:
    (row,) = await rows("SELECT state, problem, message FROM inbound_event WHERE id = $1", id)
    return row["state"], row["problem"], row["message"]


async def retried(house: Harbour, told_id: str) -> tuple[str, str | None, str]:
    await run_command(house.owner, RetryInboundEvent(told_id))
    await processed()
    return await fate(told_id)


async def test_a_booking_is_made_as_it_is_told_by_the_hook_itself(house: Harbour, cal: Sender) -> None:
    package_id = await bought(house)
    with on(MONDAY):
        told_id = await came(cal, event(house, "created", MONDAY, sessions=2))
        await processed()

    assert await fate(told_id) == ("PROCESSED", None, "BOOKED")
    (made,) = await rows("SELECT id, source, external_ref, package_id, starts_at FROM booking")
    assert (made["source"], made["external_ref"], made["package_id"]) == ("cal", "A-1", package_id)
    assert (made["starts_at"], await counts(package_id)) == (VISIT, [(8, 2, 0, 0)])
    (row,) = await rows("SELECT attempts, due_at, processed_at, operation_id FROM inbound_event")
    assert (row["attempts"], row["due_at"], row["processed_at"]) == (1, None, MONDAY)
    (done,) = await rows(
        "SELECT act, principal, principal_id, idempotency_key FROM operation WHERE id = $1", row["operation_id"]
    )
    assert done == {
        "act": "sync_booking",
        "principal": "INTEGRATION",
        "principal_id": cal.hook_id,
        "idempotency_key": told_id,
    }
    await assert_audited(house)


async def test_in_whatever_order_events_come_the_newest_word_counts(house: Harbour, cal: Sender) -> None:
    package_id = await bought(house)
    orders: Sequence[Sequence[int]] = list(permutations(range(3)))
    for number, order in enumerate(orders):
        at = VISIT + number * DAY
        told = [
            event(house, "created", MONDAY, reference=f"A-{number}", startsAt=at),
            event(house, "changed", MONDAY + HOUR, reference=f"A-{number}", startsAt=at + HOUR),
            event(house, "completed", at + 2 * HOUR, reference=f"A-{number}", startsAt=at + HOUR),
        ]
        with on(at + 3 * HOUR):
            for index in (*order, *order):
                await came(cal, told[index])
            await processed()

    found = await rows("SELECT external_ref, state, starts_at FROM booking ORDER BY external_ref")
    assert [(row["external_ref"], row["state"], row["starts_at"]) for row in found] == [
        (f"A-{number}", "COMPLETED", VISIT + number * DAY + HOUR) for number in range(len(orders))
    ]
    assert await counts(package_id) == [(4, 0, 6, 0)]
    assert {state for _, state, _, _ in await became()} == {"PROCESSED"}
    await assert_audited(house)


async def test_what_a_later_event_heals_is_tried_again(house: Harbour, cal: Sender) -> None:
    await bought(house)
    with on(MONDAY):
        await came(cal, event(house, "created", MONDAY))
        await processed()
        other = await came(cal, event(house, "created", MONDAY + HOUR, reference="B-1"))
        with on(MONDAY + HOUR):
            await processed()
            state, problem, message = await fate(other)
            assert (state, problem) == ("RECEIVED", "BOOKING_OVERLAPS") and message.endswith("Move one.")
            await came(cal, event(house, "changed", MONDAY + HOUR, startsAt=VISIT + DAY))
            await processed()
            assert (await fate(other))[0] == "RECEIVED"
        with on(MONDAY + HOUR + timedelta(seconds=5)):
            await processed()

    assert await fate(other) == ("PROCESSED", None, "BOOKED")


async def test_what_never_heals_is_rejected_when_the_schedule_is_used_up_and_a_person_can_retry_it(
    house: Harbour, cal: Sender
) -> None:
    at = MONDAY
    with on(at):
        told_id = await came(cal, event(house, "created", MONDAY))
    for _ in range(7):
        with on(at):
            assert (await fate(told_id))[0] == "RECEIVED"
            await processed()
        (row,) = await rows("SELECT due_at FROM inbound_event")
        at = row["due_at"] or at
    assert (await fate(told_id))[:2] == ("REJECTED", "NOT_ENOUGH_SESSIONS")
    await bought(house)
    with on(at):
        assert await retried(house, told_id) == ("PROCESSED", None, "BOOKED")
        done = await refused(InboundEventProcessed, house.owner, RetryInboundEvent(told_id))
    assert (done.event_id, done.processed_at, done.path) == (told_id, at, ("eventId",))


async def test_what_cannot_be_understood_or_done_is_rejected_at_once_and_what_means_nothing_ignored(
    house: Harbour, cal: Sender
) -> None:
    await bought(house)
    with on(MONDAY):
        garbage = await came(cal, GARBAGE)
        future = await came(cal, event(house, "created", MONDAY + HOUR))
        nothing = await came(cal, {"type": "calendar.renamed"})
        async with unchanged(but=("inbound_event",)):
            await processed()
        assert await fate(garbage) == (
            "REJECTED",
            "INVALID_INPUT",
            "Invalid JSON: EOF while parsing an object at line 1 column 1.",
        )
        assert await fate(future) == ("REJECTED", "INVALID_INPUT", "timestamp lies in the future.")
        assert await fate(nothing) == ("IGNORED", None, "Events of this type mean nothing here.")
        assert (await retried(house, nothing))[0] == "IGNORED"


async def test_what_is_ahead_of_the_clock_is_taken_or_waits_for_it(house: Harbour, cal: Sender) -> None:
    """Also where the clock of the worker is behind the one by which the signature was good."""
    await bought(house)
    with on(MONDAY):
        taken = await came(cal, event(house, "created", MONDAY + 5 * MINUTE))
        early = await came(cal, event(house, "changed", MONDAY + 5 * MINUTE + timedelta(seconds=5)))
        await processed()
        assert await fate(taken) == ("PROCESSED", None, "BOOKED")
        assert await fate(early) == (
            "RECEIVED",
            "TIMESTAMP_EARLY",
            "timestamp is more than five minutes ahead. It is tried again by then; set the clock of the sender.",
        )
    with on(MONDAY + timedelta(seconds=5)):
        await processed()
    assert await fate(early) == ("PROCESSED", None, "NOTED")


async def test_two_workers_process_each_event_once(house: Harbour, cal: Sender) -> None:
    package_id = await bought(house)
    with on(MONDAY):
        for number in range(5):
            await came(cal, event(house, "created", MONDAY, reference=f"A-{number}", startsAt=VISIT + number * HOUR))
        failing: dict[str, Exception] = {}
        answers = await at_once(*(process_events(100, failing) for _ in range(2)))
        await processed()

    assert failing == {} and sum(each.get(EventState.PROCESSED, 0) for each in answers) == 5
    assert [state for _, state, _, _ in await became()] == ["PROCESSED"] * 5
    assert await counts(package_id) == [(5, 5, 0, 0)]
    (row,) = await rows("SELECT MAX(attempts) AS attempts FROM inbound_event")
    assert row["attempts"] == 1


async def test_what_was_refused_to_a_worker_that_is_late_stays_done(house: Harbour, cal: Sender) -> None:
    """One worker sleeps over its minute; whatever it writes then, the effect that there is counts."""
    with on(MONDAY):
        told_id = await came(cal, event(house, "created", MONDAY))
        late = await processing._take(told_id)
        assert late is not None
        refusal = await processing._verdict(late)
    await bought(house)
    with on(MONDAY + timedelta(seconds=59)):
        await processed()
        assert (await fate(told_id))[0] == "RECEIVED"
    with on(MONDAY + timedelta(seconds=60)):
        await processed()
        assert await fate(told_id) == ("PROCESSED", None, "BOOKED")
        await processing._note(late, refusal)
    assert await fate(told_id) == ("PROCESSED", None, "BOOKED")


async def test_an_event_with_which_carnet_fails_keeps_no_other_waiting(
    house: Harbour, cal: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bought(house)
    meant = Scheduler.meant

    def fail(self: Scheduler, source: str, body: bytes, now: datetime) -> Any:
        if body == GARBAGE:
            raise RuntimeError("a fault of ours")
        return meant(self, source, body, now)

    monkeypatch.setattr(Scheduler, "meant", fail)
    with on(MONDAY):
        broken = await came(cal, GARBAGE)
        good = await came(cal, event(house, "created", MONDAY))
        failing: dict[str, Exception] = {}
        assert await process_events(100, failing) == {EventState.RECEIVED: 1, EventState.PROCESSED: 1}

    assert [error.__notes__ for error in failing.values()] == [[f"This is about the inbound event {broken}."]]
    assert await fate(broken) == ("RECEIVED", "INTERNAL", "Carnet fails with this event; its log says why.")
    assert (await fate(good))[0] == "PROCESSED"


async def test_a_hook_is_opened_under_a_name_that_is_free_and_its_secret_is_told_once(house: Harbour) -> None:
    done = await run_command(house.owner, OpenInboundHook(" cal "))
    secret = done.outcome.secret

    (row,) = await rows("SELECT name, provider, secret, former_secret, created_by FROM inbound_hook")
    assert vault.unseal(row.pop("secret")) == secret and secret.startswith("whsec_")
    assert row == {"name": "cal", "provider": "SCHEDULER", "former_secret": None, "created_by": house.owner.id}
    (kept,) = await rows("SELECT outcome FROM operation WHERE id = $1", done.operation_id)
    assert kept["outcome"] == {"hook_id": done.outcome.hook_id, "secret": None}
    taken = await refused(InboundNameTaken, house.owner, OpenInboundHook("cal"))
    assert (taken.hook_id, taken.path) == (done.outcome.hook_id, ("name",))
    for name in (" ", "x" * 41):
        await refused(InvalidInput, house.owner, OpenInboundHook(name))
    await run_command(house.other_owner, OpenInboundHook("cal"))


async def test_who_opens_a_name_at_the_same_time_is_refused_by_name(house: Harbour) -> None:
    answers = await at_once(*(run_command(house.owner, OpenInboundHook("cal")) for _ in range(4)))

    assert sorted(type(answer).__name__ for answer in answers) == ["Done", *["InboundNameTaken"] * 3]


async def test_a_closed_hook_stays_closed_and_the_next_of_its_name_goes_on(house: Harbour, cal: Sender) -> None:
    await bought(house)
    with on(MONDAY):
        await came(cal, event(house, "created", MONDAY))
        await run_command(house.owner, CloseInboundHook(cal.hook_id))
        await processed()
        for command in (CloseInboundHook(cal.hook_id), RotateInboundSecret(cal.hook_id)):
            assert (await refused(InboundHookClosed, house.owner, command)).closed_at == MONDAY
        after = await opened(house.owner)
        moved = await came(after, event(house, "changed", MONDAY + timedelta(minutes=1), startsAt=VISIT + DAY))
        await processed()

    assert await fate(moved) == ("PROCESSED", None, "MOVED")


async def test_two_secrets_are_good_at_a_time(house: Harbour, cal: Sender) -> None:
    with on(MONDAY):
        first = (await run_command(house.owner, RotateInboundSecret(cal.hook_id))).outcome
        second = (await run_command(house.owner, RotateInboundSecret(cal.hook_id, 1))).outcome

    (row,) = await rows("SELECT secret, former_secret, former_until FROM inbound_hook")
    assert [vault.unseal(row["secret"]), vault.unseal(row["former_secret"])] == [second.secret, first.secret]
    assert (row["former_until"], first.former_until) == (MONDAY + HOUR, MONDAY + DAY)
    for hours in (-1, 169):
        await refused(InvalidInput, house.owner, RotateInboundSecret(cal.hook_id, hours))


async def test_hooks_and_events_are_the_owners_of_their_chain(house: Harbour, cal: Sender) -> None:
    with on(MONDAY):
        told_id = await came(cal, GARBAGE)
    commands = (
        OpenInboundHook("till"),
        RotateInboundSecret(cal.hook_id),
        CloseInboundHook(cal.hook_id),
        RetryInboundEvent(told_id),
    )
    for command in commands:
        for actor in (house.manager_lis, house.accountant, house.integrator):
            await refused(Forbidden, actor, command)
    for command in commands[1:]:
        await refused(NotFound, house.other_owner, command)


async def test_an_event_about_another_chain_finds_nothing(house: Harbour, cal: Sender) -> None:
    with on(MONDAY):
        theirs = event(house, "created", MONDAY, branchId=house.other_branch, customerId=house.other_customer)
        told_id = await came(cal, theirs)
        await processed()

    assert (await fate(told_id))[:2] == ("RECEIVED", "NOT_FOUND")


async def test_what_was_told_of_somebody_who_is_erased_is_gone(house: Harbour, cal: Sender) -> None:
    await bought(house)
    with on(MONDAY):
        await came(cal, event(house, "created", MONDAY, reason="Ana's knee"))
        await came(cal, event(house, "created", MONDAY, reason="Ana's knee", sessions=0))
        eva = await came(cal, event(house, "created", MONDAY, customerId=house.eva, reference="E-1"))
        await processed()
        (row,) = await rows("SELECT id FROM booking")
        stale = await came(cal, event(house, "changed", MONDAY, customerId=house.rui, reason="instead of Rui"))
        await processed()
        assert await fate(stale) == ("PROCESSED", None, "STALE")
        await run_command(house.owner, CancelBooking(row["id"]))
        for customer_id in (house.ana, house.rui):
            await run_command(house.owner, EraseCustomer(customer_id, "asked by letter", confirm=True))
        late = await came(cal, event(house, "changed", MONDAY + HOUR, reason="Ana's knee"))
        async with unchanged(but=("inbound_event",)):
            await processed()
        assert (await fate(late))[:2] == ("REJECTED", "CUSTOMER_ERASED")
        assert (await refused(InboundEventForgotten, house.owner, RetryInboundEvent(late))).event_id == late

    found = await rows("SELECT id, body FROM inbound_event WHERE length(body) > 0")
    assert [row["id"] for row in found] == [eva]


async def test_what_names_somebody_who_is_erased_is_gone_whatever_is_wrong_with_it(house: Harbour, cal: Sender) -> None:
    told = event(house, "changed", MONDAY, reason="Ana's knee")
    bad: list[dict[str, Any] | bytes] = [
        event(house, "changed", MONDAY, reason="Ana's knee", startsAt="bad day"),
        told | {"type": "calendar.renamed"},
        orjson.dumps(told)[:-1],
        event(house, "changed", MONDAY, reason="Ana's knee", serviceId=house.ana),
        {"customer": {"id": house.ana}},
    ]
    with on(MONDAY):
        await run_command(house.owner, EraseCustomer(house.ana, "asked by letter", confirm=True))
        late = [await came(cal, each) for each in bad]
        theirs = await came(cal, event(house, "changed", MONDAY, customerId=house.eva, startsAt="bad day"))
        async with unchanged(but=("inbound_event",)):
            await processed()
    erased = "It is about somebody who was erased: nothing of what it said is kept."
    assert [await fate(each) for each in late] == [("REJECTED", "CUSTOMER_ERASED", erased)] * len(late)
    found = await rows("SELECT id, problem FROM inbound_event WHERE length(body) > 0")
    assert found == [{"id": theirs, "problem": "INVALID_INPUT"}]


async def test_what_waits_or_names_only_the_booking_is_gone_with_the_erasing(house: Harbour, cal: Sender) -> None:
    await bought(house)
    with on(MONDAY):
        other = await opened(house.owner, "other")
        await came(cal, event(house, "created", MONDAY, reference='A "1"'))
        await processed()
        nameless = event(house, "changed", MONDAY, reference=' A "1" ', reason="Ana's knee")
        del nameless["data"]["customerId"]
        await came(cal, nameless)
        await came(cal, orjson.dumps(nameless)[:-9])
        elsewhere = await came(other, nameless)
        another = await came(cal, event(house, "changed", MONDAY, customerId=house.eva, reference="A", sessions=0))
        await processed()
        waiting = await came(cal, event(house, "changed", MONDAY + HOUR))
        await run_command(house.owner, EraseCustomer(house.ana, "asked by letter", confirm=True))
        assert (await fate(waiting))[:2] == ("REJECTED", "CUSTOMER_ERASED")
        async with unchanged():
            await processed()

    found = await rows("SELECT id FROM inbound_event WHERE length(body) > 0 ORDER BY id")
    assert [row["id"] for row in found] == [elsewhere, another]
