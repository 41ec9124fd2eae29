"""Pure rendering of refunds and upgrades: what the sessions gave up carried, and what that came to."""

from collections.abc import Mapping
from typing import Any

from domain.kernel.money import to_decimal_string
from domain.packages.trace_books import Books

_PAID_OUT = {
    "CASH": "in cash",
    "CARD": "by card",
    "BANK_TRANSFER": "by bank transfer",
    "ONLINE_LINK": "through the payment provider",
    "CUSTOMER_CREDIT": "as credit",
}


def requested(said: Mapping[str, Any], books: Books, currency: str) -> tuple[str, str]:
    """A request changes nothing in the books unless it is agreed at once."""
    if books != Books():
        return agreed(said, books, currency)
    return "A refund was asked for", "nothing in it changes"


def agreed(_: Mapping[str, Any], books: Books, currency: str) -> tuple[str, str]:
    """What the sessions given back carried, with its tax, is what comes back, less what was owed and what is kept."""
    if not books.refunded_minor:
        forgiven = _money(books.credited_minor, currency)
        return f"Sessions were given back, and {forgiven} {currency} is owed no more", _sum(currency, _given_up(books))
    amount = _money(books.refunded_minor, currency)
    return f"A refund of {amount} {currency} was agreed", _sum(currency, _given_up(books))


def refused(_: Mapping[str, Any], _books: Books, _currency: str) -> tuple[str, str]:
    """A request that came to nothing."""
    return "The refund was refused", "nothing in it changes"


def withdrawn(_: Mapping[str, Any], _books: Books, _currency: str) -> tuple[str, str]:
    """A request that was given up."""
    return "The refund was withdrawn", "nothing in it changes"


def paid_out(said: Mapping[str, Any], _: Books, currency: str) -> tuple[str, str]:
    """Which parts of a refund were handed out how; it was counted as refunded when it was agreed."""
    parts = [(_PAID_OUT[part["method"]], int(part["amount_minor"])) for part in said["parts"]]
    total = _money(sum(amount for _, amount in parts), currency)
    ways = " and ".join(dict.fromkeys(way for way, _ in parts))
    return f"{total} {currency} of the refund was paid out {ways}", _sum(currency, [(each, "") for _, each in parts])


def upgraded(_: Mapping[str, Any], books: Books, currency: str) -> tuple[str, str]:
    """The old package gives up what it carried; the new one is paid with it as far as that goes."""
    if books.price_minor:
        brought, price = books.brought_minor, books.price_minor
        label = "The package was opened for another one that was upgraded"
        return label, _sum(currency, [(brought, " brought"), (price - brought, " to be paid")])
    return "The package was upgraded to another", _sum(currency, _given_up(books))


def _given_up(books: Books) -> list[tuple[int, str]]:
    return [
        (-books.deferred_minor, " value"),
        (-books.breakage_minor, " breakage taken back"),
        (-books.tax_minor, " tax"),
        (books.concessions_minor, " conceded"),
        (-books.recognised_minor, " for what was used"),
        (-books.credited_minor, " owed no more"),
        (-books.fees_minor, " fee"),
    ]


def _sum(currency: str, terms: list[tuple[int, str]]) -> str:
    """The terms that there are, and what they come to."""
    (first, name), *more = [term for term in terms if term[0]] or terms[:1]
    signed = "".join(f" {'-' if each < 0 else '+'} {_money(abs(each), currency)}{what}" for each, what in more)
    return f"{_money(first, currency)}{name}{signed} = {_money(sum(each for each, _ in terms), currency)}"


def _money(minor: int, currency: str) -> str:
    return to_decimal_string(minor, currency)
