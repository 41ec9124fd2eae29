"""Receiving: what a payment consists of, whether money comes in or credit is used, and which entries it posts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.branches.rules import refuse_closed_books
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.money import Money
from domain.ledger import accounts
from domain.ledger.accounts import Entry, PaymentMethod, Received, Settled
from domain.ledger.credit import credit_of, spent
from domain.packages.errors import NotEnoughCredit, PaymentExceedsOutstanding
from domain.packages.sold import Place
from domain.payments.errors import BadPaymentTime
from domain.payments.owed import divided


class Incoming(Protocol):
    """Money that somebody says came in at a branch, or credit that is to be used."""

    @property
    def branch_id(self) -> str:
        """Where it came in."""
        ...

    @property
    def method(self) -> PaymentMethod:
        """How it came in."""
        ...

    @property
    def amount_minor(self) -> int:
        """How much."""
        ...

    @property
    def currency(self) -> str:
        """Of which currency."""
        ...

    @property
    def keep_excess(self) -> bool:
        """Whether what exceeds what is owed is kept as credit."""
        ...

    @property
    def received_at(self) -> datetime | None:
        """When it came in; now unless given."""
        ...


def refuse_bad_input(incoming: Incoming) -> None:
    """Refuse amounts that are none, and credit that is used in the past or kept as what it is."""
    checks, credit = Checks(), incoming.method is PaymentMethod.CUSTOMER_CREDIT
    checks.amount(incoming.amount_minor, "amount")
    checks.that(not (credit and incoming.keep_excess), "Credit that is not needed is kept anyway.", "keepExcess")
    checks.that(not (credit and incoming.received_at), "Credit is used now; leave receivedAt out.", "receivedAt")
    checks.passed()


def refuse_time(incoming: Incoming, place: Place, time_zone: str, earliest: datetime, now: datetime) -> None:
    """Refuse an instant of the future, one before there was anything to pay for, and one in closed books."""
    at = incoming.received_at
    if at is None:
        return
    if not earliest <= at <= now:
        raise BadPaymentTime(at, earliest, now)
    refuse_closed_books(local_date(at, time_zone), place.books_open_from, "receivedAt")


def excess(incoming: Incoming, outstanding: Money) -> int:
    """What exceeds what is owed; refuses that unless it is to be kept."""
    over = max(0, incoming.amount_minor - outstanding.amount_minor)
    if over and not incoming.keep_excess:
        keepable = incoming.method is not PaymentMethod.CUSTOMER_CREDIT
        raise PaymentExceedsOutstanding(outstanding, Money(incoming.amount_minor, incoming.currency), keepable=keepable)
    return over


async def received(incoming: Incoming, customer_id: str, kept_minor: int, first_branch_id: str) -> tuple[Received, ...]:
    """What came in, or the customer's credit where it stands, at the branch named first; lock the customer before."""
    if incoming.method is not PaymentMethod.CUSTOMER_CREDIT:
        return (Received(incoming.method, incoming.amount_minor, kept_minor, customer_id, incoming.branch_id),)
    credit = await credit_of(customer_id)
    available = Money(sum(credit.values()), incoming.currency)
    asked = Money(incoming.amount_minor, incoming.currency)
    if asked.amount_minor > available.amount_minor:
        raise NotEnoughCredit(customer_id, available, asked, "amount")
    parts = spent(credit, asked.amount_minor, first_branch_id)
    return tuple(Received(incoming.method, part, 0, customer_id, owing_id) for owing_id, part in parts)


def entries(parts: Sequence[Received], settled: Sequence[Settled]) -> tuple[Entry | None, ...]:
    """An entry for each part of a payment; one after the other they settle what is owed, in its order."""
    found, left = [], list(settled)
    for part in parts:
        assert part.branch_id is not None
        own, left = divided(left, part.settled_minor)
        found.append(accounts.payment(part.branch_id, part, own))
    return tuple(found)
