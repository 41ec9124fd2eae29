"""Amounts as people type them: a comma or a point, the currency's sign before or after or not at all."""

import re

from domain.imports.rules.faults import Fault, RowRefused
from domain.kernel.money import parse_decimal_string

_SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}
_NUMBER = re.compile(r"(-?)([0-9]+(?:[.,][0-9]+)?)")


def parse_money(text: str, currency: str) -> int:
    """Minor units of `450.00`, `450,00`, `€450.00`, `€-450.00`, `450` or `450,00 €`; no thousands mark."""
    match = _NUMBER.fullmatch(_without_sign(text, _SIGNS.get(currency, currency)))
    if match is None:
        raise RowRefused(Fault.BAD_MONEY)
    try:
        return parse_decimal_string(match[1] + match[2].replace(",", "."), currency)
    except ValueError:
        raise RowRefused(Fault.BAD_MONEY) from None


def _without_sign(text: str, sign: str) -> str:
    """The number alone; a minus before the sign is kept as if it stood after."""
    if text.endswith(sign):
        return text.removesuffix(sign).rstrip()
    minus = "-" if text.startswith("-" + sign) else ""
    bare = text[len(minus) :]
    return minus + bare.removeprefix(sign).lstrip() if bare.startswith(sign) else text
