"""Quotes: how their figures are told step by step, and the hash that binds an act to what was told."""

import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class DerivationStep:
    """One step of how a figure came about."""

    label: str
    formula: str
    amount_minor: int | None = None
    sessions: int | None = None


def quote_hash(package_version: int, figures: object) -> str:
    """The SHA-256 of the canonical JSON of a package's version and the figures of a quote.

    The same figures give the same hash in every process and from every database: keys and sets are sorted, instants
    are in UTC, truths are 0 and 1 as SQLite has them, and sums are whole numbers although PostgreSQL has them decimal.
    """
    told = orjson.dumps([package_version, _plain(figures)], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case None:
            return None
        case Enum():
            return _plain(value.value)
        case str():
            return value
        case int():
            return int(value)
        case Decimal():
            assert value == int(value), f"figures are whole numbers, and {value} is none"
            return int(value)
        case datetime():
            assert value.tzinfo is not None, f"{value} has no time zone"
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
    return _plain_parts(value)


def _plain_parts(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((_plain(each) for each in value), key=orjson.dumps)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    raise TypeError(f"{type(value).__name__} has no place in a quote")
