"""The story of a booking: every act on it, and what became of its sessions."""

from datetime import datetime

import strawberry

from domain.bookings import view
from domain.bookings.rules import Cause
from domain.bookings.view import ChangeKind, Effect
from domain.kernel.reads import WORDS
from schema.bookings.loaders import STORY
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info
from schema.ledger.operation import Operation, operation_shown
from schema.people.loaders import STAFF
from schema.people.types import Staff


@strawberry.type(description="What happened to sessions of one lot.")
class SessionsMoved:
    """A part of a change."""

    lot_id: strawberry.ID = strawberry.field(description="The lot.")
    effect: Effect = strawberry.field(description="What happened.")
    sessions: int = strawberry.field(description="To how many.")


@strawberry.type(description="One act on a booking.")
class BookingChange:
    """A step of the story."""

    kind: ChangeKind = strawberry.field(description="What it made of the booking.")
    act: str = strawberry.field(description="The act, such as book_session.")
    operation_id: strawberry.ID = strawberry.field(description="The operation in the audit log.")
    at: datetime = strawberry.field(description="When it was written.")
    effective_at: datetime = strawberry.field(description="When it counts for the business.")
    starts_at: datetime | None = strawberry.field(
        description="The start it left the visit with; null where only sessions were moved."
    )
    ends_at: datetime | None = strawberry.field(description="The end it left the visit with.")
    cause: Cause | None = strawberry.field(
        description="Why the business called the visit off; null for every other change, and where a scheduler said so."
    )
    held: int = strawberry.field(description="Sessions that it took to be held.")
    used: int = strawberry.field(description="Sessions that it used.")
    returned: int = strawberry.field(description="Sessions that it gave back.")
    moved: list[SessionsMoved] = strawberry.field(description="The same by lot, in the order they moved.")
    branch_id: strawberry.Private[str | None]
    practitioner_id: strawberry.Private[str | None]
    written_note: strawberry.Private[str]

    @strawberry.field(description="Why, in the words of who did it.")
    def note(self, info: Info) -> str | None:
        return self.written_note if WORDS.lets(info.context.actor) else None

    @strawberry.field(description="The operation; null when you may not see it.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.operation_id)

    @strawberry.field(description="The branch where the visit was to be after it.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id) if self.branch_id else None

    @strawberry.field(description="Who was to perform it after it.")
    async def practitioner(self, info: Info) -> Staff | None:
        return await info.context.load(STAFF, self.practitioner_id) if self.practitioner_id else None


async def story_of(info: Info, booking_id: str) -> list[BookingChange]:
    """The story of a booking that the actor was already shown."""
    return [_change_of(change) for change in await info.context.load(STORY, booking_id) or []]


def _change_of(change: view.Change) -> BookingChange:
    def count(effect: Effect) -> int:
        return sum(moved.sessions for moved in change.moved if moved.effect is effect)

    return BookingChange(
        kind=change.kind,
        act=change.act,
        operation_id=strawberry.ID(change.operation_id),
        at=change.recorded_at,
        effective_at=change.effective_at,
        starts_at=change.starts_at,
        ends_at=change.ends_at,
        cause=change.cause,
        held=count(Effect.HELD),
        used=count(Effect.USED),
        returned=count(Effect.RETURNED),
        moved=[
            SessionsMoved(lot_id=strawberry.ID(m.lot_id), effect=m.effect, sessions=m.sessions) for m in change.moved
        ],
        branch_id=change.branch_id,
        practitioner_id=change.practitioner_id,
        written_note=change.note,
    )
