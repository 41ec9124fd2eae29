"""The manual journals of Xero: written from documents, and read back."""

from collections.abc import Mapping

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import rejected
from domain.accounting.connectors.naming import currency_in, id_in, named
from domain.accounting.connectors.protocol import Answer, Booked, Document, DocumentLine, Problem
from domain.accounting.connectors.xero_words import journal_day

_MOST_TRACKING = 2


def rendered(document: Document) -> bytes:
    """One journal; lines of nothing are left out."""
    journal = {
        "Narration": named(document.memo, document.id, document.currency),
        "Date": document.day.isoformat(),
        "Status": "POSTED",
        "LineAmountTypes": "NoTax",
        "JournalLines": [_line(line, document.currency) for line in document.lines if line.amount_minor],
    }
    return exact.dump({"ManualJournals": [journal]})


def unfit(body: bytes, own_currency: str) -> Answer | None:
    """Why Xero cannot take it, where that is known before it is asked."""
    journal = exact.rows(exact.load(body), "ManualJournals")[0]
    currency = currency_in(exact.text(journal, "Narration"))
    if currency != own_currency:
        words = f"it keeps its books in {own_currency}, and this is in {currency}"
        return rejected(Problem.INVALID, words, "Connect branches of another currency to another organisation.")
    if any(len(exact.rows(line, "Tracking")) > _MOST_TRACKING for line in exact.rows(journal, "JournalLines")):
        hint = "Map its accounts to two tracking categories at most, and retry."
        return rejected(Problem.INVALID, "a line has more than two tracking categories", hint)
    return None


def read_back(journal: object, currency: str) -> Booked:
    """A journal as it is booked; raises ValueError where it cannot be read."""
    return Booked(
        exact.text(journal, "ManualJournalID"),
        id_in(exact.text(journal, "Narration")),
        journal_day(exact.text(journal, "Date")),
        _amounts(journal, currency),
    )


def _line(line: DocumentLine, currency: str) -> Mapping[str, object]:
    return {
        "LineAmount": exact.amount(line.amount_minor, currency),
        "AccountCode": line.remote_account,
        "Description": line.description,
        "Tracking": [{"Name": name, "Option": line.dimensions[name]} for name in sorted(line.dimensions)],
    }


def _amounts(journal: object, currency: str) -> Mapping[str, int]:
    amounts: dict[str, int] = {}
    for line in exact.rows(journal, "JournalLines"):
        account = exact.text(line, "AccountCode")
        amounts[account] = amounts.get(account, 0) + exact.minor(line.get("LineAmount"), currency)
    return amounts
