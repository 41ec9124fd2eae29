"""Whom another system tells of: looked for in the bytes as they came, as nothing else about them need be right."""

import re
from collections.abc import Sequence
from json import dumps

from domain.kernel.ids import ALPHABET, LENGTH

ERASED = "CUSTOMER_ERASED"
"""The problem of an event about somebody who asked to be forgotten."""
ERASED_MESSAGE = "It is about somebody who was erased: nothing of what it said is kept."

_CUSTOMER = re.compile(rf"cus_[{ALPHABET}]{{{LENGTH}}}".encode())


def named(body: bytes) -> list[str]:
    """The ids of customers that stand anywhere in it, each once."""
    return sorted({found.decode() for found in _CUSTOMER.findall(body)})


def refers(body: bytes, references: Sequence[str]) -> bool:
    """Whether it is about one of these bookings by the references that its system has for them."""
    return any(_reference(each).search(body) for each in references)


def _reference(reference: str) -> re.Pattern[bytes]:
    """Both ways in which JSON writes it, with blanks around it or as a number; its end may be missing."""
    ways = {dumps(reference, ensure_ascii=escaped)[1:-1].encode() for escaped in (True, False)}
    written = b"|".join(map(re.escape, sorted(ways)))
    return re.compile(rb'"reference"\s*:\s*"?\s*(?:' + written + rb')\s*(?:["},]|$)')
