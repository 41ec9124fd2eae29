"""The statements of collections: sums of money lines by day, branch and method."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.db import Where, rows
from domain.ledger.accounts import PaymentMethod
from domain.reports.figures import Lines
from domain.reports.rows_store import add_lines, joined

_SUMS = """SUM(l.debit_minor) AS debit_minor, SUM(l.credit_minor) AS credit_minor,
    SUM(CASE e.event WHEN 'REFUND_PAID' THEN l.credit_minor - l.debit_minor ELSE 0 END) AS refunded_minor"""


@dataclass(frozen=True, slots=True)
class Took:
    """What money accounts were debited and credited, and of that for refunds; of one day and branch, or of all."""

    method: PaymentMethod
    debit_minor: int
    credit_minor: int
    refunded_minor: int
    day: date | None = None
    branch_id: str | None = None


async def by_day(actor: Actor, lines: Lines, limit: int, after: tuple[date, str, str] | None) -> list[Took]:
    """The sums in the order of day, branch and method, from those after a place on."""
    where = Where()
    add_lines(where, actor, lines)
    if after is not None:
        day, branch_id, method = after
        where.add(
            "(e.posted_on, l.branch_id, l.payment_method) > ({day}, {branch}, {method})",
            day=day,
            branch=branch_id,
            method=method,
        )
    found = await rows(
        f"""SELECT e.posted_on, l.branch_id, l.payment_method, {_SUMS} {_from(lines)} WHERE {where}
        GROUP BY e.posted_on, l.branch_id, l.payment_method
        ORDER BY e.posted_on, l.branch_id, l.payment_method LIMIT {where.value(limit)}""",
        *where.args,
    )
    return [_took(row) for row in found]


async def by_method(actor: Actor, lines: Lines) -> list[Took]:
    """The sums of the whole span by method."""
    where = Where()
    add_lines(where, actor, lines)
    found = await rows(
        f"""SELECT l.payment_method, {_SUMS} {_from(lines)} WHERE {where}
        GROUP BY l.payment_method ORDER BY l.payment_method""",
        *where.args,
    )
    return [_took(row) for row in found]


async def in_all(actor: Actor, lines: Lines) -> list[Took]:
    """The sums of the whole span, as though there were one method only."""
    where = Where()
    add_lines(where, actor, lines)
    found = await rows(f"SELECT {_SUMS} {_from(lines)} WHERE {where} HAVING COUNT(*) > 0", *where.args)
    return [_took(row | {"payment_method": PaymentMethod.ONLINE_LINK.value}) for row in found]


def _from(lines: Lines) -> str:
    return f"FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id {joined(lines)}"


def _took(row: dict[str, Any]) -> Took:
    return Took(
        PaymentMethod(row["payment_method"]),
        int(row["debit_minor"]),
        int(row["credit_minor"]),
        int(row["refunded_minor"]),
        row.get("posted_on"),
        row.get("branch_id"),
    )
