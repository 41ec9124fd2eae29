"""What calling off or missing a visit comes to, by the terms it was booked under."""

from datetime import datetime

import strawberry

from domain.bookings import rules
from domain.bookings.booked import Booked
from domain.catalog.terms import Missed
from schema.bookings.loaders import CANCELLATION
from schema.context import Info


@strawberry.type(description="What calling off or missing a visit comes to, by the terms of the package it is held on.")
class BookingCancellation:
    """The cancellation policy, applied."""

    free_until: datetime = strawberry.field(description="Until when cancelling returns the sessions, by the terms.")
    late_costs: Missed = strawberry.field(description="What a later cancellation does to the sessions.")
    no_show_costs: Missed = strawberry.field(description="What not coming does to the sessions.")
    reschedules_left: int | None = strawberry.field(description="How often it may still be moved; null for any number.")


async def cancellation_of(info: Info, visit: Booked) -> BookingCancellation:
    """What cancelling a booking that the actor was already shown comes to."""
    found = await info.context.load(CANCELLATION, visit.package_id) if visit.package_id else None
    terms = found or rules.NO_TERMS
    left = None if terms.reschedules is None else max(0, terms.reschedules - visit.reschedules)
    return BookingCancellation(
        free_until=rules.free_until(terms, visit.starts_at, visit.time_zone),
        late_costs=terms.late,
        no_show_costs=terms.no_show,
        reschedules_left=left,
    )
