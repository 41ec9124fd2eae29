"""The statements that find the rows behind figures: lines of the journal and sessions used, always in one order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from domain.kernel.access import Actor
from domain.kernel.db import Where, rows
from domain.ledger.journal import accounts_branches
from domain.ledger.persons import persons
from domain.reports.figures import Lines, Moved, Side
from domain.reports.sessions_store import Zone, add_moved, add_package

_AMOUNT = {
    None: "(l.debit_minor - l.credit_minor)",
    Side.DEBIT: "l.debit_minor",
    Side.CREDIT: "l.credit_minor",
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One source that a figure comes down to, and with which sign its rows count; `number` is its place among them."""

    number: int
    source: Lines | Moved
    sign: int


@dataclass(frozen=True, slots=True)
class Place:
    """The row behind which a page begins: of which leaf, of which day or instant there, and its id."""

    leaf: int
    moment: date | datetime
    id: int


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
        where.add(f"o.customer_id IN {persons('{ids}')}", ids=[chosen.customer_id])
    if chosen.of_packages:
        where.add("l.package_id IS NOT NULL")
    add_package(where, chosen, "l.package_id")


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
    if isinstance(leaf.source, Lines):
        body = _lines(where, actor, leaf, leaf.source, after)
    else:
        body = _moved(where, actor, leaf, leaf.source, clocks, after)
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
        FROM journal_entry e JOIN journal_line l ON l.entry_id = e.id {joined(chosen)}
        WHERE {where} ORDER BY e.posted_on, l.id"""


def _day(after: Place) -> date:
    return after.moment.date() if isinstance(after.moment, datetime) else after.moment


def _moved(where: Where, actor: Actor, leaf: Leaf, chosen: Moved, clocks: Sequence[Zone], after: Place | None) -> str:
    value = add_moved(where, actor, chosen, clocks)
    if after is not None:
        where.add("m.effective_at > {at} OR (m.effective_at = {at} AND m.id > {id})", at=after.moment, id=after.id)
    return f"""SELECT {leaf.number} AS leaf, CAST(NULL AS DATE) AS day, m.effective_at AS moment, m.id,
        m.effective_at, {leaf.sign} * {value} AS value, CAST(NULL AS VARCHAR) AS account,
        CAST(NULL AS VARCHAR) AS event, b.id AS branch_id, m.package_id, m.service_id,
        CAST(NULL AS VARCHAR) AS payment_method, m.operation_id, b.time_zone
        FROM movement m JOIN package p ON p.id = m.package_id
        JOIN branch b ON b.id = COALESCE(m.branch_id, p.home_branch_id)
        JOIN operation o ON o.id = m.operation_id WHERE {where} ORDER BY m.effective_at, m.id"""


def joined(chosen: Lines) -> str:
    """The tables that the conditions of lines speak of, and no others: a join costs something for every row."""
    package = "LEFT JOIN package p ON p.id = l.package_id" if chosen.definition_id else ""
    operation = "JOIN operation o ON o.id = e.operation_id" if chosen.span.as_of or chosen.customer_id else ""
    return f"{package} {operation}"
