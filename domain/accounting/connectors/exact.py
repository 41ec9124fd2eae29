"""JSON in which amounts are exact: written digit by digit from minor units, and read as decimals, never as floats."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import orjson

from domain.kernel.money import MAX_MINOR, exponent, to_decimal_string


def amount(amount_minor: int, currency: str) -> orjson.Fragment:
    """The amount as a number of JSON with exactly the currency's digits."""
    return orjson.Fragment(to_decimal_string(amount_minor, currency).encode())


def dump(value: object) -> bytes:
    """The bytes, the same each time; decimals are numbers with all their digits."""
    return orjson.dumps(value, default=_number)


def load(body: bytes) -> object:
    """What the bytes say; raises ValueError."""
    try:
        return json.loads(body, parse_float=Decimal)
    except RecursionError as error:
        raise ValueError("the answer is nested too deep") from error


def told(body: bytes) -> object:
    """What the bytes say, or nothing where they are no JSON."""
    try:
        return load(body)
    except ValueError:
        return None


def minor(value: object, currency: str) -> int:
    """The minor units of a number that was read; raises ValueError where it has more digits than the currency."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"{value!r} is no amount")
    number = Decimal(value)
    if abs(number) >= MAX_MINOR:
        raise ValueError(f"{value} is larger than any amount Carnet keeps")
    scaled = number.scaleb(exponent(currency))
    if scaled != int(scaled):
        raise ValueError(f"{value} is no whole number of the smallest unit of {currency}")
    return int(scaled)


def table(value: object) -> Mapping[str, object]:
    """The value as an object of JSON, or an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object, name: str) -> Sequence[Mapping[str, object]]:
    """The objects listed under the name, or none."""
    found = table(value).get(name)
    return [table(row) for row in found] if isinstance(found, list) else []


def text(value: object, name: str) -> str:
    """The text under the name, or an empty one."""
    found = table(value).get(name)
    return kept(str(found)) if isinstance(found, str | int) else ""


def day(text: str) -> date | None:
    """The day that a text begins with, where it is one."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def kept(text: str) -> str:
    """The text without what no database keeps: the NUL character, and halves of others where it was cut there."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _number(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f").encode())
    raise TypeError(f"{type(value).__name__} is not written as JSON")
