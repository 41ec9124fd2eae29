"""The mutation cancelSettlement."""

from typing import Annotated

import strawberry

from domain.settlements.cancel_settlement import CancelSettlement
from schema.acts import carry_out, describe, operation_id
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.settlements.refusals import SettlementDecided
from schema.settlements.types import Settlement, settlement_shown


@strawberry.input(description="Which settlement is wrong, and why.")
class CancelSettlementInput:
    """The input of cancelSettlement."""

    settlement_id: strawberry.ID = strawberry.field(description="The draft.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")


@strawberry.type(description="The settlement is cancelled.")
class CancelSettlementPayload:
    """The outcome of cancelSettlement."""

    operation_id: strawberry.ID = operation_id()
    settlement_id: strawberry.Private[str]

    @strawberry.field(description="The settlement.")
    async def settlement(self, info: Info) -> Settlement | None:
        return await settlement_shown(info, self.settlement_id)


CancelSettlementResult = Annotated[
    CancelSettlementPayload | InvalidInput | NotFound | SettlementDecided,
    strawberry.union("CancelSettlementResult", description="The settlement cancelled, or why not."),
]


async def resolve(info: Info, input: CancelSettlementInput) -> CancelSettlementResult:
    """Build the command and carry it out."""
    done = await carry_out(info, CancelSettlement(input.settlement_id, input.reason))
    return CancelSettlementPayload(
        operation_id=strawberry.ID(done.operation_id), settlement_id=done.outcome.settlement_id
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "cancel_settlement",
        "Throws a draft away. The next settlement covers what it covered, also what was disputed in it; what it had "
        "taken up of disputes in earlier ones waits for the next. Sent again it is refused as decided.",
    ),
)
