"""The rules for what may happen to a package after its sale, as a client writes them."""

import strawberry

from domain.catalog import terms
from schema.catalog.amounts import Amounts
from schema.scalars import Decimal

ID = strawberry.ID


@strawberry.input(description="Adding sessions, and changing to a larger package.")
class ChangeInput:
    """Top-ups and upgrades."""

    top_up: bool = strawberry.field(default=False, description="Whether sessions may be added.")
    top_up_minimum: int = strawberry.field(default=1, description="The fewest sessions of each top-up.")
    top_up_maximum: int | None = strawberry.field(
        default=None,
        description="The most sessions of all top-ups of a package together, those given back later included; any "
        "number unless given.",
    )
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
