"""POST /redemptions: the simple case of redeemSession, written straight to the tables in one transaction.

Simple means: the package is named and may be used anywhere, it is used where it is at home, one lot has enough
sessions and carries no tax. What is written for it is what Carnet writes, row by row and column by column.
"""

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import orjson
from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.clock import now
from domain.kernel.ids import new_id
from schema.tokens import Claims
from tests.benchmarks.handwritten.answers import Refused, balance_of, claims_of, instant, json, status_of
from tests.benchmarks.handwritten.databases import Connection, Database, Rows

_ROLES = {"OWNER", "MANAGER", "FRONT_DESK", "PRACTITIONER"}
_GRANTS = """SELECT g.role, g.branch_id FROM staff s JOIN role_grant g ON g.staff_id = s.id
    WHERE s.chain_id = $1 AND s.id = $2 AND g.revoked_at IS NULL"""
_PLACE = """SELECT b.closed_at FROM branch b JOIN service s ON s.chain_id = b.chain_id
    WHERE b.chain_id = $1 AND b.id = $2 AND s.id = $3"""
_LOCK = """UPDATE package SET version = version + 1 WHERE id = $1 AND chain_id = $2
    RETURNING version, holder_id, home_branch_id, currency, terms, activated_at,
    (SELECT time_zone FROM branch WHERE id = home_branch_id) AS time_zone"""
_LOTS = """SELECT l.id, l.origin, l.bonus, l.issued_at, l.expires_at, l.lapses_at, l.issued, l.available, l.held,
    l.consumed, l.expired, l.value_left_minor, l.tax_left_minor,
    EXISTS (SELECT 1 FROM lot_service s WHERE s.lot_id = l.id AND s.service_id = $2) AS eligible
    FROM lot l WHERE l.package_id = $1
    ORDER BY l.priority DESC, l.lapses_at, CASE WHEN l.bonus THEN 1 ELSE 0 END,
    (SELECT COUNT(*) FROM lot_service s WHERE s.lot_id = l.id), l.issued_at, l.id"""
_TAKE = """UPDATE lot SET available = available - $2, consumed = consumed + $2,
    value_left_minor = value_left_minor - $3, recognised_minor = recognised_minor + $3 WHERE id = $1"""
_OPERATION = """INSERT INTO operation (id, chain_id, act, principal, principal_id, branch_id, package_id,
    package_version, customer_id, effective_at, recorded_at, reason, idempotency_key, input_hash, outcome)
    VALUES ($1, $2, 'redeem_session', 'STAFF', $3, $4, $5, $6, $7, $8, $8, '', $9, $10, $11)"""
_MOVEMENT = """INSERT INTO movement (operation_id, package_id, package_version, lot_id, source, target, sessions,
    value_minor, tax_minor, effective_at, service_id, branch_id)
    VALUES ($1, $2, $3, $4, 'AVAILABLE', 'CONSUMED', $5, $6, 0, $7, $8, $9)"""
_ENTRY = """INSERT INTO journal_entry (id, chain_id, operation_id, event, posted_on, effective_at, currency)
    VALUES ($1, $2, $3, 'SESSION', $4, $5, $6)"""
_LINES = """INSERT INTO journal_line (entry_id, account, branch_id, debit_minor, credit_minor, package_id, service_id)
    VALUES ($1, 'DEFERRED_REVENUE', $2, $3, 0, $4, $5), ($1, 'REVENUE', $2, 0, $3, $4, $5)"""
_EARLIER = """SELECT input_hash, outcome FROM operation
    WHERE chain_id = $1 AND principal_id = $2 AND act = 'redeem_session' AND idempotency_key = $3"""


@dataclass(frozen=True, slots=True)
class Asked:
    """The body of the request."""

    packageId: str  # noqa: N815 - the names of the JSON
    serviceId: str  # noqa: N815
    branchId: str  # noqa: N815
    sessions: int
    idempotencyKey: str  # noqa: N815


async def redeem(request: Request) -> Response:
    """Use the sessions once, however often the same key comes."""
    claims, database = await claims_of(request), request.app.state.database
    body = await request.body()
    asked, digest = Asked(**orjson.loads(body)), hashlib.sha256(body).hexdigest()
    await _authorise(database, claims, asked.branchId)
    try:
        async with database.transaction() as transaction:
            return json(await _redeem(transaction, claims, asked, digest))
    except (asyncpg.UniqueViolationError, sqlite3.IntegrityError):
        return json(await _earlier(database, claims, asked, digest))


