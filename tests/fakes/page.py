"""The page of the fakes: what each account comes to in each system, side by side, and the newest events."""

from collections.abc import Iterable, Mapping
from html import escape

from tests.fakes.books import Books

_STYLE = (
    "body{font:15px system-ui;margin:2rem}td,th{padding:.2rem 1rem;text-align:right}th:first-child{text-align:left}"
)


def page(
    chart: Mapping[str, Mapping[str, str]], books: Mapping[str, Books], heard: Iterable[Mapping[str, object]]
) -> str:
    """It looks again every two seconds."""
    balances = {name: its.balances() for name, its in books.items()}
    roles = next(iter(chart.values()))
    rows = [_row("journals", *(str(len(its.standing())) for its in books.values()))]
    rows += [_row(role, *(_money(balances[name].get(chart[name][role], 0)) for name in books)) for role in roles]
    events = "".join(f"<li>{escape(str(event['timestamp']))} {escape(str(event['type']))}</li>" for event in heard)
    return (
        f"<!doctype html><meta charset=utf-8><meta http-equiv=refresh content=2><title>Books</title>"
        f"<style>{_STYLE}</style><h1>Books</h1><table>{_row('', *books)}{''.join(rows)}</table>"
        f"<h2>Events</h2><ul>{events}</ul>"
    )


def _row(head: str, *cells: str) -> str:
    return f"<tr><th>{escape(head)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _money(minor: int) -> str:
    sign, cents = "-" if minor < 0 else "", abs(minor)
    return f"{sign}{cents // 100:,}.{cents % 100:02}" if minor else ""
