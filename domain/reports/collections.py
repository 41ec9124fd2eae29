"""Collections: the money that came in, by branch, method and day, as the register shows it.

What was taken back, a payment reversed or a sale void, and what was paid out of refunds, counts below zero on the day
it went back. Credit that was used or became of a refund is no money, payouts only move it from the provider to the
bank, and what a dispute keeps back is told by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.kernel.access import Actor
from domain.kernel.money import to_decimal_string
from domain.ledger.accounts import Account, Event, PaymentMethod
from domain.reports import collections_store as store
from domain.reports.collections_store import Took
from domain.reports.figures import Figure, Lines, Span

MONEY = (Account.CASH, Account.PROVIDER_CLEARING)
COMES_IN = (
    Event.SALE,
    Event.TOP_UP,
    Event.PAYMENT,
    Event.PAYMENT_REVERSAL,
    Event.VOID,
    Event.REFUND_PAID,
)
"""The events by which money comes in or goes back to customers; any other only moves what is there, or no money."""
MOVES_ONLY = (Event.PAYOUT, Event.SETTLEMENT, Event.DISPUTE, Event.DISPUTE_WON, Event.DISPUTE_LOST)
"""Events by which money only changes hands between provider, bank and branches, or is kept back meanwhile."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What came in at a branch by one method on one day."""

    day: date
    branch_id: str
    method: PaymentMethod
    figure: Figure
    refunded: Figure


@dataclass(frozen=True, slots=True)
class Totals:
    """What came in over the whole span, by method and in all, and what disputes keep back of it or gave back.

    Each with what was refunded, which is taken off already.
    """

    by_method: tuple[tuple[PaymentMethod, Figure, Figure], ...]
    collected: Figure
    refunded: Figure
    disputed: Figure


def money_in(span: Span, branch_id: str | None = None, method: PaymentMethod | None = None) -> Lines:
    """The lines by which money comes in."""
    return Lines(span, MONEY, COMES_IN, branch_ids=_only(branch_id), payment_method=method)


def _only(branch_id: str | None) -> tuple[str, ...]:
    return () if branch_id is None else (branch_id,)


async def page(
    actor: Actor, lines: Lines, currency: str, limit: int, after: tuple[date, str, str] | None = None
) -> list[Collected]:
    """Days with their branches and methods in this order, from the one after a place on."""
    found = await store.by_day(actor, lines, limit, after)
    return [_collected(lines, took, currency) for took in found]


def _collected(lines: Lines, took: Took, currency: str) -> Collected:
    assert took.day is not None and took.branch_id is not None
    span = replace(lines.span, first_day=took.day, last_day=took.day)
    own = replace(lines, span=span, branch_ids=(took.branch_id,), payment_method=took.method)
    collected = _figure("Collected", [took], own, currency)
    return Collected(took.day, took.branch_id, took.method, collected, _refunded([took], own))


async def totals(actor: Actor, lines: Lines, currency: str) -> Totals:
    """The same over the whole span."""
    found = await store.by_method(actor, lines)
    disputes = replace(
        lines, accounts=(Account.DISPUTES,), events=(Event.DISPUTE, Event.DISPUTE_WON), payment_method=None
    )
    return Totals(
        by_method=tuple(
            (took.method, _figure("Collected", [took], own, currency), _refunded([took], own))
            for took, own in ((took, replace(lines, payment_method=took.method)) for took in found)
        ),
        collected=_figure("Collected", found, lines, currency),
        refunded=_refunded(found, lines),
        disputed=_figure("Kept back in disputes", await store.in_all(actor, disputes), disputes, currency),
    )


def _refunded(found: Sequence[Took], lines: Lines) -> Figure:
    went = sum(took.refunded_minor for took in found)
    return Figure("Refunded", went, "Paid out of refunds", replace(lines, events=(Event.REFUND_PAID,)), -1)


def _figure(label: str, found: Sequence[Took], lines: Lines, currency: str) -> Figure:
    came, went = sum(took.debit_minor for took in found), sum(took.credit_minor for took in found)
    shown = [to_decimal_string(amount, currency) for amount in (came, went, came - went)]
    formula = f"{shown[0]} - {shown[1]} = {shown[2]}" if went else shown[2]
    return Figure(label, came - went, formula, lines)
