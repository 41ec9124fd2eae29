"""How a document carries our id in a text of the other system, so that it is found again by it."""

import re

_NAMED = re.compile(r"\(Carnet ([^\s()]+)\)")


def named(memo: str, document_id: str) -> str:
    """The memo with our id behind it."""
    return f"{memo} (Carnet {document_id})".lstrip()


def id_in(text: str) -> str:
    """Our id in a text, or nothing; a memo may quote another one, so the last counts."""
    found = _NAMED.findall(text)
    return str(found[-1]) if found else ""