async def _authorise(database: Database, claims: Claims, branch_id: str) -> None:
    grants = await database.rows(_GRANTS, claims.chain_id, claims.subject)
    if not any(grant["role"] in _ROLES and grant["branch_id"] in (None, branch_id) for grant in grants):
        raise Refused(403, "You may not redeem there.")


async def _redeem(transaction: Connection, claims: Claims, asked: Asked, digest: str) -> dict[str, Any]:
    at = now()
    place = await transaction.rows(_PLACE, claims.chain_id, asked.branchId, asked.serviceId)
    found = await transaction.rows(_LOCK, asked.packageId, claims.chain_id)
    if not place or not found or place[0]["closed_at"] is not None:
        raise Refused(404, "There is no such package, or it cannot be used there.")
    package = found[0]
    lots = [dict(lot) for lot in await transaction.rows(_LOTS, asked.packageId, asked.serviceId)]
    lot = _chosen(package, lots, asked, at)
    value = _take(lot, asked.sessions)
    operation_id = new_id("op")
    answer = _answer(package, lots, lot, asked, operation_id, at)
    await _write(transaction, claims, asked, digest, package, lot, value, answer, at)
    return answer


def _chosen(package: Any, lots: list[dict[str, Any]], asked: Asked, at: datetime) -> dict[str, Any]:
    simple = package["home_branch_id"] == asked.branchId and package["terms"]["where"]["scope"] == "CHAIN"
    usable = (lot for lot in lots if lot["eligible"] and lot["available"] and lot["issued_at"] <= at < lot["lapses_at"])
    lot = next(usable, None)
    if package["activated_at"] is None or lot is None or lot["available"] < asked.sessions:
        raise Refused(409, "There are not enough sessions.")
    if not simple or lot["tax_left_minor"]:
        raise Refused(409, "Only the simple case is done by hand.")
    return lot


def _take(lot: dict[str, Any], sessions: int) -> int:
    left: int = lot["available"] + lot["held"]
    value: int = (2 * lot["value_left_minor"] * sessions + left) // (2 * left)
    lot["available"] -= sessions
    lot["consumed"] += sessions
    return value


def _answer(
    package: Any, lots: list[dict[str, Any]], lot: dict[str, Any], asked: Asked, operation_id: str, at: datetime
) -> dict[str, Any]:
    usable = [each for each in lots if at < each["lapses_at"]]
    used = {"lotId": lot["id"], "sessions": asked.sessions, "origin": lot["origin"], "bonus": bool(lot["bonus"])}
    return {
        "redemption": {
            "id": operation_id,
            "visitedAt": instant(at),
            "lots": [used],
            "remaining": sum(each["available"] for each in usable),
            "remainingOfService": sum(each["available"] for each in usable if each["eligible"]),
        },
        "package": {"status": status_of(package["activated_at"], lots, at), "balance": balance_of(lots, at)},
        "replayed": False,
    }


async def _write(
    transaction: Connection,
    claims: Claims,
    asked: Asked,
    digest: str,
    package: Any,
    lot: dict[str, Any],
    value: int,
    answer: dict[str, Any],
    at: datetime,
) -> None:
    chain, branch, service, package_id = claims.chain_id, asked.branchId, asked.serviceId, asked.packageId
    operation_id, version, entry_id = answer["redemption"]["id"], package["version"], new_id("jrn")
    who = (claims.subject, branch, package_id, version, package["holder_id"])
    moved = (lot["id"], asked.sessions, value)
    day = at.astimezone(ZoneInfo(package["time_zone"])).date()
    send = transaction.rows
    await send(_OPERATION, operation_id, chain, *who, at, asked.idempotencyKey, digest, answer)
    await send(_TAKE, *moved)
    await send(_MOVEMENT, operation_id, package_id, version, *moved, at, service, branch)
    await send(_ENTRY, entry_id, chain, operation_id, day, at, package["currency"])
    await send(_LINES, entry_id, branch, value, package_id, service)


async def _earlier(database: Database, claims: Claims, asked: Asked, digest: str) -> dict[str, Any]:
    found: Rows = await database.rows(_EARLIER, claims.chain_id, claims.subject, asked.idempotencyKey)
    if not found or found[0]["input_hash"] != digest:
        raise Refused(409, "The key was used for something else.")
    return {**found[0]["outcome"], "replayed": True}
