"""The mutation disputeSettlementEntry."""

from typing import Annotated

import strawberry

from domain.settlements.dispute_settlement_entry import DisputeSettlementEntry
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.settlements.refusals import EntryPutAside, SettlementDecided
from schema.settlements.types import DISPUTES, Settlement, SettlementDispute, dispute_of, settlement_shown


@strawberry.input(description="What is wrong with an entry behind a settlement.")
class DisputeSettlementEntryInput:
    """The input of disputeSettlementEntry."""

    settlement_id: strawberry.ID = strawberry.field(description="The draft.")
    entry_id: strawberry.ID = strawberry.field(description="The journal entry, as the rows of a line tell it.")
    reason: str = strawberry.field(description="Why, for the other branch and the audit log; not blank.")


@strawberry.type(description="The entry is put aside.")
class DisputeSettlementEntryPayload:
    """The outcome of disputeSettlementEntry."""

    operation_id: strawberry.ID = operation_id()
    settlement_id: strawberry.Private[str]
    dispute_ids: strawberry.Private[tuple[str, ...]]

    @strawberry.field(description="The settlement, without the entry.")
    async def settlement(self, info: Info) -> Settlement | None:
        return await settlement_shown(info, self.settlement_id)

    @strawberry.field(description="What was put aside, one for every two branches that the entry is about.")
    async def disputes(self, info: Info) -> list[SettlementDispute]:
        found = await info.context.load(DISPUTES, self.settlement_id) or []
        return [dispute_of(view) for view in found if view.id in self.dispute_ids]


DisputeSettlementEntryResult = Annotated[
    DisputeSettlementEntryPayload | InvalidInput | NotFound | SettlementDecided | EntryPutAside,
    strawberry.union("DisputeSettlementEntryResult", description="The entry put aside, or why not."),
]


async def resolve(info: Info, input: DisputeSettlementEntryInput) -> DisputeSettlementEntryResult:
    """Build the command and carry it out."""
    done = await carry_out(info, DisputeSettlementEntry(input.settlement_id, input.entry_id, input.reason))
    return DisputeSettlementEntryPayload(
        operation_id=strawberry.ID(done.operation_id),
        settlement_id=done.outcome.settlement_id,
        dispute_ids=done.outcome.dispute_ids,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "dispute_settlement_entry",
        "Puts an entry aside from a draft: the figures of its two branches fall by it, and everything else goes on "
        "without it. Those whose role is for single branches dispute what concerns these. Sent again it is refused as "
        "put aside.",
    ),
)
