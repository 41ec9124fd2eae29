"""The groups of a package's rules as the graph shows them."""

from datetime import date

import strawberry

from domain.catalog import terms
from domain.ledger.rules import BonusOrder, BonusValue
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.service import SERVICE, Service
from schema.context import Info
from schema.loading import load_all
from schema.people.loaders import STAFF
from schema.people.types import Staff
from schema.scalars import Decimal, Money

ID = strawberry.ID


@strawberry.type(description="Sessions of a package that are for the same services.")
class TermsItem:
    """One item of the contents."""

    paid: int = strawberry.field(description="Sessions that the price is for.")
    bonus: int = strawberry.field(description="Sessions that come free with them.")
    service_ids: strawberry.Private[tuple[str, ...]]

    @strawberry.field(description="The services: each session is for any one of them.")
    async def services(self, info: Info) -> list[Service]:
        return await load_all(info, SERVICE, self.service_ids)


@strawberry.type(description="The tax where one branch sells.")
class BranchTax:
    """A tax of its own."""

    branch_id: ID = strawberry.field(description="The branch.")
    tax_rate: Decimal = strawberry.field(description="The tax in per cent, with two digits.")
    tax_code: str = strawberry.field(description="The tax code in the chain's accounts; may be empty.")


@strawberry.type(description="What a package costs, the tax in or on it, and what bonus sessions count for.")
class TermsPrice:
    """The price."""

    amount: Money = strawberry.field(description="The price, with tax if tax is included.")
    tax_rate: Decimal = strawberry.field(description="The tax in per cent, with two digits.")
    tax_code: str = strawberry.field(description="The tax code in the chain's accounts; may be empty.")
    tax_included: bool = strawberry.field(description="Whether the price includes the tax; else it is put on top.")
    branch_taxes: list[BranchTax] = strawberry.field(
        description="Branches that sell it with another tax; none in the terms of a package, which name the one it has."
    )
    tax_point: terms.TaxPoint = strawberry.field(description="When tax falls due.")
    bonus_value: BonusValue = strawberry.field(description="Whether bonus sessions carry a share of the price.")
    bonus_order: BonusOrder = strawberry.field(description="When bonus sessions are used.")


@strawberry.type(description="How long sessions may be used. Exactly one of days, months and until is given.")
class TermsValidity:
    """Validity."""

    days: int | None = strawberry.field(description="Days from the start, by the branch's clock.")
    months: int | None = strawberry.field(description="Months from the start, by the branch's clock.")
    until: date | None = strawberry.field(description="The fixed last day.")
    starts: terms.ValidityStart = strawberry.field(description="What starts the clock.")
    start_within_days: int | None = strawberry.field(description="Days from the sale in which the first use must be.")
    expiry: terms.Expiry = strawberry.field(description="What follows the last day.")
    grace_days: int = strawberry.field(description="Days of grace after the last day.")
    grace_allows: terms.GraceAllows = strawberry.field(description="What grace may be used for.")
    renewal_in_grace: bool = strawberry.field(description="Whether a renewal inside grace takes over what is left.")


@strawberry.type(description="Where and with whom sessions may be used.")
class TermsWhere:
    """Branches and practitioners."""

    scope: terms.BranchScope = strawberry.field(description="At which branches.")
    branch_ids: strawberry.Private[tuple[str, ...]]
    practitioner_ids: strawberry.Private[tuple[str, ...]]

    @strawberry.field(description="The branches, where the scope is LISTED; else empty.")
    async def branches(self, info: Info) -> list[Branch]:
        return await load_all(info, BRANCH, self.branch_ids)

    @strawberry.field(description="The practitioners the sessions are tied to; empty for any.")
    async def practitioners(self, info: Info) -> list[Staff]:
        return await load_all(info, STAFF, self.practitioner_ids)


