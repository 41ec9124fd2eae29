"""The query transferQuote."""

from typing import Annotated

import strawberry

from domain.transfers import quoting
from domain.transfers.asked import Asked
from schema.context import Info
from schema.customers.refusals import CustomerErased, CustomerMerged
from schema.packages import refusals as of_packages
from schema.refusals import InvalidInput, NotFound
from schema.transfers import refusals
from schema.transfers.quoted import TransferQuote, quote_of

TransferQuoteResult = Annotated[
    TransferQuote
    | InvalidInput
    | NotFound
    | CustomerMerged
    | CustomerErased
    | refusals.TransferNotAllowed
    | refusals.TransferToOneself
    | refusals.PartialTransferNotAllowed
    | refusals.TransferLimitReached
    | refusals.NothingToHandOn
    | refusals.PackagesDiffer
    | of_packages.NotEnoughSessions
    | of_packages.PackageExpired
    | of_packages.PackagePending
    | of_packages.PackageClosed
    | of_packages.PackageFrozen
    | of_packages.PackageDisputed
    | of_packages.NotPaidFor
    | of_packages.BranchClosed,
    strawberry.union("TransferQuoteResult", description="What a transfer comes to, or why there can be none."),
]


async def resolve(
    info: Info,
    package_id: Annotated[strawberry.ID, strawberry.argument(description="The package that sessions would leave.")],
    recipient_id: Annotated[strawberry.ID, strawberry.argument(description="Who would get them.")],
    sessions: Annotated[
        int | None, strawberry.argument(description="How many; all that can be handed on when left out.")
    ] = None,
    with_bookings: Annotated[
        bool, strawberry.argument(description="Whether the visits to come go along with the whole package.")
    ] = False,
    into_package_id: Annotated[
        strawberry.ID | None, strawberry.argument(description="A package of the recipient that they would go into.")
    ] = None,
) -> TransferQuoteResult | None:
    """Ask for the quote."""
    asked = Asked(package_id, recipient_id, sessions, with_bookings, into_package_id)
    return quote_of(await quoting.transfer_quote(info.context.actor, asked))


QUERY = strawberry.field(
    resolver=resolve,
    description="What handing sessions on to another customer would come to now, and how; or the refusal with which "
    "transferPackage would end, but for TRANSFER_PENDING: whoever approves what waits asks, too.",
)
