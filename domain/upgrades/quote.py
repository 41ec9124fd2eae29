"""What is told of an upgrade before it is done."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.catalog.terms import UpgradeMethod
from domain.kernel.quotes import DerivationStep


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit that would move along with what it holds."""

    booking_id: str
    starts_at: datetime
    sessions: int


@dataclass(frozen=True, slots=True)
class Misfit:
    """A visit that the new package cannot take over, and why."""

    booking_id: str
    starts_at: datetime
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class UpgradeQuote:
    """What an upgrade comes to as things stand, amounts with tax; its hash binds the act to all of it.

    `used` of the old package's sessions count as used, for its value or, where usage is carried, for the number left.
    """

    package_id: str
    definition_id: str
    version_id: str
    name: str
    branch_id: str
    quote_hash: str
    method: UpgradeMethod
    currency: str
    price_minor: int
    tax_minor: int
    used: int
    unused_value_minor: int
    difference_minor: int
    outstanding_carried_minor: int
    due_minor: int
    credit_minor: int
    refundable_minor: int
    """What a refund of the old package would bring now; no more than that comes back for it later."""
    sessions_after: int
    granted_sessions: int
    """Sessions given as goodwill, or handed on by others, that move along as they are."""
    last_day: date
    coming: tuple[Coming, ...]
    misfits: tuple[Misfit, ...]
    steps: tuple[DerivationStep, ...]
