"""Pure rules of the money journal: which lines each event posts (accounting.md, Entries)."""

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
    PAYMENT = "PAYMENT"
    SESSION = "SESSION"
    REVERSAL = "REVERSAL"
    LAPSE = "LAPSE"
    REINSTATEMENT = "REINSTATEMENT"
    RENEWAL = "RENEWAL"
    CHARGE = "CHARGE"
    DISPUTE = "DISPUTE"
    DISPUTE_WON = "DISPUTE_WON"
    OPENING = "OPENING"


class PaymentMethod(StrEnum):
    """How money came in."""

    CASH = "CASH"
    CARD = "CARD"
    BANK_TRANSFER = "BANK_TRANSFER"
    ONLINE_LINK = "ONLINE_LINK"

    @property
    def account(self) -> Account:
        """Online links pay into the provider's clearing account, everything else into the register."""
        return Account.PROVIDER_CLEARING if self is PaymentMethod.ONLINE_LINK else Account.CASH


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


@dataclass(frozen=True, slots=True)
class Received:
    """Money that came in by one method."""

    method: PaymentMethod
    amount_minor: int


def sale(branch_id: str, package_id: str, net_minor: int, tax_minor: int, through_provider: int = 0) -> Entry | None:
    """Dr RECEIVABLE gross, Cr DEFERRED_REVENUE net, Cr TAX_PAYABLE tax due at sale.

    What was paid through the provider in the same act debits PROVIDER_CLEARING at once.
    """
    gross = net_minor + tax_minor
    online = PaymentMethod.ONLINE_LINK
    return entry(
        Event.SALE,
        [
            Line(Account.RECEIVABLE, branch_id, gross - through_provider, package_id=package_id),
            Line(online.account, branch_id, through_provider, package_id=package_id, payment_method=online),
            Line(Account.DEFERRED_REVENUE, branch_id, -net_minor, package_id=package_id),
            Line(Account.TAX_PAYABLE, branch_id, -tax_minor, package_id=package_id),
        ],
    )


def payment(home_id: str, received_at_id: str, package_id: str, received: Received) -> Entry | None:
    """Dr CASH or PROVIDER_CLEARING where it came in, Cr RECEIVABLE at home; due between them when they differ."""
    amount = received.amount_minor
    cash = Line(
        received.method.account,
        received_at_id,
        amount,
        package_id=package_id,
        payment_method=received.method,
    )
    settled = Line(Account.RECEIVABLE, home_id, -amount, package_id=package_id)
    if home_id == received_at_id:
        return entry(Event.PAYMENT, [cash, settled])
    owed = Line(Account.DUE_TO_BRANCH, received_at_id, -amount, home_id, package_id)
    owned = Line(Account.DUE_FROM_BRANCH, home_id, amount, received_at_id, package_id)
    return entry(Event.PAYMENT, [cash, owed, owned, settled])


@dataclass(frozen=True, slots=True)
class Performed:
    """Sessions of one package used: their value, the tax inside it, who owes them and who performed them."""

    package_id: str
    service_id: str | None
    home_id: str
    performing_id: str
    value_minor: int
    tax_minor: int = 0
    settlement_minor: int | None = None


def session(performed: Performed) -> Entry | None:
    """Dr DEFERRED_REVENUE at home, Cr REVENUE where it was performed; due between the branches when they differ.

    The settlement rate is the session's value unless given; the difference stays with the home branch as margin.
    """
    package, service = performed.package_id, performed.service_id
    home, performing = performed.home_id, performed.performing_id
    net = performed.value_minor - performed.tax_minor
    lines = [
        Line(Account.DEFERRED_REVENUE, home, performed.value_minor, None, package, service),
        Line(Account.TAX_PAYABLE, home, -performed.tax_minor, None, package, service),
    ]
    if home == performing:
        lines.append(Line(Account.REVENUE, home, -net, None, package, service))
        return entry(Event.SESSION, lines)
    rate = net if performed.settlement_minor is None else performed.settlement_minor
    lines += [
        Line(Account.DUE_TO_BRANCH, home, -rate, performing, package, service),
        Line(Account.REVENUE, home, rate - net, None, package, service),
        Line(Account.DUE_FROM_BRANCH, performing, rate, home, package, service),
        Line(Account.REVENUE, performing, -rate, None, package, service),
    ]
    return entry(Event.SESSION, lines)


def lapse(home_id: str, package_id: str, value_minor: int) -> Entry | None:
    """Dr DEFERRED_REVENUE, Cr BREAKAGE_REVENUE at the home branch."""
    return entry(
        Event.LAPSE,
        [
            Line(Account.DEFERRED_REVENUE, home_id, value_minor, package_id=package_id),
            Line(Account.BREAKAGE_REVENUE, home_id, -value_minor, package_id=package_id),
        ],
    )


