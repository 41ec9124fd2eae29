"""A page is the file of a day: the documents in the order in which they were booked, and the balances after them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from domain.accounting.connectors.plain_text_dialects import CLOSING, Account, Balances, Dialect
from domain.kernel.money import parse_decimal_string

_HEADER = re.compile(r"(\d{4}-\d\d-\d\d) \* .*")
_OURS = re.compile(r'\s+(?:; )?carnet: ?"?([a-z]{3}_[0-9a-z]{26})"?')
_POSTING = re.compile(r"\s{2,4}(\S(?:.*?\S)?) {2,}(-?\d+(?:\.\d+)?) ([A-Z]{3})(?:  ;.*)?")


@dataclass(frozen=True, slots=True)
class Page:
    """The text of the documents, as it was written or as somebody has changed it, and the balances."""

    day: date
    text: str
    balances: Balances | None = None
    """None where they cannot be read, or nothing is booked yet."""

    def has(self, document_id: str) -> bool:
        """Whether a document is booked here."""
        lines = self.text.splitlines() if document_id in self.text else []
        return any((ours := _OURS.fullmatch(line)) and ours[1] == document_id for line in lines)


@dataclass(frozen=True, slots=True)
class Transaction:
    """A document as it is read back; the id is empty where it is none of ours."""

    day: date
    document_id: str
    amounts: Balances


def read(day: date, text: str, dialect: Dialect) -> Page:
    """The page of a file."""
    documents, closing, asserted = text.partition(CLOSING)
    return Page(day, documents, dialect.asserted(asserted) if closing else None)


def written(page: Page, dialect: Dialect) -> str:
    """The file of a page."""
    return page.text + CLOSING + dialect.closing(page.day, page.balances or {})


def transactions(text: str) -> Iterator[Transaction]:
    """What the documents of a text come to; what is written otherwise than we write it is passed over."""
    day, document_id, amounts = "", "", Counter[Account]()
    for line in [*text.splitlines(), "9999-12-31 * the end"]:
        if header := _HEADER.fullmatch(line):
            if day:
                yield Transaction(date.fromisoformat(day), document_id, amounts)
            day, document_id, amounts = header[1], "", Counter()
        elif ours := _OURS.fullmatch(line):
            document_id = ours[1]
        elif posting := _POSTING.fullmatch(line):
            amounts[posting[1], posting[3]] += parse_decimal_string(posting[2], posting[3])


def total(text: str) -> Balances:
    """What all documents of a text come to."""
    sums = Counter[Account]()
    for transaction in transactions(text):
        sums.update(transaction.amounts)
    return sums


def added(balances: Balances, amounts: Balances) -> Balances:
    """The balances after these amounts."""
    sums = dict(balances)
    for account, minor in amounts.items():
        sums[account] = sums.get(account, 0) + minor
    return sums


def by_account(amounts: Balances) -> Mapping[str, int]:
    """A document is in one currency."""
    return {account: minor for (account, _), minor in amounts.items()}
