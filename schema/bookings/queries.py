"""Reading bookings."""

from datetime import date, datetime
from functools import partial

import strawberry

from domain.bookings import reading
from domain.bookings.rules import State
from domain.bookings.view import BookingFilter, BookingOrder, BookingView, Position, Window
from schema.bookings.inputs import ExternalRefInput
from schema.bookings.loaders import OF_CUSTOMER, OF_PACKAGE, Key
from schema.bookings.types import Booking, booking_of, shown
from schema.connections import Connection, connection, page
from schema.context import Info, Loader
from schema.errors import BadUserInput
from schema.scalars import instant


@strawberry.input(description="Which bookings; every part that is given must hold.")
class BookingFilterInput:
    """The filter of bookings."""

    branch_id: strawberry.ID | None = strawberry.field(default=None, description="At this branch.")
    practitioner_id: strawberry.ID | None = strawberry.field(default=None, description="With this practitioner.")
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="To which this customer comes, who booked it or is a companion."
    )
    package_id: strawberry.ID | None = strawberry.field(default=None, description="Held on this package.")
    series_id: strawberry.ID | None = strawberry.field(default=None, description="Of this series.")
    states: list[State] = strawberry.field(default_factory=list, description="In one of these states.")
    day: date | None = strawberry.field(
        default=None, description="Starting on this day, each by the clock of its own branch."
    )
    day_until: date | None = strawberry.field(
        default=None, description="Makes `day` the first of several days, of which this is the last."
    )
    starts_from: datetime | None = strawberry.field(default=None, description="Starting at or after this instant.")
    starts_before: datetime | None = strawberry.field(default=None, description="Starting before this instant.")
    overdue: bool | None = strawberry.field(
        default=None, description="Whether their end has passed and nobody has said what became of them."
    )
    external_ref: ExternalRefInput | None = strawberry.field(
        default=None, description="The one that an outside scheduler calls so."
    )

    def chosen(self) -> BookingFilter:
        """The filter as the domain knows it."""
        if self.day is None and self.day_until is not None:
            raise BadUserInput("`dayUntil` needs `day`, the first of the days.")
        given = {name: value for name, value in vars(self).items() if name not in ("day", "day_until", "external_ref")}
        return BookingFilter(
            **given
            | {
                "states": tuple(dict.fromkeys(self.states)),
                "first_day": self.day,
                "last_day": self.day_until or self.day,
                "external": self.external_ref.meant() if self.external_ref else None,
            }
        )


def _keys(view: BookingView) -> list[str]:
    return [view.booked.starts_at.isoformat(), view.booked.id]


def _position(keys: list[str] | None) -> Position | None:
    if keys is None:
        return None
    try:
        starts_at, booking_id = keys
        return Position(instant(starts_at), booking_id)
    except ValueError as error:
        raise BadUserInput("The cursor is malformed. Take it from an edge of the same connection.") from error


async def bookings_of_customer(
    info: Info, customer_id: str, coming: bool | None, first: int | None, after: str | None
) -> Connection[Booking]:
    """A page of the bookings of a customer."""
    return await _bookings_of(info, OF_CUSTOMER, customer_id, coming, first, after)


async def bookings_of_package(info: Info, package_id: str, first: int | None, after: str | None) -> Connection[Booking]:
    """A page of the bookings of a package."""
    return await _bookings_of(info, OF_PACKAGE, package_id, None, first, after)


async def _bookings_of(
    info: Info,
    loader: Loader[Key, list[BookingView]],
    owner_id: str,
    coming: bool | None,
    first: int | None,
    after: str | None,
) -> Connection[Booking]:
    """Many customers or packages take one statement together."""
    asked = page(first, after, owner_id, coming)
    window = Window(asked.size + 1, coming, _position(asked.after))
    found = await info.context.load(loader, (window, owner_id)) or []
    return connection(found, asked, booking_of, _keys)


@strawberry.type
class BookingQueries:
    """Mixed into the root query."""

    @strawberry.field(description="One booking; null when there is none that you may see.")
    async def booking(self, info: Info, id: strawberry.ID) -> Booking | None:
        return await shown(info, id)

    @strawberry.field(
        description="Bookings you may see: a customer's own and those where they are a companion; for staff those at "
        "their branches, or held on packages at home there; all of them for a key with scope READ or BOOK."
    )
    async def bookings(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: BookingFilterInput | None = None,
        order_by: BookingOrder = BookingOrder.STARTS_FIRST_FIRST,
    ) -> Connection[Booking] | None:
        chosen = filter.chosen() if filter else BookingFilter()
        asked = page(first, after, "bookings", chosen, order_by)
        actor = info.context.actor
        found = await reading.page(actor, chosen, order_by, asked.size + 1, _position(asked.after))
        return connection(found, asked, booking_of, _keys, partial(reading.count, actor, chosen))
