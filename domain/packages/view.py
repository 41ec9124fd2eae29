"""Packages as they are read: the row with its lots, and what follows from them at an instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.catalog.terms import Sharing
from domain.kernel.money import Money
from domain.ledger.rules import Lot
from domain.packages import rules
from domain.packages.rules import Followed, Instalment, Status
from domain.packages.sold import Closing


class PaymentState(StrEnum):
    """How far a package is paid."""

    OPEN = "OPEN"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    PAID = "PAID"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"
    DISPUTED = "DISPUTED"


@dataclass(frozen=True, slots=True)
class PackageView:
    """A package with its lots as they stood at one instant."""

    id: str
    reference: str | None
    name: str
    definition_id: str
    definition_version_id: str
    holder_id: str
    home_branch_id: str
    selling_branch_id: str
    currency: str
    price_minor: int
    tax_minor: int
    paid_minor: int
    credited_minor: int
    refunded_minor: int
    brought_minor: int
    sharing: Sharing
    sold_at: datetime
    activated_at: datetime | None
    start_by: date | None
    frozen_from: datetime | None
    thaws_at: datetime | None
    disputed_at: datetime | None
    closed_at: datetime | None
    closed_as: Closing | None
    version: int
    lots: tuple[Lot, ...]
    read_at: datetime

    @property
    def status(self) -> Status:
        """What the package is by the clock."""
        return rules.status(self, self.lots, self.read_at)

    @property
    def freeze(self) -> tuple[datetime, datetime] | None:
        """The freeze that holds or is still to come, from and until when."""
        if self.frozen_from is None or self.thaws_at is None or self.thaws_at <= self.read_at:
            return None
        return self.frozen_from, self.thaws_at

    @property
    def expires_on(self) -> date:
        """The last day, without grace, on which something of it that was not used could be."""
        left = [lot for lot in self.lots if lot.left + lot.expired > 0] or self.lots
        return max(lot.last_day for lot in left)

    @property
    def remaining(self) -> int:
        """Sessions that may be used or booked now."""
        return sum(lot.available for lot in self.lots)

    @property
    def payment_state(self) -> PaymentState:
        """How far it is paid and given back; a free package is paid from the start."""
        if self.disputed_at is not None:
            return PaymentState.DISPUTED
        taken_back = self.credited_minor + self.refunded_minor
        if taken_back and taken_back >= self.price_minor:
            return PaymentState.REFUNDED
        if self.refunded_minor:
            return PaymentState.PARTIALLY_REFUNDED
        if self.outstanding.amount_minor <= 0:
            return PaymentState.PAID
        return PaymentState.PARTIALLY_PAID if self.paid_minor + self.brought_minor > 0 else PaymentState.OPEN

    @property
    def outstanding(self) -> Money:
        """What the customer still owes for it."""
        return Money(self.price_minor - self.credited_minor - self.brought_minor - self.paid_minor, self.currency)

    def followed(self, plan: Sequence[Instalment]) -> list[Followed]:
        """How far a plan of instalments for it is followed."""
        return rules.followed(plan, self.outstanding.amount_minor, self.closed_as is not None, self.read_at)

    def beyond_minor(self, plan: Sequence[Instalment]) -> int:
        """What is outstanding and no instalment of the plan covers."""
        return rules.beyond_plan(plan, self.outstanding.amount_minor)

    def overdue_minor(self, plan: Sequence[Instalment]) -> int:
        """What should be paid by now under the plan."""
        return rules.overdue_minor(plan, self.outstanding.amount_minor, self.closed_as is not None, self.read_at)


@dataclass(frozen=True, slots=True)
class PackageFilter:
    """Which packages; every part that is given must hold."""

    branch_id: str | None = None
    holder_id: str | None = None
    definition_id: str | None = None
    service_id: str | None = None
    statuses: tuple[Status, ...] = ()
    expiring_before: date | None = None
    remaining_at_most: int | None = None
    reference: str | None = None
    overdue: bool | None = None


class PackageOrder(StrEnum):
    """In which order packages come."""

    SOLD_LAST_FIRST = "SOLD_LAST_FIRST"
    SOLD_FIRST_FIRST = "SOLD_FIRST_FIRST"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of packages starts: behind the one sold then, with this id."""

    sold_at: datetime
    id: str
