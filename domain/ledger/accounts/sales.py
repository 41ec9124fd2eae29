"""Entries of sales and of the money that comes in for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.ledger.accounts.lines import Account, Entry, Event, Line, PaymentMethod, due, entry, mirror


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


def void(branch_id: str, package_id: str, net_minor: int, tax_minor: int) -> Entry | None:
    """The mirror of a sale that was a mistake; what was paid with it is mirrored payment by payment."""
    told = sale(branch_id, package_id, net_minor, tax_minor)
    return mirror(Event.VOID, told.lines) if told else None


@dataclass(frozen=True, slots=True)
class Received:
    """Money that came in by one method, or credit that was used; `kept_minor` of it exceeds what was owed.

    Of the customer named are the credit that is used and the credit that is kept; credit stands at the branch named.
    """

    method: PaymentMethod
    amount_minor: int
    kept_minor: int = 0
    customer_id: str | None = None
    branch_id: str | None = None

    @property
    def settled_minor(self) -> int:
        """How much less is owed after it."""
        return self.amount_minor - self.kept_minor


@dataclass(frozen=True, slots=True)
class Settled:
    """What a payment settles: of a package at its home branch, or of a customer's charges at a branch."""

    branch_id: str
    amount_minor: int
    package_id: str | None = None
    customer_id: str | None = None


def payment(received_at_id: str, received: Received, settled: Sequence[Settled]) -> Entry | None:
    """Dr CASH, PROVIDER_CLEARING or CUSTOMER_CREDIT where it came in, Cr RECEIVABLE where it was owed.

    Due between the branches where they differ; Cr CUSTOMER_CREDIT what is kept.
    """
    assert received.settled_minor == sum(each.amount_minor for each in settled), (
        "a payment settles all that is not kept"
    )
    method, customer = received.method, received.customer_id
    credited = customer if method is PaymentMethod.CUSTOMER_CREDIT else None
    package = next((each.package_id for each in settled if each.package_id), None)
    lines = [
        Line(method.account, received_at_id, received.amount_minor, None, package, None, method, credited),
        Line(Account.CUSTOMER_CREDIT, received_at_id, -received.kept_minor, customer_id=customer),
    ]
    for each in settled:
        lines += due(received_at_id, each.branch_id, each.amount_minor, each.package_id)
        lines.append(
            Line(
                Account.RECEIVABLE,
                each.branch_id,
                -each.amount_minor,
                package_id=each.package_id,
                customer_id=each.customer_id,
            )
        )
    return entry(Event.PAYMENT, lines)


def payment_reversal(received_at_id: str, received: Received, settled: Sequence[Settled]) -> Entry | None:
    """The mirror of a payment, whatever it was entered together with."""
    told = payment(received_at_id, received, settled)
    return mirror(Event.PAYMENT_REVERSAL, told.lines) if told else None


def payout(branch_id: str, gross_minor: int, fee_minor: int) -> Entry | None:
    """What the provider pays out of what it collected: Dr CASH, Dr PROVIDER_FEES, Cr PROVIDER_CLEARING gross."""
    bank, online = PaymentMethod.BANK_TRANSFER, PaymentMethod.ONLINE_LINK
    return entry(
        Event.PAYOUT,
        [
            Line(Account.CASH, branch_id, gross_minor - fee_minor, payment_method=bank),
            Line(Account.PROVIDER_FEES, branch_id, fee_minor),
            Line(Account.PROVIDER_CLEARING, branch_id, -gross_minor, payment_method=online),
        ],
    )


class Purpose(StrEnum):
    """What is charged to an account."""

    SESSIONS = "SESSIONS"
    TRANSFER_FEE = "TRANSFER_FEE"


@dataclass(frozen=True, slots=True)
class Charged:
    """Sessions that no package had, owed by a customer at list price, or the fee for handing sessions on.

    Negative where it mirrors a charge.
    `credited_minor` of what is mirrored had been paid, and becomes the customer's credit.
    """

    customer_id: str
    branch_id: str
    service_id: str | None
    sessions: int
    net_minor: int
    tax_minor: int
    booking_id: str | None = None
    credited_minor: int = 0
    purpose: Purpose = Purpose.SESSIONS

    @property
    def amount_minor(self) -> int:
        """What is owed, with tax."""
        return self.net_minor + self.tax_minor

    def mirrored(self, credited_minor: int = 0) -> "Charged":
        """What takes it back, where so much of it had been paid."""
        return Charged(
            self.customer_id,
            self.branch_id,
            self.service_id,
            -self.sessions,
            -self.net_minor,
            -self.tax_minor,
            self.booking_id,
            credited_minor,
            self.purpose,
        )


def charge(charged: Charged) -> Entry | None:
    """On the customer's account: Dr RECEIVABLE gross, Cr REVENUE net, Cr TAX_PAYABLE, where the visit was.

    A fee is Cr FEE_INCOME instead, where the sessions were handed on.
    """
    earned = Account.REVENUE if charged.purpose is Purpose.SESSIONS else Account.FEE_INCOME
    branch, service, customer = charged.branch_id, charged.service_id, charged.customer_id
    return entry(
        Event.CHARGE,
        [
            Line(Account.RECEIVABLE, branch, charged.amount_minor, service_id=service, customer_id=customer),
            Line(earned, branch, -charged.net_minor, service_id=service),
            Line(Account.TAX_PAYABLE, branch, -charged.tax_minor, service_id=service),
        ],
    )


def credited(charged: Charged) -> Entry | None:
    """What had been paid of a charge that is taken back: Dr RECEIVABLE, Cr CUSTOMER_CREDIT, where the visit was."""
    branch, customer, amount = charged.branch_id, charged.customer_id, charged.credited_minor
    return entry(
        Event.REVERSAL,
        [
            Line(Account.RECEIVABLE, branch, amount, customer_id=customer),
            Line(Account.CUSTOMER_CREDIT, branch, -amount, customer_id=customer),
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
