"""The query upgradeQuote."""

from typing import Annotated

import strawberry

from domain.upgrades import quoting
from domain.upgrades.asked import Asked
from schema.branches.refusals import WrongCurrency
from schema.context import Info
from schema.customers.refusals import CustomerErased
from schema.packages import refusals as of_packages
from schema.refunds.deciding_refusals import RefundPending
from schema.refusals import NotFound
from schema.transfers.refusals import TransferPending
from schema.upgrades import refusals
from schema.upgrades.quoted import UpgradeQuote, quote_of

UpgradeQuoteResult = Annotated[
    UpgradeQuote
    | NotFound
    | CustomerErased
    | WrongCurrency
    | refusals.UpgradeNotAllowed
    | refusals.UsedBeyondNew
    | of_packages.NotOnSale
    | of_packages.LimitPerCustomerReached
    | of_packages.PackageExpired
    | of_packages.PackagePending
    | of_packages.PackageClosed
    | of_packages.PackageFrozen
    | of_packages.PackageDisputed
    | of_packages.BranchClosed
    | of_packages.NotPaidFor
    | TransferPending
    | RefundPending,
    strawberry.union("UpgradeQuoteResult", description="What changing a package comes to, or why it cannot be."),
]


async def resolve(
    info: Info,
    package_id: Annotated[strawberry.ID, strawberry.argument(description="The package to be closed.")],
    definition_id: Annotated[strawberry.ID, strawberry.argument(description="The definition of the new one.")],
    branch_id: Annotated[
        strawberry.ID, strawberry.argument(description="The branch that would sell it, and be its home.")
    ],
) -> UpgradeQuoteResult | None:
    """Ask for the quote."""
    return quote_of(await quoting.upgrade_quote(info.context.actor, Asked(package_id, definition_id, branch_id)))


QUERY = strawberry.field(
    resolver=resolve,
    description="What changing a package for another one would come to now, and how; or the refusal with which "
    "upgradePackage would end, but for BOOKINGS_DO_NOT_FIT: the quote lists those. Nothing is written or reserved. "
    "Customers ask for what they hold.",
)


@strawberry.type
class UpgradeQueries:
    """Mixed into the root query."""

    upgrade_quote: UpgradeQuoteResult | None = QUERY
