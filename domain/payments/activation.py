"""Whether so much is paid for a package that it may be used, where the terms make it wait for that."""

from domain.catalog.terms import Activation
from domain.packages import rules
from domain.packages.sold import Sold
from domain.payments import line_store


async def activates(sold: Sold, paid_minor: int) -> bool:
    """Whether the package is active with so much paid here, besides what an upgrade brought.

    What was agreed for sessions added later does not count, nor what is owed no more.
    """
    terms = sold.terms.use.activation
    if terms is Activation.AT_SALE:
        return True
    price = sold.price_minor - sold.credited_minor - await line_store.topped_up(sold.id)
    return rules.activated(terms, max(0, price), paid_minor + sold.brought_minor)
