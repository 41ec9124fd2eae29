"""The lists of a branch: what is to come to it and what is to leave it, and its closings."""

from collections.abc import Sequence

from domain.branch_transfers import reading
from domain.branch_transfers.reading import Direction
from domain.branch_transfers.rules import State
from schema.branch_transfers.closings import BranchClosing, closing_of
from schema.branch_transfers.types import BranchTransfer, transfer_of
from schema.connections import Connection, connection, page
from schema.context import Info, Loader

CLOSINGS = Loader(reading.closings_of)


async def transfers_at(
    info: Info,
    branch_id: str,
    direction: Direction,
    states: Sequence[State] | None,
    first: int | None,
    after: str | None,
) -> Connection[BranchTransfer]:
    """A page of the transfers to or from a branch, newest first."""
    wanted = sorted(set(states or ()))
    asked = page(first, after, branch_id, direction, wanted)
    behind = asked.after[0] if asked.after else None
    found = await reading.at_branch(info.context.actor, branch_id, direction, wanted, asked.size + 1, behind)
    return connection(found, asked, transfer_of, lambda view: [view.id])


async def closings_of_branch(info: Info, branch_id: str) -> list[BranchClosing]:
    """The closings of a branch, oldest first."""
    return [closing_of(view) for view in await info.context.load(CLOSINGS, branch_id) or []]
