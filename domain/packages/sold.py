"""A sold package and a place of business as the acts and rules see them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.branches.settings import LapseTax
from domain.branches.settings import Shortfall as Shortfall
from domain.catalog.terms import Sharing, Terms
from domain.kernel.calendar import local_date
from domain.kernel.money import Money


class Closing(StrEnum):
    """What ended a package before its sessions were used up or had lapsed."""

    VOIDED = "VOIDED"
    CHARGED_BACK = "CHARGED_BACK"
    UPGRADED = "UPGRADED"
    REFUNDED = "REFUNDED"


@dataclass(frozen=True, slots=True)
class Sold:
    """A package, locked for the act that reads it."""

    id: str
    version: int
    name: str
    definition_id: str
    holder_id: str
    home_branch_id: str
    home_time_zone: str
    selling_branch_id: str
    currency: str
    price_minor: int
    tax_minor: int
    paid_minor: int
    terms: Terms
    sharing: Sharing
    sold_at: datetime
    activated_at: datetime | None
    first_used_on: date | None
    start_by: date | None
    frozen_from: datetime | None
    thaws_at: datetime | None
    disputed_at: datetime | None
    extended_days: int
    credited_minor: int = 0
    refunded_minor: int = 0
    brought_minor: int = 0
    """What of its price was paid by the package that an upgrade closed for it; negative where more was owed there."""
    closed_at: datetime | None = None
    closed_as: Closing | None = None
    upgraded_to_id: str | None = None
    """The package that an upgrade closed it for; None too where that was done while this act waited for the lock."""
    homed_at: datetime | None = None
    """Since when it is at its home branch; None where that is since the sale."""
    lapse_tax: LapseTax = LapseTax.NONE
    breakage_bp: int = 0
    """The share of its sessions that is expected to lapse, by the newest estimate."""
    handed_on_minor: int = 0
    """What was paid for and handed on to others; known to whoever asks for it by `handed_on.known`."""
    conceded_minor: int = 0
    """What was refunded beyond what the contract gives, and takes nothing off what is paid for; known likewise."""

    @property
    def outstanding(self) -> Money:
        """What the customer still owes for it."""
        return Money(self.price_minor - self.credited_minor - self.settled_minor, self.currency)

    @property
    def settled_minor(self) -> int:
        """What of the price is paid, here or with the package that this one was opened for."""
        return self.paid_minor + self.brought_minor

    def posted_on(self, at: datetime) -> date:
        """The day in the books of its home branch; what was before it came there is posted on the day it came."""
        return local_date(max(at, self.homed_at or at), self.home_time_zone)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A freeze of a package that has an end: its local days, when it begins, and the lots that it has lengthened."""

    starts_on: date
    thaws_on: date
    frozen_from: datetime
    lots: Collection[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an act happens: the branch with its clock, and the settings of its chain."""

    branch_id: str
    time_zone: str
    closed_at: datetime | None
    backdate_days: int
    reversal_hours: int
    shortfall: Shortfall
    books_open_from: date | None = None
    largest_payment_minor: int | None = None
    duplicate_sale_minutes: int = 0
    service_id: str | None = None
    practitioner_id: str | None = None
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Redemption:
    """Sessions of a package that were used, and the reversal that undid it where there is one."""

    package_id: str
    branch_id: str
    recorded_at: datetime
    reversal_id: str | None
    reversed_at: datetime | None
