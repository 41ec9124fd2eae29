"""How a document carries our id in a text of the other system, so that it is found again by it."""

import re

_NAMED = re.compile(r"\(Carnet (\S+?)(?: ([A-Z]{3}))?\)")


def named(memo: str, document_id: str, currency: str = "") -> str:
    """The memo with our id behind it, and the currency where the other system has no place for it."""
    return f"{memo} (Carnet {document_id}{' ' if currency else ''}{currency})".lstrip()


def id_in(text: str) -> str:
    """Our id in a text, or nothing; a memo may quote another one, so the last counts."""
    found = _NAMED.findall(text)
    return str(found[-1][0]) if found else ""


def currency_in(text: str) -> str:
    """The currency behind our id, or nothing."""
    found = _NAMED.findall(text)
    return str(found[-1][1]) if found else ""
