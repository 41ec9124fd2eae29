"""What is told of a refund before it is asked for, and before it is agreed."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.refunds.rules import PaidBack, Reckoned, Reckoning


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Sessions of a lot that would be given back."""

    lot_id: str
    sessions: int
    bonus: bool


@dataclass(frozen=True, slots=True)
class HeldBooking:
    """A confirmed booking that holds sessions of the package, and whether it would be called off."""

    booking_id: str
    starts_at: datetime
    sessions: int
    released: bool


@dataclass(frozen=True, slots=True)
class RefundQuote:
    """What a refund comes to as things stand; its hash binds an act to the figures.

    `refund_minor` is what comes back by contract, `goodwill_minor` is refunded besides.
    """

    package_id: str
    quote_hash: str
    currency: str
    sessions: int
    cooling_off: bool
    reckonings: tuple[Reckoning, ...]
    lots: tuple[GivenBack, ...]
    refund_minor: int
    goodwill_minor: int
    fee_minor: int
    waived_minor: int
    cleared_minor: int
    tax_minor: int
    """The tax in it that is owed no more."""
    parts: tuple[PaidBack, ...]
    bookings: tuple[HeldBooking, ...]
    cooling_off_until: date | None
    policy_version_id: str | None
    policy_version: int | None
    needs_approval: bool = False

    @property
    def total_minor(self) -> int:
        """All that would be paid back."""
        return self.refund_minor + self.goodwill_minor

    @property
    def reckoned_by(self) -> Reckoned:
        """The reckoning that counts."""
        return next(each.by for each in self.reckonings if each.binding)

    @property
    def credit_minor(self) -> int:
        """What no payment brought in, and so can only become credit of the customer."""
        return sum(part.amount_minor for part in self.parts if part.payment_id is None)
