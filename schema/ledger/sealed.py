"""Operations and entries in the sealed order, as other systems take them over."""

from dataclasses import replace
from typing import Annotated

import strawberry

from domain.ledger import sealed
from domain.ledger.journal import EntryFilter, OperationFilter
from domain.ledger.sealed import EntryOrder, OperationOrder, Place, whole_operations
from schema.connections import Connection, Page, connection, number, page
from schema.context import Info
from schema.errors import BadUserInput
from schema.ledger.entry import JournalEntry, entry_of
from schema.ledger.operation import Operation, operation_of

MAX_SEALED = 1000

First = Annotated[
    int | None,
    strawberry.argument(
        description=f"How many at most, from 1 to 100, in the sealed order to {MAX_SEALED}; 20 when left out."
    ),
]
AfterPosition = Annotated[
    int | None,
    strawberry.argument(
        description="With SEALED_FIRST_FIRST, the position behind which to begin, in place of a cursor; 0 is before "
        "all. It stays good for ever."
    ),
]


async def operations(
    info: Info, chosen: OperationFilter, first: int | None, after: str | None, position: int | None
) -> Connection[Operation]:
    """A page of operations in the sealed order."""
    asked = _asked(first, after, position, chosen, OperationOrder.SEALED_FIRST_FIRST)
    found = await sealed.operations(info.context.actor, chosen, asked.size + 1, _behind(asked).position)
    return connection(found, asked, operation_of, lambda view: [str(view.position)])


async def entries(
    info: Info, chosen: EntryFilter, first: int | None, after: str | None, position: int | None
) -> Connection[JournalEntry]:
    """A page of entries in the sealed order, which ends with the last entry of an operation.

    Otherwise somebody who acknowledges the last position of a page would have acknowledged what is on the next one.
    """
    asked = _asked(first, after, position, chosen, EntryOrder.SEALED_FIRST_FIRST)
    found = await sealed.entries(info.context.actor, chosen, asked.size + 1, _behind(asked))
    whole = whole_operations(found, asked.size)
    if found and not whole:
        raise BadUserInput(
            f"The operation at position {found[0].position} has more than {asked.size} entries, and a page does not "
            "end inside one. Ask for more at a time."
        )
    shown = replace(asked, size=len(whole)) if len(whole) < len(found) else asked
    return connection(found, shown, entry_of, lambda view: [str(view.position), view.id])


def refuse_position(position: int | None) -> None:
    """Refuse a position where another order is asked for, in which it would mean nothing."""
    if position is not None:
        raise BadUserInput("afterPosition goes with orderBy SEALED_FIRST_FIRST.")


def _asked(first: int | None, after: str | None, position: int | None, *filter_and_order: object) -> Page:
    asked = page(first, after, *filter_and_order, most=MAX_SEALED)
    if position is None:
        return asked
    if after is not None:
        raise BadUserInput("Give either after or afterPosition.")
    if position < 0:
        raise BadUserInput("Positions begin at 1; afterPosition 0 is before all of them.")
    return replace(asked, after=[str(position)] if position else None)


def _behind(asked: Page) -> Place:
    if asked.after is None:
        return Place()
    position, entry_id = asked.after[:1], asked.after[1:]
    if len(entry_id) > 1:
        raise BadUserInput("The cursor is malformed. Take it from an edge of the same connection.")
    return Place(number(position) or 0, *entry_id)
