"""How connections and comparisons are laid out in a terminal of 80 columns or a pipe: no id or state is ever cut."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from textwrap import fill

from domain.accounting.connectors.protocol import Problem
from domain.accounting.sync.comparing import Difference
from domain.accounting.sync.rules import DocumentState
from domain.accounting.sync.view import Connection
from domain.kernel.money import to_decimal_string

_WIDTH = 79
_INDENT = "    "


def standing(
    connection: Connection,
    counts: Mapping[DocumentState, int],
    behind: int,
    problems: Mapping[Problem, int] | None = None,
) -> str:
    """How a connection stands, how many of its documents stand where, and why they are not booked."""
    lines = [f"{connection.name}: {connection.system}, {connection.state}, {behind} operations behind"]
    if connection.stopped_because:
        lines.append(_below(connection.stopped_because))
    if connection.unread_at is not None:
        lines.append(_below(f"not compared on {connection.unread_at:%Y-%m-%d %H:%M} UTC: {connection.unread_because}"))
    lines.append(_below(", ".join(f"{state.lower()} {counts.get(state, 0)}" for state in DocumentState)))
    if problems:
        lines.append(_below("not booked: " + ", ".join(f"{problem} {count}" for problem, count in problems.items())))
    return "\n".join(lines)


def differing(differences: Iterable[Difference]) -> str:
    """Each document with its day; below it every account that comes to something else there, and what to do."""
    return "\n".join(
        line
        for (day, kind, document_id, remote_id, found_day, hint), accounts in groupby(differences, _document)
        for line in (
            f"{day} {kind} {document_id or 'no document of Carnet'}",
            *([f"{_INDENT}there: {remote_id}"] if remote_id else []),
            *([f"{_INDENT}there on {found_day}"] if found_day not in (None, day) else []),
            *map(_account, accounts),
            _below(hint),
        )
    )


def _document(difference: Difference) -> tuple[date, str, str | None, str | None, date | None, str]:
    its = difference
    return its.day, its.kind, its.document_id, its.remote_id, its.found_day, its.hint


def _account(difference: Difference) -> str:
    sums = (difference.expected_minor, difference.found_minor)
    expected, found = (to_decimal_string(minor, difference.currency) for minor in sums)
    return f"{_INDENT}{difference.account}: expected {expected}, found {found} {difference.currency}".rstrip()


def _below(text: str) -> str:
    return fill(
        text,
        _WIDTH,
        initial_indent=_INDENT,
        subsequent_indent=_INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )
