"""Settlements as a table: a row for every two branches of each settlement whose last day is asked for."""

from collections.abc import Iterable

from domain.kernel.access import Actor
from domain.kernel.csv import Cell
from domain.kernel.money import Money
from domain.reports.tables.codes import branch_codes
from domain.reports.tables.table import Asked, Rows, of_books
from domain.settlements import reading
from domain.settlements.reading import LineView, RunView

_PAGE = 50


async def _rows(actor: Actor, asked: Asked) -> Rows:
    before: str | None = None
    while page := await reading.runs_page(actor, _PAGE, before):
        before = page[-1].id
        runs = {run.id: run for run in page if _is_within(run, asked)}
        found = await reading.lines_of(actor, list(runs)) if runs else {}
        lines = [line for run_id in runs for line in found[run_id] if _is_of(line, asked.branch_id)]
        codes = await branch_codes(actor, _branches(lines))
        yield [_row(runs[line.settlement_id], line, codes) for line in lines]


def _is_within(run: RunView, asked: Asked) -> bool:
    first, last = asked.first_day or run.until_day, asked.last_day or run.until_day
    return first <= run.until_day <= last


def _is_of(line: LineView, branch_id: str | None) -> bool:
    return branch_id in (None, line.pair.one_id, line.pair.other_id)


def _branches(lines: Iterable[LineView]) -> Iterable[str]:
    return (branch_id for line in lines for branch_id in (line.pair.one_id, line.pair.other_id))


def _row(run: RunView, line: LineView, codes: dict[str, str]) -> tuple[Cell, ...]:
    pair, currency = line.pair, line.currency
    return (
        run.id,
        run.state,
        run.from_day,
        run.until_day,
        codes[pair.one_id],
        codes[pair.other_id],
        Money(pair.one_owes_minor, currency),
        Money(pair.other_owes_minor, currency),
        Money(pair.net_minor, currency),
        codes[pair.debtor_id] if pair.debtor_id else None,
        codes[pair.creditor_id] if pair.creditor_id else None,
        currency,
        "true" if line.intercompany else "false",
        pair.entries,
        line.state,
        line.paid_on,
    )


SETTLEMENTS = of_books(
    "settlements",
    (
        "settlement_id",
        "state",
        "first_day",
        "last_day",
        "one",
        "other",
        "one_owes",
        "other_owes",
        "net",
        "debtor",
        "creditor",
        "currency",
        "intercompany",
        "row_count",
        "line_state",
        "paid_on",
    ),
    _rows,
    without="as_of",
)
