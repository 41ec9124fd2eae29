"""The document of all that is kept about a person: one JSON object, the same on both databases."""

from datetime import datetime
from typing import Any

import orjson

from domain.customers import exporting_store as store
from domain.kernel import clock

_FLAGS = ("bonus", "guardian", "whatsapp_consent")


async def document(customer_id: str) -> str:
    """Everything about the customer and those merged into them; money in minor units, instants in UTC.

    The caller has made sure that this may be told. What has lapsed by the clock counts as lapsed, posted or not.
    """
    now = clock.now()
    kept = await store.kept(customer_id)
    lots: dict[str, list[dict[str, Any]]] = {}
    for lot in kept.pop("lots"):
        lots.setdefault(lot["package_id"], []).append(_by_the_clock(lot, now))
    packages = [package | {"lots": [_plain(lot) for lot in lots[package["id"]]]} for package in kept.pop("packages")]
    whole = {
        "customer_id": customer_id,
        "as_of": now,
        "packages": packages,
        "account": await store.account(customer_id),
    } | {name: [_plain(row) for row in found] for name, found in kept.items()}
    return orjson.dumps(whole, option=orjson.OPT_UTC_Z | orjson.OPT_INDENT_2).decode()


def _by_the_clock(lot: dict[str, Any], now: datetime) -> dict[str, Any]:
    if lot["lapses_at"] > now:
        return lot
    return lot | {"available": 0, "expired": lot["expired"] + lot["available"]}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """SQLite keeps flags as 0 and 1."""
    return {name: bool(value) if name in _FLAGS and value is not None else value for name, value in row.items()}
