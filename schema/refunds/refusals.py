"""Refusals about what can be refunded as the graph shows them."""

from collections.abc import Sequence

import strawberry

from domain.refunds import errors
from domain.refunds.quote import RefundQuote as RefundQuoted
from domain.refunds.rules import Reckoning
from schema.refunds.quoted import RefundQuote, RefundReckoning, quote_of, reckonings_of
from schema.refusals import UserError, refusal
from schema.scalars import Money

ID = strawberry.ID


@refusal(errors.NothingToRefund)
class NothingToRefund(UserError):
    """Used up, promised, or worth nothing by the terms."""

    package_id: ID = strawberry.field(description="The package.")
    remaining: int = strawberry.field(description="Sessions left that could be given back, for nothing.")
    held: int = strawberry.field(description="Sessions of it that bookings hold.")
    least_sessions: int | None = strawberry.field(
        description="From how many sessions on something would come back, or be owed no more; null if never."
    )
    reckoned: strawberry.Private[Sequence[Reckoning]]
    currency: strawberry.Private[str]

    @strawberry.field(
        description="Every basis side by side for the sessions asked for, and how it comes to nothing; none where "
        "nothing is left to give back."
    )
    def reckonings(self) -> list[RefundReckoning]:
        return reckonings_of(self.reckoned, self.currency)


@refusal(errors.RefundAboveRest)
class RefundAboveRest(UserError):
    """More than there is."""

    package_id: ID = strawberry.field(description="The package.")
    asked: int = strawberry.field(description="Sessions asked for.")
    refundable: int = strawberry.field(description="Sessions that can be given back.")
    held: int = strawberry.field(description="Sessions besides that bookings hold, which are not released.")


@refusal(errors.PackageHandedOn)
class PackageHandedOn(UserError):
    """Paid for elsewhere."""

    package_id: ID = strawberry.field(description="The package.")
    from_package_ids: list[ID] = strawberry.field(
        description="The packages that its sessions were handed on from, as far as you see them; none where it is they "
        "that have gone."
    )
    to_package_ids: list[ID] = strawberry.field(
        description="The packages that its sessions were handed on to, as far as you see them; none where they came "
        "from another."
    )


@refusal(errors.GoodwillAboveRest)
class GoodwillAboveRest(UserError):
    """More than was paid."""

    package_id: ID = strawberry.field(description="The package.")
    goodwill: Money = strawberry.field(description="The goodwill asked for.")
    refund: Money = strawberry.field(name="comesBack", description="What comes back without it.")
    rest: Money = strawberry.field(description="What is left of what was paid.")


@refusal(errors.CreditNotAgreed)
class CreditNotAgreed(UserError):
    """No payment to go back on."""

    package_id: ID = strawberry.field(description="The package.")
    credit: Money = strawberry.field(description="What can only become the customer's credit.")


@refusal(errors.RefundQuoteChanged)
class RefundQuoteChanged(UserError):
    """Something else by now."""

    quote_hash: str = strawberry.field(description="The hash of what it would be now.")
    sessions: int = strawberry.field(name="quotedSessions", description="How many sessions would be given back now.")
    total: Money = strawberry.field(description="What would come back now, goodwill included.")
    quote: strawberry.Private[RefundQuoted]

    @strawberry.field(name="quote", description="All of what it would be now, to be shown before asking again.")
    def new_quote(self) -> RefundQuote:
        return quote_of(self.quote)
