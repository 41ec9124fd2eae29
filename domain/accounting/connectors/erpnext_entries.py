"""The journal entries of ERPNext: written from documents, and read back from its ledger."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from domain.accounting.connectors import exact
from domain.accounting.connectors.protocol import Document, DocumentLine

_REFERENCE = "cheque_no"
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_OURS = ("account", "user_remark", "account_currency", "exchange_rate", "debit", "credit")


def rendered(document: Document, company: str, own_currency: str, id_field: str) -> bytes:
    """One entry, to be submitted at once; raises ValueError for what ERPNext has no place for."""
    if document.currency != own_currency:
        raise ValueError(f"the company keeps its books in {own_currency}, and this is in {document.currency}")
    return exact.dump(
        {
            "docstatus": 1,
            "voucher_type": "Journal Entry",
            "company": company,
            "posting_date": document.day.isoformat(),
            id_field: document.id,
            **({"cheque_date": document.day.isoformat()} if id_field == _REFERENCE else {}),
            "user_remark": document.memo,
            "accounts": [_line(line, document.currency) for line in document.lines if line.amount_minor],
        }
    )


def day_of(body: bytes) -> date:
    """The day of a rendered entry."""
    return date.fromisoformat(exact.text(exact.load(body), "posting_date"))


def entry_name(row: Mapping[str, object]) -> str:
    """What ERPNext calls it."""
    return exact.text(row, "name")


def amounts_of(lines: Iterable[Mapping[str, object]], currency: str) -> Mapping[str, Mapping[str, int]]:
    """The lines of the ledger by entry and account; raises ValueError where one cannot be read."""
    entries: dict[str, dict[str, int]] = {}
    for line in lines:
        amounts, account = entries.setdefault(exact.text(line, "voucher_no"), {}), exact.text(line, "account")
        amount = exact.minor(line.get("debit"), currency) - exact.minor(line.get("credit"), currency)
        amounts[account] = amounts.get(account, 0) + amount
    return entries


def _line(line: DocumentLine, currency: str) -> Mapping[str, object]:
    side = "debit_in_account_currency" if line.amount_minor > 0 else "credit_in_account_currency"
    for name in line.dimensions:
        if not _FIELD.fullmatch(name) or name.startswith(_OURS):
            raise ValueError(f"{name} is no field of a line that a dimension can fill, as cost_center is")
    return {
        "account": line.remote_account,
        side: exact.amount(abs(line.amount_minor), currency),
        "user_remark": line.description,
        **dict(sorted(line.dimensions.items())),
    }
