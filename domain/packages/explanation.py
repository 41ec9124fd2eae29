"""Explain: every step by which a package came to its balance, now or as it stood recorded at a past instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from domain.catalog import terms
from domain.kernel import clock
from domain.kernel.access import Actor
from domain.kernel.db import rows
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.rules import Bucket, Origin
from domain.packages import notes, reading
from domain.packages.notes import Noted
from domain.packages.steps import Story
from domain.packages.trace import Explanation, Moved, Trace
from domain.packages.unposted import Home, unposted

_TRACES = """SELECT t.package_id, o.id AS operation_id, o.act, o.recorded_at, o.effective_at,
    m.effective_at AS moved_at, b.id AS branch_id, b.name AS branch, m.lot_id, m.source, m.target, m.sessions,
    m.value_minor, m.practitioner_id, m.service_id, s.name AS service, l.origin, l.bonus, l.item, l.lapses_at, y.method,
    y.amount_minor, m.booking_id, c.starts_at, c.kind AS booking_became, b.time_zone, n.outcome
    FROM (SELECT package_id, operation_id, id AS movement_id, NULL AS payment_id, NULL AS noted_id
            FROM movement WHERE package_id = ANY($1)
        UNION ALL SELECT package_id, operation_id, NULL, id, NULL FROM payment WHERE package_id = ANY($1)
        UNION ALL SELECT package_id, id, NULL, NULL, id FROM operation
            WHERE package_id = ANY($1) AND act = ANY($3)) t
    JOIN operation o ON o.id = t.operation_id LEFT JOIN operation n ON n.id = t.noted_id
    LEFT JOIN movement m ON m.id = t.movement_id LEFT JOIN lot l ON l.id = m.lot_id
    LEFT JOIN service s ON s.id = m.service_id LEFT JOIN payment y ON y.id = t.payment_id
    LEFT JOIN branch b ON b.id = COALESCE(m.branch_id, y.branch_id, n.branch_id)
    LEFT JOIN booking_change c ON c.id = (SELECT MAX(k.id) FROM booking_change k
        WHERE k.operation_id = m.operation_id AND k.booking_id = m.booking_id)
    LEFT JOIN (SELECT package_id, MIN(package_version) AS version FROM operation
        WHERE package_id = ANY($1) AND recorded_at > $2 GROUP BY package_id) later ON later.package_id = t.package_id
    WHERE later.version IS NULL OR o.package_version < later.version
        OR (o.act = 'import_package' AND m.effective_at <= $2)
    ORDER BY o.package_version, m.id NULLS LAST, y.id"""
# Cut at the first act recorded after the instant, not act by act: each process stamps by its own clock, before it has
# the package, so an act may bear an earlier instant than the one it builds on. No instant (NULL) cuts nothing. What was
# moved in from another system was known there when it happened, so it counts from then on.

_OWED = """p.price_minor - p.paid_minor
    + (SELECT COALESCE(SUM(y.amount_minor), 0) FROM payment y WHERE y.package_id = p.id)"""


async def explain(actor: Actor, package_id: str, at: datetime | None = None) -> Explanation | None:
    """The explanation of one package; None when there is no such package that the actor may see."""
    return (await explain_many(actor, [package_id], at)).get(package_id)


async def explain_many(actor: Actor, ids: Sequence[str], at: datetime | None = None) -> dict[str, Explanation]:
    """The steps of those of the packages that the actor may see: two statements for all.

    Up to now, with what has lapsed by the clock; or as they were recorded up to an instant of the past.
    """
    where = reading.visible(actor)
    where.add("p.id = ANY({ids})", ids=list(ids))
    packages = await rows(
        f"""SELECT p.id, p.currency, p.terms, {_OWED} AS owed_minor, p.home_branch_id, b.name AS home_branch,
        p.disputed_at FROM package p JOIN branch b ON b.id = p.home_branch_id WHERE {where}""",
        *where.args,
    )
    if not packages:
        return {}
    traces: dict[str, list[Trace]] = {package["id"]: [] for package in packages}
    lapses_at: dict[str, datetime] = {}
    for row in await rows(_TRACES, list(traces), at, list(notes.ACTS)):
        traces[row["package_id"]].append(_trace(row))
        lapses_at[row["lot_id"]] = row["lapses_at"]
    until = at or clock.now()
    if at is None:
        for package in packages:
            home = Home(package["home_branch_id"], package["home_branch"], package["disputed_at"])
            traces[package["id"]] += unposted(traces[package["id"]], lapses_at, home, until)
    return {package["id"]: _explanation(package, traces[package["id"]], until) for package in packages}


def _explanation(package: dict[str, Any], traces: Sequence[Trace], until: datetime) -> Explanation:
    owed = int(package["owed_minor"]) if traces else 0
    story = Story(terms.from_json(package["terms"]), package["currency"], owed)
    steps = story.tell(traces)
    return Explanation(package["id"], package["currency"], until, steps, story.balance)


def _trace(row: dict[str, Any]) -> Trace:
    return Trace(
        operation_id=row["operation_id"],
        act=row["act"],
        recorded_at=row["recorded_at"],
        effective_at=row["moved_at"] or row["effective_at"],
        branch_id=row["branch_id"],
        branch=row["branch"],
        what=_what(row),
    )


def _what(row: dict[str, Any]) -> Moved | Received | Noted:
    if row["lot_id"]:
        return _moved(row)
    if row["method"]:
        return Received(PaymentMethod(row["method"]), row["amount_minor"])
    return Noted(row["act"], row["outcome"])


def _moved(row: dict[str, Any]) -> Moved:
    return Moved(
        lot_id=row["lot_id"],
        origin=Origin(row["origin"]),
        bonus=bool(row["bonus"]),
        item=row["item"],
        source=Bucket(row["source"]),
        target=Bucket(row["target"]),
        sessions=row["sessions"],
        value_minor=row["value_minor"],
        service_id=row["service_id"],
        service=row["service"],
        practitioner_id=row["practitioner_id"],
        booking_id=row["booking_id"],
        booked_for=row["starts_at"].astimezone(ZoneInfo(row["time_zone"])) if row["starts_at"] else None,
        booking_became=row["booking_became"],
    )
