"""Enums of settlements as the graph shows them."""

from domain.settlements.states import DisputeState, LineState, SettlementState
from schema.enums import enum

enum(
    SettlementState,
    name="SettlementState",
    description="How far a settlement has come.",
    DRAFT="It was run, and nobody has approved it; entries of it can be disputed, and it can be cancelled.",
    APPROVED="Another person has approved it; nothing of it changes any more, and it can be paid.",
    PAID="Every line of it is paid.",
    CANCELLED="It was thrown away as a draft; the next one covers what it covered.",
)
enum(
    LineState,
    name="SettlementLineState",
    description="Whether a line of a settlement is settled.",
    OPEN="Not paid yet.",
    PAID="Paid, and posted in the books of both branches.",
)
enum(
    DisputeState,
    name="SettlementDisputeState",
    description="What became of an entry that was put aside from a settlement.",
    OPEN="It is disputed, and in no settlement.",
    RESOLVED="The next settlement takes it up.",
    SETTLED="A later settlement has taken it up.",
    DROPPED="Its settlement was cancelled, so the next one has the entry as if nobody had disputed it.",
)
