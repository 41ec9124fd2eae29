"""Pure rules of the catalogue: which terms are impossible, what tax a price holds, when validity ends."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.catalog.bounds import MAX_DAYS as MAX_DAYS
from domain.catalog.bounds import MAX_SESSIONS as MAX_SESSIONS
from domain.catalog.bounds import beyond_bounds
from domain.catalog.impossible import impossible_change, impossible_refund
from domain.catalog.terms import (
    BranchScope,
    Expiry,
    GraceAllows,
    Item,
    Price,
    Terms,
    TransferTo,
    Validity,
    ValidityStart,
)
from domain.kernel.calendar import add_months
from domain.kernel.errors import FieldProblem
from domain.kernel.money import MAX_MINOR, is_currency, round_half_up

MAX_GRACE_DAYS = 3_660
LAST_YEAR = 2200
"""Days are added to last days again and again; they must stay dates that every database can keep."""


def impossible(terms: Terms) -> Iterator[FieldProblem]:
    """Every combination in the terms that cannot be honoured, each with its own reason."""
    yield from _impossible_items(terms)
    yield from _impossible_price(terms.price)
    yield from _impossible_validity(terms.validity)
    yield from _impossible_where_and_who(terms)
    yield from impossible_change(terms.change)
    yield from impossible_refund(terms.refund, terms.price.currency)
    yield from _impossible_use(terms)
    yield from beyond_bounds(terms)


def _problem(message: str, *path: str) -> FieldProblem:
    return FieldProblem(path, message)


def _impossible_items(terms: Terms) -> Iterator[FieldProblem]:
    if not terms.items:
        yield _problem("A package needs at least one item.", "items")
    for index, item in enumerate(terms.items):
        yield from _impossible_item(item, str(index))
    if terms.sessions > MAX_SESSIONS:
        yield _problem(f"A package holds at most {MAX_SESSIONS} sessions.", "items")
    if terms.items and terms.paid_sessions == 0 and terms.price.amount_minor > 0:
        yield _problem("A package with a price needs at least one paid session.", "items")


def _impossible_item(item: Item, index: str) -> Iterator[FieldProblem]:
    if not item.service_ids:
        yield _problem("An item needs at least one service.", "items", index, "services")
    if len(set(item.service_ids)) < len(item.service_ids):
        yield _problem("An item names a service twice.", "items", index, "services")
    if item.paid < 0 or item.bonus < 0:
        yield _problem("Sessions cannot be negative.", "items", index)
    elif item.paid + item.bonus == 0:
        yield _problem("An item needs at least one session.", "items", index)


def _impossible_price(price: Price) -> Iterator[FieldProblem]:
    if not 0 <= price.amount_minor < MAX_MINOR:
        yield _problem("The price cannot be negative or beyond any amount Carnet keeps.", "price", "amount")
    if not is_currency(price.currency):
        yield _problem(f"{price.currency!r} is not an ISO 4217 currency.", "price", "currency")
    if not 0 <= price.tax_rate_bp <= 10_000:
        yield _problem("The tax rate lies between 0 and 100 per cent.", "price", "taxRate")
    named: set[str] = set()
    for index, tax in enumerate(price.branch_taxes):
        path = ("price", "branchTaxes", str(index))
        if not 0 <= tax.rate_bp <= 10_000:
            yield _problem("The tax rate lies between 0 and 100 per cent.", *path, "taxRate")
        if tax.branch_id in named:
            yield _problem("The branch has two taxes.", *path, "branchId")
        named.add(tax.branch_id)


def _impossible_validity(validity: Validity) -> Iterator[FieldProblem]:
    given = [span for span in (validity.days, validity.months, validity.until) if span is not None]
    if len(given) != 1:
        yield _problem("Validity is given by exactly one of days, months and until.", "validity")
    if validity.days is not None and not 1 <= validity.days <= MAX_DAYS:
        yield _problem(f"Validity lasts from 1 to {MAX_DAYS} days.", "validity", "days")
    if validity.months is not None and not 1 <= validity.months <= 1200:
        yield _problem("Validity lasts from 1 to 1200 months.", "validity", "months")
    if validity.until is not None and validity.until.year > LAST_YEAR:
        yield _problem(f"The fixed last day lies in {LAST_YEAR} at the latest.", "validity", "until")
    yield from _impossible_grace(validity)
    yield from _impossible_start(validity)


def _impossible_grace(validity: Validity) -> Iterator[FieldProblem]:
    if not 0 <= validity.grace_days <= MAX_GRACE_DAYS:
        yield _problem(f"Grace lasts from 0 to {MAX_GRACE_DAYS} days.", "validity", "graceDays")
    if validity.expiry is Expiry.HARD and validity.grace_days > 0:
        yield _problem("Hard expiry has no grace days; choose SOFT or drop them.", "validity", "graceDays")
    if validity.expiry is Expiry.SOFT and validity.grace_days == 0:
        yield _problem("Soft expiry needs at least one grace day.", "validity", "graceDays")
    if validity.expiry is Expiry.HARD and validity.grace_allows is GraceAllows.BOOKED_ONLY:
        yield _problem("Hard expiry has no grace in which booked sessions could be used.", "validity", "graceAllows")
    if validity.renewal_in_grace and validity.expiry is Expiry.HARD:
        yield _problem("Renewal inside grace needs soft expiry.", "validity", "renewalInGrace")


def _impossible_start(validity: Validity) -> Iterator[FieldProblem]:
    first_use = validity.starts is ValidityStart.FIRST_USE
    if first_use and validity.until is not None:
        yield _problem("A fixed last day cannot start with the first use.", "validity", "starts")
    if first_use and not 1 <= (validity.start_within_days or 0) <= MAX_DAYS:
        yield _problem("Starting with the first use needs a last day to start.", "validity", "startWithinDays")
    if not first_use and validity.start_within_days is not None:
        yield _problem("Only a start with the first use has a last day to start.", "validity", "startWithinDays")


def _impossible_where_and_who(terms: Terms) -> Iterator[FieldProblem]:
    if (terms.where.scope is BranchScope.LISTED) != bool(terms.where.branch_ids):
        yield _problem("A list of branches goes with the scope LISTED, and only with it.", "where", "branches")
    if terms.who.transfer is TransferTo.NONE and (
        terms.who.partial_transfer or terms.who.maximum_transfers or terms.who.transfer_fee_minor
    ):
        yield _problem("Transfers are excluded, so they can have no limits or fee.", "who", "transfer")


def _impossible_use(terms: Terms) -> Iterator[FieldProblem]:
    if (terms.use.freeze_days == 0) != (terms.use.freeze_times == 0):
        yield _problem("Freezing needs both a number of days and a number of times.", "use", "freezeDays")


def tax_in(price: Price, amount_minor: int) -> tuple[int, int]:
    """(net, tax) of an agreed amount: taken out of it when tax is included, put on top when it is not.

    Included: tax = round_half_up(amount * rate / (100 % + rate)); added: tax = round_half_up(amount * rate).
    """
    rate = price.tax_rate_bp
    if price.tax_included:
        tax = round_half_up(amount_minor * rate, 10_000 + rate)
        return amount_minor - tax, tax
    return amount_minor, round_half_up(amount_minor * rate, 10_000)


def last_day(validity: Validity, start: date) -> date:
    """The last local day of validity that starts on this local day; the day itself is not counted."""
    if validity.until is not None:
        return validity.until
    if validity.months is not None:
        return add_months(start, validity.months)
    return start + timedelta(days=validity.days or 0)


def first_last_day(validity: Validity, sold_on: date) -> date:
    """The last day as it stands at the sale: of validity, or to start when the first use starts it."""
    if validity.starts is ValidityStart.FIRST_USE:
        return sold_on + timedelta(days=validity.start_within_days or 0)
    return last_day(validity, sold_on)
