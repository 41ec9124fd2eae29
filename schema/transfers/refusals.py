"""Refusals about transfers as the graph shows them."""

from datetime import datetime

import strawberry

from domain.catalog.terms import TransferTo
from domain.transfers import errors
from domain.transfers.asked import State
from domain.transfers.quote import TransferQuote as TransferQuoted
from schema.refusals import UserError, refusal
from schema.scalars import Money
from schema.transfers import enums as enums
from schema.transfers.quoted import TransferQuote, quote_of

ID = strawberry.ID


@refusal(errors.TransferNotAllowed)
class TransferNotAllowed(UserError):
    """Not by the terms."""

    package_id: ID = strawberry.field(description="The package.")
    allowed: TransferTo = strawberry.field(description="To whom its terms let it go.")


@refusal(errors.TransferToOneself)
class TransferToOneself(UserError):
    """The holder already."""

    package_id: ID = strawberry.field(description="The package.")
    recipient_id: ID = strawberry.field(description="Its holder.")


@refusal(errors.PartialTransferNotAllowed)
class PartialTransferNotAllowed(UserError):
    """All or nothing."""

    package_id: ID = strawberry.field(description="The package.")
    asked: int = strawberry.field(description="Sessions asked for.")
    remaining: int = strawberry.field(description="Sessions that can be handed on together.")


@refusal(errors.TransferLimitReached)
class TransferLimitReached(UserError):
    """Too often."""

    package_id: ID = strawberry.field(description="The package.")
    limit: int = strawberry.field(description="How often its terms let it be handed on.")


@refusal(errors.NothingToHandOn)
class NothingToHandOn(UserError):
    """Used up, or promised."""

    package_id: ID = strawberry.field(description="The package.")
    held: int = strawberry.field(description="Sessions of it that bookings hold.")


@refusal(errors.TransferPending)
class TransferPending(UserError):
    """The whole goes once."""

    package_id: ID = strawberry.field(description="The package.")
    transfer_id: ID = strawberry.field(description="The transfer that waits.")
    requested_at: datetime = strawberry.field(description="When it was asked for.")


@refusal(errors.PackagesDiffer)
class PackagesDiffer(UserError):
    """Not alike."""

    package_id: ID = strawberry.field(description="The package.")
    into_package_id: ID = strawberry.field(description="The recipient's package.")


@refusal(errors.QuoteChanged)
class QuoteChanged(UserError):
    """Something else by now."""

    quote_hash: str = strawberry.field(description="The hash of what it would be now.")
    sessions: int = strawberry.field(description="How many sessions would go.")
    value: Money = strawberry.field(description="Their value.")
    fee: Money = strawberry.field(description="The fee, with tax.")
    quote: strawberry.Private[TransferQuoted]

    @strawberry.field(name="quote", description="All of what it would be now, to be shown before asking again.")
    def new_quote(self) -> TransferQuote:
        return quote_of(self.quote)


@refusal(errors.WrongTransferState)
class WrongTransferState(UserError):
    """Decided, or not done."""

    transfer_id: ID = strawberry.field(description="The transfer.")
    state: State = strawberry.field(description="Its state.")
    since: datetime = strawberry.field(description="Since when it is in it.")


@refusal(errors.UndoTooLate)
class UndoTooLate(UserError):
    """A day has passed."""

    transfer_id: ID = strawberry.field(description="The transfer.")
    until: datetime = strawberry.field(description="Until when it could have been undone.")


@refusal(errors.TransferUsed)
class TransferUsed(UserError):
    """Somebody counts on it."""

    transfer_id: ID = strawberry.field(description="The transfer.")
    into_package_id: ID = strawberry.field(description="The recipient's package.")
    sessions: int = strawberry.field(description="How many sessions were handed on.")
    remaining: int = strawberry.field(description="How many of them are there untouched.")
