"""What the graph reads of operations and of the money journal, always scoped by the actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.kernel.access import Actor, Principal
from domain.kernel.db import Where, rows
from domain.kernel.errors import Forbidden
from domain.kernel.reads import BOOKS
from domain.ledger.accounts import Account, Event
from domain.ledger.persons import persons
from domain.ledger.shared import SEEN


@dataclass(frozen=True, slots=True)
class OperationView:
    """One business act that was carried out."""

    seq: int
    id: str
    act: str
    principal: Principal
    principal_id: str
    branch_id: str | None
    package_id: str | None
    package_version: int | None
    customer_id: str | None
    effective_at: datetime
    recorded_at: datetime
    reason: str
    reverses: str | None
    position: int | None
    sessions_change: int


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """Which operations; every part that is given must hold."""

    act: str | None = None
    branch_id: str | None = None
    package_id: str | None = None
    customer_id: str | None = None
    principal_id: str | None = None
    recorded_from: datetime | None = None
    recorded_before: datetime | None = None


OPERATION = """SELECT o.seq, o.id, o.act, o.principal, o.principal_id, o.branch_id, o.package_id, o.package_version,
    o.customer_id, o.effective_at, o.recorded_at, o.reason, o.reverses, s.position,
    (SELECT COALESCE(SUM(CASE WHEN m.target = 'AVAILABLE' THEN m.sessions WHEN m.source = 'AVAILABLE'
        THEN -m.sessions ELSE 0 END), 0) FROM movement m WHERE m.operation_id = o.id) AS sessions_change"""
_SEALED = "LEFT JOIN sealed_operation s ON s.operation_id = o.id"


def operation_of(row: dict[str, Any]) -> OperationView:
    """The operation in a row of `OPERATION`."""
    return OperationView(
        **row | {"principal": Principal(row["principal"]), "sessions_change": int(row["sessions_change"])}
    )


async def history(
    package_ids: Sequence[str], limit: int, newest: bool, after: int | None = None, before: int | None = None
) -> dict[str, list[OperationView]]:
    """The first or newest operations of each package, in the order they were carried out, in one statement.

    `after` and `before` are package versions. The caller has made sure that the actor may see the packages.
    """
    direction = "DESC" if newest else "ASC"
    # Ranked before anything is joined or summed: the rest of a long history costs an index entry each.
    found = await rows(
        f"""{OPERATION} FROM (SELECT seq, ROW_NUMBER() OVER (PARTITION BY package_id
            ORDER BY package_version {direction}) AS place FROM operation
            WHERE package_id = ANY($1) AND package_version > $3 AND package_version < $4) ranked
        JOIN operation o ON o.seq = ranked.seq {_SEALED}
        WHERE ranked.place <= $2 ORDER BY o.package_id, o.package_version""",
        list(package_ids),
        limit,
        after or 0,
        before if before is not None else 2**31 - 1,
    )
    grouped: dict[str, list[OperationView]] = {package_id: [] for package_id in package_ids}
    for row in found:
        grouped[row["package_id"]].append(operation_of(row))
    return grouped


def operations_seen(actor: Actor, chosen: OperationFilter) -> Where:
    """The operations `o` that the actor may see, of those that are asked for."""
    where = Where()
    where.add("o.chain_id = {chain}", chain=actor.chain_id)
    if actor.kind is Principal.CUSTOMER:
        _of_customer(where, actor)
    elif actor.visible_branches is not None:
        where.add("o.branch_id = ANY({ids})", ids=sorted(actor.visible_branches))
    for column in ("act", "branch_id", "package_id", "principal_id"):
        where.add_given(f"o.{column} = {{value}}", getattr(chosen, column))
    if chosen.customer_id is not None:
        where.add(f"o.customer_id IN {persons('{ids}')}", ids=[chosen.customer_id])
    where.add_given("o.recorded_at >= {value}", chosen.recorded_from)
    where.add_given("o.recorded_at < {value}", chosen.recorded_before)
    return where


def _of_customer(where: Where, actor: Actor) -> None:
    """What was done for the customer, and to the packages that are theirs or shared with them."""
    where.add(f"o.customer_id IN {persons('{persons}')} OR o.package_id IN ({SEEN})", persons=[actor.id], own=actor.id)


async def operations(
    actor: Actor, chosen: OperationFilter, limit: int, before_seq: int | None = None
) -> list[OperationView]:
    """Operations that the actor may see, newest first, before a place in their order."""
    where = operations_seen(actor, chosen)
    where.add_given("o.seq < {value}", before_seq)
    found = await rows(
        f"{OPERATION} FROM operation o {_SEALED} WHERE {where} ORDER BY o.seq DESC LIMIT {where.value(limit)}",
        *where.args,
    )
    return [operation_of(row) for row in found]


async def operations_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, OperationView]:
    """Those of the operations that the actor may see, by id."""
    where = operations_seen(actor, OperationFilter())
    where.add("o.id = ANY({ids})", ids=list(ids))
    found = await rows(f"{OPERATION} FROM operation o {_SEALED} WHERE {where}", *where.args)
    return {row["id"]: operation_of(row) for row in found}


@dataclass(frozen=True, slots=True)
class EntryView:
    """A journal entry without its lines."""

    id: str
    operation_id: str
    event: Event
    posted_on: date
    effective_at: datetime
    currency: str
    position: int | None


@dataclass(frozen=True, slots=True)
class LineView:
    """One debit or credit of an entry."""

    entry_id: str
    account: Account
    branch_id: str
    debit_minor: int
    credit_minor: int
    counterparty_id: str | None
    package_id: str | None
    service_id: str | None
    payment_method: str | None
    intercompany: bool


INTERCOMPANY = "CASE WHEN c.legal_entity <> b.legal_entity THEN 1 ELSE 0 END"
"""1 on lines between branches of different companies, where `b` is the line's branch and `c` its counterparty."""


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which journal entries; every part that is given must hold."""

    branch_id: str | None = None
    package_id: str | None = None
    operation_id: str | None = None
    event: Event | None = None
    posted_from: date | None = None
    posted_until: date | None = None


def readable_books(actor: Actor) -> list[str] | None:
    """The branches whose books the actor may read; None means all."""
    branches = BOOKS.branches(actor)
    return None if branches is None else sorted(branches)


def accounts_branches(actor: Actor, what: str) -> list[str] | None:
    """The branches whose books the actor may read; None means all. Refuses everybody else."""
    branches = readable_books(actor)
    if branches == []:
        raise Forbidden(f"read {what}", BOOKS.needs)
    return branches


ENTRY = "SELECT e.id, e.operation_id, e.event, e.posted_on, e.effective_at, e.currency, s.position"
_ENTRIES = f"{ENTRY} FROM journal_entry e LEFT JOIN sealed_operation s ON s.operation_id = e.operation_id"
_LINE = "EXISTS (SELECT 1 FROM journal_line l WHERE l.entry_id = e.id AND l.{})"


def entry_of(row: dict[str, Any]) -> EntryView:
    """The entry in a row of `ENTRY`."""
    return EntryView(**row | {"event": Event(row["event"])})


def _entries(actor: Actor, branches: list[str] | None, chained: str = "e") -> Where:
    where = Where()
    where.add(f"{chained}.chain_id = {{chain}}", chain=actor.chain_id)
    where.add_given(_LINE.format("branch_id = ANY({value})"), branches)
    return where


def entries_seen(actor: Actor, chosen: EntryFilter, chained: str = "e") -> Where:
    """The entries `e` with a line at a branch whose books the actor may read, of those that are asked for.

    `chained` is whose chain is compared: that of the entry, or of what it is joined to.
    """
    where = _entries(actor, accounts_branches(actor, "journal entries"), chained)
    where.add_given(_LINE.format("branch_id = {value}"), chosen.branch_id)
    where.add_given(_LINE.format("package_id = {value}"), chosen.package_id)
    where.add_given("e.operation_id = {value}", chosen.operation_id)
    where.add_given("e.event = {value}", chosen.event)
    where.add_given("e.posted_on >= {value}", chosen.posted_from)
    where.add_given("e.posted_on <= {value}", chosen.posted_until)
    return where


async def entries(actor: Actor, chosen: EntryFilter, limit: int, after_id: str | None = None) -> list[EntryView]:
    """Entries that the actor may see, oldest first, after an id."""
    where = entries_seen(actor, chosen)
    where.add_given("e.id > {value}", after_id)
    found = await rows(f"{_ENTRIES} WHERE {where} ORDER BY e.id LIMIT {where.value(limit)}", *where.args)
    return [entry_of(row) for row in found]


async def entries_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, EntryView]:
    """Those of the entries that the actor may see, by id."""
    where = _entries(actor, readable_books(actor))
    where.add("e.id = ANY({ids})", ids=list(ids))
    found = await rows(f"{_ENTRIES} WHERE {where}", *where.args)
    return {row["id"]: entry_of(row) for row in found}


async def lines(actor: Actor, entry_ids: Sequence[str]) -> dict[str, list[LineView]]:
    """The lines of entries at branches whose books the actor may read, in the order they were written."""
    where = Where()
    where.add("e.chain_id = {chain}", chain=actor.chain_id)
    where.add("l.entry_id = ANY({ids})", ids=list(entry_ids))
    where.add_given("l.branch_id = ANY({value})", accounts_branches(actor, "journal entries"))
    found = await rows(
        f"""SELECT l.entry_id, l.account, l.branch_id, l.debit_minor, l.credit_minor, l.counterparty_id, l.package_id,
        l.service_id, l.payment_method, {INTERCOMPANY} AS intercompany
        FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id JOIN branch b ON b.id = l.branch_id
        LEFT JOIN branch c ON c.id = l.counterparty_id WHERE {where} ORDER BY l.id""",
        *where.args,
    )
    grouped: dict[str, list[LineView]] = {entry_id: [] for entry_id in entry_ids}
    for row in found:
        grouped[row["entry_id"]].append(_line(row))
    return grouped


def _line(row: dict[str, Any]) -> LineView:
    return LineView(**row | {"account": Account(row["account"]), "intercompany": bool(row["intercompany"])})
