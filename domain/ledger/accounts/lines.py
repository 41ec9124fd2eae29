"""What entries of the money journal are made of: account roles, events, lines, and the rule that they balance."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum


class Account(StrEnum):
    """Roles of accounts; a chain maps them to its own chart."""

    CASH = "CASH"
    PROVIDER_CLEARING = "PROVIDER_CLEARING"
    RECEIVABLE = "RECEIVABLE"
    DEFERRED_REVENUE = "DEFERRED_REVENUE"
    REVENUE = "REVENUE"
    BREAKAGE_REVENUE = "BREAKAGE_REVENUE"
    FEE_INCOME = "FEE_INCOME"
    TAX_PAYABLE = "TAX_PAYABLE"
    CUSTOMER_CREDIT = "CUSTOMER_CREDIT"
    REFUND_PAYABLE = "REFUND_PAYABLE"
    PRICE_CONCESSION = "PRICE_CONCESSION"
    DUE_FROM_BRANCH = "DUE_FROM_BRANCH"
    DUE_TO_BRANCH = "DUE_TO_BRANCH"
    DISPUTES = "DISPUTES"
    BAD_DEBT = "BAD_DEBT"
    PROVIDER_FEES = "PROVIDER_FEES"
    OPENING_BALANCE = "OPENING_BALANCE"


class Event(StrEnum):
    """What an entry tells of."""

    SALE = "SALE"
    VOID = "VOID"
    PAYMENT = "PAYMENT"
    PAYMENT_REVERSAL = "PAYMENT_REVERSAL"
    PAYOUT = "PAYOUT"
    SESSION = "SESSION"
    REVERSAL = "REVERSAL"
    LAPSE = "LAPSE"
    REINSTATEMENT = "REINSTATEMENT"
    REESTIMATE = "REESTIMATE"
    RENEWAL = "RENEWAL"
    TRANSFER = "TRANSFER"
    BRANCH_TRANSFER = "BRANCH_TRANSFER"
    SETTLEMENT = "SETTLEMENT"
    MERGE = "MERGE"
    TOP_UP = "TOP_UP"
    UPGRADE = "UPGRADE"
    REFUND = "REFUND"
    REFUND_PAID = "REFUND_PAID"
    CHARGE = "CHARGE"
    DISPUTE = "DISPUTE"
    DISPUTE_WON = "DISPUTE_WON"
    DISPUTE_LOST = "DISPUTE_LOST"
    OPENING = "OPENING"


class PaymentMethod(StrEnum):
    """How money came in; or that none did, and credit of the customer was used instead."""

    CASH = "CASH"
    CARD = "CARD"
    BANK_TRANSFER = "BANK_TRANSFER"
    ONLINE_LINK = "ONLINE_LINK"
    CUSTOMER_CREDIT = "CUSTOMER_CREDIT"

    @property
    def account(self) -> Account:
        """Online links pay into the provider's clearing account, used credit is owed no more, the rest is cash."""
        if self is PaymentMethod.ONLINE_LINK:
            return Account.PROVIDER_CLEARING
        return Account.CUSTOMER_CREDIT if self is PaymentMethod.CUSTOMER_CREDIT else Account.CASH


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry: a positive amount is a debit, a negative one a credit."""

    account: Account
    branch_id: str
    amount_minor: int
    counterparty_id: str | None = None
    package_id: str | None = None
    service_id: str | None = None
    payment_method: PaymentMethod | None = None
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A balanced set of lines that tells of one event; on the day of its posting unless it has one of its own."""

    event: Event
    lines: tuple[Line, ...]
    posted_on: date | None = None
    effective_at: datetime | None = None


def entry(event: Event, lines: Iterable[Line]) -> Entry | None:
    """The entry of these lines without the empty ones; None when nothing is left to tell."""
    kept = tuple(line for line in lines if line.amount_minor != 0)
    check_balanced(kept)
    return Entry(event, kept) if kept else None


def check_balanced(lines: Iterable[Line]) -> None:
    """Every entry balances for every branch in it, and therefore in all."""
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.branch_id] += line.amount_minor
    assert not any(sums.values()), f"unbalanced entry: {dict(sums)}"


def mirror(event: Event, lines: Sequence[Line]) -> Entry | None:
    """The exact opposite of lines that were posted before."""
    return entry(event, [replace(line, amount_minor=-line.amount_minor) for line in lines])


def due(debtor_id: str, creditor_id: str, amount_minor: int, package_id: str | None = None) -> list[Line]:
    """What one branch owes another, on both sides; nothing within a branch."""
    if debtor_id == creditor_id:
        return []
    return [
        Line(Account.DUE_TO_BRANCH, debtor_id, -amount_minor, creditor_id, package_id),
        Line(Account.DUE_FROM_BRANCH, creditor_id, amount_minor, debtor_id, package_id),
    ]
