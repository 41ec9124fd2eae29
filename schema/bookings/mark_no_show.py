"""The mutation markNoShow."""

from typing import Annotated

import strawberry

from domain.bookings.mark_no_show import MarkNoShow
from schema.acts import carry_out, describe, idempotency_key
from schema.bookings import refusals as booking
from schema.bookings.outcomes import BookingClosing, closing
from schema.context import Info
from schema.packages import refusals
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="To which visit nobody came.")
class MarkNoShowInput:
    """The input of markNoShow."""

    booking_id: strawberry.ID = strawberry.field(description="The booking.")
    idempotency_key: str = idempotency_key()
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The visit was missed.")
class MarkNoShowPayload(BookingClosing):
    """The outcome of markNoShow."""


MarkNoShowResult = Annotated[
    MarkNoShowPayload
    | InvalidInput
    | NotFound
    | booking.BookingNotStarted
    | booking.BookingEnded
    | refusals.PackagePending
    | refusals.PackageClosed
    | refusals.PackageFrozen
    | refusals.PackageDisputed
    | booking.ServiceNotOffered,
    strawberry.union("MarkNoShowResult", description="The visit marked, or why not."),
]


async def resolve(info: Info, input: MarkNoShowInput) -> MarkNoShowResult:
    """Build the command and carry it out."""
    done = await carry_out(info, MarkNoShow(input.booking_id, input.reason), input.idempotency_key)
    return MarkNoShowPayload(**closing(done))


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "mark_no_show",
        "Ends a visit to which nobody came, once it has started: its sessions are used or go back, as the terms say "
        "for no-shows. What the terms have used is used also where the package may only be used as far as it is paid.",
    ),
)
