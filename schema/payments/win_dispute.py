"""The mutation winDispute."""

from datetime import date
from typing import Annotated

import strawberry

from domain.payments.win_dispute import WinDispute
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.packages.types import OfPackage
from schema.payments.refusals import NotDisputed
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="A dispute that was settled in favour of the business.")
class WinDisputeInput:
    """The input of winDispute."""

    package_id: strawberry.ID = strawberry.field(description="The package whose payment was disputed.")
    reason: str = strawberry.field(description="How it was settled, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="A lot that lives longer.")
class LotThawed:
    """A lot after a dispute."""

    lot_id: strawberry.ID = strawberry.field(description="The lot.")
    last_day: date = strawberry.field(description="Its last day from now on, by the home branch's clock.")


@strawberry.type(description="The dispute is won, and the package can be used again.")
class WinDisputePayload(OfPackage):
    """The outcome of winDispute."""

    thawed_on: date = strawberry.field(description="The first day of use again, by the home branch's clock.")
    lots: list[LotThawed] = strawberry.field(description="The lots to which the lost days were added.")
    remaining: int = strawberry.field(description="Sessions of the package that were usable after it.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


WinDisputeResult = Annotated[
    WinDisputePayload | InvalidInput | NotFound | NotDisputed,
    strawberry.union("WinDisputeResult", description="The dispute won, or why not."),
]


async def resolve(info: Info, input: WinDisputeInput) -> WinDisputeResult:
    """Build the command and carry it out."""
    done = await carry_out(info, WinDispute(input.package_id, input.reason), input.idempotency_key)
    won = done.outcome
    return WinDisputePayload(
        package_id=won.package_id,
        thawed_on=won.thawed_on,
        lots=[LotThawed(lot_id=strawberry.ID(lot.lot_id), last_day=lot.last_day) for lot in won.lots],
        remaining=won.remaining,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "win_dispute",
        "Ends a dispute that the business has won: what was kept back is mirrored, but for the provider's fee, and "
        "the days in which the package could not be used are added to the last day of what the dispute kept alive.",
    ),
)
