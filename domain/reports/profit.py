"""Package profit: what packages brought in by use and by lapsing, less what their sessions cost and what was given up.

recognised revenue + breakage + fees kept of refunds - delivery cost - provider fees - concessions - bad debt, of the
days in the span. Revenue of single sessions, which no package had, is not among it. Sessions count on the day of the
visit and revenue on that of its entry, so the two part only where a visit of closed books was recorded late.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.kernel.access import Actor
from domain.kernel.calendar import add_months
from domain.ledger.accounts import Account
from domain.reports import profit_store as store
from domain.reports.arithmetic import Term, as_parts, formula, summed
from domain.reports.costs import costed
from domain.reports.figures import Deliveries, Figure, Lines, Span
from domain.reports.profit_store import Asked, GroupBy, Sums


@dataclass(frozen=True, slots=True)
class Profit:
    """The figures of one package, definition, branch or month; or of all, without a key."""

    key: str
    revenue: Figure
    breakage: Figure
    fees: Figure
    delivery_cost: Figure
    provider_fees: Figure
    concessions: Figure
    bad_debt: Figure
    profit: Figure
    sessions_without_cost: Figure


@dataclass(frozen=True, slots=True)
class ProfitPage:
    """So many rows in the order of their keys, and the currency of all amounts."""

    currency: str
    rows: tuple[Profit, ...]


async def page(actor: Actor, asked: Asked, limit: int, after: str | None = None) -> ProfitPage:
    """The rows from the one after a key on: those with any revenue, cost or session within the span."""
    reading = await store.reading(actor, asked)
    keys = await store.keys(actor, reading, limit, after)
    sums = await store.sums(actor, reading, keys.keys) if keys.keys else {}
    return ProfitPage(keys.currency, tuple(_profit(asked, key, sums[key], keys.currency) for key in keys.keys))


async def totals(actor: Actor, asked: Asked, currency: str) -> Profit:
    """All rows together."""
    sums = await store.sums(actor, await store.reading(actor, asked), None)
    return _profit(asked, "", sums.get("", Sums()), currency)


def _profit(asked: Asked, key: str, sums: Sums, currency: str) -> Profit:
    lines, cost = _of(asked, key)

    def money(label: str, words: str, account: Account, sign: int) -> Figure:
        # What providers take for payouts is no package's, but the branch's and the month's.
        of_packages = account is not Account.PROVIDER_FEES or asked.group_by.of_single_packages
        source = replace(lines, accounts=(account,), of_packages=of_packages)
        return Figure(label, sign * sums.amounts.get(account, 0), words, source, sign)

    revenue = money("Revenue", "Sessions used, less those given back", Account.REVENUE, -1)
    breakage = money("Breakage", "Sessions lapsed or expected to, less those reinstated", Account.BREAKAGE_REVENUE, -1)
    kept = money("Fees", "What was kept of refunds", Account.FEE_INCOME, -1)
    delivery = Figure("Delivery cost", *costed(sums.sessions, currency), cost)
    fees = money("Provider fees", "What payment providers took", Account.PROVIDER_FEES, 1)
    concessions = money("Concessions", "What was given up in refunds", Account.PRICE_CONCESSION, 1)
    bad_debt = money("Bad debt", "What will never be paid", Account.BAD_DEBT, 1)
    terms = [
        *(Term(1, each) for each in (revenue, breakage, kept)),
        *(Term(-1, each) for each in (delivery, fees, concessions, bad_debt)),
    ]
    unknown = sums.sessions.get(None, 0)
    return Profit(
        key=key,
        revenue=revenue,
        breakage=breakage,
        fees=kept,
        delivery_cost=delivery,
        provider_fees=fees,
        concessions=concessions,
        bad_debt=bad_debt,
        profit=Figure("Profit", summed(terms), formula(terms, currency), as_parts(terms)),
        sessions_without_cost=Figure(
            "Sessions without cost", unknown, "Sessions whose delivery cost is not known", replace(cost, known=False)
        ),
    )


def _of(asked: Asked, key: str) -> tuple[Lines, Deliveries]:
    """The sources of one row."""
    branch_ids = () if asked.branch_id is None else (asked.branch_id,)
    lines, cost = Lines(asked.span, branch_ids=branch_ids), Deliveries(asked.span, branch_ids=branch_ids)
    if not key:
        return lines, cost
    match asked.group_by:
        case GroupBy.PACKAGE:
            return replace(lines, package_id=key), replace(cost, package_id=key)
        case GroupBy.DEFINITION:
            return replace(lines, definition_id=key), replace(cost, definition_id=key)
        case GroupBy.BRANCH:
            return replace(lines, branch_ids=(key,)), replace(cost, branch_ids=(key,))
        case GroupBy.MONTH:
            span = _within(asked.span, key)
            return replace(lines, span=span), replace(cost, span=span)


def _within(span: Span, month: str) -> Span:
    """The days of the span that lie in the month."""
    first = date.fromisoformat(f"{month}-01")
    last = add_months(first, 1) - timedelta(days=1)
    return replace(span, first_day=max(first, span.first_day or first), last_day=min(last, span.last_day))
