"""What the graph reads of connections and documents, for those who may read the books of the whole chain."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from domain.accounting.connectors.protocol import Outcome, Problem
from domain.accounting.sync import connections_store as connections
from domain.accounting.sync import documents_store as documents
from domain.accounting.sync import mapping_store, reconciling_store
from domain.accounting.sync.documents_store import COLUMNS, DOCUMENT, document
from domain.accounting.sync.reconciling_store import Reconciled
from domain.accounting.sync.rules import Call, DocumentState
from domain.accounting.sync.view import Attempt, Connection, MappedRow, SyncDocument
from domain.kernel.access import Actor
from domain.kernel.calendar import Days
from domain.kernel.db import Where, rows
from domain.kernel.reads import ALL_BOOKS

_DOCUMENT = f"""SELECT {", ".join(f"d.{name}" for name in COLUMNS)}
    FROM sync_document d JOIN accounting_connection c ON c.id = d.connection_id"""


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents; every part that is given must hold."""

    connection_id: str | None = None
    states: Collection[DocumentState] | None = None
    branch_id: str | None = None
    days: Days = field(default_factory=Days)
    problems: Collection[Problem] | None = None


async def connections_page(actor: Actor) -> list[Connection]:
    """The connections of the chain, oldest first; there are only ever a few."""
    return await connections.of_chain(actor.chain_id) if ALL_BOOKS.lets(actor) else []


async def connections_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, Connection]:
    """Those of the connections that the actor may see, by id."""
    return await connections.by_ids(actor, ids) if ALL_BOOKS.lets(actor) else {}


async def counts(actor: Actor, connection_ids: Sequence[str]) -> dict[str, dict[DocumentState, int]]:
    """How many documents of each connection, which the actor may see, stand where."""
    seen = await connections_by_ids(actor, connection_ids)
    return await documents.count_states(list(seen))


async def problems(actor: Actor, connection_ids: Sequence[str]) -> dict[str, dict[Problem, int]]:
    """Why documents of each connection, which the actor may see, are not booked, and how many."""
    seen = await connections_by_ids(actor, connection_ids)
    return await documents.count_problems(list(seen))


async def documents_page(
    actor: Actor, chosen: DocumentFilter, limit: int, before_id: str | None = None
) -> list[SyncDocument]:
    """The documents that the actor may see, newest first, before an id."""
    if not ALL_BOOKS.lets(actor):
        return []
    known = [each.id for each in await connections.of_chain(actor.chain_id)]
    those = [each for each in known if chosen.connection_id in (None, each)]
    if not those:
        return []
    where = Where()
    where.add_given("state = ANY({value})", _values(chosen.states))
    where.add_given("problem = ANY({value})", _values(chosen.problems))
    where.add_given("branch_id = {value}", chosen.branch_id)
    where.add_given("day >= {value}", chosen.days.first)
    where.add_given("day <= {value}", chosen.days.last)
    size, before = where.value(limit), where.value(before_id) if before_id else None
    newest = " UNION ALL ".join(_newest(where, where.value(each), before, size) for each in those)
    found = await rows(f"{DOCUMENT} WHERE id IN ({newest}) ORDER BY id DESC LIMIT {size}", *where.args)
    return [document(row) for row in found]


def _newest(where: Where, connection: str, before: str | None, size: str) -> str:
    """The newest of a connection by the index of pages, in words that no other index answers in order.

    By that of ids alone all documents of other chains would be passed that are newer.
    """
    end = f"(connection_id, id) < ({connection}, {before})" if before else f"connection_id <= {connection}"
    chosen = " AND ".join(filter(None, (f"connection_id >= {connection}", end, str(where))))
    return f"""SELECT id FROM (SELECT id FROM sync_document WHERE {chosen}
        ORDER BY connection_id DESC, id DESC LIMIT {size}) of_connection"""


def _values(chosen: Collection[StrEnum] | None) -> list[str] | None:
    return None if chosen is None else sorted(each.value for each in chosen)


async def documents_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, SyncDocument]:
    """Those of the documents that the actor may see, by id."""
    if not ALL_BOOKS.lets(actor):
        return {}
    found = await rows(f"{_DOCUMENT} WHERE c.chain_id = $1 AND d.id = ANY($2)", actor.chain_id, list(ids))
    return {row["id"]: document(row) for row in found}


async def documents_of_entries(actor: Actor, entry_ids: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the documents that book each entry, as far as the actor may see them."""
    grouped: dict[str, list[str]] = {entry_id: [] for entry_id in entry_ids}
    if not ALL_BOOKS.lets(actor):
        return grouped
    found = await rows(
        """SELECT e.entry_id, e.document_id FROM sync_document_entry e
        JOIN accounting_connection c ON c.id = e.connection_id
        WHERE c.chain_id = $1 AND e.entry_id = ANY($2) ORDER BY e.document_id""",
        actor.chain_id,
        list(entry_ids),
    )
    for row in found:
        grouped[row["entry_id"]].append(row["document_id"])
    return grouped


async def documents_of_operations(actor: Actor, operation_ids: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the documents that book what each operation posted, as far as the actor may see them."""
    grouped: dict[str, list[str]] = {operation_id: [] for operation_id in operation_ids}
    found = await rows(
        "SELECT id, operation_id FROM journal_entry WHERE chain_id = $1 AND operation_id = ANY($2)",
        actor.chain_id,
        list(operation_ids),
    )
    of_entries = await documents_of_entries(actor, [row["id"] for row in found])
    for row in found:
        grouped[row["operation_id"]] += of_entries[row["id"]]
    return {operation_id: sorted(set(ids)) for operation_id, ids in grouped.items()}


async def entries_of_documents(document_ids: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the entries behind each document; the caller may see the documents."""
    found = await rows(
        "SELECT document_id, entry_id FROM sync_document_entry WHERE document_id = ANY($1) ORDER BY entry_id",
        list(document_ids),
    )
    grouped: dict[str, list[str]] = defaultdict(list)
    for row in found:
        grouped[row["document_id"]].append(row["entry_id"])
    return grouped


async def attempts_of_documents(document_ids: Sequence[str], newest: int = 50) -> dict[str, list[Attempt]]:
    """The newest calls about each document, oldest first; the caller may see the documents."""
    columns = ", ".join(Attempt.__slots__)
    found = await rows(
        f"""SELECT {columns} FROM (
            SELECT {columns}, ROW_NUMBER() OVER (PARTITION BY document_id ORDER BY id DESC) AS age
            FROM sync_attempt WHERE document_id = ANY($1)) aged
        WHERE age <= $2 ORDER BY id""",
        list(document_ids),
        newest,
    )
    grouped: dict[str, list[Attempt]] = defaultdict(list)
    for row in found:
        attempt = Attempt(**row | {"call": Call(row["call"]), "outcome": Outcome(row["outcome"])})
        grouped[attempt.document_id].append(attempt)
    return grouped


async def mapping(connection: Connection) -> list[MappedRow]:
    """Every row of the mapping of a connection, which the caller may see, oldest first; the last of a key counts."""
    return await mapping_store.history(connection.id)


async def reconciliations(connection: Connection, limit: int, before_id: str | None = None) -> list[Reconciled]:
    """The comparisons of a connection, which the caller may see, newest first."""
    return await reconciling_store.reconciliations(connection.id, limit, before_id)


async def reconciliations_by_ids(actor: Actor, ids: Sequence[str]) -> dict[str, Reconciled]:
    """Those of the comparisons that the actor may see, by id."""
    return await reconciling_store.by_ids(actor.chain_id, ids) if ALL_BOOKS.lets(actor) else {}
