"""The statement behind the reports of money: what accounts were debited and credited before a span and within it.

Totals of whole months, lines of the days besides, and lines that are in no total yet, all as of one moment. Nothing
that it reads line by line is older than the span, however long the history is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.db import Where, rows
from domain.ledger.accounts import Account, Event
from domain.ledger.journal import accounts_branches
from domain.reports.cuts import Cut, cut, month_of
from domain.reports.figures import Span

_SOON = 2_000
"""So many sealed operations that are in no total yet are expected at most; when there are more, it is asked again.

The bound tells the planner that they are few: of a comparison with what a subquery finds it expects a third of all.
"""


@dataclass(frozen=True, slots=True)
class Sum:
    """What an account of a branch was debited and credited before or within the span, by definition and event.

    Without a definition it is about no package. What was before has no event.
    """

    account: Account
    branch_id: str
    definition_id: str
    event: Event | None
    debit_minor: int
    credit_minor: int

    @property
    def net_minor(self) -> int:
        """Debits less credits."""
        return self.debit_minor - self.credit_minor


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums before a span and within it, in the currency of the chain."""

    currency: str
    before: tuple[Sum, ...]
    within: tuple[Sum, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which sums; every part that is given must hold, and no accounts mean all."""

    span: Span
    accounts: tuple[Account, ...] = ()
    branch_id: str | None = None
    definition_id: str | None = None

    @property
    def first_day(self) -> date:
        """Without a first day everything is before the last day's end; days end where the calendar does."""
        return self.span.first_day or date.max


async def sums(actor: Actor, chosen: Chosen, what: str) -> Sums:
    """The sums of the branches whose books the actor may read, in one statement; without a first day all are before."""
    expected = _SOON
    while True:
        sql, args = _statement(actor, chosen, accounts_branches(actor, what), expected)
        found = await rows(sql, *args)
        if (lag := found[0]["lag"] or 0) <= expected:
            return _sums(found)
        expected = 2 * lag


def _sums(found: Sequence[dict[str, Any]]) -> Sums:
    moved = [row for row in found if row["account"]]
    return Sums(
        found[0]["currency"],
        tuple(_sum(row) for row in moved if row["early"]),
        tuple(_sum(row) for row in moved if not row["early"]),
    )


def _sum(row: dict[str, Any]) -> Sum:
    event = Event(row["event"]) if row["event"] else None
    debit, credit = int(row["debit_minor"]), int(row["credit_minor"])
    return Sum(Account(row["account"]), row["branch_id"], row["definition_id"], event, debit, credit)


def _statement(actor: Actor, chosen: Chosen, branches: list[str] | None, expected: int) -> tuple[str, list[Any]]:
    where = Where()
    chain = where.value(actor.chain_id)
    legs = _legs(where, chain, chosen, branches, expected)
    return (
        f"""WITH found AS ({" UNION ALL ".join(legs)}), summed AS (
        SELECT early, account, branch_id, definition_id, event, SUM(debit_minor) AS debit_minor,
            SUM(credit_minor) AS credit_minor FROM found GROUP BY early, account, branch_id, definition_id, event)
        SELECT c.currency, s.*,
            (SELECT MAX(position) FROM sealed_operation WHERE chain_id = {chain}) - {_upto(chain)} AS lag
        FROM chain c LEFT JOIN summed s ON s.debit_minor <> 0 OR s.credit_minor <> 0
        WHERE c.id = {chain} ORDER BY s.branch_id, s.account, s.definition_id, s.event""",
        where.args,
    )


def _upto(chain: str) -> str:
    return f"COALESCE((SELECT t.position FROM journal_totalled t WHERE t.chain_id = {chain}), 0)"


def _legs(where: Where, chain: str, chosen: Chosen, branches: list[str] | None, expected: int) -> list[str]:
    first, span = chosen.first_day, chosen.span
    parts = cut(min(first, span.last_day), span.last_day)
    early = f"e.posted_on < {where.value(first)}"
    totals = _conditions(where, "t", "t.definition_id", chosen, branches)
    lines = _conditions(where, "l", "COALESCE(p.definition_id, '')", chosen, branches)
    legs = [
        _total("1", f"t.chain_id = {chain} AND t.period < {parts.year} {totals}"),
        _total(_early_months(chosen), f"t.chain_id = {chain} AND {_months(parts)} {totals}"),
        *(_line(early, "", f"e.chain_id = {chain} AND {_days(where, days)} {lines}") for days in parts.days),
        _line(early, _fresh(chain, expected), f"{_whole(where, parts, span.last_day)} {lines}"),
    ]
    if span.as_of is not None:
        later = f"o.chain_id = {chain} AND o.recorded_at > {where.value(span.as_of)}"
        until = f"e.posted_on <= {where.value(span.last_day)}"
        legs.append(_line(early, "operation o", f"{later} AND {until} {lines}", "-1 * "))
    return legs


def _conditions(where: Where, row: str, definition: str, chosen: Chosen, branches: list[str] | None) -> str:
    conditions = []
    if chosen.accounts:
        conditions.append(f"{row}.account = ANY({where.value([account.value for account in chosen.accounts])})")
    if branches is not None:
        conditions.append(f"{row}.branch_id = ANY({where.value(branches)})")
    if chosen.branch_id is not None:
        conditions.append(f"{row}.branch_id = {where.value(chosen.branch_id)}")
    if chosen.definition_id is not None:
        conditions.append(f"{definition} = {where.value(chosen.definition_id)}")
    return "".join(f" AND {condition}" for condition in conditions)


def _total(early: str, conditions: str) -> str:
    return f"""SELECT {early} AS early, t.account, t.branch_id, t.definition_id,
        CASE WHEN {early} = 1 THEN '' ELSE t.event END AS event, t.debit_minor, t.credit_minor
        FROM journal_total t WHERE {conditions}"""


def _early_months(chosen: Chosen) -> str:
    """A month that is cut in two is not read from its total."""
    return f"CASE WHEN t.period < {month_of(chosen.first_day)} THEN 1 ELSE 0 END"


def _months(parts: Cut) -> str:
    but = "".join(f" AND t.period <> {month}" for month in parts.parted)
    return f"t.period >= {parts.january} AND t.period < {parts.until}{but}"


def _days(where: Where, days: tuple[date, date]) -> str:
    return f"e.posted_on >= {where.value(days[0])} AND e.posted_on <= {where.value(days[1])}"


def _whole(where: Where, parts: Cut, last_day: date) -> str:
    but = "".join(f" AND NOT ({_days(where, days)})" for days in parts.days)
    return f"e.posted_on <= {where.value(last_day)}{but}"


def _line(early: str, operations: str, conditions: str, sign: str = "") -> str:
    joined = f"{operations} JOIN journal_entry e ON e.operation_id = o.id" if operations else "journal_entry e"
    return f"""SELECT CASE WHEN {early} THEN 1 ELSE 0 END, l.account, l.branch_id, COALESCE(p.definition_id, ''),
        CASE WHEN {early} THEN '' ELSE e.event END, {sign}l.debit_minor, {sign}l.credit_minor
        FROM {joined} JOIN journal_line l ON l.entry_id = e.id LEFT JOIN package p ON p.id = l.package_id
        WHERE {conditions}"""


def _fresh(chain: str, expected: int) -> str:
    """The operations that are in no total yet: not sealed, or sealed behind the position of the totals."""
    return f"""(SELECT o.id FROM unsealed_operation u JOIN operation o ON o.seq = u.seq WHERE u.chain_id = {chain}
        UNION ALL SELECT id FROM (SELECT operation_id AS id FROM sealed_operation WHERE chain_id = {chain}
            AND position > {_upto(chain)} ORDER BY position LIMIT {expected}) AS sealed) AS o"""
