"""The dialects of plain text: how a document, the balances of a day and the file that holds all of it are written."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, count
from typing import Protocol

from domain.accounting.connectors.protocol import Document, DocumentLine

Account = tuple[str, str]
"""The name of an account and a currency."""

Balances = Mapping[Account, int]
"""In minor units, without what is below an account."""

WRITTEN = "; Written by Carnet, which writes it anew when more is booked: keep what is your own in other files.\n"
CLOSING = "\n; The balances at the end of the day\n"
_OWN_KEYS = frozenset({"about", "tax-code", "carnet", "filename", "lineno", "date", "date2"})
"""What we tell of a line, and what means something else to one of the dialects."""
_NOT_IN_KEYS = re.compile(r"[^a-z0-9-]+")


class Dialect(Protocol):
    """One way to write plain text."""

    suffix: str
    preface: str
    """How the file of a day begins."""

    def transaction(self, document: Document) -> str:
        """A document; raises ValueError for what cannot be said."""
        ...

    def closing(self, day: date, balances: Balances) -> str:
        """All balances at the end of a day."""
        ...

    def asserted(self, closing: str) -> Balances:
        """The balances of a text that `closing` has written."""
        ...

    def head(self, accounts: Iterable[Account]) -> str:
        """The file that holds those of all days."""
        ...


def facts_of(line: DocumentLine) -> Iterator[tuple[str, str]]:
    """What is told of a line besides account and amount, under names that both dialects can read."""
    known = set(_OWN_KEYS)
    for name, value in sorted(line.dimensions.items()):
        key = _key(name, known)
        known.add(key)
        yield key, value
    if line.tax_code:
        yield "tax-code", line.tax_code
    yield "about", line.description


def _key(name: str, known: Collection[str]) -> str:
    """The name in letters that can be read, two at least, and unlike those that are known."""
    key = _NOT_IN_KEYS.sub("-", name.lower()).strip("-").lstrip("0123456789-")
    if len(key) < 2 or key in _OWN_KEYS:
        key = f"dimension-{key}".rstrip("-")
    numbered = (f"{key}-{number}" for number in count(2))
    return next(each for each in chain([key], numbered) if each not in known)
