"""Transfers as they are read."""

from dataclasses import dataclass
from datetime import datetime

from domain.transfers.asked import FeePayer, State


@dataclass(frozen=True, slots=True)
class TransferView:
    """A transfer; what moved, and what it was worth, is known of one that was done."""

    id: str
    package_id: str
    into_package_id: str | None
    sender_id: str
    recipient_id: str
    branch_id: str
    sessions: int | None
    moved: int | None
    value_minor: int | None
    with_bookings: bool
    opened: bool
    fee_minor: int
    fee_payer: FeePayer
    state: State
    reason: str
    requested_at: datetime
    decided_at: datetime | None
    decision: str
    done_at: datetime | None
    undone_at: datetime | None
    operation_id: str | None
    into_operation_id: str | None
    currency: str


@dataclass(frozen=True, slots=True)
class TransferFilter:
    """Which transfers; every part that is given must hold."""

    package_id: str | None = None
    customer_id: str | None = None
    states: tuple[State, ...] = ()
