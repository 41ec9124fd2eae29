"""The journal entries of QuickBooks: written from documents, and read back."""

from collections.abc import Mapping
from datetime import date

from domain.accounting.connectors import exact
from domain.accounting.connectors.naming import id_in, named
from domain.accounting.connectors.protocol import Booked, Document, DocumentLine

_NUMBER = 21
_DIMENSIONS = {"class": "ClassRef", "location": "DepartmentRef"}
KINDS = {"class": "Class", "location": "Department", "customer": "Customer"}
"""What a dimension is an id of."""


def number_of(document_id: str) -> str:
    """The number of its entry: what fits of our id, from its end, where it is random."""
    return document_id[-_NUMBER:]


def rendered(document: Document, home_currency: str) -> bytes:
    """One entry; lines of nothing are left out, and the currency is named where it is not that of the company."""
    entry: dict[str, object] = {
        "DocNumber": number_of(document.id),
        "TxnDate": document.day.isoformat(),
        "PrivateNote": named(document.memo, document.id),
        "Line": [_line(line, document.currency) for line in document.lines if line.amount_minor],
    }
    if document.currency != home_currency:
        entry["CurrencyRef"] = {"value": document.currency}
    return exact.dump(entry)


def day_of(body: bytes) -> str:
    """The day of a rendered entry."""
    return exact.text(exact.load(body), "TxnDate")


def read_back(entry: Mapping[str, object], home_currency: str) -> Booked:
    """An entry as it is booked; raises ValueError where it cannot be read."""
    currency = exact.text(entry.get("CurrencyRef"), "value") or home_currency
    amounts: dict[str, int] = {}
    for line in exact.rows(entry, "Line"):
        detail = exact.table(line.get("JournalEntryLineDetail"))
        if detail:
            account = exact.text(detail.get("AccountRef"), "value")
            side = {"Debit": 1, "Credit": -1}.get(exact.text(detail, "PostingType"), 0)
            amounts[account] = amounts.get(account, 0) + side * exact.minor(line.get("Amount"), currency)
    return Booked(
        exact.text(entry, "Id"),
        id_in(exact.text(entry, "PrivateNote")),
        date.fromisoformat(exact.text(entry, "TxnDate")),
        amounts,
    )


def _line(line: DocumentLine, currency: str) -> Mapping[str, object]:
    detail: dict[str, object] = {
        "PostingType": "Debit" if line.amount_minor > 0 else "Credit",
        "AccountRef": {"value": line.remote_account},
    }
    for name, field in _DIMENSIONS.items():
        if name in line.dimensions:
            detail[field] = {"value": line.dimensions[name]}
    if "customer" in line.dimensions:
        detail["Entity"] = {"Type": "Customer", "EntityRef": {"value": line.dimensions["customer"]}}
    return {
        "Amount": exact.amount(abs(line.amount_minor), currency),
        "Description": line.description,
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": detail,
    }
