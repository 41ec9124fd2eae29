"""Sync: what an outside scheduler says of a booking, however often and in whatever order it says it."""

from dataclasses import dataclass
from enum import StrEnum

from domain.bookings import as_told, locking, persons_store, store, writing_store
from domain.bookings.booked import Booked
from domain.bookings.errors import BookingEnded
from domain.bookings.moving import stands
from domain.bookings.rules import State
from domain.bookings.told import SyncBooking as SyncBooking
from domain.bookings.told import checked
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.packages import store as packages
from domain.packages.sold import Place


class Effect(StrEnum):
    """What came of it."""

    BOOKED = "BOOKED"
    MOVED = "MOVED"
    ENDED = "ENDED"
    NOTED = "NOTED"
    STALE = "STALE"


@dataclass(frozen=True, slots=True)
class BookingSynced:
    """What was done, in its order; STALE alone when something newer had been said, NOTED alone when it was known."""

    booking_id: str
    state: str
    effects: tuple[Effect, ...]


@act
async def sync_booking(work: Work, command: SyncBooking) -> BookingSynced:
    """Bring the booking to what the scheduler says, unless something newer has been said before.

    What is new is booked and ended by the same rules as everywhere; a cancellation that comes before its booking is
    kept, so that the booking, when it comes, holds nothing. Refuses what those acts refuse, and a booking that has
    ended in another way.
    """
    work.authorise(command.branch_id)
    command = checked(command, work.now)
    place = await packages.place(
        work, command.branch_id, command.service_id, command.practitioner_id, command.customer_id
    )
    known = await _known(work, command)
    if known is not None:
        booked, effects = await _told_again(work, command, place, known)
    else:
        booked, effects = await _told_first(work, command, place)
    outcome = BookingSynced(booked.id, booked.state.value, effects)
    await record(
        work,
        Recorded(
            outcome,
            effective_at=command.told_at,
            branch_id=command.branch_id,
            customer_id=booked.customer_id,
            reason=command.reason,
        ),
    )
    if known is None and booked.package_id is None and booked.ended_at is not None:
        await writing_store.note_changes([(work.operation_id, booked, booked.state.value, command.reason)])
    return outcome


async def _known(work: Work, command: SyncBooking) -> Booked | None:
    """The booking the scheduler speaks of, locked: what it says of one is heard one after the other.

    The customer's lock keeps apart what is said of one that is new, the booking's own what others do to it meanwhile.
    """
    known = await store.referred(work.chain_id, command.external)
    await persons_store.lock(work, await persons_store.coming_to(known.id) if known else [command.customer_id])
    known = await store.referred(work.chain_id, command.external)
    if known is None:
        return None
    work.authorise(known.branch_id)
    if known.package_id is not None:
        await store.lock_packages([known.package_id])
    return await locking.locked(work, known)


async def _told_first(work: Work, command: SyncBooking, place: Place) -> tuple[Booked, tuple[Effect, ...]]:
    if command.called_off:
        booked = await as_told.called_off(work, command, place)
        return booked, (Effect.NOTED,)
    booked = await as_told.book(work, command, place)
    if command.state is State.CONFIRMED:
        return booked, (Effect.BOOKED,)
    return await as_told.end(work, command, booked), (Effect.BOOKED, Effect.ENDED)


async def _told_again(
    work: Work, command: SyncBooking, place: Place, known: Booked
) -> tuple[Booked, tuple[Effect, ...]]:
    if known.told_at is not None and command.told_at <= known.told_at:
        return known, (Effect.STALE,)
    if known.customer_id != command.customer_id or known.service_id != command.service_id:
        raise NotFound("booking of this customer and service", command.external.reference, "externalRef", "reference")
    if known.state is not State.CONFIRMED:
        _refuse_another_end(known, command)
        return await as_told.note(known, command), (Effect.NOTED,)
    _refuse_other_sessions(known, command)
    effects: tuple[Effect, ...] = ()
    booked = known
    if not command.called_off and not stands(known, place, command.span(known.minutes)):
        booked, effects = await as_told.move(work, command, place, known), (Effect.MOVED,)
    if command.state is not State.CONFIRMED:
        booked, effects = await as_told.end(work, command, booked), (*effects, Effect.ENDED)
    return await as_told.note(booked, command), effects or (Effect.NOTED,)


def _refuse_another_end(known: Booked, command: SyncBooking) -> None:
    late = known.state is State.LATE_CANCELLED and command.state is State.CANCELLED
    if known.state is not command.state and not late:
        raise BookingEnded(known.id, known.state.value, known.ended_at or command.told_at)


def _refuse_other_sessions(known: Booked, command: SyncBooking) -> None:
    """How many come is settled when the sessions are held; whoever calls it off need not know."""
    comes = command.state in (State.CONFIRMED, State.COMPLETED)
    checks = Checks()
    checks.that(
        not comes or command.sessions == known.sessions,
        f"The booking holds {known.sessions}. Cancel it and send another, or book the others besides.",
        "sessions",
    )
    checks.passed()
