"""The roll-forward of deferred revenue: what was owed as sessions, what came to it and went, what is owed now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.kernel.access import Actor
from domain.ledger.accounts import Account, Event
from domain.reports.arithmetic import Kind, Term, formula, summed
from domain.reports.figures import Figure, Lines, Parts, Side, Span
from domain.reports.sums_store import Chosen, Sum, sums

_DEFERRED = (Account.DEFERRED_REVENUE,)
_MOVED = (Event.RENEWAL, Event.TRANSFER, Event.BRANCH_TRANSFER, Event.UPGRADE)


def _more(label: str, words: str, *events: Event, side: Side | None = None) -> Kind:
    return Kind(label, words, _DEFERRED if events else (), events, side)


def _less(label: str, words: str, *events: Event, side: Side | None = None) -> Kind:
    return Kind(label, words, _DEFERRED if events else (), events, side, credits=False)


COMES = {
    "sold": _more("Sold", "Value of sessions sold", Event.SALE),
    "brought_in": _more("Brought in", "Value left in packages from another system", Event.OPENING),
    "topped_up": _more("Topped up", "Value of sessions added to packages", Event.TOP_UP),
    "moved_in": _more(
        "Moved in",
        "Value that came from another package or branch, and what an upgrade adds",
        *_MOVED,
        side=Side.CREDIT,
    ),
}
"""What makes deferred revenue more, in the order of the report."""

GOES = {
    "recognised": _less(
        "Recognised", "Value released by sessions used, less those given back", Event.SESSION, Event.REVERSAL
    ),
    "reestimated": _less("Re-estimated", "Value released by new estimates of breakage", Event.REESTIMATE),
    "lapsed": _less("Lapsed", "Value of sessions lapsed, less those reinstated", Event.LAPSE, Event.REINSTATEMENT),
    "refunded": _less("Refunded", "Value taken back for refunds and lost disputes", Event.REFUND, Event.DISPUTE_LOST),
    "voided": _less("Voided", "Value of sales that were void", Event.VOID),
    "moved_out": _less("Moved out", "Value that went to another package or branch", *_MOVED, side=Side.DEBIT),
}
"""What makes it less."""

NEVER = frozenset(
    {
        Event.PAYMENT,
        Event.PAYMENT_REVERSAL,
        Event.PAYOUT,
        Event.CHARGE,
        Event.REFUND_PAID,
        Event.DISPUTE,
        Event.DISPUTE_WON,
        Event.SETTLEMENT,
        Event.MERGE,
    }
)
"""Events that change no deferred revenue; together with the others they are all."""


@dataclass(frozen=True, slots=True)
class RollForward:
    """opening + what comes - what goes = closing, of one branch and definition or of several."""

    opening: Figure
    sold: Figure
    brought_in: Figure
    topped_up: Figure
    moved_in: Figure
    recognised: Figure
    reestimated: Figure
    lapsed: Figure
    refunded: Figure
    voided: Figure
    moved_out: Figure
    closing: Figure


@dataclass(frozen=True, slots=True)
class DeferredRow:
    """The roll-forward of one definition at one branch."""

    branch_id: str
    definition_id: str
    figures: RollForward


@dataclass(frozen=True, slots=True)
class DeferredRevenue:
    """The report: a row for every branch and definition that has any, and all together."""

    span: Span
    currency: str
    rows: tuple[DeferredRow, ...]
    totals: RollForward


async def deferred_revenue(
    actor: Actor, span: Span, branch_id: str | None = None, definition_id: str | None = None
) -> DeferredRevenue:
    """The roll-forward over a span, of the branches whose books the actor may read."""
    found = await sums(actor, Chosen(span, _DEFERRED, branch_id, definition_id), "deferred revenue")
    keys = sorted({(each.branch_id, each.definition_id) for each in (*found.before, *found.within)})
    rows = []
    for key in keys:
        before = [each for each in found.before if (each.branch_id, each.definition_id) == key]
        within = [each for each in found.within if (each.branch_id, each.definition_id) == key]
        if within or sum(each.net_minor for each in before):
            rows.append(DeferredRow(*key, _roll_forward(before, within, span, found.currency, (key[0],), key[1])))
    chosen = (branch_id,) if branch_id is not None else ()
    totals = _roll_forward(found.before, found.within, span, found.currency, chosen, definition_id)
    return DeferredRevenue(span, found.currency, tuple(rows), totals)


def _roll_forward(
    before: Iterable[Sum],
    within: Iterable[Sum],
    span: Span,
    currency: str,
    branch_ids: tuple[str, ...],
    definition_id: str | None,
) -> RollForward:
    within = list(within)
    opening = _opening(before, span, branch_ids, definition_id)
    comes = {name: kind.figure(within, span, branch_ids, definition_id) for name, kind in COMES.items()}
    goes = {name: kind.figure(within, span, branch_ids, definition_id) for name, kind in GOES.items()}
    terms = [Term(1, opening), *(Term(1, each) for each in comes.values()), *(Term(-1, each) for each in goes.values())]
    value = opening.value - sum(each.net_minor for each in within)
    assert value == summed(terms), f"deferred revenue was changed by an event that the report does not know: {value}"
    until = Span(None, span.last_day, span.as_of)
    lines = Lines(until, _DEFERRED, branch_ids=branch_ids, definition_id=definition_id)
    closing = Figure("Closing", value, formula(terms, currency), lines, -1)
    return RollForward(opening=opening, closing=closing, **comes, **goes)


def _opening(before: Iterable[Sum], span: Span, branch_ids: tuple[str, ...], definition_id: str | None) -> Figure:
    words = "Value of the sessions left before the first day"
    if span.first_day is None or span.first_day == date.min:
        return Figure("Opening", 0, words, Parts(()))
    until = Span(None, span.first_day - timedelta(days=1), span.as_of)
    lines = Lines(until, _DEFERRED, branch_ids=branch_ids, definition_id=definition_id)
    return Figure("Opening", -sum(each.net_minor for each in before), words, lines, -1)
