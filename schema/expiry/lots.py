"""Lots whose last day was moved, as the graph shows them."""

from collections.abc import Iterable
from datetime import date

import strawberry

from domain.expiry.rules import LotDated


@strawberry.type(description="A lot whose last day was moved.")
class DatedLot:
    """One lot."""

    lot_id: strawberry.ID = strawberry.field(description="The lot.")
    was: date = strawberry.field(description="Its last day before.")
    last_day: date = strawberry.field(description="Its last day from then on.")


def dated_lots(lots: Iterable[LotDated]) -> list[DatedLot]:
    """The lots in their order."""
    return [DatedLot(lot_id=strawberry.ID(lot.lot_id), was=lot.was, last_day=lot.last_day) for lot in lots]
