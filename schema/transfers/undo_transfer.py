"""The mutation undoTransfer."""

from typing import Annotated

import strawberry

from domain.transfers.undo_transfer import TransferUndone, UndoTransfer
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.packages import refusals as of_packages
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of
from schema.transfers import refusals
from schema.transfers.types import OfTransfer


@strawberry.input(description="Which transfer to take back, and why.")
class UndoTransferInput:
    """The input of undoTransfer."""

    transfer_id: strawberry.ID = strawberry.field(description="The transfer that was done.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The sessions have gone back.")
class UndoTransferPayload(OfTransfer, OfPackage):
    """The outcome of undoTransfer."""

    sessions: int = strawberry.field(name="returned", description="How many sessions went back.")
    fee: Money = strawberry.field(name="feeTakenBack", description="What had been charged, and is not any more.")
    credited: Money = strawberry.field(description="What of that had been paid, and is the customer's credit.")
    booking_ids: list[strawberry.ID] = strawberry.field(description="The bookings that went back too.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


UndoTransferResult = Annotated[
    UndoTransferPayload
    | InvalidInput
    | NotFound
    | refusals.WrongTransferState
    | refusals.UndoTooLate
    | refusals.TransferUsed
    | of_packages.PackagePending
    | of_packages.PackageClosed
    | of_packages.PackageFrozen
    | of_packages.PackageDisputed
    | of_packages.BranchClosed,
    strawberry.union("UndoTransferResult", description="The sessions gone back, or why not."),
]


async def resolve(info: Info, input: UndoTransferInput) -> UndoTransferResult:
    """Build the command and carry it out."""
    done = await carry_out(info, UndoTransfer(input.transfer_id, input.reason), input.idempotency_key)
    outcome: TransferUndone = done.outcome
    return UndoTransferPayload(
        transfer_id=strawberry.ID(outcome.transfer_id),
        package_id=strawberry.ID(outcome.package_id),
        sessions=outcome.sessions,
        fee=money_of(outcome.fee_minor, outcome.currency),
        credited=money_of(outcome.credited_minor, outcome.currency),
        booking_ids=[strawberry.ID(each) for each in outcome.booking_ids],
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "undo_transfer",
        "Takes a transfer back within 24 hours, as long as nothing of what was handed on was used, booked, handed on "
        "or has lapsed since: it goes back to the lots that it came from with exactly what it took, bookings that went "
        "along go back, and so does the fee. A package that was opened by it stays, with nothing left. Nothing "
        "goes back to a package whose home branch has closed.",
    ),
)
