"""Our id where the other system has a field for it alone, and the names of requests that follow from it."""

import hashlib
import re

_ID = re.compile(r"[a-z]{3}_[0-9a-z]{26}")


def is_ours(reference: str) -> bool:
    """Whether it has the form of our ids."""
    return _ID.fullmatch(reference) is not None


def request_key(document_id: str, body: bytes, ended: int) -> str:
    """The same for what is sent again unchanged, until it was surely booked or refused; at most 50 characters."""
    return f"{document_id}-{hashlib.sha256(body).hexdigest()[:8]}" + (f"-{ended}" if ended else "")
