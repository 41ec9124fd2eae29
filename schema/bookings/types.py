"""The booking as the graph shows it: who comes when and where, what is held for it, and its story."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import strawberry

from domain.bookings import booked
from domain.bookings.rules import AttachmentKind, State
from domain.bookings.view import BookingView
from schema.bookings.cancellation import BookingCancellation, cancellation_of
from schema.bookings.loaders import BOOKING, PERSONS
from schema.bookings.story import BookingChange, story_of
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.service import SERVICE, Service
from schema.context import Info
from schema.customers.loaders import CUSTOMER
from schema.customers.types import Customer
from schema.interfaces import Node
from schema.loading import load_all
from schema.packages.types import Package
from schema.packages.types import shown as package_shown
from schema.people.loaders import STAFF
from schema.people.types import Staff
from schema.scalars import LocalDateTime


@strawberry.type(description="What another system calls a booking.")
class ExternalRef:
    """An outside reference."""

    source: str = strawberry.field(description="The other system.")
    reference: str = strawberry.field(description="Its own id of the booking.")


@strawberry.type(description="A form, contract or note that belongs to a visit and is kept elsewhere.")
class Attachment:
    """An attachment."""

    kind: AttachmentKind = strawberry.field(description="What it is.")
    title: str = strawberry.field(description="What people call it.")
    reference: str = strawberry.field(description="Where it is kept; may be empty.")


@strawberry.type(description="A visit of one or several persons, and the sessions held for it until it has ended.")
class Booking(Node):
    """A booking."""

    state: State = strawberry.field(description="What has become of it.")
    starts_at: datetime = strawberry.field(description="When the visit starts.")
    ends_at: datetime = strawberry.field(description="When the visit ends.")
    local_start: LocalDateTime = strawberry.field(description="When it starts by the clock of its branch.")
    time_zone: str = strawberry.field(description="The clock of its branch.")
    sessions: int = strawberry.field(description="How many persons come, with a session each.")
    charged: int = strawberry.field(description="Of these, the sessions that go to the customer's account.")
    overdue: bool = strawberry.field(description="Whether its end has passed and nobody has said what became of it.")
    left_open_since: datetime | None = strawberry.field(
        description="When it was marked as left open after its end; null when it was not."
    )
    reschedules: int = strawberry.field(description="How often it was moved.")
    booked_at: datetime = strawberry.field(description="When it was booked.")
    ended_at: datetime | None = strawberry.field(description="When its end was written; null while it is confirmed.")
    series_id: strawberry.ID | None = strawberry.field(description="The series it is a date of.")
    external_ref: ExternalRef | None = strawberry.field(description="What an outside scheduler calls it.")
    attachments: list[Attachment] = strawberry.field(description="Forms, contracts and notes.")
    customer_id: strawberry.ID = strawberry.field(description="Who booked, and is charged for what no package has.")
    package_id: strawberry.ID | None = strawberry.field(description="The package its sessions are held on.")
    view: strawberry.Private[BookingView]

    @strawberry.field(description="The branch where it takes place.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.booked.branch_id)

    @strawberry.field(description="The service.")
    async def service(self, info: Info) -> Service | None:
        return await info.context.load(SERVICE, self.view.booked.service_id)

    @strawberry.field(description="Who is to perform it, where that was named.")
    async def practitioner(self, info: Info) -> Staff | None:
        practitioner_id = self.view.booked.practitioner_id
        return await info.context.load(STAFF, practitioner_id) if practitioner_id else None

    @strawberry.field(description="Who booked; null when you may not see that customer.")
    async def customer(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, self.customer_id)

    @strawberry.field(description="Those who come and are known by name, as far as you may see them.")
    async def persons(self, info: Info) -> list[Customer]:
        return await load_all(info, CUSTOMER, await info.context.load(PERSONS, self.id) or [])

    @strawberry.field(
        description="The package its sessions are held on; null when there is none or you may not see it."
    )
    async def package(self, info: Info) -> Package | None:
        return await package_shown(info, self.package_id) if self.package_id else None

    @strawberry.field(description="What calling it off or missing it comes to.")
    async def cancellation(self, info: Info) -> BookingCancellation:
        return await cancellation_of(info, self.view.booked)

    @strawberry.field(description="Every act on it, in the order they were carried out, from booking to redemption.")
    async def story(self, info: Info) -> list[BookingChange]:
        return await story_of(info, self.id)


def attachments_of(attachments: Iterable[booked.Attachment]) -> list[Attachment]:
    """Attachments as the graph shows them."""
    return [Attachment(kind=each.kind, title=each.title, reference=each.reference) for each in attachments]


def _external_ref_of(visit: booked.Booked) -> ExternalRef | None:
    if visit.source is None or visit.external_ref is None:
        return None
    return ExternalRef(source=visit.source, reference=visit.external_ref)


def booking_of(view: BookingView) -> Booking:
    """A booking as the graph shows it."""
    visit = view.booked
    return Booking(
        id=strawberry.ID(visit.id),
        state=visit.state,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        local_start=LocalDateTime(visit.starts_at.astimezone(ZoneInfo(visit.time_zone))),
        time_zone=visit.time_zone,
        sessions=visit.sessions,
        charged=visit.charged,
        overdue=view.overdue,
        left_open_since=visit.flagged_at,
        reschedules=visit.reschedules,
        booked_at=visit.booked_at,
        ended_at=visit.ended_at,
        series_id=strawberry.ID(visit.series_id) if visit.series_id else None,
        external_ref=_external_ref_of(visit),
        attachments=attachments_of(visit.attachments),
        customer_id=strawberry.ID(visit.customer_id),
        package_id=strawberry.ID(visit.package_id) if visit.package_id else None,
        view=view,
    )


async def shown(info: Info, booking_id: str) -> Booking | None:
    """A booking as the actor may see it now."""
    view = await info.context.load(BOOKING, booking_id)
    return booking_of(view) if view else None
