"""Collections: the money that came in, by branch, method and day, as the register shows it.

What was taken back, a payment reversed or a sale void, counts below zero on the day it was taken back. Credit that was
used is no money, payouts only move it from the provider to the bank, and what a dispute keeps back is told by itself.
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
COMES_IN = (Event.SALE, Event.PAYMENT, Event.PAYMENT_REVERSAL, Event.VOID)
"""The events by which money comes in or is taken back; any other only moves what is there."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What came in at a branch by one method on one day."""

    day: date
    branch_id: str
    method: PaymentMethod
    figure: Figure


@dataclass(frozen=True, slots=True)
class Totals:
    """What came in over the whole span, by method and in all, and what disputes keep back of it or gave back."""

    by_method: tuple[tuple[PaymentMethod, Figure], ...]
    collected: Figure
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
    return Collected(took.day, took.branch_id, took.method, _figure("Collected", [took], own, currency))


async def totals(actor: Actor, lines: Lines, currency: str) -> Totals:
    """The same over the whole span."""
    found = await store.by_method(actor, lines)
    disputes = replace(
        lines, accounts=(Account.DISPUTES,), events=(Event.DISPUTE, Event.DISPUTE_WON), payment_method=None
    )
    return Totals(
        by_method=tuple(
            (took.method, _figure("Collected", [took], replace(lines, payment_method=took.method), currency))
            for took in found
        ),
        collected=_figure("Collected", found, lines, currency),
        disputed=_figure("Kept back in disputes", await store.in_all(actor, disputes), disputes, currency),
    )


def _figure(label: str, found: Sequence[Took], lines: Lines, currency: str) -> Figure:
    came, went = sum(took.debit_minor for took in found), sum(took.credit_minor for took in found)
    shown = [to_decimal_string(amount, currency) for amount in (came, went, came - went)]
    formula = f"{shown[0]} - {shown[1]} = {shown[2]}" if went else shown[2]
    return Figure(label, came - went, formula, lines)
