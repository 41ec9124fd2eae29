"""What of a package was handed on, and paid for when it went: that pays for no other session; and what was conceded."""

from collections.abc import Sequence
from dataclasses import replace

from domain.ledger.rules import Lot
from domain.packages import closing_store
from domain.packages.sold import Sold


async def known(sold: Sold, lots: Sequence[Lot]) -> Sold:
    """The package, which is locked, with what was handed on or conceded, where only what is paid may be used."""
    if sold.terms.use.up_to_paid and any(lot.moved for lot in lots):
        sold = replace(sold, handed_on_minor=await closing_store.handed_on_minor(sold.id))
    if sold.terms.use.up_to_paid and sold.refunded_minor:
        sold = replace(sold, conceded_minor=await closing_store.conceded_minor(sold.id))
    return sold
