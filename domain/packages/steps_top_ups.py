"""The arithmetic of sessions that were added for money: so many at a price, and the tax in it or on it."""

from domain.catalog.terms import Terms
from domain.kernel.money import to_decimal_string
from domain.packages.trace import Moved
from domain.packages.trace_books import Books


def formula(moved: Moved, change: Books, terms: Terms, currency: str) -> str:
    """The price as the terms give it, with tax or without; all that is owed for them came with the sessions."""
    total, tax = change.price_minor, change.tax_minor or moved.tax_minor
    agreed = total if terms.price.tax_included else total - tax

    def money(minor: int) -> str:
        return to_decimal_string(minor, currency)

    told = f"{moved.sessions} × {money(agreed // moved.sessions)} = {money(agreed)}"  # noqa: RUF001
    return f"{told}; {money(total - tax)} + {money(tax)} tax = {money(total)}" if tax else told
