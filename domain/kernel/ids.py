"""Opaque, prefixed, time-ordered ids: the same string in tables, graph, events and logs."""

from uuid_utils import uuid7

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26
_VALUES = frozenset(ALPHABET)
_PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)


def new_id(prefix: str) -> str:
    """A new id such as `pkg_01ke9c…`: the prefix names the noun, the rest is a uuid7 in Crockford's base 32."""
    number = uuid7().int
    return prefix + "_" + "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -1, -10)])


def is_id(text: str, prefix: str) -> bool:
    """Whether the text has the form of an id of that noun; says nothing of its existence."""
    head, _, tail = text.partition("_")
    return head == prefix and len(tail) == LENGTH and _VALUES.issuperset(tail)


def prefix_of(text: str) -> str:
    """The noun's prefix of an id, or an empty text when it is malformed."""
    head, _, _ = text.partition("_")
    return head if is_id(text, head) else ""
