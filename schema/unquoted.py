"""What the GraphQL library says of a bad request, without the values it quotes: a secret may be among them."""

import re

_FOUND = re.compile(r"[,;]? found: .*", re.IGNORECASE | re.DOTALL)
_VALUE = re.compile(r"( cannot represent [\w -]*value): .*", re.DOTALL)
_CHOICE = re.compile(r"Value '.*' does not exist in ", re.DOTALL)
_TOKEN = re.compile(r"^(Syntax Error: .*?\b(?:String|BlockString|Int|Float)) '.*", re.DOTALL)
_NONE = re.compile(r" not to be None\.$")


def unquoted(message: str) -> str:
    """The same sentence with the names of fields and types alone."""
    told = _CHOICE.sub("The value does not exist in ", message)
    told = _TOKEN.sub(r"\1", _VALUE.sub(r"\1", _FOUND.sub("", told)))
    told = _NONE.sub(" not to be null.", told)
    return told if told.endswith((".", "?")) or told == message else f"{told}."
