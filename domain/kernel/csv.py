"""Rows as CSV that spreadsheets open as they were meant: figures stay figures, and no text becomes a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

from domain.kernel.money import Money, to_decimal_string

Cell = str | int | Decimal | Money | date | datetime | None

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_rows(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as RFC 4180 has them: money with its currency's digits, None as nothing.

    Days are written as 2026-03-31, instants as 2026-03-31T16:30:00Z.
    """
    text = StringIO()
    csv.writer(text).writerows([_written(cell) for cell in row] for row in rows)
    return text.getvalue()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return to_decimal_string(cell.amount_minor, cell.currency)
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(cell, date):
        return cell.isoformat()
    return _harmless(cell) if isinstance(cell, str) else str(cell)


def _harmless(text: str) -> str:
    """Behind an apostrophe, spreadsheets take for text what they would otherwise carry out."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
