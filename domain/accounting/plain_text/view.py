"""What plain text tells of the journal: codes where people read, ids where programs look things up."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.ledger.accounts import Account, Event, PaymentMethod


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry, or the balance of an account: a positive amount is a debit, a negative one a credit."""

    account: Account
    branch_id: str
    branch: str
    amount_minor: int
    counterparty: str | None = None
    package_id: str | None = None
    service: str | None = None
    payment_method: PaymentMethod | None = None
    customer_id: str | None = None
    tax_code: str | None = None
    tax_rate: Decimal | None = None
    intercompany: bool = False


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """A journal entry; `effective_on` is the day on the branch's own wall of what it tells."""

    id: str
    operation_id: str
    event: Event
    posted_on: date
    effective_on: date
    legs: tuple[Leg, ...]


def facts_of(leg: Leg, tell_package: bool) -> list[tuple[str, str]]:
    """What else is known of a leg, each with its name."""
    facts = {
        "counterparty": leg.counterparty,
        "package": leg.package_id if tell_package else None,
        "customer": leg.customer_id,
        "service": leg.service,
        "payment-method": leg.payment_method,
        "tax-code": leg.tax_code,
        "tax-rate": None if leg.tax_rate is None else str(leg.tax_rate),
    }
    return [(key, value) for key, value in facts.items() if value]
