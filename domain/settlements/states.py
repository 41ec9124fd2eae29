"""The states of settlement runs and of what is disputed in them."""

from enum import StrEnum


class SettlementState(StrEnum):
    """How far a run has come; only a draft changes what it says, and only a draft is cancelled."""

    DRAFT = "DRAFT"
    APPROVED = "APPROVED"
    PAID = "PAID"
    CANCELLED = "CANCELLED"


class DisputeState(StrEnum):
    """What became of what was put aside."""

    OPEN = "OPEN"
    RESOLVED = "RESOLVED"
    SETTLED = "SETTLED"
    DROPPED = "DROPPED"


class LineState(StrEnum):
    """Whether a line of a run is settled."""

    OPEN = "OPEN"
    PAID = "PAID"
