"""The query topUpQuote."""

from typing import Annotated

import strawberry

from domain.topups import quoting
from domain.topups.asked import Asked
from schema.context import Info
from schema.packages import refusals as of_packages
from schema.refusals import InvalidInput, NotFound
from schema.topups import refusals
from schema.topups.quoted import TopUpQuote, quote_of

TopUpQuoteResult = Annotated[
    TopUpQuote
    | InvalidInput
    | NotFound
    | refusals.TopUpNotAllowed
    | refusals.TopUpBeyondMaximum
    | refusals.TopUpBelowMinimum
    | refusals.ServiceNotInPackage
    | of_packages.PackagePending
    | of_packages.PackageClosed
    | of_packages.PackageFrozen
    | of_packages.PackageDisputed
    | of_packages.BranchClosed,
    strawberry.union("TopUpQuoteResult", description="What adding sessions comes to, or why none can be."),
]


async def resolve(
    info: Info,
    package_id: Annotated[strawberry.ID, strawberry.argument(description="The package.")],
    sessions: Annotated[int, strawberry.argument(description="How many sessions would be added.")],
    branch_id: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="Where they would be added; the home branch when left out."),
    ] = None,
    service_id: Annotated[
        strawberry.ID | None,
        strawberry.argument(description="A service of those that are added; needed where there are several kinds."),
    ] = None,
) -> TopUpQuoteResult | None:
    """Ask for the quote."""
    asked = Asked(package_id, sessions, branch_id, service_id)
    return quote_of(await quoting.top_up_quote(info.context.actor, asked))


QUERY = strawberry.field(
    resolver=resolve,
    description="What adding sessions to a package would come to now, and how; or the refusal with which topUpPackage "
    "would end. Nothing is written or reserved. Customers ask for what they hold.",
)


@strawberry.type
class TopUpQueries:
    """Mixed into the root query."""

    top_up_quote: TopUpQuoteResult | None = QUERY
