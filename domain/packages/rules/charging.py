"""What sessions cost that no package had: list price where the visit was, taxed as the package is."""

from domain.catalog.rules import tax_in
from domain.catalog.terms import Price
from domain.ledger.accounts import Charged


def charged(
    customer_id: str,
    branch_id: str,
    service_id: str,
    sessions: int,
    list_price_minor: int,
    price: Price | None,
    booking_id: str | None = None,
) -> Charged:
    """The charge for so many sessions; without a package nothing is known to tax by."""
    total = sessions * list_price_minor
    net, tax = tax_in(price, total) if price else (total, 0)
    return Charged(customer_id, branch_id, service_id, sessions, net, tax, booking_id)
