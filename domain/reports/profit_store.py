"""The statements of package profit: which rows there are, and the sums of lines and sessions behind each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.calendar import add_months, end_of_day, local_date
from domain.kernel.db import Where, rows
from domain.ledger.accounts import Account
from domain.reports.figures import Lines, Span, Uses
from domain.reports.rows_store import add_lines
from domain.reports.sessions_store import OF_THESE_BOOKS, USED, Zone, add_moved, delivery_cost, zones


class GroupBy(StrEnum):
    """What a row of the report is about."""

    PACKAGE = "PACKAGE"
    DEFINITION = "DEFINITION"
    BRANCH = "BRANCH"
    MONTH = "MONTH"

    @property
    def of_single_packages(self) -> bool:
        """Whether a row is about packages, so that what is no package's has no place in it."""
        return self in (GroupBy.PACKAGE, GroupBy.DEFINITION)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the report is about."""

    span: Span
    group_by: GroupBy
    branch_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What is asked, with the clocks of the branches and the months in which sessions were used."""

    asked: Asked
    clocks: tuple[Zone, ...]
    months: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of some rows, in their order."""

    currency: str
    keys: tuple[str, ...]


@dataclass(slots=True)
class Sums:
    """Debits less credits by account, and sessions used by what one of them costs."""

    amounts: dict[Account, int] = field(default_factory=dict)
    sessions: dict[int | None, int] = field(default_factory=dict)


_ACCOUNTS = (
    Account.REVENUE,
    Account.BREAKAGE_REVENUE,
    Account.FEE_INCOME,
    Account.PROVIDER_FEES,
    Account.PRICE_CONCESSION,
    Account.BAD_DEBT,
)
_OF_LINE = {
    GroupBy.PACKAGE: "l.package_id",
    GroupBy.DEFINITION: "p.definition_id",
    GroupBy.BRANCH: "l.branch_id",
    GroupBy.MONTH: "SUBSTR(CAST(e.posted_on AS TEXT), 1, 7)",
}
_OF_USE = {GroupBy.PACKAGE: "m.package_id", GroupBy.DEFINITION: "p.definition_id", GroupBy.BRANCH: "m.branch_id"}
_LINES = """FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id JOIN operation o ON o.id = e.operation_id
    LEFT JOIN package p ON p.id = l.package_id"""
_USES = "FROM movement m JOIN package p ON p.id = m.package_id JOIN operation o ON o.id = m.operation_id"


async def reading(actor: Actor, asked: Asked) -> Reading:
    """What must be known before the rows can be told: two statements by month, and one otherwise."""
    clocks = tuple(await zones(actor))
    if asked.group_by is not GroupBy.MONTH:
        return Reading(asked, clocks)
    where = Where()
    _add_uses(where, actor, Reading(asked, clocks))
    (found,) = await rows(
        f"SELECT MIN(m.effective_at) AS first, MAX(m.effective_at) AS last {_USES} WHERE {where}", *where.args
    )
    return Reading(asked, clocks, _months(clocks, found["first"], found["last"]) if found["first"] else ())


def _months(clocks: Sequence[Zone], first: datetime | str, last: datetime | str) -> tuple[date, ...]:
    """Every month from the first use to the last, wherever they were."""
    ends = [datetime.fromisoformat(end) if isinstance(end, str) else end for end in (first, last)]
    begins, until = (sorted(local_date(end, zone.time_zone) for zone in clocks) for end in ends)
    month, found = begins[0].replace(day=1), []
    while month <= until[-1]:
        found.append(month)
        month = add_months(month, 1)
    return tuple(found)


async def keys(actor: Actor, reading: Reading, limit: int, after: str | None) -> Keys:
    """The keys from the one after another on, and the chain's currency."""
    where = Where()
    lines = f"SELECT {_OF_LINE[reading.asked.group_by]} AS key {_LINES} WHERE {_lines(where, actor, reading)}"
    uses = f"SELECT {_use_key(where, reading)} AS key {_USES} WHERE {_uses(where, actor, reading)}"
    behind = f"WHERE k.key > {where.value(after)}" if after is not None else ""
    chain, size = where.value(actor.chain_id), where.value(limit)
    found = await rows(
        f"""SELECT c.currency, s.key FROM chain c LEFT JOIN (SELECT k.key FROM ({lines} UNION {uses}) AS k
        {behind} ORDER BY k.key LIMIT {size}) AS s ON 1 = 1 WHERE c.id = {chain} ORDER BY s.key""",
        *where.args,
    )
    return Keys(found[0]["currency"], tuple(row["key"] for row in found if row["key"] is not None))


