"""The statement behind the metrics: of each package sold or ended about a span, what became of its sessions."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.calendar import end_of_day, local_date, start_of_day
from domain.kernel.db import Where, rows
from domain.ledger.journal import accounts_branches
from domain.reports.figures import Span
from domain.reports.sessions_store import USED, inside


@dataclass(frozen=True, slots=True)
class Life:
    """A package from its sale to its end, which is when the last of its sessions was gone; days are the seller's.

    `next_on` is when the same customer bought the same definition again first.
    """

    package_id: str
    definition_id: str
    sold_on: date
    ended_on: date | None
    next_on: date | None
    issued: int
    used: int
    lapsed: int


_BOUGHT = "NOT EXISTS (SELECT 1 FROM transfer t WHERE t.into_package_id = {package}.id AND t.opened)"
_GONE = "m.target NOT IN ('AVAILABLE', 'HELD')"
_LIVE = f"""CASE WHEN m.source = 'ISSUED' OR (m.source NOT IN ('AVAILABLE', 'HELD') AND m.target = 'AVAILABLE')
    THEN m.sessions WHEN {_GONE} THEN -m.sessions ELSE 0 END"""
_SUMS = f"""SUM(CASE WHEN m.source = 'ISSUED' THEN m.sessions ELSE 0 END) AS issued,
    SUM(CASE WHEN 'CONSUMED' IN (m.source, m.target) THEN {USED} ELSE 0 END) AS used,
    SUM(CASE m.target WHEN 'EXPIRED' THEN m.sessions ELSE 0 END)
        - SUM(CASE m.source WHEN 'EXPIRED' THEN m.sessions ELSE 0 END) AS lapsed,
    SUM({_LIVE}) AS live, MAX(CASE WHEN {_GONE} THEN m.effective_at END) AS gone_at"""


async def lives(actor: Actor, span: Span, branch_id: str | None) -> list[Life]:
    """The packages that the branches sold, but for void sales, of which the sale or the end is about the span.

    What one customer got from another was sold once, to the other.
    """
    where = Where()
    begins, ends = _about(where, span)
    known = "" if span.as_of is None else f" AND o.recorded_at <= {where.value(span.as_of)}"
    chain = where.value(actor.chain_id)
    where.add(f"p.chain_id = {chain}")
    where.add_given("p.selling_branch_id = ANY({value})", accounts_branches(actor, "package metrics"))
    where.add_given("p.selling_branch_id = {value}", branch_id)
    where.add(_not_void(where, span, "p"))
    where.add(_BOUGHT.format(package="p"))
    where.add(
        f"""p.id IN (SELECT id FROM package WHERE chain_id = {chain} AND sold_at >= {begins} AND sold_at < {ends}
        UNION SELECT m.package_id FROM movement m
        WHERE {_GONE} AND m.effective_at >= {begins} AND m.effective_at < {ends})"""
    )
    next_sale = f"""(SELECT MIN(n.sold_at) FROM package n JOIN operation o ON o.package_id = n.id
        AND o.package_version = 1 WHERE n.definition_id = p.definition_id AND n.holder_id = p.holder_id
        AND n.sold_at > p.sold_at AND {_not_void(where, span, "n")} AND {_BOUGHT.format(package="n")}{known})"""
    found = await rows(
        f"""SELECT s.package_id, p.definition_id, p.sold_at, b.time_zone, s.issued, s.used, s.lapsed, s.live,
        s.gone_at, {next_sale} AS next_at FROM (SELECT m.package_id, {_SUMS} FROM package p
            JOIN movement m ON m.package_id = p.id JOIN operation o ON o.id = m.operation_id{known}
            WHERE {where} GROUP BY m.package_id) AS s
        JOIN package p ON p.id = s.package_id JOIN branch b ON b.id = p.selling_branch_id ORDER BY s.package_id""",
        *where.args,
    )
    return [_life(row) for row in found]


def _about(where: Where, span: Span) -> tuple[str, str]:
    """Instants that surely enclose the span, whatever the clock."""
    first = start_of_day(inside(span.first_day or date.min), "Pacific/Kiritimati")
    return where.value(first), where.value(end_of_day(inside(span.last_day), "Etc/GMT+12"))


def _not_void(where: Where, span: Span, package: str) -> str:
    later = "" if span.as_of is None else f" OR {package}.closed_at > {where.value(span.as_of)}"
    return f"({package}.closed_as IS NULL OR {package}.closed_as <> 'VOIDED'{later})"


def _life(row: dict[str, Any]) -> Life:
    zone = row["time_zone"]
    return Life(
        package_id=row["package_id"],
        definition_id=row["definition_id"],
        sold_on=local_date(row["sold_at"], zone),
        ended_on=_day(row["gone_at"], zone) if row["live"] == 0 else None,
        next_on=_day(row["next_at"], zone),
        issued=int(row["issued"]),
        used=int(row["used"]),
        lapsed=int(row["lapsed"]),
    )


def _day(value: datetime | str | None, zone: str) -> date | None:
    """SQLite forgets the types of aggregates."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return None if instant is None else local_date(instant, zone)
