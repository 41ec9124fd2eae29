"""The quote of a transfer as the graph shows it."""

from datetime import date

import strawberry

from domain.transfers import quote
from schema.quotes import DerivationStep, steps_of
from schema.scalars import Money, money_of


@strawberry.type(description="Sessions that would leave a lot.")
class QuotedLot:
    """One lot."""

    lot_id: strawberry.ID = strawberry.field(description="The lot.")
    sessions: int = strawberry.field(description="How many sessions would go.")
    bonus: bool = strawberry.field(description="Whether they came free.")
    value: Money = strawberry.field(description="The value that would go along.")
    tax: Money = strawberry.field(description="The tax inside it that falls due with their use.")
    last_day: date = strawberry.field(description="Their last day, which stays the same.")


@strawberry.type(description="What a transfer comes to as things stand. Nothing is reserved by it.")
class TransferQuote:
    """A quote."""

    quote_hash: str = strawberry.field(description="Give it to the act, and it does this or is refused.")
    package_id: strawberry.ID = strawberry.field(name="quotedPackageId", description="The package.")
    sessions: int = strawberry.field(name="quotedSessions", description="How many sessions would go.")
    stays: int = strawberry.field(description="How many would stay, those that bookings hold among them.")
    value: Money = strawberry.field(name="quotedValue", description="The value that would go along.")
    fee: Money = strawberry.field(name="quotedFee", description="The fee, with tax.")
    fee_tax: Money = strawberry.field(description="The tax in it.")
    needs_approval: bool = strawberry.field(description="Whether a manager would have to approve it first.")
    lots: list[QuotedLot] = strawberry.field(description="What would leave which lot, in the order in which it goes.")
    booking_ids: list[strawberry.ID] = strawberry.field(description="The bookings that would go along.")
    steps: list[DerivationStep] = strawberry.field(description="How the figures come about.")


def quote_of(view: quote.TransferQuote) -> TransferQuote:
    """A quote as the graph shows it."""
    currency = view.currency
    return TransferQuote(
        quote_hash=view.quote_hash,
        package_id=strawberry.ID(view.package_id),
        sessions=view.sessions,
        stays=view.stays,
        value=money_of(view.value_minor, currency),
        fee=money_of(view.fee_minor, currency),
        fee_tax=money_of(view.fee_tax_minor, currency),
        needs_approval=view.needs_approval,
        lots=[_lot(lot, currency) for lot in view.lots],
        booking_ids=[strawberry.ID(each) for each in view.booking_ids],
        steps=steps_of(view.steps, currency),
    )


def _lot(lot: quote.QuotedLot, currency: str) -> QuotedLot:
    return QuotedLot(
        lot_id=strawberry.ID(lot.lot_id),
        sessions=lot.sessions,
        bonus=lot.bonus,
        value=money_of(lot.value_minor, currency),
        tax=money_of(lot.tax_minor, currency),
        last_day=lot.last_day,
    )
