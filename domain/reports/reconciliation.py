"""The reconciliation of the two views: what came in as money, and what it became in the books.

collected - refunded = recognised + breakage + fees - concessions + change of deferred revenue, tax, customer credit
and refunds payable - change of receivables, and whatever other accounts moved. Nothing is left out, so that the
difference is zero; it is shown as the proof.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.kernel.access import Actor
from domain.ledger.accounts import Account, Event
from domain.reports.arithmetic import Kind, Term, as_parts, formula, summed
from domain.reports.figures import Figure, Span
from domain.reports.sums_store import Chosen, sums


class View(StrEnum):
    """The two ways in which the journal is read."""

    CASH = "CASH"
    ACCRUAL = "ACCRUAL"


class Reconciled(StrEnum):
    """The terms of the equation, in its order."""

    COLLECTED = "COLLECTED"
    REFUNDED = "REFUNDED"
    RECOGNISED = "RECOGNISED"
    BREAKAGE = "BREAKAGE"
    FEES = "FEES"
    CONCESSIONS = "CONCESSIONS"
    DEFERRED_REVENUE = "DEFERRED_REVENUE"
    TAX = "TAX"
    CUSTOMER_CREDIT = "CUSTOMER_CREDIT"
    REFUNDS_PAYABLE = "REFUNDS_PAYABLE"
    RECEIVABLE = "RECEIVABLE"
    PROVIDER_FEES = "PROVIDER_FEES"
    BAD_DEBT = "BAD_DEBT"
    DISPUTES = "DISPUTES"
    BETWEEN_BRANCHES = "BETWEEN_BRANCHES"
    OPENING_BALANCES = "OPENING_BALANCES"
    PROVIDERS = "PROVIDERS"
    SETTLED = "SETTLED"


_MONEY = (Account.CASH, Account.PROVIDER_CLEARING)
_BY_PROVIDERS = (Event.PAYOUT, Event.DISPUTE, Event.DISPUTE_WON, Event.DISPUTE_LOST)
_BY_CUSTOMERS = tuple(event for event in Event if event not in (*_BY_PROVIDERS, Event.SETTLEMENT, Event.REFUND_PAID))


def _more(label: str, words: str, *accounts: Account) -> tuple[int, Kind]:
    return 1, Kind(label, words, accounts)


def _less(label: str, words: str, *accounts: Account) -> tuple[int, Kind]:
    return -1, Kind(label, words, accounts, credits=False)


CASH: dict[Reconciled, tuple[int, Kind]] = {
    Reconciled.COLLECTED: (
        1,
        Kind("Collected", "Money that came in, less payments taken back", _MONEY, _BY_CUSTOMERS, credits=False),
    ),
    Reconciled.REFUNDED: (-1, Kind("Refunded", "Money that went back to customers", _MONEY, (Event.REFUND_PAID,))),
}
"""The terms of the cash view with their signs."""

ACCRUAL: dict[Reconciled, tuple[int, Kind]] = {
    Reconciled.RECOGNISED: _more("Recognised", "Revenue of sessions used", Account.REVENUE),
    Reconciled.BREAKAGE: _more("Breakage", "Revenue of sessions never used", Account.BREAKAGE_REVENUE),
    Reconciled.FEES: _more("Fees", "Fees kept", Account.FEE_INCOME),
    Reconciled.CONCESSIONS: _less("Concessions", "Given up as goodwill", Account.PRICE_CONCESSION),
    Reconciled.DEFERRED_REVENUE: _more("Change of deferred revenue", "More owed as sessions", Account.DEFERRED_REVENUE),
    Reconciled.TAX: _more("Change of tax payable", "More owed to the authorities", Account.TAX_PAYABLE),
    Reconciled.CUSTOMER_CREDIT: _more(
        "Change of customer credit", "More owed to customers as credit", Account.CUSTOMER_CREDIT
    ),
    Reconciled.REFUNDS_PAYABLE: _more(
        "Change of refunds payable", "More owed as refunds agreed", Account.REFUND_PAYABLE
    ),
    Reconciled.RECEIVABLE: _less("Change of receivables", "More owed by customers", Account.RECEIVABLE),
    Reconciled.PROVIDER_FEES: _less("Provider fees", "Kept by payment providers", Account.PROVIDER_FEES),
    Reconciled.BAD_DEBT: _less("Bad debt", "What will never be paid", Account.BAD_DEBT),
    Reconciled.DISPUTES: _less("Change of disputes", "More held back while disputed", Account.DISPUTES),
    Reconciled.BETWEEN_BRANCHES: _more(
        "Change of dues to other branches",
        "More owed to other branches, less what they owe",
        Account.DUE_TO_BRANCH,
        Account.DUE_FROM_BRANCH,
    ),
    Reconciled.OPENING_BALANCES: _more(
        "Opening balances", "The other side of what was moved in", Account.OPENING_BALANCE
    ),
    Reconciled.PROVIDERS: (
        -1,
        Kind(
            "Moved by providers",
            "Money that providers gave back after disputes, less what they kept back and took as fees",
            _MONEY,
            _BY_PROVIDERS,
            credits=False,
        ),
    ),
    Reconciled.SETTLED: (
        -1,
        Kind(
            "Settled between branches",
            "Money that other branches paid, less what was paid to them",
            _MONEY,
            (Event.SETTLEMENT,),
            credits=False,
        ),
    ),
}
"""The terms of the accrual view; between them the two have every account."""


@dataclass(frozen=True, slots=True)
class ReconciledTerm:
    """One term of the equation: in which view, with which sign."""

    kind: Reconciled
    view: View
    sign: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The equation over a span: its terms, both sides, and their difference, which is zero."""

    span: Span
    currency: str
    terms: tuple[ReconciledTerm, ...]
    cash: Figure
    accrual: Figure
    difference: Figure


async def reconciliation(actor: Actor, span: Span, branch_id: str | None = None) -> Reconciliation:
    """The equation over a span, of the branches whose books the actor may read."""
    found = await sums(actor, Chosen(span, branch_id=branch_id), "the reconciliation")
    branch_ids = (branch_id,) if branch_id is not None else ()
    terms = tuple(
        ReconciledTerm(name, view, sign, kind.figure(found.within, span, branch_ids))
        for view, kinds in ((View.CASH, CASH), (View.ACCRUAL, ACCRUAL))
        for name, (sign, kind) in kinds.items()
    )
    cash = _side("Cash view", terms, View.CASH, found.currency)
    accrual = _side("Accrual view", terms, View.ACCRUAL, found.currency)
    both = [Term(1, cash), Term(-1, accrual)]
    difference = Figure("Difference", summed(both), formula(both, found.currency), as_parts(both))
    return Reconciliation(span, found.currency, terms, cash, accrual, difference)


def _side(label: str, terms: tuple[ReconciledTerm, ...], view: View, currency: str) -> Figure:
    parts = [Term(term.sign, term.figure) for term in terms if term.view is view]
    return Figure(label, summed(parts), formula(parts, currency), as_parts(parts))
