"""GET /packages: what the mobile app's start page shows, for the customer whose token it is."""

from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from domain.kernel.clock import now
from tests.benchmarks.handwritten.answers import Refused, balance_of, claims_of, instant, json, status_of
from tests.benchmarks.handwritten.databases import Rows

_FAMILY = """SELECT id FROM customer WHERE chain_id = $1 AND id = $2
    UNION SELECT m.id FROM customer c JOIN customer m ON m.household_id = c.household_id
    WHERE c.chain_id = $1 AND c.id = $2"""
_PACKAGES = """SELECT p.id, p.name, p.activated_at, b.name AS branch
    FROM package p JOIN branch b ON b.id = p.home_branch_id
    WHERE p.chain_id = $1 AND p.holder_id = ANY($3) AND (p.holder_id = $2 OR p.sharing = 'HOUSEHOLD')
    ORDER BY p.sold_at DESC, p.id DESC LIMIT 20"""
_LOTS = """SELECT package_id, issued, available, held, consumed, expired, last_day, expires_at, lapses_at
    FROM lot WHERE package_id = ANY($1) ORDER BY package_id"""
_HISTORY = """SELECT r.package_id, r.act, r.effective_at,
    (SELECT COALESCE(SUM(CASE WHEN m.target = 'AVAILABLE' THEN m.sessions WHEN m.source = 'AVAILABLE'
        THEN -m.sessions ELSE 0 END), 0) FROM movement m WHERE m.operation_id = r.id) AS sessions_change
    FROM (SELECT o.id, o.package_id, o.package_version, o.act, o.effective_at,
        ROW_NUMBER() OVER (PARTITION BY o.package_id ORDER BY o.package_version DESC) AS place
        FROM operation o WHERE o.package_id = ANY($1)) AS r
    WHERE r.place <= 5 ORDER BY r.package_id, r.package_version"""


async def packages(request: Request) -> Response:
    """The newest twenty packages with their balances and the last five acts on each."""
    claims, database = await claims_of(request), request.app.state.database
    family = [row["id"] for row in await database.rows(_FAMILY, claims.chain_id, claims.subject)]
    if not family:
        raise Refused(401, "The token is of nobody.")
    found = await database.rows(_PACKAGES, claims.chain_id, claims.subject, family)
    ids = [row["id"] for row in found]
    lots = _by_package(await database.rows(_LOTS, ids))
    history = _by_package(await database.rows(_HISTORY, ids))
    at = now()
    return json({"packages": [_package(row, lots[row["id"]], history[row["id"]], at) for row in found]})


def _by_package(rows: Rows) -> dict[str, list[Any]]:
    by_package = itemgetter("package_id")
    return {package_id: list(group) for package_id, group in groupby(rows, by_package)}


def _package(row: Any, lots: list[Any], history: list[Any], at: datetime) -> dict[str, Any]:
    left = [lot for lot in lots if lot["available"] + lot["held"] > 0] or lots
    return {
        "name": row["name"],
        "status": status_of(row["activated_at"], lots, at),
        "balance": balance_of(lots, at),
        "expiresOn": max(lot["last_day"] for lot in left),
        "branch": {"name": row["branch"]},
        "history": {"nodes": [_operation(operation) for operation in history]},
    }


def _operation(row: Any) -> dict[str, Any]:
    return {
        "act": row["act"],
        "effectiveAt": instant(row["effective_at"]),
        "sessionsChange": int(row["sessions_change"]),
    }
