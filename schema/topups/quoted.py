"""The quote of a top-up as the graph shows it."""

from datetime import date

import strawberry

from domain.topups import quote
from schema.quotes import DerivationStep, steps_of
from schema.scalars import Money, money_of


@strawberry.type(
    description="What adding sessions to a package comes to as things stand: a lot of their own with its own price, "
    "last day and refund. Nothing is reserved by it."
)
class TopUpQuote:
    """A quote."""

    quote_hash: str = strawberry.field(description="Give it to the act, and it does this or is refused.")
    package_id: strawberry.ID = strawberry.field(name="quotedPackageId", description="The package.")
    branch_id: strawberry.ID = strawberry.field(
        name="quotedBranchId", description="Where they would be added, at whose list price if by that."
    )
    sessions: int = strawberry.field(name="quotedSessions", description="How many sessions would be added.")
    price_per_session: Money = strawberry.field(
        description="What each costs: with tax or without, as the terms give their price."
    )
    net: Money = strawberry.field(name="quotedNet", description="What they cost together, without tax.")
    tax: Money = strawberry.field(name="quotedTax", description="The tax on that.")
    amount: Money = strawberry.field(name="quotedAmount", description="What would be owed for them, with tax.")
    last_day: date = strawberry.field(
        name="quotedLastDay",
        description="Their last day, without the grace of the terms, by the home branch's clock: the package's own and "
        "the days by which a top-up prolongs; of a package that has lapsed these days count from today. A first use "
        "that starts the validity of the package moves it along.",
    )
    at_least: int = strawberry.field(description="The fewest sessions that are added at once.")
    at_most: int | None = strawberry.field(description="The most that can be added now; null for any number.")
    added_before: int = strawberry.field(description="Sessions that earlier top-ups of the package have added.")
    version_id: strawberry.ID = strawberry.field(
        name="policyVersionId", description="The version of the package definition whose terms hold."
    )
    version_number: int = strawberry.field(name="policyVersion", description="The number of that version.")
    steps: list[DerivationStep] = strawberry.field(description="How the figures come about.")


def quote_of(view: quote.TopUpQuote) -> TopUpQuote:
    """A quote as the graph shows it."""
    currency = view.currency
    return TopUpQuote(
        quote_hash=view.quote_hash,
        package_id=strawberry.ID(view.package_id),
        branch_id=strawberry.ID(view.branch_id),
        sessions=view.sessions,
        price_per_session=money_of(view.each_minor, currency),
        net=money_of(view.net_minor, currency),
        tax=money_of(view.tax_minor, currency),
        amount=money_of(view.amount_minor, currency),
        last_day=view.last_day,
        at_least=view.at_least,
        at_most=view.at_most,
        added_before=view.added_before,
        version_id=strawberry.ID(view.version_id),
        version_number=view.version_number,
        steps=steps_of(view.steps, currency),
    )
