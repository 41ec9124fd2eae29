"""Refusals about upgrades as the graph shows them."""

import strawberry

from domain.upgrades import errors
from domain.upgrades.quote import Misfit
from domain.upgrades.quote import UpgradeQuote as UpgradeQuoted
from schema.refusals import UserError, refusal
from schema.scalars import Money
from schema.upgrades.quoted import BookingMisfit, UpgradeQuote, misfit_of, quote_of

ID = strawberry.ID


@refusal(errors.UpgradeNotAllowed)
class UpgradeNotAllowed(UserError):
    """Not by the terms."""

    package_id: ID = strawberry.field(description="The package.")
    definition_id: ID = strawberry.field(description="The definition that it is not changed for.")
    allowed: list[ID] = strawberry.field(
        name="allowedDefinitionIds", description="The definitions that its terms let it be changed for."
    )


@refusal(errors.UsedBeyondNew)
class UsedBeyondNew(UserError):
    """Too small."""

    package_id: ID = strawberry.field(description="The package.")
    definition_id: ID = strawberry.field(description="The definition that is too small.")
    used: int = strawberry.field(name="usedSessions", description="Sessions of the package that stay used.")
    sessions: int = strawberry.field(name="newSessions", description="Sessions that the new package holds.")


@refusal(errors.BookingsDoNotFit)
class BookingsDoNotFit(UserError):
    """Somebody counts on them."""

    package_id: ID = strawberry.field(description="The package.")
    bookings: strawberry.Private[tuple[Misfit, ...]]

    @strawberry.field(name="bookings", description="What cannot move along, soonest first, and why.")
    def listed(self) -> list[BookingMisfit]:
        return [misfit_of(each) for each in self.bookings]


@refusal(errors.UpgradeQuoteChanged)
class UpgradeQuoteChanged(UserError):
    """Something else by now."""

    quote_hash: str = strawberry.field(description="The hash of what it would be now.")
    due: Money = strawberry.field(name="newDue", description="What would be owed now.")
    credit: Money = strawberry.field(name="newCredit", description="What would be the customer's credit now.")
    quote: strawberry.Private[UpgradeQuoted]

    @strawberry.field(name="quote", description="All of what it would be now, to be shown before asking again.")
    def new_quote(self) -> UpgradeQuote:
        return quote_of(self.quote)
