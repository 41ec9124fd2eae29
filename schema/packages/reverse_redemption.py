"""The mutation reverseRedemption."""

from typing import Annotated

import strawberry

from domain.packages.reverse_redemption import Fault, ReverseRedemption
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.packages import refusals
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which redemption to undo, and why.")
class ReverseRedemptionInput:
    """The input of reverseRedemption."""

    redemption_id: strawberry.ID = strawberry.field(description="The redemption's id, as redeemSession returned it.")
    fault: Fault = strawberry.field(description="On whose account the sessions come back.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The sessions came back.")
class ReverseRedemptionPayload(OfPackage):
    """The outcome of reverseRedemption."""

    sessions: int = strawberry.field(description="Sessions that came back.")
    remaining: int = strawberry.field(description="Sessions of the package that were usable after it.")
    replacement_lot_id: strawberry.ID | None = strawberry.field(
        description="The goodwill lot that carries on for sessions whose own lot had lapsed."
    )
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


ReverseRedemptionResult = Annotated[
    ReverseRedemptionPayload
    | InvalidInput
    | NotFound
    | refusals.AlreadyReversed
    | refusals.ReversalTooLate
    | refusals.PackageClosed,
    strawberry.union("ReverseRedemptionResult", description="The redemption undone, or why not."),
]


async def resolve(info: Info, input: ReverseRedemptionInput) -> ReverseRedemptionResult:
    """Build the command and carry it out."""
    command = ReverseRedemption(input.redemption_id, input.fault, input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    replacement = done.outcome.replacement_lot_id
    return ReverseRedemptionPayload(
        package_id=done.outcome.package_id,
        sessions=done.outcome.sessions,
        remaining=done.outcome.remaining,
        replacement_lot_id=strawberry.ID(replacement) if replacement else None,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "reverse_redemption",
        "Undoes a redemption made by mistake: the sessions go back to the lots they came from, with exactly the value "
        "they took, and the journal entry is mirrored. The desk of the branch that redeemed may do it within the "
        "chain's reversal hours, later only a manager; a second reversal is refused.",
    ),
)