async def sums(actor: Actor, reading: Reading, wanted: Sequence[str] | None) -> dict[str, Sums]:
    """The sums of each key, in one statement; without keys those of all rows together, under no key."""
    where = Where()
    of_line, of_use, only = "''", "''", ("", "")
    if wanted is not None:
        of_line, of_use = _OF_LINE[reading.asked.group_by], _use_key(where, reading)
        chosen = where.value(list(wanted))
        only = (f" AND {of_line} = ANY({chosen})", f" AND {of_use} = ANY({chosen})")
    cost = delivery_cost(where, reading.asked.span)
    found = await rows(
        f"""SELECT key, account, cost, SUM(amount) AS amount FROM (
            SELECT {of_line} AS key, l.account, CAST(NULL AS BIGINT) AS cost, l.debit_minor - l.credit_minor AS amount
            {_LINES} WHERE {_lines(where, actor, reading)}{only[0]}
            UNION ALL SELECT {of_use}, CAST(NULL AS VARCHAR), {cost}, {USED}
            {_USES} WHERE {_uses(where, actor, reading)}{only[1]}
        ) AS found GROUP BY key, account, cost""",
        *where.args,
    )
    return _grouped(found)


def _grouped(found: Sequence[dict[str, Any]]) -> dict[str, Sums]:
    grouped: dict[str, Sums] = {}
    for row in found:
        sums = grouped.setdefault(row["key"], Sums())
        if row["account"] is not None:
            sums.amounts[Account(row["account"])] = int(row["amount"])
        else:
            sums.sessions[row["cost"]] = int(row["amount"])
    return grouped


def _lines(where: Where, actor: Actor, reading: Reading) -> str:
    asked, own = reading.asked, Where()
    own.args = where.args
    branch_ids = () if asked.branch_id is None else (asked.branch_id,)
    add_lines(own, actor, Lines(asked.span, _ACCOUNTS, branch_ids=branch_ids))
    fees = "" if asked.group_by.of_single_packages else f" OR l.account = '{Account.PROVIDER_FEES.value}'"
    own.add(f"l.package_id IS NOT NULL{fees}")
    return str(own)


def _uses(where: Where, actor: Actor, reading: Reading) -> str:
    own = Where()
    own.args = where.args
    _add_uses(own, actor, reading)
    return str(own)


def _add_uses(where: Where, actor: Actor, reading: Reading) -> None:
    branch_ids = () if reading.asked.branch_id is None else (reading.asked.branch_id,)
    add_moved(where, actor, Uses(reading.asked.span, branch_ids=branch_ids), reading.clocks)
    where.add(OF_THESE_BOOKS)


def _use_key(where: Where, reading: Reading) -> str:
    if reading.asked.group_by is not GroupBy.MONTH:
        return _OF_USE[reading.asked.group_by]
    if not reading.months:
        return "''"
    clocks = " ".join(
        f"WHEN m.branch_id = ANY({where.value(list(clock.branch_ids))}) THEN {_month(where, clock, reading.months)}"
        for clock in reading.clocks
    )
    return f"(CASE {clocks} END)"


def _month(where: Where, clock: Zone, months: Sequence[date]) -> str:
    """The month of `m` by one clock."""
    *before, last = months
    ends = [(month, end_of_day(add_months(month, 1) - timedelta(days=1), clock.time_zone)) for month in before]
    whens = " ".join(f"WHEN m.effective_at < {where.value(end)} THEN '{month:%Y-%m}'" for month, end in ends)
    return f"(CASE {whens} ELSE '{last:%Y-%m}' END)" if ends else f"'{last:%Y-%m}'"
