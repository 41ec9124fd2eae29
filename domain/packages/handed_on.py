"""What of a package was handed on: it was paid for when it went, and what was paid for it pays for no other session."""

from collections.abc import Sequence
from dataclasses import replace

from domain.ledger.rules import Lot
from domain.packages import closing_store
from domain.packages.sold import Sold


async def known(sold: Sold, lots: Sequence[Lot]) -> Sold:
    """The package, which is locked, with what was handed on, where it may be used only up to what is paid."""
    if not sold.terms.use.up_to_paid or not any(lot.moved for lot in lots):
        return sold
    return replace(sold, handed_on_minor=await closing_store.handed_on_minor(sold.id))