def reinstatement(home_id: str, package_id: str, value_minor: int) -> Entry | None:
    """The mirror of a lapse, dated when the sessions come back."""
    return entry(
        Event.REINSTATEMENT,
        [
            Line(Account.DEFERRED_REVENUE, home_id, -value_minor, package_id=package_id),
            Line(Account.BREAKAGE_REVENUE, home_id, value_minor, package_id=package_id),
        ],
    )


@dataclass(frozen=True, slots=True)
class Charged:
    """Sessions that no package had, owed by a customer at list price; negative where it mirrors a charge."""

    customer_id: str
    branch_id: str
    service_id: str
    sessions: int
    net_minor: int
    tax_minor: int
    booking_id: str | None = None

    @property
    def amount_minor(self) -> int:
        """What is owed, with tax."""
        return self.net_minor + self.tax_minor

    @property
    def mirrored(self) -> "Charged":
        """What takes it back."""
        return replace(self, sessions=-self.sessions, net_minor=-self.net_minor, tax_minor=-self.tax_minor)


def charge(charged: Charged) -> Entry | None:
    """On the customer's account: Dr RECEIVABLE gross, Cr REVENUE net, Cr TAX_PAYABLE, where the visit was."""
    branch, service = charged.branch_id, charged.service_id
    return entry(
        Event.CHARGE,
        [
            Line(Account.RECEIVABLE, branch, charged.amount_minor, service_id=service),
            Line(Account.REVENUE, branch, -charged.net_minor, service_id=service),
            Line(Account.TAX_PAYABLE, branch, -charged.tax_minor, service_id=service),
        ],
    )


def renewal(home_id: str, package_id: str, new_home_id: str, new_package_id: str, value_minor: int) -> Entry | None:
    """Value that moves on to the package that renews another: Dr DEFERRED_REVENUE of the one, Cr that of the other.

    Where their home branches differ, the one that owed the sessions owes their value to the one that does now.
    """
    old = Line(Account.DEFERRED_REVENUE, home_id, value_minor, package_id=package_id)
    new = Line(Account.DEFERRED_REVENUE, new_home_id, -value_minor, package_id=new_package_id)
    if home_id == new_home_id:
        return entry(Event.RENEWAL, [old, new])
    owed = Line(Account.DUE_TO_BRANCH, home_id, -value_minor, new_home_id, package_id)
    owned = Line(Account.DUE_FROM_BRANCH, new_home_id, value_minor, home_id, new_package_id)
    return entry(Event.RENEWAL, [old, owed, owned, new])


def dispute(home_id: str, package_id: str, amount_minor: int) -> Entry | None:
    """What the provider keeps back while a payment is disputed: Dr DISPUTES, Cr PROVIDER_CLEARING."""
    return _kept_back(Account.DISPUTES, home_id, package_id, amount_minor)


def dispute_fee(home_id: str, package_id: str, fee_minor: int) -> Entry | None:
    """What the provider takes for a dispute, and keeps however it ends: Dr PROVIDER_FEES, Cr PROVIDER_CLEARING."""
    return _kept_back(Account.PROVIDER_FEES, home_id, package_id, fee_minor)


def _kept_back(account: Account, home_id: str, package_id: str, amount_minor: int) -> Entry | None:
    online = PaymentMethod.ONLINE_LINK
    return entry(
        Event.DISPUTE,
        [
            Line(account, home_id, amount_minor, package_id=package_id),
            Line(online.account, home_id, -amount_minor, package_id=package_id, payment_method=online),
        ],
    )


def opening(home_id: str, package_id: str, value_left_minor: int, unpaid_minor: int) -> Entry | None:
    """An imported package: Cr DEFERRED_REVENUE the value left, Dr RECEIVABLE what is unpaid, the rest is history."""
    return entry(
        Event.OPENING,
        [
            Line(Account.OPENING_BALANCE, home_id, value_left_minor, package_id=package_id),
            Line(Account.DEFERRED_REVENUE, home_id, -value_left_minor, package_id=package_id),
            Line(Account.RECEIVABLE, home_id, unpaid_minor, package_id=package_id),
            Line(Account.OPENING_BALANCE, home_id, -unpaid_minor, package_id=package_id),
        ],
    )


def mirror(event: Event, lines: Sequence[Line]) -> Entry | None:
    """The exact opposite of lines that were posted before."""
    return entry(event, [replace(line, amount_minor=-line.amount_minor) for line in lines])
