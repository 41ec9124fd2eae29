"""The statements that find the rows behind figures: lines of the journal and sessions used, always in one order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.calendar import end_of_day, start_of_day
from domain.kernel.db import Where, rows
from domain.ledger.journal import accounts_branches
from domain.reports.figures import Lines, Side, Uses

_AMOUNT = {
    None: "(l.debit_minor - l.credit_minor)",
    Side.DEBIT: "l.debit_minor",
    Side.CREDIT: "l.credit_minor",
}
_USED = "(CASE WHEN m.target = 'CONSUMED' THEN m.sessions ELSE -m.sessions END)"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One source that a figure comes down to, and with which sign its rows count; `number` is its place among them."""

    number: int
    source: Lines | Uses
    sign: int


@dataclass(frozen=True, slots=True)
class Place:
    """The row behind which a page begins: of which leaf, of which day or instant there, and its id."""

    leaf: int
    moment: date | datetime
    id: int


@dataclass(frozen=True, slots=True)
class Zone:
    """Branches that go by the same clock."""

    time_zone: str
    branch_ids: tuple[str, ...]


async def zones(actor: Actor) -> list[Zone]:
    """The clocks of the branches whose books the actor may read; their days begin at different instants."""
    where = Where()
    where.add("chain_id = {chain}", chain=actor.chain_id)
    where.add_given("id = ANY({value})", accounts_branches(actor, "reports"))
    found: dict[str, list[str]] = {}
    for row in await rows(f"SELECT id, time_zone FROM branch WHERE {where} ORDER BY id", *where.args):
        found.setdefault(row["time_zone"], []).append(row["id"])
    return [Zone(name, tuple(branch_ids)) for name, branch_ids in found.items()]


def add_lines(where: Where, actor: Actor, chosen: Lines) -> None:
    """The conditions of journal lines `l`, their entry `e`, package `p` and operation `o`."""
    where.add("e.chain_id = {chain}", chain=actor.chain_id)
    where.add_given("l.branch_id = ANY({value})", accounts_branches(actor, "reports"))
    where.add_given("e.posted_on >= {value}", chosen.span.first_day)
    where.add("e.posted_on <= {last}", last=chosen.span.last_day)
    where.add_given("o.recorded_at <= {value}", chosen.span.as_of)
    where.add_given("l.account = ANY({value})", [account.value for account in chosen.accounts] or None)
    where.add_given("e.event = ANY({value})", [event.value for event in chosen.events] or None)
    where.add_given("l.branch_id = ANY({value})", list(chosen.branch_ids) or None)
    where.add_given("l.payment_method = {value}", chosen.payment_method)
    where.add_given("l.service_id = {value}", chosen.service_id)
    if chosen.side is not None:
        where.add(f"{_AMOUNT[chosen.side]} > 0")
    if chosen.customer_id is not None:
        where.add(
            "l.customer_id = {own} OR l.package_id IN (SELECT id FROM package WHERE holder_id = {own})",
            own=chosen.customer_id,
        )
    _add_package(where, chosen, "l.package_id")


def add_uses(where: Where, actor: Actor, chosen: Uses, clocks: Sequence[Zone]) -> None:
    """The conditions of movements `m`, their package `p` and operation `o`; days are those of the branch visited."""
    where.add("p.chain_id = {chain}", chain=actor.chain_id)
    where.add("m.source = 'CONSUMED' OR m.target = 'CONSUMED'")
    where.add(" OR ".join(_days(where, chosen, clock) for clock in clocks) or "1 = 0")
    where.add_given("o.recorded_at <= {value}", chosen.span.as_of)
    where.add_given("m.branch_id = ANY({value})", list(chosen.branch_ids) or None)
    where.add_given("m.service_id = {value}", chosen.service_id)
    where.add_given("p.holder_id = {value}", chosen.customer_id)
    _add_package(where, chosen, "m.package_id")


def _days(where: Where, chosen: Uses, clock: Zone) -> str:
    before = where.value(end_of_day(chosen.span.last_day, clock.time_zone))
    parts = [f"m.branch_id = ANY({where.value(list(clock.branch_ids))})", f"m.effective_at < {before}"]
    if chosen.span.first_day is not None:
        parts.append(f"m.effective_at >= {where.value(start_of_day(chosen.span.first_day, clock.time_zone))}")
    return f"({' AND '.join(parts)})"


