"""What is told of a transfer before it is done."""

from dataclasses import dataclass
from datetime import date

from domain.kernel.quotes import DerivationStep


@dataclass(frozen=True, slots=True)
class QuotedLot:
    """Sessions that would leave a lot."""

    lot_id: str
    sessions: int
    bonus: bool
    value_minor: int
    tax_minor: int
    last_day: date


@dataclass(frozen=True, slots=True)
class TransferQuote:
    """What a transfer comes to as things stand; its hash binds the act to all of it."""

    package_id: str
    recipient_id: str
    quote_hash: str
    sessions: int
    stays: int
    value_minor: int
    fee_minor: int
    fee_tax_minor: int
    currency: str
    needs_approval: bool
    lots: tuple[QuotedLot, ...]
    booking_ids: tuple[str, ...]
    steps: tuple[DerivationStep, ...]
