"""What the graph reads in the sealed order: all there is up to a position, and nothing ever before it.

Position n + 1 is committed with position n or after it, and an operation with its entries. So who has read up to n
has read everything, and goes on behind n for ever.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.kernel.access import Actor
from domain.kernel.db import rows
from domain.ledger.journal import (
    ENTRY,
    OPERATION,
    EntryFilter,
    EntryView,
    OperationFilter,
    OperationView,
    entries_seen,
    entry_of,
    operation_of,
    operations_seen,
)


class OperationOrder(StrEnum):
    """In which order operations are read."""

    RECORDED_LAST_FIRST = "RECORDED_LAST_FIRST"
    SEALED_FIRST_FIRST = "SEALED_FIRST_FIRST"


class EntryOrder(StrEnum):
    """In which order journal entries are read."""

    POSTED_FIRST_FIRST = "POSTED_FIRST_FIRST"
    SEALED_FIRST_FIRST = "SEALED_FIRST_FIRST"


@dataclass(frozen=True, slots=True)
class Place:
    """Behind the operation at a position, or behind one of its entries."""

    position: int = 0
    entry_id: str | None = None


async def operations(actor: Actor, chosen: OperationFilter, limit: int, position: int) -> list[OperationView]:
    """Sealed operations that the actor may see, in their order, behind a position."""
    where = operations_seen(actor, chosen)
    where.add("s.chain_id = {chain} AND s.position > {position}", chain=actor.chain_id, position=position)
    found = await rows(
        f"""{OPERATION} FROM sealed_operation s JOIN operation o ON o.id = s.operation_id
        WHERE {where} ORDER BY s.position LIMIT {where.value(limit)}""",
        *where.args,
    )
    return [operation_of(row) for row in found]


async def entries(actor: Actor, chosen: EntryFilter, limit: int, behind: Place) -> list[EntryView]:
    """Entries of sealed operations that the actor may see, in their order, behind a place."""
    # The chain of the entry itself would tempt SQLite to look through all of that for each operation.
    where = entries_seen(actor, chosen, chained="s")
    if behind.entry_id is None:
        where.add("s.position > {position}", position=behind.position)
    else:
        where.add("s.position >= {position}", position=behind.position)
        where.add("s.position > {position} OR e.id > {id}", position=behind.position, id=behind.entry_id)
    found = await rows(
        f"""{ENTRY} FROM sealed_operation s JOIN journal_entry e ON e.operation_id = s.operation_id
        WHERE {where} ORDER BY s.position, e.id LIMIT {where.value(limit)}""",
        *where.args,
    )
    return [entry_of(row) for row in found]


def whole_operations(found: list[EntryView], size: int) -> list[EntryView]:
    """The most of the first so many entries with which no operation is left half read; none if one alone is more."""
    if len(found) <= size:
        return found
    begun = found[size].position
    return [entry for entry in found[:size] if entry.position != begun]
