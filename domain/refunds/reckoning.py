"""From the lots and facts of a package to what the rules of refunds reckon with; no I/O, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.catalog.terms import TaxPoint, Terms
from domain.ledger.accounts import PaymentMethod
from domain.ledger.rules import Bucket, Carried, Lot, Origin, carried_by, moved, revalued
from domain.packages.sold import Sold
from domain.refunds import rules
from domain.refunds.reckoning_store import Facts
from domain.refunds.rules import Moment, PaidIn, Quote, Settling, Standing
from domain.refunds.standing_json import Grounds


def own_lots(lots: Sequence[Lot], terms: Terms, opened: bool) -> list[Lot]:
    """The lots that were paid for here, as large as they were: of a package that a transfer opened its top-ups only.

    Imported sessions of another package keep that origin, and may be among those that the package was imported with;
    a package that was sold here has received all that it has of them.
    """
    if opened:
        return [lot for lot in lots if lot.origin is Origin.TOP_UP]
    if any(lot.origin in (Origin.PURCHASE, Origin.BONUS) for lot in lots):
        return [lot for lot in lots if lot.origin in rules.REFUNDABLE and lot.origin is not Origin.IMPORT]
    room = {
        (index, bonus): item.bonus if bonus else item.paid
        for index, item in enumerate(terms.items)
        for bonus in (False, True)
    }
    found = []
    for lot in sorted(lots, key=lambda lot: (lot.issued_at, lot.id)):
        over = 0
        if lot.origin is Origin.IMPORT:
            over = max(0, lot.issued - room[lot.item, lot.bonus])
            room[lot.item, lot.bonus] -= lot.issued - over
        found.append(_without(lot, over) if over else lot)
    return [lot for lot in found if lot.origin in rules.REFUNDABLE]


def _without(lot: Lot, sessions: int) -> Lot:
    """The lot with fewer sessions, taken from those that are there first."""
    available = min(lot.available, sessions)
    held = min(lot.held, sessions - available)
    return replace(lot, issued=lot.issued - sessions, available=lot.available - available, held=lot.held - held)


def standing(sold: Sold, lots: Sequence[Lot], giving_back: Mapping[str, int], facts: Facts, moment: Moment) -> Standing:
    """Where the package stands; what is unpaid of those that were upgraded to it has not come in for it either.

    Nor has what a provider took back of what had been paid for those. Where more was used of those than was paid for
    them, less than nothing has come in for it.
    """
    brought = facts.brought_minor
    bought = rules.bought(lots, sold.terms, sold.price_minor, facts.top_ups, giving_back, moment)
    return Standing(
        currency=sold.currency,
        bought=bought[1:] if facts.opened else bought,
        paid_minor=sold.settled_minor - facts.missing_minor,
        outstanding_minor=sold.outstanding.amount_minor,
        refunded_minor=sold.refunded_minor,
        kept_before_minor=facts.kept_before_minor,
        free_before_minor=facts.free_before_minor,
        brought_minor=None if brought is None else brought - facts.missing_minor,
        brought_kept_minor=facts.brought_kept_minor,
        paid_since_minor=0 if brought is None else sold.paid_minor,
    )


def grounds(sold: Sold, facts: Facts, standing: Standing, now: datetime, *, waived: bool = False) -> Grounds:
    """Where it stands, and what says whether cooling-off lasts."""
    return Grounds(
        standing=standing,
        sold_at=sold.sold_at,
        at=now,
        time_zone=sold.home_time_zone,
        holidays=facts.holidays,
        weekend=facts.weekend,
        waived=waived,
    )


def quoted(
    grounds: Grounds,
    sold: Sold,
    own: Sequence[Lot],
    released: Mapping[str, int],
    facts: Facts,
    moment: Moment,
    sessions: int | None,
) -> Quote:
    """What another number of sessions would come to, all that can be given back where none is named."""
    taken = rules.given_back(own, sold.terms, released, sessions, moment)
    return replace(grounds, standing=standing(sold, own, taken, facts, moment)).quoted(sold.terms.refund)


def settling(sold: Sold, lots: Sequence[Lot], giving_back: Mapping[str, int], facts: Facts, now: datetime) -> Settling:
    """What the books know of it: what the sessions given back carry, of which nobody expects any more that they lapse.

    The lots are as they were written down, since that is what they leave.
    """
    carried = [_carried(lot, giving_back[lot.id], now) for lot in lots if giving_back.get(lot.id)]
    at_sale = sold.terms.price.tax_point is TaxPoint.AT_SALE
    return Settling(
        home_branch_id=sold.home_branch_id,
        package_id=sold.id,
        price_minor=sold.price_minor,
        tax_minor=sold.tax_minor if at_sale else 0,
        value_minor=sum(each.value_minor for each in carried),
        tax_carried_minor=sum(each.tax_minor for each in carried),
        credited_before_minor=facts.credited_before_minor,
        fee_tax_bp=sold.terms.price.tax_rate_bp if sold.terms.refund.fee_taxed else 0,
        kept_before_minor=facts.kept_before_minor,
    )


def _carried(lot: Lot, sessions: int, now: datetime) -> Carried:
    if lot.held:
        lot = moved(lot, Bucket.HELD, Bucket.AVAILABLE, lot.held, Carried())
    worth = revalued(lot, 0, now) if lot.breakage_bp else lot
    return carried_by(worth, Bucket.AVAILABLE, Bucket.REFUNDED, sessions)


def left_of(payments: Sequence[PaidIn], lost_minor: int) -> list[PaidIn]:
    """The payments less what the provider kept of those by its link: that has gone back by them, the last one first."""
    found = []
    for each in sorted(payments, key=lambda each: (each.received_at, each.payment_id), reverse=True):
        part = min(lost_minor, each.left_minor) if each.method is PaymentMethod.ONLINE_LINK else 0
        lost_minor -= part
        found.append(replace(each, went_back_minor=each.went_back_minor + part))
    return found
