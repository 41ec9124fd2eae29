"""Enums of the inbox as the graph shows them."""

from domain.inbox.rules import EventState, ProviderKind
from schema.enums import enum

enum(
    ProviderKind,
    name="InboundProvider",
    description="What kind of system tells, and so what its events mean.",
    SCHEDULER="A scheduler: `booking.created`, `booking.changed`, `booking.cancelled`, `booking.completed` and "
    "`booking.no_show` do what syncBooking does.",
)
enum(
    EventState,
    name="InboundEventState",
    description="How far an inbound event has come.",
    RECEIVED="It was verified and kept, and is processed in a moment, or again at `dueAt`.",
    PROCESSED="It has had its effect.",
    REJECTED="It was refused, or was not to be understood: `problem` and `message` say why. It can be retried.",
    IGNORED="Events of its type mean nothing here.",
)
