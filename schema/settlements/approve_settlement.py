"""The mutation approveSettlement."""

from typing import Annotated

import strawberry

from domain.settlements.approve_settlement import ApproveSettlement
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import ApproverIsRequester, InvalidInput, NotFound
from schema.settlements.refusals import SettlementDecided
from schema.settlements.types import Settlement, settlement_shown


@strawberry.input(description="Which settlement is right.")
class ApproveSettlementInput:
    """The input of approveSettlement."""

    settlement_id: strawberry.ID = strawberry.field(description="The draft.")
    note: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The settlement is approved.")
class ApproveSettlementPayload:
    """The outcome of approveSettlement."""

    operation_id: strawberry.ID = operation_id()
    settlement_id: strawberry.Private[str]

    @strawberry.field(description="The settlement.")
    async def settlement(self, info: Info) -> Settlement | None:
        return await settlement_shown(info, self.settlement_id)


ApproveSettlementResult = Annotated[
    ApproveSettlementPayload | InvalidInput | NotFound | SettlementDecided | ApproverIsRequester,
    strawberry.union("ApproveSettlementResult", description="The settlement approved, or why not."),
]


async def resolve(info: Info, input: ApproveSettlementInput) -> ApproveSettlementResult:
    """Build the command and carry it out."""
    done = await carry_out(info, ApproveSettlement(input.settlement_id, input.note))
    return ApproveSettlementPayload(
        operation_id=strawberry.ID(done.operation_id), settlement_id=done.outcome.settlement_id
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "approve_settlement",
        "Approves a draft that another person ran: nothing of it is disputed or cancelled any more, and it can be "
        "paid. Sent again it is refused as decided.",
    ),
)
