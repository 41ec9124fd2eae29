"""What the outcomes of acts on bookings have in common."""

from typing import Any

import strawberry

from domain.bookings import confirm
from domain.bookings.ending import BookingClosed
from domain.bookings.rules import State
from domain.kernel.commands import Done
from schema.acts import operation_id, replayed
from schema.bookings.types import Booking, shown
from schema.context import Info
from schema.packages.types import Package
from schema.packages.types import shown as package_shown
from schema.scalars import Money, money_of

WHY = "Where the sessions of the package are, as a sum: what came in, where it went, what is available."


@strawberry.type
class OfBooking:
    """Mixed into the outcomes of acts on one booking, which is read only when it is asked for."""

    booking_id: strawberry.ID = strawberry.field(description="The booking's id.")

    @strawberry.field(description="The booking, as it is now; null when you may act on it but not see it.")
    async def booking(self, info: Info) -> Booking | None:
        return await shown(info, self.booking_id)


@strawberry.type
class MaybeOfPackage:
    """Mixed into the outcomes of acts on bookings, which not every time are held on a package."""

    held_on: strawberry.Private[str | None]

    @strawberry.field(
        description="The package, as it is now; null when the sessions go to the customer's account, or you may not "
        "see it."
    )
    async def package(self, info: Info) -> Package | None:
        return await package_shown(info, self.held_on) if self.held_on else None


@strawberry.type(description="How many sessions are held in which lot.")
class LotHeld:
    """A lot with sessions of a booking."""

    lot_id: strawberry.ID = strawberry.field(description="The lot.")
    sessions: int = strawberry.field(description="Sessions held in it.")


def lots_held(lots: tuple[confirm.LotHeld, ...]) -> list[LotHeld]:
    """Holds as the graph shows them."""
    return [LotHeld(lot_id=strawberry.ID(lot.lot_id), sessions=lot.sessions) for lot in lots]


@strawberry.type
class BookingClosing(OfBooking, MaybeOfPackage):
    """Mixed into the outcomes of acts that end a booking."""

    state: State = strawberry.field(description="How it ended.")
    used: int = strawberry.field(description="Sessions that were used.")
    returned: int = strawberry.field(description="Sessions that went back to their lots.")
    charged: int = strawberry.field(description="Sessions that were charged to the customer's account.")
    charged_amount: Money = strawberry.field(description="What was charged for them, with tax.")
    replacement_lot_ids: list[strawberry.ID] = strawberry.field(
        description="The goodwill lots that stand in for lots that had lapsed."
    )
    remaining: int = strawberry.field(description="Sessions of the package that were usable after it.")
    remaining_of_service: int = strawberry.field(description="Of these, the ones usable for the same service.")
    why: str = strawberry.field(description=WHY)
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


def closing(done: Done[BookingClosed]) -> dict[str, Any]:
    """The fields of a payload that tells how a booking ended."""
    closed = done.outcome
    return {
        "booking_id": strawberry.ID(closed.booking_id),
        "held_on": closed.package_id,
        "state": State(closed.state),
        "used": closed.used,
        "returned": closed.returned,
        "charged": closed.charged,
        "charged_amount": money_of(closed.charged_minor, closed.currency),
        "replacement_lot_ids": [strawberry.ID(lot_id) for lot_id in closed.replacement_lot_ids],
        "remaining": closed.remaining,
        "remaining_of_service": closed.remaining_of_service,
        "why": closed.why,
        "operation_id": strawberry.ID(done.operation_id),
        "replayed": done.replayed,
    }
