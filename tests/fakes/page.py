"""The pages of the fakes: what each account comes to in each system, the newest events, and how each behaves."""

from collections.abc import Iterable, Mapping
from html import escape

from tests.fakes.behaviour import Mishap
from tests.fakes.books import Books
from tests.fakes.telling import Access

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
        f"<p>Xero and Odoo are told of a day once it is over, so what is of today is not there yet; the other two of "
        f"every entry.</p><p><a href=/behaviour>Make them misbehave</a></p><h2>Events</h2><ul>{events}</ul>"
    )


def behaviour_page(how: Mapping[str, Mapping[str, object]]) -> str:
    """A form for each system; what is left empty stays as it is."""
    forms = "".join(_form(name, its) for name, its in how.items())
    return (
        f"<!doctype html><meta charset=utf-8><title>Behaviour</title><style>{_STYLE}form{{margin:1rem 0}}</style>"
        f"<h1>Behaviour</h1><p><a href=/>The books</a></p>{forms}"
    )


def _form(name: str, its: Mapping[str, object]) -> str:
    now = "".join(f"<li>{escape(word)}: {escape(str(value))}" for word, value in its.items())
    return (
        f"<h2>{escape(name)}</h2><ul>{now}</ul><form method=post action=/{escape(name)}/behaviour>"
        f"The next {_input('times', 'number', '1')} calls that write end in {_choice('next', Mishap)}, "
        f"after 429 rest for {_input('retryAfter', 'number')} s, each call is looked at after "
        f"{_input('delay', 'number')} s, locked until {_input('lockedUntil', 'date')}, access is "
        f"{_choice('access', Access)} <button>Tell it</button></form>"
        f"<form method=post action=/{escape(name)}/behaviour><button>Let everything go well</button></form>"
    )


def _input(word: str, kind: str, value: str = "") -> str:
    return f"<input name={word} type={kind} value='{value}' min=0 style='width:8em'>"


def _choice(word: str, choices: Iterable[str]) -> str:
    return f"<select name={word}><option>{''.join(f'<option>{escape(each)}' for each in choices)}</select>"


def _row(head: str, *cells: str) -> str:
    return f"<tr><th>{escape(head)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _money(minor: int) -> str:
    sign, cents = "-" if minor < 0 else "", abs(minor)
    return f"{sign}{cents // 100:,}.{cents % 100:02}" if minor else ""
