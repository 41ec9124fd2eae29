"""Our id where the other system has a field for it alone, which others may fill in too."""

import re

_ID = re.compile(r"[a-z]{3}_[0-9a-z]{26}")


def is_ours(reference: str) -> bool:
    """Whether it has the form of our ids."""
    return _ID.fullmatch(reference) is not None
