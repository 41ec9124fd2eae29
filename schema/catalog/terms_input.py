"""The rules of a package as a client writes them, group by group; amounts are in the currency of the price."""

from datetime import date

import strawberry

from domain.catalog import terms
from domain.ledger.rules import BonusOrder, BonusValue
from schema.catalog.amounts import Amounts
from schema.scalars import CurrencyCode, Decimal

ID = strawberry.ID
ZERO = Decimal("0")


@strawberry.input(description="Sessions that are for the same services.")
class ItemInput:
    """One item of the contents."""

    services: list[ID] = strawberry.field(description="The services: each session is for any one of them.")
    paid: int = strawberry.field(description="Sessions that the price is for.")
    bonus: int = strawberry.field(default=0, description="Sessions that come free with them.")

    def read(self) -> terms.Item:
        """The item as the domain knows it."""
        return terms.Item(tuple(self.services), self.paid, self.bonus)


@strawberry.input(description="The tax where one branch sells, in place of the price's own.")
class BranchTaxInput:
    """A tax of its own."""

    branch_id: ID = strawberry.field(description="The branch.")
    tax_rate: Decimal = strawberry.field(description='The tax in per cent, such as "22.00".')
    tax_code: str = strawberry.field(default="", description="The tax code in the chain's accounts.")


@strawberry.input(description="What the package costs, the tax in or on it, and what bonus sessions count for.")
class PriceInput:
    """The price."""

    amount: Decimal = strawberry.field(description='The price, such as "450.00"; with tax if tax is included.')
    currency: CurrencyCode = strawberry.field(description="The currency, which is the chain's.")
    tax_rate: Decimal = strawberry.field(default=ZERO, description='The tax in per cent, such as "23.00".')
    tax_code: str = strawberry.field(default="", description="The tax code in the chain's accounts.")
    tax_included: bool = strawberry.field(default=True, description="Whether the price includes the tax.")
    tax_point: terms.TaxPoint = strawberry.field(default=terms.TaxPoint.AT_SALE, description="When tax falls due.")
    bonus_value: BonusValue = strawberry.field(
        default=BonusValue.POOLED, description="Whether bonus sessions carry a share of the price."
    )
    bonus_order: BonusOrder = strawberry.field(default=BonusOrder.LAST, description="When bonus sessions are used.")
    branch_taxes: list[BranchTaxInput] = strawberry.field(
        default_factory=list, description="Branches that sell it with another tax, once each."
    )

    def read(self, amounts: Amounts) -> terms.Price:
        """The price as the domain knows it."""
        apart = ("amount", "tax_rate", "branch_taxes")
        given = {name: value for name, value in vars(self).items() if name not in apart}
        return terms.Price(
            amount_minor=amounts.minor(self.amount, self.currency, "price", "amount"),
            tax_rate_bp=amounts.basis_points(self.tax_rate, "price", "taxRate"),
            branch_taxes=tuple(
                terms.BranchTax(
                    tax.branch_id,
                    amounts.basis_points(tax.tax_rate, "price", "branchTaxes", str(index), "taxRate"),
                    tax.tax_code,
                )
                for index, tax in enumerate(self.branch_taxes)
            ),
            **given,
        )


@strawberry.input(description="How long sessions may be used: exactly one of days, months and until.")
class ValidityInput:
    """Validity."""

    days: int | None = strawberry.field(default=None, description="Days from the start, by the branch's clock.")
    months: int | None = strawberry.field(default=None, description="Months from the start, by the branch's clock.")
    until: date | None = strawberry.field(default=None, description="The fixed last day.")
    starts: terms.ValidityStart = strawberry.field(
        default=terms.ValidityStart.PURCHASE, description="What starts the clock."
    )
    start_within_days: int | None = strawberry.field(
        default=None, description="Days from the sale in which the first use must be."
    )
    expiry: terms.Expiry = strawberry.field(default=terms.Expiry.HARD, description="What follows the last day.")
    grace_days: int = strawberry.field(default=0, description="Days of grace after the last day.")
    grace_allows: terms.GraceAllows = strawberry.field(
        default=terms.GraceAllows.REDEEM, description="What grace may be used for."
    )
    renewal_in_grace: bool = strawberry.field(
        default=False, description="Whether a renewal inside grace takes over what is left."
    )

    def read(self) -> terms.Validity:
        """The validity as the domain knows it."""
        return terms.Validity(**vars(self))


@strawberry.input(description="Where and with whom sessions may be used.")
class WhereInput:
    """Branches and practitioners."""

    scope: terms.BranchScope = strawberry.field(default=terms.BranchScope.CHAIN, description="At which branches.")
    branches: list[ID] = strawberry.field(default_factory=list, description="The branches, with the scope LISTED.")
    practitioners: list[ID] = strawberry.field(
        default_factory=list, description="The practitioners the sessions are tied to; any unless named."
    )

    def read(self) -> terms.Where:
        """The places as the domain knows them."""
        return terms.Where(self.scope, tuple(self.branches), tuple(self.practitioners))


@strawberry.input(description="With whom a package may be shared, and to whom handed on.")
class WhoInput:
    """Sharing and transfer."""

    sharing: terms.Sharing = strawberry.field(
        default=terms.Sharing.NONE, description="Who besides the holder may use it."
    )
    transfer: terms.TransferTo = strawberry.field(
        default=terms.TransferTo.NONE, description="To whom it may be handed on."
    )
    partial_transfer: bool = strawberry.field(
        default=False, description="Whether some sessions may be handed on alone."
    )
    maximum_transfers: int | None = strawberry.field(default=None, description="How often; any number unless given.")
    transfer_fee: Decimal = strawberry.field(default=ZERO, description="What a transfer costs.")
    transfer_needs_approval: bool = strawberry.field(default=False, description="Whether a manager must approve it.")

    def read(self, amounts: Amounts, currency: str) -> terms.Who:
        """Sharing and transfer as the domain knows them."""
        given = {name: value for name, value in vars(self).items() if name != "transfer_fee"}
        fee = amounts.minor(self.transfer_fee, currency, "who", "transferFee")
        return terms.Who(**given, transfer_fee_minor=fee)


@strawberry.input(description="What cancelling a booking costs. Cancelled by the business, a session always returns.")
class CancellationInput:
    """Cancellation."""

    free_until_hours: int = strawberry.field(default=24, description="Hours before the start until which it is free.")
    late: terms.Missed = strawberry.field(
        default=terms.Missed.CONSUME, description="What a later cancellation does to the session."
    )
    no_show: terms.Missed = strawberry.field(
        default=terms.Missed.CONSUME, description="What not coming does to the session."
    )
    reschedules: int | None = strawberry.field(
        default=None, description="How often a booking may be moved; any number unless given."
    )

    def read(self) -> terms.Cancellation:
        """The cancellation as the domain knows it."""
        return terms.Cancellation(**vars(self))
