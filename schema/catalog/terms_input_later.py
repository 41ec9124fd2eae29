"""The rules for what may happen to a package after its sale, as a client writes them."""

import strawberry

from domain.catalog import terms
from schema.catalog.amounts import Amounts
from schema.scalars import Decimal

ID = strawberry.ID
ZERO = Decimal("0")


@strawberry.input(description="Adding sessions, and changing to a larger package.")
class ChangeInput:
    """Top-ups and upgrades."""

    top_up: bool = strawberry.field(default=False, description="Whether sessions may be added.")
    top_up_minimum: int = strawberry.field(default=1, description="The fewest sessions of a top-up.")
    top_up_maximum: int | None = strawberry.field(default=None, description="The most sessions of a top-up.")
    top_up_price: terms.TopUpPrice = strawberry.field(
        default=terms.TopUpPrice.PACKAGE_RATE, description="What a session of a top-up costs."
    )
    top_up_fixed_price: Decimal | None = strawberry.field(default=None, description="The fixed price, with FIXED.")
    top_up_days: int = strawberry.field(default=0, description="Days by which a top-up prolongs the package.")
    upgrade_to: list[ID] = strawberry.field(
        default_factory=list, description="The package definitions it may be changed to."
    )
    upgrade_method: terms.UpgradeMethod = strawberry.field(
        default=terms.UpgradeMethod.CREDIT_UNUSED, description="How it counts towards a larger one."
    )

    def read(self, amounts: Amounts, currency: str) -> terms.Change:
        """Changes as the domain knows them."""
        given = {name: value for name, value in vars(self).items() if name not in ("upgrade_to", "top_up_fixed_price")}
        fixed = amounts.minor_if_given(self.top_up_fixed_price, currency, "change", "topUpFixedPrice")
        return terms.Change(**given, upgrade_to=tuple(self.upgrade_to), top_up_fixed_minor=fixed)


@strawberry.input(description="What comes back when the package is given back.")
class RefundInput:
    """Refund."""

    basis: terms.RefundBasis = strawberry.field(
        default=terms.RefundBasis.PAID_SESSIONS, description="How used sessions are valued."
    )
    penalty_fixed: Decimal = strawberry.field(default=ZERO, description="The fixed part of the penalty.")
    penalty_percent: Decimal = strawberry.field(default=ZERO, description='The part in per cent, such as "10.00".')
    penalty_of: terms.PenaltyOf = strawberry.field(
        default=terms.PenaltyOf.REMAINDER, description="What the per cent are taken of."
    )
    penalty_at_most: Decimal | None = strawberry.field(default=None, description="The most the penalty can be.")
    penalty_at_least: Decimal | None = strawberry.field(default=None, description="The least the penalty can be.")
    penalty_unused_at_most: Decimal | None = strawberry.field(
        default=None, description="The most the penalty can be as long as nothing was used, where that is less."
    )
    cooling_off_days: int = strawberry.field(default=0, description="Days after the sale without any penalty.")
    cooling_off_business_days: bool = strawberry.field(
        default=False, description="Whether only business days count for that."
    )
    admin_fee: Decimal = strawberry.field(default=ZERO, description="A fee kept from every refund.")
    approval_above: Decimal | None = strawberry.field(
        default=None, description="Refunds above it need approval; none does unless given."
    )

    def read(self, amounts: Amounts, currency: str) -> terms.Refunding:
        """Refunding as the domain knows it."""
        return terms.Refunding(
            basis=self.basis,
            penalty_fixed_minor=amounts.minor(self.penalty_fixed, currency, "refund", "penaltyFixed"),
            penalty_bp=amounts.basis_points(self.penalty_percent, "refund", "penaltyPercent"),
            penalty_of=self.penalty_of,
            penalty_at_most_minor=amounts.minor_if_given(self.penalty_at_most, currency, "refund", "penaltyAtMost"),
            penalty_at_least_minor=amounts.minor_if_given(self.penalty_at_least, currency, "refund", "penaltyAtLeast"),
            penalty_unused_at_most_minor=amounts.minor_if_given(
                self.penalty_unused_at_most, currency, "refund", "penaltyUnusedAtMost"
            ),
            cooling_off_days=self.cooling_off_days,
            cooling_off_business_days=self.cooling_off_business_days,
            admin_fee_minor=amounts.minor(self.admin_fee, currency, "refund", "adminFee"),
            approval_above_minor=amounts.minor_if_given(self.approval_above, currency, "refund", "approvalAbove"),
        )


@strawberry.input(description="When a package may be used, how many a customer may buy, how long it may be frozen.")
class UseInput:
    """Use."""

    activation: terms.Activation = strawberry.field(
        default=terms.Activation.AT_SALE, description="From when it may be used."
    )
    up_to_paid: bool = strawberry.field(default=False, description="Whether only what is paid for may be used.")
    limit_per_customer: int | None = strawberry.field(
        default=None, description="How many a customer may buy; any number unless given."
    )
    freeze_days: int = strawberry.field(default=0, description="Days for which it may be frozen in all.")
    freeze_times: int = strawberry.field(default=0, description="How often it may be frozen.")

    def read(self) -> terms.Use:
        """Use as the domain knows it."""
        return terms.Use(**vars(self))
