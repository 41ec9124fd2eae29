"""Terms: the complete rules of a definition version, copied into each package at sale (rules.md, Terms)."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from pydantic import TypeAdapter

from domain.ledger.rules import BonusOrder, BonusValue


class TaxPoint(StrEnum):
    """When tax falls due: with the sale, or session by session."""

    AT_SALE = "AT_SALE"
    AT_REDEMPTION = "AT_REDEMPTION"


class ValidityStart(StrEnum):
    """What starts the clock of validity."""

    PURCHASE = "PURCHASE"
    FIRST_USE = "FIRST_USE"


class Expiry(StrEnum):
    """Whether grace days follow the last day."""

    HARD = "HARD"
    SOFT = "SOFT"


class GraceAllows(StrEnum):
    """What the grace days may be used for."""

    REDEEM = "REDEEM"
    BOOKED_ONLY = "BOOKED_ONLY"


class BranchScope(StrEnum):
    """Where a package may be used."""

    SELLING_BRANCH = "SELLING_BRANCH"
    LISTED = "LISTED"
    CHAIN = "CHAIN"


class Sharing(StrEnum):
    """Who besides the holder may use a package."""

    NONE = "NONE"
    HOUSEHOLD = "HOUSEHOLD"
    NAMED = "NAMED"


class TransferTo(StrEnum):
    """To whom a holder may hand the package on."""

    NONE = "NONE"
    HOUSEHOLD = "HOUSEHOLD"
    ANYONE = "ANYONE"


class Missed(StrEnum):
    """What a late cancellation or a no-show does to the session."""

    CONSUME = "CONSUME"
    RETURN = "RETURN"


class TopUpPrice(StrEnum):
    """What a session of a top-up costs."""

    PACKAGE_RATE = "PACKAGE_RATE"
    LIST = "LIST"
    FIXED = "FIXED"


class UpgradeMethod(StrEnum):
    """How the old package counts towards the new one."""

    CREDIT_UNUSED = "CREDIT_UNUSED"
    CARRY_USAGE = "CARRY_USAGE"


class RefundBasis(StrEnum):
    """How used sessions are valued when a package is refunded."""

    PAID_SESSIONS = "PAID_SESSIONS"
    ALL_SESSIONS = "ALL_SESSIONS"
    LIST_PRICE = "LIST_PRICE"
    NONE = "NONE"


class PenaltyOf(StrEnum):
    """What a percentage penalty is taken of."""

    REMAINDER = "REMAINDER"
    PRICE = "PRICE"


class Activation(StrEnum):
    """From when a sold package may be used."""

    AT_SALE = "AT_SALE"
    FIRST_PAYMENT = "FIRST_PAYMENT"
    FULL_PAYMENT = "FULL_PAYMENT"


@dataclass(frozen=True, slots=True)
class Item:
    """Sessions for any of these services; list prices per session are written down at sale."""

    service_ids: tuple[str, ...]
    paid: int
    bonus: int = 0
    list_prices_minor: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BranchTax:
    """The tax where one branch sells, in place of the price's own."""

    branch_id: str
    rate_bp: int
    code: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """What the package costs, and the tax in or on it; another one at the branches that are listed with theirs."""

    amount_minor: int
    currency: str
    tax_rate_bp: int = 0
    tax_code: str = ""
    tax_included: bool = True
    tax_point: TaxPoint = TaxPoint.AT_SALE
    bonus_value: BonusValue = BonusValue.POOLED
    bonus_order: BonusOrder = BonusOrder.LAST
    branch_taxes: tuple[BranchTax, ...] = ()

    def at(self, branch_id: str) -> "Price":
        """The price as a branch sells at it: with one tax."""
        own = next((tax for tax in self.branch_taxes if tax.branch_id == branch_id), None)
        if own is None:
            return replace(self, branch_taxes=())
        return replace(self, tax_rate_bp=own.rate_bp, tax_code=own.code, branch_taxes=())


