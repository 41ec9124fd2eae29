"""Pure rule of what a package is worth when it is changed for another one: by its lots, as the clock has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.ledger.rules import BonusValue, Lot
from domain.packages.sold import Sold
from domain.refunds.rules import Bought, Counted, Moment, Standing, bought
from domain.refunds.rules.telling import gone
from domain.refunds.rules.used_value import straight_line
from domain.upgrades.standing import Old


@dataclass(frozen=True, slots=True)
class Worth:
    """The old package as upgrades reckon with it, and for which services how many of its sessions are used."""

    old: Old
    used: tuple[tuple[frozenset[str], int], ...] = ()


def worth(sold: Sold, own: Sequence[Lot], top_ups: Mapping[str, int], opened: bool, at: Moment) -> Worth:
    """What was bought, and what of it is used: by the straight line over what each price was for, as in a refund.

    Lapsed sessions and those handed on are used; what was given as goodwill, or taken over, was not bought, and is not
    among its own lots. Of a package that a transfer opened the top-ups were bought, and nothing else.
    """
    told = _bought(sold, own, top_ups, opened, at)
    kinds = [kind for each in told for item in each.items for kind in (item.paid, item.bonus)]
    paid = [item.paid for each in told for item in each.items]
    valued = straight_line(Standing(sold.currency, told, sold.price_minor), BonusValue.ZERO)
    without = straight_line(Standing(sold.currency, _as_used(told), sold.price_minor), BonusValue.ZERO)
    old = Old(
        price_minor=sold.price_minor,
        outstanding_minor=sold.outstanding.amount_minor,
        sessions=sum(kind.sessions - kind.refunded for kind in paid),
        used=sum(kind.used for kind in paid),
        used_of_all=sum(kind.used for kind in kinds),
        valued=valued,
        given_back_minor=max(without.amount_minor - valued.amount_minor, sold.credited_minor + sold.refunded_minor),
        gone=gone(paid) if any(kind.lapsed or kind.moved for kind in paid) else "",
    )
    return Worth(old, tuple(_by_services(sold, own, top_ups, opened, told)))


def _bought(sold: Sold, own: Sequence[Lot], top_ups: Mapping[str, int], opened: bool, at: Moment) -> tuple[Bought, ...]:
    found = bought(own, sold.terms, sold.price_minor, top_ups, {lot.id: at.left(lot) for lot in own}, at)
    return found[1:] if opened else found


def _as_used(told: Sequence[Bought]) -> tuple[Bought, ...]:
    """The same as though what was given back before had been used."""

    def used(counted: Counted) -> Counted:
        return replace(counted, refunded=0)

    return tuple(
        replace(each, items=tuple(replace(item, paid=used(item.paid), bonus=used(item.bonus)) for item in each.items))
        for each in told
    )


def _by_services(
    sold: Sold, own: Sequence[Lot], top_ups: Mapping[str, int], opened: bool, told: Sequence[Bought]
) -> list[tuple[frozenset[str], int]]:
    services = [] if opened else [frozenset(item.service_ids) for item in sold.terms.items]
    services += [lot.services for lot in own if lot.id in top_ups]
    items = [item for each in told for item in each.items]
    return [(its, item.paid.used + item.bonus.used) for its, item in zip(services, items, strict=True)]
