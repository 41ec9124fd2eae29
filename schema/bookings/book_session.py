"""The mutation bookSession."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.bookings.book_session import BookSession
from domain.bookings.confirm import BookingMade, SessionBooked
from domain.kernel.commands import Done
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.bookings import refusals as booking
from schema.bookings.inputs import AttachmentInput, ExternalRefInput, VisitStart, attachments_meant
from schema.bookings.outcomes import WHY, LotHeld, MaybeOfPackage, OfBooking, lots_held
from schema.context import Info
from schema.customers.refusals import CustomerMerged
from schema.packages import refusals
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="One start that comes again, at the same time of day by the clock it is given in.")
class RepeatInput:
    """How a series goes on."""

    every_days: int = strawberry.field(description="From one date to the next, 1 to 366.")
    times: int = strawberry.field(description="How many dates in all, at least two.")


@strawberry.input(
    description="Who comes when and where for which service, of a package by its id, or of the best one that the "
    "customer may use. Several starts, or one that is repeated, are a series."
)
class BookSessionInput:
    """The input of bookSession."""

    service_id: strawberry.ID = strawberry.field(description="The service.")
    branch_id: strawberry.ID = strawberry.field(description="The branch that will perform it.")
    customer_id: strawberry.ID = strawberry.field(description="Who comes, alone or with others.")
    starts: list[VisitStart] = strawberry.field(description="When; all of these are booked, or none.")
    idempotency_key: str = idempotency_key()
    repeat: RepeatInput | None = strawberry.field(default=None, description="Makes the one start a series.")
    package_id: strawberry.ID | None = strawberry.field(
        default=None, description="The package to use; without it the customer's packages are tried in their order."
    )
    sessions: int = strawberry.field(default=1, description="How many persons come, with a session each.")
    companion_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Those of them who are known by name, besides the customer."
    )
    practitioner_id: strawberry.ID | None = strawberry.field(default=None, description="Who is to perform it.")
    minutes: int | None = strawberry.field(default=None, description="How long; as the service lasts unless given.")
    external_ref: ExternalRefInput | None = strawberry.field(
        default=None, description="What an outside scheduler calls it; not for customers, nor for a series."
    )
    attachments: list[AttachmentInput] = strawberry.field(
        default_factory=list, description="Forms, contracts and notes, for each date the same."
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="A visit that was booked, as it was then.")
class BookedVisit(OfBooking):
    """A date with what is held for it."""

    starts_at: datetime = strawberry.field(description="When it starts.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    held: list[LotHeld] = strawberry.field(description="Where its sessions are held, in their order of use.")
    charged: int = strawberry.field(
        description="Sessions that the package had not, and that go to the customer's account after the visit."
    )


@strawberry.type(description="The visits were booked, and sessions are held for them.")
class BookSessionPayload(MaybeOfPackage):
    """The outcome of bookSession."""

    bookings: list[BookedVisit] = strawberry.field(description="Every visit, by start.")
    series_id: strawberry.ID | None = strawberry.field(description="The series, where there are several visits.")
    remaining: int = strawberry.field(description="Sessions of the package that were usable after it.")
    remaining_of_service: int = strawberry.field(description="Of these, the ones usable for the same service.")
    why: str = strawberry.field(description=WHY)
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


BookSessionResult = Annotated[
    BookSessionPayload
    | InvalidInput
    | NotFound
    | CustomerMerged
    | refusals.NotEnoughSessions
    | refusals.PackageExpired
    | refusals.GraceForBookedOnly
    | refusals.PackagePending
    | refusals.PackageClosed
    | refusals.PackageFrozen
    | refusals.PackageDisputed
    | refusals.WrongBranch
    | refusals.BranchClosed
    | refusals.WrongService
    | refusals.WrongPractitioner
    | refusals.PersonMayNotUse
    | refusals.ShareLimitReached
    | booking.BookingInPast
    | booking.NoSuchLocalTime
    | booking.BookingOverlaps
    | booking.ServiceNotOffered
    | booking.DatesDoNotFit
    | booking.ExternalRefTaken,
    strawberry.union("BookSessionResult", description="The visits booked, or why not."),
]


async def resolve(info: Info, input: BookSessionInput) -> BookSessionResult:
    """Build the command and carry it out."""
    done = await carry_out(info, _command(input), input.idempotency_key)
    return _payload(done)


def _command(input: BookSessionInput) -> BookSession:
    return BookSession(
        service_id=input.service_id,
        branch_id=input.branch_id,
        customer_id=input.customer_id,
        starts=tuple(start.meant() for start in input.starts),
        every_days=input.repeat.every_days if input.repeat else None,
        times=input.repeat.times if input.repeat else 1,
        package_id=input.package_id,
        sessions=input.sessions,
        companion_ids=tuple(input.companion_ids),
        practitioner_id=input.practitioner_id,
        minutes=input.minutes,
        external=input.external_ref.meant() if input.external_ref else None,
        attachments=attachments_meant(input.attachments),
        reason=input.reason,
    )


def _payload(done: Done[SessionBooked]) -> BookSessionPayload:
    made = done.outcome
    return BookSessionPayload(
        held_on=made.package_id,
        bookings=[_visit(each) for each in made.bookings],
        series_id=strawberry.ID(made.series_id) if made.series_id else None,
        remaining=made.remaining,
        remaining_of_service=made.remaining_of_service,
        why=made.why,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


def _visit(made: BookingMade) -> BookedVisit:
    return BookedVisit(
        booking_id=strawberry.ID(made.booking_id),
        starts_at=made.starts_at,
        ends_at=made.ends_at,
        held=lots_held(made.held),
        charged=made.charged,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "book_session",
        "Books a visit or a series and holds a session for each person and date, on lots that can be used when the "
        "visit starts. Where the package has too few, the chain's setting decides whether that is refused or the rest "
        "is charged to the customer's account when the visit has taken place; a customer who books is refused, never "
        "charged. A package that has sessions now decides: dates after its lapse are refused. Of a series every date "
        "that does not fit is named.",
    ),
)