def _add_package(where: Where, chosen: Lines | Uses, column: str) -> None:
    where.add_given(f"{column} = {{value}}", chosen.package_id)
    if chosen.definition_id == "":
        where.add(f"{column} IS NULL")
    else:
        where.add_given("p.definition_id = {value}", chosen.definition_id)


async def rows_behind(
    actor: Actor, leaves: Sequence[Leaf], clocks: Sequence[Zone], limit: int, after: Place | None
) -> list[dict[str, Any]]:
    """So many rows of the leaves, one leaf after the other, each in the order of its days; in one statement."""
    args: list[Any] = []
    legs = [_leg(actor, leaf, clocks, limit, after if after and after.leaf == leaf.number else None, args)
            for leaf in leaves]  # fmt: skip
    return await rows(f"{' UNION ALL '.join(legs)} ORDER BY leaf, day, moment, id LIMIT {limit}", *args)


def _leg(actor: Actor, leaf: Leaf, clocks: Sequence[Zone], limit: int, after: Place | None, args: list[Any]) -> str:
    where = Where()
    where.args = args  # the legs of one statement count their arguments together
    body = _uses(where, actor, leaf, clocks, after) if isinstance(leaf.source, Uses) else _lines(
        where, actor, leaf, leaf.source, after
    )  # fmt: skip
    return f"SELECT * FROM ({body} LIMIT {limit}) AS leg{leaf.number}"


def _lines(where: Where, actor: Actor, leaf: Leaf, chosen: Lines, after: Place | None) -> str:
    # A page begins on the day of the row before it: so the index of days is entered there.
    begun = chosen if after is None else replace(chosen, span=replace(chosen.span, first_day=_day(after)))
    add_lines(where, actor, begun)
    if after is not None:
        where.add("e.posted_on > {day} OR l.id > {id}", day=_day(after), id=after.id)
    return f"""SELECT {leaf.number} AS leaf, e.posted_on AS day, CAST(NULL AS TIMESTAMPTZ) AS moment, l.id,
        e.effective_at, {leaf.sign} * {_AMOUNT[chosen.side]} AS value, l.account, e.event, l.branch_id, l.package_id,
        l.service_id, l.payment_method, e.operation_id, CAST(NULL AS VARCHAR) AS time_zone
        FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id {_joined(chosen, "e", "l")}
        WHERE {where} ORDER BY e.posted_on, l.id"""


def _day(after: Place) -> date:
    return after.moment.date() if isinstance(after.moment, datetime) else after.moment


def _uses(where: Where, actor: Actor, leaf: Leaf, clocks: Sequence[Zone], after: Place | None) -> str:
    assert isinstance(leaf.source, Uses)
    add_uses(where, actor, leaf.source, clocks)
    if after is not None:
        where.add("m.effective_at > {at} OR (m.effective_at = {at} AND m.id > {id})", at=after.moment, id=after.id)
    return f"""SELECT {leaf.number} AS leaf, CAST(NULL AS DATE) AS day, m.effective_at AS moment, m.id,
        m.effective_at, {leaf.sign} * {_USED} AS value, CAST(NULL AS VARCHAR) AS account,
        CAST(NULL AS VARCHAR) AS event, m.branch_id, m.package_id, m.service_id,
        CAST(NULL AS VARCHAR) AS payment_method, m.operation_id, b.time_zone
        FROM movement m JOIN package p ON p.id = m.package_id JOIN branch b ON b.id = m.branch_id
        JOIN operation o ON o.id = m.operation_id WHERE {where} ORDER BY m.effective_at, m.id"""


def _joined(chosen: Lines, entry: str, line: str) -> str:
    """The tables that the conditions of lines speak of, and no others: a join costs something for every row."""
    package = f"LEFT JOIN package p ON p.id = {line}.package_id" if chosen.definition_id else ""
    operation = f"JOIN operation o ON o.id = {entry}.operation_id" if chosen.span.as_of else ""
    return f"{package} {operation}"