@dataclass(frozen=True, slots=True)
class Validity:
    """How long sessions may be used: exactly one of days, months and until."""

    days: int | None = None
    months: int | None = None
    until: date | None = None
    starts: ValidityStart = ValidityStart.PURCHASE
    start_within_days: int | None = None
    expiry: Expiry = Expiry.HARD
    grace_days: int = 0
    grace_allows: GraceAllows = GraceAllows.REDEEM
    renewal_in_grace: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """The branches and practitioners that the sessions may be used with."""

    scope: BranchScope = BranchScope.CHAIN
    branch_ids: tuple[str, ...] = ()
    practitioner_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """With whom the package may be shared and to whom it may be transferred."""

    sharing: Sharing = Sharing.NONE
    transfer: TransferTo = TransferTo.NONE
    partial_transfer: bool = False
    maximum_transfers: int | None = None
    transfer_fee_minor: int = 0
    transfer_needs_approval: bool = False


@dataclass(frozen=True, slots=True)
class Cancellation:
    """What cancelling a booking costs; cancellations by the business always return the session."""

    free_until_hours: int = 24
    late: Missed = Missed.CONSUME
    no_show: Missed = Missed.CONSUME
    reschedules: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Top-ups and upgrades."""

    top_up: bool = False
    top_up_minimum: int = 1
    top_up_maximum: int | None = None
    top_up_price: TopUpPrice = TopUpPrice.PACKAGE_RATE
    top_up_fixed_minor: int | None = None
    top_up_days: int = 0
    upgrade_to: tuple[str, ...] = ()
    upgrade_method: UpgradeMethod = UpgradeMethod.CREDIT_UNUSED


@dataclass(frozen=True, slots=True)
class Refunding:
    """What comes back when the customer gives the package back."""

    basis: RefundBasis = RefundBasis.PAID_SESSIONS
    penalty_fixed_minor: int = 0
    penalty_bp: int = 0
    penalty_of: PenaltyOf = PenaltyOf.REMAINDER
    penalty_at_most_minor: int | None = None
    penalty_at_least_minor: int | None = None
    penalty_unused_at_most_minor: int | None = None
    """The most that the penalty can be as long as nothing was used, where that is less."""
    cooling_off_days: int = 0
    cooling_off_business_days: bool = False
    admin_fee_minor: int = 0
    fee_taxed: bool = False
    """Whether what is kept has tax in it, by the rate of the package."""
    approval_above_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """When the package may be used, how many a customer may hold, how long it may be frozen."""

    activation: Activation = Activation.AT_SALE
    up_to_paid: bool = False
    limit_per_customer: int | None = None
    freeze_days: int = 0
    freeze_times: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """All the rules of one definition version."""

    items: tuple[Item, ...]
    price: Price
    validity: Validity
    where: Where = field(default_factory=Where)
    who: Who = field(default_factory=Who)
    cancellation: Cancellation = field(default_factory=Cancellation)
    change: Change = field(default_factory=Change)
    refund: Refunding = field(default_factory=Refunding)
    use: Use = field(default_factory=Use)

    @property
    def paid_sessions(self) -> int:
        """N: the sessions that the price is for."""
        return sum(item.paid for item in self.items)

    @property
    def bonus_sessions(self) -> int:
        """M: the sessions that come free with them."""
        return sum(item.bonus for item in self.items)

    @property
    def sessions(self) -> int:
        """All the sessions of the package."""
        return self.paid_sessions + self.bonus_sessions

    @property
    def service_ids(self) -> tuple[str, ...]:
        """Every service that some session may be used for, in the order of the items."""
        return tuple(dict.fromkeys(service for item in self.items for service in item.service_ids))


_ADAPTER = TypeAdapter(Terms)


def to_json(terms: Terms) -> dict[str, object]:
    """The terms as they are stored."""
    stored: dict[str, object] = _ADAPTER.dump_python(terms, mode="json")
    return stored


def from_json(stored: object) -> Terms:
    """The terms as they were stored, whichever version of Carnet stored them."""
    return _ADAPTER.validate_python(stored)
