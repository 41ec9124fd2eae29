"""The journal entries of Odoo: written from documents, and read back."""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape

from domain.accounting.connectors import exact
from domain.accounting.connectors.protocol import Document, DocumentLine

_PARTNER = "partner"
_MAKE, _CLEAR = 0, 5


def rendered(document: Document, journal_id: int, own_currency: str) -> bytes:
    """One entry, as it is made; raises ValueError for what Odoo has no place for."""
    if document.currency != own_currency:
        raise ValueError(f"the company keeps its books in {own_currency}, and this is in {document.currency}")
    entry = {
        "move_type": "entry",
        "journal_id": journal_id,
        "ref": document.id,
        "date": document.day.isoformat(),
        "narration": escape(document.memo),
        "line_ids": [[_MAKE, 0, _line(line, document.currency)] for line in document.lines if line.amount_minor],
    }
    return exact.dump({"vals_list": [entry]})


def rewritten(remote_id: str, body: bytes) -> bytes:
    """What makes of a draft what would be made now."""
    entry = dict(_entry(body))
    lines = entry["line_ids"]
    assert isinstance(lines, list)
    entry["line_ids"] = [[_CLEAR, 0, 0], *lines]
    return exact.dump({"ids": [int(remote_id)], "vals": entry})


def day_of(body: bytes) -> date:
    """The day of a rendered entry."""
    return date.fromisoformat(exact.text(_entry(body), "date"))


def number(row: Mapping[str, object]) -> str:
    """What Odoo knows a record by."""
    return exact.text(row, "id")


def is_id(text: str) -> bool:
    """Whether it can be an id of Odoo."""
    return text.isascii() and text.isdigit() and len(text) < 10


def model_of(dimension: str) -> str:
    """What a dimension of this name is an id of."""
    return "res.partner" if dimension == _PARTNER else "account.analytic.account"


def amounts_of(lines: Iterable[Mapping[str, object]], currency: str) -> Mapping[str, Mapping[str, int]]:
    """Lines by entry and account, debits less credits; raises ValueError where one cannot be read."""
    entries: dict[str, dict[str, int]] = {}
    for line in lines:
        amounts, account = entries.setdefault(_named(line, "move_id"), {}), _named(line, "account_id")
        amounts[account] = amounts.get(account, 0) + exact.minor(line.get("balance"), currency)
    return entries


def _line(line: DocumentLine, currency: str) -> Mapping[str, object]:
    """One analytic account of each plan that is named, all of them for the whole amount."""
    analytic = sorted(_id(value) for name, value in line.dimensions.items() if name != _PARTNER)
    told: dict[str, object] = {
        "account_id": _id(line.remote_account),
        "name": line.description,
        "debit": exact.amount(max(line.amount_minor, 0), currency),
        "credit": exact.amount(max(-line.amount_minor, 0), currency),
    }
    if analytic:
        told["analytic_distribution"] = {",".join(map(str, analytic)): 100}
    if _PARTNER in line.dimensions:
        told["partner_id"] = _id(line.dimensions[_PARTNER])
    return told


def _id(text: str) -> int:
    if not is_id(text):
        raise ValueError(f"{text} is no id of Odoo, which are numbers")
    return int(text)


def _entry(body: bytes) -> Mapping[str, object]:
    return exact.rows(exact.load(body), "vals_list")[0]


def _named(line: Mapping[str, object], name: str) -> str:
    """The id of a record that another names, which is told with what it is called."""
    found = line.get(name)
    if not isinstance(found, list) or not found:
        raise ValueError(f"a line has no {name}")
    return str(found[0])
