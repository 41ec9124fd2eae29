"""Refusals about top-ups as the graph shows them."""

from datetime import date

import strawberry

from domain.topups import errors
from domain.topups.quote import TopUpQuote as TopUpQuoted
from schema.refusals import UserError, refusal
from schema.scalars import Money
from schema.topups.quoted import TopUpQuote, quote_of

ID = strawberry.ID


@refusal(errors.TopUpNotAllowed)
class TopUpNotAllowed(UserError):
    """Not by the terms."""

    package_id: ID = strawberry.field(description="The package.")
    by_terms: bool = strawberry.field(
        description="Whether its terms let sessions be added: then they are added at the list price, and there is none."
    )


@refusal(errors.TopUpBeyondMaximum)
class TopUpBeyondMaximum(UserError):
    """Too many."""

    package_id: ID = strawberry.field(description="The package.")
    sessions: int = strawberry.field(name="askedSessions", description="Sessions asked for.")
    least: int = strawberry.field(description="The fewest sessions that are added at once.")
    most: int = strawberry.field(description="The most that can be added now.")
    added: int = strawberry.field(description="Sessions that earlier top-ups have added.")


@refusal(errors.TopUpBelowMinimum)
class TopUpBelowMinimum(UserError):
    """Too few."""

    package_id: ID = strawberry.field(description="The package.")
    sessions: int = strawberry.field(name="askedSessions", description="Sessions asked for.")
    least: int = strawberry.field(description="The fewest sessions that are added at once.")


@refusal(errors.ServiceNotInPackage)
class ServiceNotInPackage(UserError):
    """Sessions of which kind?"""

    package_id: ID = strawberry.field(description="The package.")
    service_id: ID | None = strawberry.field(
        name="askedServiceId", description="The service that was named; null when none was."
    )
    services: list[ID] = strawberry.field(description="The services that the package has sessions of.")


@refusal(errors.TopUpNotPaid)
class TopUpNotPaid(UserError):
    """Credit pays all of it, or the desk does it."""

    amount: Money = strawberry.field(name="amountDue", description="What the sessions cost, with tax.")
    credit: Money = strawberry.field(name="creditOffered", description="What of the customer's credit would be used.")


@refusal(errors.TopUpQuoteChanged)
class TopUpQuoteChanged(UserError):
    """Something else by now."""

    quote_hash: str = strawberry.field(description="The hash of what it would be now.")
    quote: strawberry.Private[TopUpQuoted]
    amount: Money = strawberry.field(name="newAmount", description="What the sessions would cost now, with tax.")
    last_day: date = strawberry.field(name="newLastDay", description="Until when they could be used.")

    @strawberry.field(name="quote", description="All of what it would be now, to be shown before asking again.")
    def new_quote(self) -> TopUpQuote:
        return quote_of(self.quote)
