"""Pure rule of how an upgrade meets what the books carry: the value and the tax of both packages."""

from dataclasses import dataclass

from domain.catalog.terms import TaxPoint, UpgradeMethod
from domain.ledger.rules import Carried
from domain.packages.offered import Offered
from domain.packages.sold import Sold
from domain.refunds.rules import later_tax, tax_share
from domain.upgrades.rules import Quote, new_value
from domain.upgrades.standing import Old


@dataclass(frozen=True, slots=True)
class Valuing:
    """What the new sessions carry, with the tax in it that falls due later, and the tax due at sale on both sides.

    `taken_back_minor` of tax is owed no more where the old package was sold; where tax falls due with the use, more or
    less of it is owed, because what was used is sold at another price now. `concession_minor` had no value left.
    """

    carried: Carried
    tax_minor: int
    taken_back_minor: int
    concession_minor: int


def valuing(quote: Quote, sold: Sold, old: Old, offer: Offered, carried: Carried) -> Valuing:
    """What both packages come to in the books; `carried` is what the sessions that are given up carry.

    Where usage is carried only what is not used of the new price is taxed anew: the rest was, where it was used.
    """
    price, tax, unused = offer.price_minor, offer.tax_minor, quote.unused_value_minor
    credited = quote.method is UpgradeMethod.CREDIT_UNUSED
    sold_for = price if credited else unused + quote.difference_minor
    later = offer.terms.price.tax_point is TaxPoint.AT_REDEMPTION
    at_sale = sold.terms.price.tax_point is TaxPoint.AT_SALE
    due = 0 if later else tax_share(price, tax, max(0, sold_for))
    back = tax_share(sold.price_minor, sold.tax_minor, unused, old.given_back_minor) if at_sale else 0
    value = new_value(quote.method, sold_for - due, carried.value_minor, (sold_for - due) - (unused - back))
    inside = tax_share(price, tax, min(price, value.value_minor)) if later else 0
    repriced = later_tax(carried.value_minor, carried.tax_minor, unused) if credited and not at_sale else 0
    return Valuing(
        carried=Carried(value.value_minor, min(inside, value.value_minor)),
        tax_minor=due,
        taken_back_minor=back + repriced,
        concession_minor=value.concession_minor,
    )
