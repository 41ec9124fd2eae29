"""The money journal as a table: a row for each debit and credit, with what it is about."""

from typing import Any

from domain.kernel.access import Actor
from domain.kernel.csv import Cell
from domain.kernel.money import Money
from domain.reports.tables.journal_store import WHAT, lines
from domain.reports.tables.table import Asked, Rows, of_books

_BEFORE = ("entry_id", "operation_id", "event", "posted_on", "effective_at", "recorded_at", "account", "branch")
_AFTER = ("currency", "counterparty", "package_id", "service", "payment_method", "customer_id", "tax_code", "tax_rate")


async def _rows(actor: Actor, asked: Asked) -> Rows:
    async for chunk in lines(actor, asked):
        yield [_row(line) for line in chunk]


def _row(line: dict[str, Any]) -> tuple[Cell, ...]:
    sides = (Money(line[side], line["currency"]) for side in ("debit_minor", "credit_minor"))
    intercompany = "true" if line["intercompany"] else "false"
    return (*(line[name] for name in _BEFORE), *sides, *(line[name] for name in _AFTER), intercompany)


JOURNAL = of_books(WHAT, (*_BEFORE, "debit", "credit", *_AFTER, "intercompany"), _rows)
