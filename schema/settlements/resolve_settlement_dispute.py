"""The mutation resolveSettlementDispute."""

from typing import Annotated

import strawberry

from domain.settlements.resolve_settlement_dispute import ResolveSettlementDispute
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.settlements.refusals import SettlementDisputeClosed
from schema.settlements.types import DISPUTES, SettlementDispute, dispute_of


@strawberry.input(description="Which dispute is over.")
class ResolveSettlementDisputeInput:
    """The input of resolveSettlementDispute."""

    dispute_id: strawberry.ID = strawberry.field(description="The dispute.")
    resolution: str = strawberry.field(description="What came of it, for the audit log; not blank.")


@strawberry.type(description="The dispute is over.")
class ResolveSettlementDisputePayload:
    """The outcome of resolveSettlementDispute."""

    operation_id: strawberry.ID = operation_id()
    settlement_id: strawberry.Private[str]
    dispute_id: strawberry.Private[str]

    @strawberry.field(description="The dispute.")
    async def dispute(self, info: Info) -> SettlementDispute | None:
        found = await info.context.load(DISPUTES, self.settlement_id) or []
        return next((dispute_of(view) for view in found if view.id == self.dispute_id), None)


ResolveSettlementDisputeResult = Annotated[
    ResolveSettlementDisputePayload | InvalidInput | NotFound | SettlementDisputeClosed,
    strawberry.union("ResolveSettlementDisputeResult", description="The dispute resolved, or why not."),
]


async def resolve(info: Info, input: ResolveSettlementDisputeInput) -> ResolveSettlementDisputeResult:
    """Build the command and carry it out."""
    done = await carry_out(info, ResolveSettlementDispute(input.dispute_id, input.resolution))
    return ResolveSettlementDisputePayload(
        operation_id=strawberry.ID(done.operation_id),
        settlement_id=done.outcome.settlement_id,
        dispute_id=done.outcome.dispute_id,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "resolve_settlement_dispute",
        "Lets in again what was put aside: the next settlement takes it up, also where the one that it was put aside "
        "from is paid. What is wrong with the entry itself is put right by what posts, such as a reversal. Sent again "
        "it is refused as closed.",
    ),
)
