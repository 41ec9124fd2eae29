"""The document of all that is kept about a person: one JSON object, the same on both databases."""

from datetime import datetime
from typing import Any

import orjson

from domain.customers import exporting_store as store
from domain.customers.told_of import named
from domain.kernel import clock

_FLAGS = ("bonus", "guardian", "whatsapp_consent", "to_credit", "cooling_off")


async def document(customer_id: str) -> str:
    """Everything about the customer and those merged into them; money in minor units, instants in UTC.

    The caller has made sure that this may be told. What has lapsed by the clock counts as lapsed, posted or not.
    """
    now = clock.now()
    kept = _without_words_about_others(_without_events_about_others(await store.kept(customer_id)))
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


def _without_events_about_others(kept: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """What had an effect for them is theirs, and what had none where it names them."""
    persons = {customer["id"] for customer in kept["customers"]}
    done = {operation["id"] for operation in kept["operations"] if operation["customer_id"] in persons}
    told = [
        event for event in kept["inbound_events"] if event["operation_id"] in done or persons & _named(event["body"])
    ]
    return kept | {"inbound_events": told}


def _without_words_about_others(kept: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """What was said and attached where others booked, and why others handed on or gave back sessions, is theirs."""
    persons = {customer["id"] for customer in kept["customers"]}
    along = {booking["id"] for booking in kept["bookings"] if booking["customer_id"] not in persons}
    got = {transfer["id"] for transfer in kept["transfers"] if transfer["sender_id"] not in persons}
    back = {refund["id"] for refund in kept["refunds"] if refund["customer_id"] not in persons}
    arrived = {transfer["into_operation_id"] for transfer in kept["transfers"] if transfer["id"] in got}
    other = {event["id"] for event in kept["inbound_events"] if not _names_alone(event["body"], persons)}
    booked = {change["operation_id"] for change in kept["booking_changes"] if change["booking_id"] in along}
    return kept | {
        "bookings": _blank(kept["bookings"], "id", along, source=None, external_ref=None, attachments=[]),
        "booking_changes": _blank(kept["booking_changes"], "booking_id", along, note=""),
        "transfers": _blank(kept["transfers"], "id", got, reason="", decision=""),
        "refunds": _blank(kept["refunds"], "id", back, reason="", hardship="", decision=""),
        "inbound_events": _blank(kept["inbound_events"], "id", other, body=b""),
        "operations": _blank(kept["operations"], "id", arrived | booked, reason=""),
    }


def _names_alone(body: bytes, persons: set[str]) -> bool:
    found = _named(body)
    return bool(found) and found <= persons


def _named(body: bytes) -> set[str]:
    return set(named(bytes(body)))


def _blank(found: list[dict[str, Any]], key: str, theirs: set[str], **words: Any) -> list[dict[str, Any]]:
    return [row | words if row[key] in theirs else row for row in found]


def _by_the_clock(lot: dict[str, Any], now: datetime) -> dict[str, Any]:
    if lot["lapses_at"] > now:
        return lot
    return lot | {"available": 0, "expired": lot["expired"] + lot["available"]}


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """SQLite keeps flags as 0 and 1; what other systems told are bytes."""
    return {name: _as_told(name, value) for name, value in row.items()}


def _as_told(name: str, value: Any) -> Any:
    if name in _FLAGS and value is not None:
        return bool(value)
    return bytes(value).decode(errors="replace") if name == "body" else value
