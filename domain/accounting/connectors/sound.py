"""Pure: whether settings can be what they are said to be; each raises ValueError for what cannot."""

import re
from collections.abc import Callable

from domain.kernel.money import is_currency


def written(pattern: str) -> Callable[[str], None]:
    """What is written like this from beginning to end."""
    known = re.compile(pattern)

    def check(text: str) -> None:
        if not known.fullmatch(text):
            raise ValueError(text)

    return check


def currency(text: str) -> None:
    """A currency that is in use."""
    if not is_currency(text):
        raise ValueError(text)


NUMBER = written(r"[1-9][0-9]{0,8}")
DIGITS = written(r"[0-9]{1,30}")
NAME = written(r"[A-Za-z_][A-Za-z0-9_]*")
IN_A_HEADER = written(r"[ -~]+")
UUID = written(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
BEGINNING = written(r"[^?]+")
"""The beginning of addresses."""
