"""What several inputs about bookings have in common: when a visit starts, references, attachments."""

from datetime import datetime

import strawberry

from domain.bookings import booked
from domain.bookings.rules import AttachmentKind, Start
from schema.scalars import LocalDateTime


@strawberry.input(
    one_of=True,
    description="When a visit starts: exactly one of an instant and a time by the clock of the branch. Of a local time "
    "that comes twice the first is meant; one that the clocks are put forward over is refused.",
)
class VisitStart:
    """The start of a visit."""

    at: datetime | None = strawberry.field(default=strawberry.UNSET, description="An instant.")
    local: LocalDateTime | None = strawberry.field(
        default=strawberry.UNSET, description="A day and time by the clock of the branch."
    )

    def meant(self) -> Start:
        """The start as the domain knows it."""
        return Start(self.at or None, self.local or None)


@strawberry.input(description="What another system calls a booking; unique for each source.")
class ExternalRefInput:
    """An outside reference as a client sends it."""

    source: str = strawberry.field(description="The other system, such as `calendar`.")
    reference: str = strawberry.field(description="Its own id of the booking.")

    def meant(self) -> booked.ExternalRef:
        """The reference as the domain knows it."""
        return booked.ExternalRef(self.source, self.reference)


@strawberry.input(description="A form, contract or note that belongs to a visit and is kept elsewhere.")
class AttachmentInput:
    """An attachment as a client sends it."""

    kind: AttachmentKind = strawberry.field(description="What it is.")
    title: str = strawberry.field(description="What people call it; not blank.")
    reference: str = strawberry.field(default="", description="Where it is kept.")


def attachments_meant(given: list[AttachmentInput]) -> tuple[booked.Attachment, ...]:
    """Attachments as the domain knows them."""
    return tuple(booked.Attachment(each.kind, each.title, each.reference) for each in given)
