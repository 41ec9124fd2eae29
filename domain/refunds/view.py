"""Refunds as they are read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.kernel.quotes import DerivationStep
from domain.ledger.accounts import PaymentMethod
from domain.refunds.asked import State
from domain.refunds.rules import Reckoned


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund; the figures are those asked for until somebody agrees, then those agreed."""

    id: str
    package_id: str
    customer_id: str
    home_branch_id: str
    sessions: int | None
    booking_ids: tuple[str, ...]
    to_credit: bool
    hardship: str
    goodwill_minor: int
    state: State
    reason: str
    quote_hash: str
    currency: str
    reckoned_by: Reckoned
    cooling_off: bool
    given_back: int
    refund_minor: int
    fee_minor: int
    waived_minor: int
    cleared_minor: int
    value_minor: int | None
    tax_minor: int | None
    steps: tuple[DerivationStep, ...]
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision: str
    agreed_at: datetime | None
    completed_at: datetime | None
    operation_id: str | None


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a refund, and when and by whom it was paid out, if it was."""

    id: str
    refund_id: str
    number: int
    payment_id: str | None
    method: PaymentMethod
    branch_id: str
    amount_minor: int
    paid_out_at: datetime | None
    paid_out_by: str | None
    operation_id: str | None


@dataclass(frozen=True, slots=True)
class RefundFilter:
    """Which refunds; every part that is given must hold."""

    package_id: str | None = None
    customer_id: str | None = None
    branch_id: str | None = None
    states: tuple[State, ...] = ()
    requested_from: datetime | None = None
    requested_before: datetime | None = None


class RefundOrder(StrEnum):
    """In which order refunds come."""

    REQUESTED_LAST_FIRST = "REQUESTED_LAST_FIRST"
    REQUESTED_FIRST_FIRST = "REQUESTED_FIRST_FIRST"
