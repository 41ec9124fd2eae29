"""Enums of bookings."""

from domain.bookings import view
from domain.bookings.rules import AttachmentKind, Cause, State
from domain.bookings.sync_booking import Effect
from domain.bookings.view import BookingOrder, ChangeKind
from schema.enums import enum

_ENDS = {
    "COMPLETED": "The visit took place; its sessions are used.",
    "CANCELLED": "The customer called it off in time; its sessions went back.",
    "LATE_CANCELLED": "The customer called it off too late; the terms say what became of its sessions.",
    "NO_SHOW": "Nobody came; the terms say what became of its sessions.",
    "CANCELLED_BY_BUSINESS": "The business called it off; its sessions went back.",
}

enum(
    State,
    name="BookingState",
    description="What has become of a booking. Once it has ended it stays as it is.",
    CONFIRMED="The visit is to take place; its sessions are held.",
    **_ENDS,
)
enum(
    Cause,
    name="CancellationCause",
    description="Why the business cancels a visit.",
    STAFF="Nobody is there to perform it.",
    CLOSURE="The branch is closed.",
    WEATHER="The weather does not allow it.",
)
enum(
    AttachmentKind,
    description="What is attached to a booking.",
    FORM="A form that was filled in, or is to be.",
    CONTRACT="A contract.",
    NOTE="A note.",
)
enum(
    BookingOrder,
    name="BookingOrder",
    description="The order in which bookings come.",
    STARTS_FIRST_FIRST="The earliest start first.",
    STARTS_LAST_FIRST="The latest start first.",
)
enum(
    Effect,
    name="SyncEffect",
    description="What came of a scheduler's message.",
    BOOKED="The booking is new here, and was confirmed.",
    MOVED="The visit was moved.",
    ENDED="The booking has ended.",
    NOTED="Nothing was to be done; what was said is known.",
    STALE="Something newer had been said before, so it was passed over.",
)
enum(
    ChangeKind,
    name="BookingChangeKind",
    description="What an act made of a booking.",
    BOOKED="It was confirmed, and its sessions were held.",
    RESCHEDULED="It was moved.",
    PACKAGE_CHANGED="Its sessions were handed on with their package, and it holds them there.",
    ATTACHED="Something was attached to it.",
    FLAGGED="It was marked as left open after its end.",
    **_ENDS,
    REVERSED="The use of its sessions was undone; they went back.",
    OTHER="Another act moved its sessions; the operation says which.",
)
enum(
    view.Effect,
    name="SessionEffect",
    description="What happened to sessions of a booking.",
    HELD="They were taken from the lot and held for the visit.",
    USED="They were used.",
    RETURNED="They went back to the lot.",
    REPLACED="The lot is new, and stands in for one that had lapsed.",
)
