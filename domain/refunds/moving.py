"""Giving sessions back: bookings let go of theirs, and what is given back leaves its lots with what it carries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.bookings.carrying import Carrying
from domain.ledger.draft import Draft, Occasion
from domain.ledger.rules import Bucket, Lot


@dataclass(frozen=True, slots=True)
class Moved:
    """What has left, in a draft that is yet to be posted: its value, and the tax in it that falls due with use."""

    draft: Draft
    value_minor: int
    tax_minor: int


def moved(lots: Sequence[Lot], released: Carrying, given_back: Mapping[str, int], occasion: Occasion) -> Moved:
    """The sessions given back, by lot, with their whole worth: nobody expects any more that they lapse.

    Of what stays in a lot the same share is expected to lapse as before.
    """
    draft = Draft(lots)
    released.let_go(draft, occasion.effective_at)
    gone = []
    for lot_id, sessions in given_back.items():
        expected = draft.lots[lot_id].breakage_bp
        if expected:
            draft.revalue(lot_id, 0, occasion.effective_at)
        gone.append(draft.move(lot_id, Bucket.AVAILABLE, Bucket.REFUNDED, sessions, occasion).carried)
        if expected and draft.lots[lot_id].left:
            draft.revalue(lot_id, expected, occasion.effective_at)
    return Moved(draft, sum(each.value_minor for each in gone), sum(each.tax_minor for each in gone))
