"""Pure rules of top-ups: how many sessions may be added, what they cost, and how long they may be used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.catalog.rules import tax_in
from domain.catalog.terms import Change, TaxPoint, Terms, TopUpPrice
from domain.kernel.money import round_half_up, to_decimal_string
from domain.kernel.quotes import DerivationStep
from domain.ledger.rules import Carried, Lot, Origin


@dataclass(frozen=True, slots=True)
class Added:
    """Sessions to be added: what they cost with their tax, what they carry, until when, and how that comes about."""

    sessions: int
    net_minor: int
    tax_minor: int
    carried: Carried
    last_day: date
    steps: tuple[DerivationStep, ...]

    @property
    def amount_minor(self) -> int:
        """What is owed for them, with tax."""
        return self.net_minor + self.tax_minor

    @property
    def tax_at_sale_minor(self) -> int:
        """The tax that the entry of the top-up books; none where it falls due with the use."""
        return 0 if self.carried.tax_minor else self.tax_minor


@dataclass(frozen=True, slots=True)
class Bounds:
    """The fewest and the most sessions that may be added now; None for any number. The most may be none at all."""

    least: int
    most: int | None

    def hold(self, sessions: int) -> bool:
        """Whether so many may be added."""
        return self.least <= sessions and (self.most is None or sessions <= self.most)


def bounds(change: Change, added_before: int) -> Bounds:
    """The least counts for each top-up, the most for all top-ups of a package together: it is no way round itself."""
    most = None if change.top_up_maximum is None else max(0, change.top_up_maximum - added_before)
    return Bounds(change.top_up_minimum, most if change.top_up else 0)


def session_price(terms: Terms, list_price_minor: int) -> int:
    """What one more session costs, in the sense in which the terms give prices: with tax in it, or without."""
    match terms.change.top_up_price:
        case TopUpPrice.PACKAGE_RATE:
            sessions = terms.paid_sessions
            return round_half_up(terms.price.amount_minor, sessions) if sessions else 0
        case TopUpPrice.LIST:
            return list_price_minor
    assert terms.change.top_up_fixed_minor is not None
    return terms.change.top_up_fixed_minor


def item_of(terms: Terms, service_id: str | None) -> int | None:
    """Which item of the terms sessions are added to: the one for the service, or the only one; None for neither."""
    if service_id is None:
        return 0 if len(terms.items) == 1 else None
    return next((index for index, item in enumerate(terms.items) if service_id in item.service_ids), None)


def until(lots: Sequence[Lot], now: datetime) -> tuple[date, bool]:
    """The package's last day, and whether it has lapsed: by the dates of its lots, whatever a sweep has yet to post.

    Gifts have days of their own, which count only where there is nothing else.
    """
    own = [lot for lot in lots if lot.origin is not Origin.GOODWILL] or lots
    return max(lot.last_day for lot in own), all(lot.lapses_at <= now for lot in own)


def last_day(package_last_day: date, lapsed: bool, days: int, today: date) -> date:
    """Days are added to the package's last day; where it has lapsed they count from today.

    In grace they are added as to any living package, but nothing is sold that ends before today.
    """
    return today + timedelta(days=days) if lapsed else max(today, package_last_day + timedelta(days=days))


def added(
    terms: Terms, sessions: int, list_price_minor: int, package_last_day: date, lapsed: bool, today: date
) -> Added:
    """So many sessions at today's price; the list price is that of today's catalogue, where the terms ask for it."""
    each, currency = session_price(terms, list_price_minor), terms.price.currency
    agreed = sessions * each
    net, tax = tax_in(terms.price, agreed)
    later = terms.price.tax_point is TaxPoint.AT_REDEMPTION
    carried = Carried(net + tax, tax) if later else Carried(net)
    until = last_day(package_last_day, lapsed, terms.change.top_up_days, today)
    steps = (
        *_priced(terms, sessions, each, currency),
        *_taxed(agreed, net, tax, currency),
        _lasts(terms, until, lapsed),
    )
    return Added(sessions, net, tax, carried, until, steps)


def _priced(terms: Terms, sessions: int, each: int, currency: str) -> list[DerivationStep]:
    steps = []
    if terms.change.top_up_price is TopUpPrice.PACKAGE_RATE and terms.paid_sessions:
        price, count = terms.price.amount_minor, terms.paid_sessions
        sign = "=" if each * count == price else "≈"
        told = f"{_money(price, currency)} / {count} {sign} {_money(each, currency)}"
        steps.append(DerivationStep("Price of a session of the package", told, each, 1))
    label = {
        TopUpPrice.PACKAGE_RATE: "Sessions at the package's price",
        TopUpPrice.LIST: "Sessions at today's list price",
        TopUpPrice.FIXED: "Sessions at the price by the terms",
    }[terms.change.top_up_price]
    told = f"{sessions} × {_money(each, currency)} = {_money(sessions * each, currency)}"  # noqa: RUF001
    return [*steps, DerivationStep(label, told, sessions * each, sessions)]


def _taxed(agreed: int, net: int, tax: int, currency: str) -> list[DerivationStep]:
    if not tax:
        return []
    whole = f"{_money(net, currency)} + {_money(tax, currency)} tax = {_money(net + tax, currency)}"
    return [DerivationStep("Tax included" if agreed == net + tax else "With tax", whole, net + tax)]


def _lasts(terms: Terms, until: date, lapsed: bool) -> DerivationStep:
    days = terms.change.top_up_days
    start = "today" if lapsed else "the package's last day"
    return DerivationStep("Usable until", f"{start} + {days} {'day' if days == 1 else 'days'}: {until}")


def _money(minor: int, currency: str) -> str:
    return to_decimal_string(minor, currency)
