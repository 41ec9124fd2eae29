"""Carrying bookings over to another package: what they hold goes along, and each visit stays as it was agreed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.bookings import store, writing_store
from domain.bookings.booked import Booked
from domain.bookings.rules import State
from domain.ledger import store as ledger
from domain.ledger.draft import Draft, Occasion
from domain.ledger.rules import Bucket

CARRIED = "PACKAGE_CHANGED"
"""How the story of a booking tells that it went along."""


@dataclass(frozen=True, slots=True)
class Carrying:
    """Confirmed bookings, locked, and what each of them holds of which lot."""

    bookings: tuple[Booked, ...] = ()
    held: Mapping[str, Mapping[str, int]] | None = None

    @property
    def of_lots(self) -> dict[str, int]:
        """How much of each lot they hold together."""
        found: dict[str, int] = {}
        for its in (self.held or {}).values():
            for lot_id, count in its.items():
                found[lot_id] = found.get(lot_id, 0) + count
        return found

    def let_go(self, draft: Draft, now: datetime) -> None:
        """Return what they hold to its lots, the last taken first, so that it can move."""
        for booked in self.bookings:
            for lot_id, count in reversed(list((self.held or {})[booked.id].items())):
                draft.move(lot_id, Bucket.HELD, Bucket.AVAILABLE, count, _occasion(booked, now))

    def take_up(self, draft: Draft, arrived: Mapping[str, Mapping[str, int]], now: datetime) -> None:
        """Hold as much again of the lots in which the sessions have arrived: by old lot the new ones, and how many."""
        left = {lot_id: dict(into) for lot_id, into in arrived.items()}
        for booked in self.bookings:
            for lot_id, count in (self.held or {})[booked.id].items():
                for into_id, there in left[lot_id].items():
                    part = min(there, count)
                    left[lot_id][into_id] -= part
                    count -= part
                    if part:
                        draft.move(into_id, Bucket.AVAILABLE, Bucket.HELD, part, _occasion(booked, now))
                assert count == 0, "bookings hold no more than what goes along"


def _occasion(booked: Booked, now: datetime) -> Occasion:
    return Occasion(now, booked.service_id, booked.branch_id, booked.practitioner_id, booked.id)


async def coming(chain_id: str, package_id: str, now: datetime) -> Carrying:
    """The bookings of a package, which is locked, whose visits are still to come."""
    ids = await store.coming_on(package_id, now)
    return await _of(chain_id, package_id, ids)


async def carried_by(chain_id: str, package_id: str, operation_id: str) -> Carrying:
    """The bookings that came to a package, which is locked, by an operation, and are still to take place on it."""
    return await _of(chain_id, package_id, await store.changed_by(operation_id, CARRIED))


async def _of(chain_id: str, package_id: str, booking_ids: list[str]) -> Carrying:
    locked = await store.lock(chain_id, booking_ids) if booking_ids else []
    there = [each for each in locked if each.state is State.CONFIRMED and each.package_id == package_id]
    return Carrying(tuple(there), await ledger.held_for([each.id for each in there]) if there else {})


async def write_down(carrying: Carrying, package_id: str, operation_id: str, note: str = "") -> None:
    """From now on they are bookings of the package, by the operation that holds their sessions there."""
    await writing_store.change_package([booked.id for booked in carrying.bookings], package_id)
    await writing_store.note_changes([(operation_id, booked, CARRIED, note) for booked in carrying.bookings])
