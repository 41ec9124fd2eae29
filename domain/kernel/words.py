"""What others have sent, as it is told back to them."""

_LONGEST = 64


def quoted(text: str) -> str:
    """The text in quotation marks; of a long one its beginning, which is enough to find it by."""
    return repr(text) if len(text) <= _LONGEST else f"{text[:_LONGEST]!r}…"
