"""The manual journals of Xero: written from documents, and read back."""

from collections.abc import Mapping

from domain.accounting.connectors import exact
from domain.accounting.connectors.naming import id_in, named
from domain.accounting.connectors.protocol import Booked, Document, DocumentLine
from domain.accounting.connectors.xero_words import journal_day

_MOST_TRACKING = 2


def rendered(document: Document, own_currency: str) -> bytes:
    """One journal; lines of nothing are left out, and what Xero cannot take raises ValueError."""
    if document.currency != own_currency:
        raise ValueError(f"Xero keeps its books in {own_currency}, and this is in {document.currency}")
    if any(len(line.dimensions) > _MOST_TRACKING for line in document.lines):
        raise ValueError("Xero takes two tracking categories at most, and a line has more")
    journal = {
        "Narration": named(document.memo, document.id),
        "Date": document.day.isoformat(),
        "Status": "POSTED",
        "LineAmountTypes": "NoTax",
        "JournalLines": [_line(line, document.currency) for line in document.lines if line.amount_minor],
    }
    return exact.dump({"ManualJournals": [journal]})


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