@strawberry.type(description="With whom a package may be shared, and to whom handed on.")
class TermsWho:
    """Sharing and transfer."""

    sharing: terms.Sharing = strawberry.field(description="Who besides the holder may use it.")
    transfer: terms.TransferTo = strawberry.field(description="To whom it may be handed on.")
    partial_transfer: bool = strawberry.field(description="Whether some of its sessions may be handed on alone.")
    maximum_transfers: int | None = strawberry.field(description="How often; null for any number of times.")
    transfer_fee: Money = strawberry.field(description="What a transfer costs.")
    transfer_needs_approval: bool = strawberry.field(description="Whether a manager must approve a transfer.")


@strawberry.type(description="What cancelling a booking costs. Cancelled by the business, a session always returns.")
class TermsCancellation:
    """Cancellation."""

    free_until_hours: int = strawberry.field(description="Hours before the start until which cancelling is free.")
    late: terms.Missed = strawberry.field(description="What a later cancellation does to the session.")
    no_show: terms.Missed = strawberry.field(description="What not coming does to the session.")
    reschedules: int | None = strawberry.field(description="How often a booking may be moved; null for any number.")


@strawberry.type(description="Adding sessions, and changing to a larger package.")
class TermsChange:
    """Top-ups and upgrades."""

    top_up: bool = strawberry.field(description="Whether sessions may be added.")
    top_up_minimum: int = strawberry.field(description="The fewest sessions of each top-up.")
    top_up_maximum: int | None = strawberry.field(
        description="The most sessions of all top-ups of a package together, those given back later included; null for "
        "any number."
    )
    top_up_price: terms.TopUpPrice = strawberry.field(description="What a session of a top-up costs.")
    top_up_fixed_price: Money | None = strawberry.field(description="The fixed price, where it is FIXED; else null.")
    top_up_days: int = strawberry.field(description="Days by which a top-up prolongs the package.")
    upgrade_to: list[ID] = strawberry.field(description="The package definitions it may be changed to.")
    upgrade_method: terms.UpgradeMethod = strawberry.field(description="How it counts towards a larger one.")


@strawberry.type(description="What comes back when the package is given back.")
class TermsRefund:
    """Refund."""

    basis: terms.RefundBasis = strawberry.field(description="How used sessions are valued.")
    penalty_fixed: Money = strawberry.field(description="The fixed part of the penalty.")
    penalty_percent: Decimal = strawberry.field(description="The part of the penalty in per cent, with two digits.")
    penalty_of: terms.PenaltyOf = strawberry.field(description="What the per cent are taken of.")
    penalty_at_most: Money | None = strawberry.field(description="The most the penalty can be; null for any amount.")
    penalty_at_least: Money | None = strawberry.field(description="The least the penalty can be; null for any amount.")
    penalty_unused_at_most: Money | None = strawberry.field(
        description="The most the penalty can be as long as nothing was used, where that is less; null for none."
    )
    cooling_off_days: int = strawberry.field(description="Days after the sale without any penalty.")
    cooling_off_business_days: bool = strawberry.field(description="Whether only business days count for that.")
    admin_fee: Money = strawberry.field(description="A fee kept from every refund.")
    fee_taxed: bool = strawberry.field(
        description="Whether what is kept, penalty and fee, has tax in it by the rate of the package."
    )
    approval_above: Money | None = strawberry.field(
        description="Refunds above it need approval, as do those above it together: of one package on a day, or that "
        "one person asks for on a day at all branches of the chain. Null for none."
    )


@strawberry.type(description="When a package may be used, how many a customer may hold, how long it may be frozen.")
class TermsUse:
    """Use."""

    activation: terms.Activation = strawberry.field(description="From when it may be used.")
    up_to_paid: bool = strawberry.field(description="Whether only what is paid for may be used.")
    limit_per_customer: int | None = strawberry.field(description="How many a customer may buy; null for any number.")
    freeze_days: int = strawberry.field(description="Days for which it may be frozen in all.")
    freeze_times: int = strawberry.field(description="How often it may be frozen.")
