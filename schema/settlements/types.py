"""Settlements as the graph shows them: runs, the positions of branches in them, and what is put aside."""

from datetime import date, datetime

import strawberry

import schema.settlements.enums  # noqa: F401 - the states that are told
from domain.ledger.journal import readable_books
from domain.settlements import proof, reading
from domain.settlements.reading import DisputeView, RunView
from domain.settlements.rules import positions
from domain.settlements.states import DisputeState, SettlementState
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.ledger.entry import JournalEntry, entry_shown
from schema.ledger.operation import Operation, operation_shown
from schema.scalars import Money, money_of
from schema.settlements.lines import SettlementLine, line_of

SETTLEMENT = Loader(reading.runs_by_ids)
LINES = Loader(reading.lines_of)
DISPUTES = Loader(reading.disputes_of)


@strawberry.type(description="What a branch has coming in a settlement from all others, less what it owes them.")
class SettlementPosition:
    """A branch's position."""

    net: Money = strawberry.field(description="The position; below zero where the branch pays more than it is paid.")
    branch_id: strawberry.Private[str]

    @strawberry.field(description="The branch.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id)


@strawberry.type(description="The proof of a settlement, computed anew from the journal.")
class SettlementCheck:
    """The proof."""

    sum: Money = strawberry.field(
        description="The positions of all branches, each by its own books, added up. Always zero."
    )
    row_count: int = strawberry.field(description="How many rows are behind all lines.")
    agrees: bool = strawberry.field(description="Whether the sum is zero and every line is what its rows add up to.")


@strawberry.type(
    description="What one entry says that two branches owe each other, put aside from a settlement until somebody "
    "resolves that."
)
class SettlementDispute:
    """A dispute."""

    id: strawberry.ID = strawberry.field(description="Opaque, prefixed, time-ordered.")
    state: DisputeState = strawberry.field(description="What became of it.")
    one_owes: Money = strawberry.field(description="What `one` owes for it.")
    other_owes: Money = strawberry.field(description="What `other` owes for it.")
    reason: str = strawberry.field(description="Why it is disputed.")
    disputed_by: strawberry.ID = strawberry.field(description="Who disputed it.")
    disputed_at: datetime = strawberry.field(description="When.")
    resolution: str = strawberry.field(description="What came of it; empty until it is resolved.")
    resolved_by: strawberry.ID | None = strawberry.field(description="Who resolved it; null until it is resolved.")
    resolved_at: datetime | None = strawberry.field(description="When; null until then.")
    entry_id: strawberry.ID = strawberry.field(description="The journal entry.")
    settlement_id: strawberry.ID = strawberry.field(description="The settlement that it was put aside from.")
    settled_in_id: strawberry.ID | None = strawberry.field(
        description="The settlement that took it up again; null until one does."
    )
    view: strawberry.Private[DisputeView]

    @strawberry.field(description="The one branch.")
    async def one(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.pair.one_id)

    @strawberry.field(description="The other branch.")
    async def other(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.pair.other_id)

    @strawberry.field(description="The journal entry, with its lines in the books that you may read.")
    async def entry(self, info: Info) -> JournalEntry | None:
        return await entry_shown(info, self.view.entry_id)


@strawberry.type(
    description="What all branches owe each other for what was posted until a day and no earlier settlement covers. "
    "Those who read the books of single branches see the lines of these branches."
)
class Settlement(Node):
    """A settlement run."""

    state: SettlementState = strawberry.field(description="How far it has come.")
    first_day: date = strawberry.field(description="The first day of the period, as it was asked for.")
    last_day: date = strawberry.field(description="The last day of the period.")
    position: int = strawberry.field(description="Up to which position of the sealed order it covers operations.")
    run_by: strawberry.ID = strawberry.field(description="The user or API key that ran it.")
    run_at: datetime = strawberry.field(description="When.")
    decided_by: strawberry.ID | None = strawberry.field(description="Who approved or cancelled it; null for a draft.")
    decided_at: datetime | None = strawberry.field(description="When; null for a draft.")
    decision: str = strawberry.field(description="What was said about that; empty for a draft and without a note.")
    paid_at: datetime | None = strawberry.field(
        description="When the last of its lines was confirmed as paid; null until then."
    )
    view: strawberry.Private[RunView]

    @strawberry.field(description="The settlement before it, which covers what this one does not; null for the first.")
    async def previous(self, info: Info) -> "Settlement | None":
        return await settlement_shown(info, self.view.previous_id) if self.view.previous_id else None

    @strawberry.field(description="The operation that ran it; null when you may not see that one.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id)

    @strawberry.field(description="A line for every two branches, in the order of their codes.")
    async def lines(self, info: Info) -> list[SettlementLine]:
        return [line_of(view) for view in await info.context.load(LINES, self.view.id) or []]

    @strawberry.field(description="What each branch has coming, less what it owes.")
    async def positions(self, info: Info) -> list[SettlementPosition]:
        found = positions(view.pair for view in await info.context.load(LINES, self.view.id) or [])
        own, currency = readable_books(info.context.actor), self.view.currency
        return [
            SettlementPosition(net=money_of(net, currency), branch_id=branch_id)
            for branch_id, net in found.items()
            if own is None or branch_id in own
        ]

    @strawberry.field(
        description="The proof that it cancels out, from everything that was posted; null for those who may not read "
        "the books of all branches, and of a settlement that was cancelled."
    )
    async def check(self, info: Info) -> SettlementCheck | None:
        found = await proof.proof(info.context.actor, self.view)
        if found is None:
            return None
        total = money_of(found.sum_minor, self.view.currency)
        return SettlementCheck(sum=total, row_count=found.rows, agrees=found.agrees)

    @strawberry.field(description="What was put aside from it, oldest first.")
    async def disputes(self, info: Info) -> list[SettlementDispute]:
        return [dispute_of(view) for view in await info.context.load(DISPUTES, self.view.id) or []]


def settlement_of(view: RunView) -> Settlement:
    """A settlement as the graph shows it."""
    return Settlement(
        id=strawberry.ID(view.id),
        state=view.state,
        first_day=view.from_day,
        last_day=view.until_day,
        position=view.position,
        run_by=strawberry.ID(view.run_by),
        run_at=view.run_at,
        decided_by=strawberry.ID(view.decided_by) if view.decided_by else None,
        decided_at=view.decided_at,
        decision=view.decision,
        paid_at=view.paid_at,
        view=view,
    )


async def settlement_shown(info: Info, settlement_id: str) -> Settlement | None:
    """A settlement as the actor may see it."""
    view = await info.context.load(SETTLEMENT, settlement_id)
    return settlement_of(view) if view else None


def dispute_of(view: DisputeView) -> SettlementDispute:
    """A dispute as the graph shows it."""
    return SettlementDispute(
        id=strawberry.ID(view.id),
        state=view.state,
        one_owes=money_of(view.pair.one_owes_minor, view.currency),
        other_owes=money_of(view.pair.other_owes_minor, view.currency),
        reason=view.reason,
        disputed_by=strawberry.ID(view.disputed_by),
        disputed_at=view.disputed_at,
        resolution=view.resolution,
        resolved_by=strawberry.ID(view.resolved_by) if view.resolved_by else None,
        resolved_at=view.resolved_at,
        entry_id=strawberry.ID(view.entry_id),
        settlement_id=strawberry.ID(view.settlement_id),
        settled_in_id=strawberry.ID(view.settled_in_id) if view.settled_in_id else None,
        view=view,
    )
