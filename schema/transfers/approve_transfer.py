"""The mutation approveTransfer."""

from typing import Annotated

import strawberry

from domain.transfers.approve_transfer import ApproveTransfer
from domain.transfers.asked import PackageTransferred, State
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.customers.refusals import CustomerErased, CustomerMerged
from schema.packages import refusals as of_packages
from schema.packages.types import OfPackage, Package, shown
from schema.refusals import ApproverIsRequester, InvalidInput, NotFound
from schema.scalars import Money, money_of
from schema.transfers import refusals
from schema.transfers.types import OfTransfer


@strawberry.input(description="Which transfer to approve.")
class ApproveTransferInput:
    """The input of approveTransfer."""

    transfer_id: strawberry.ID = strawberry.field(description="The transfer that was requested.")
    idempotency_key: str = idempotency_key()
    quote_hash: str | None = strawberry.field(
        default=None, description="The hash of the quote that was shown; another outcome is refused then."
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The sessions were handed on.")
class ApproveTransferPayload(OfTransfer, OfPackage):
    """The outcome of approveTransfer."""

    state: State = strawberry.field(name="transferState", description="DONE.")
    into_package_id: strawberry.ID = strawberry.field(name="recipientPackageId", description="The package they are in.")
    sessions: int = strawberry.field(name="handedOn", description="How many sessions went.")
    value: Money = strawberry.field(name="valueHandedOn", description="Their value.")
    fee: Money = strawberry.field(name="feeCharged", description="What was charged, with tax.")
    booking_ids: list[strawberry.ID] = strawberry.field(description="The bookings that went along.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()

    @strawberry.field(description="The recipient's package as it is now; null when you may not see it.")
    async def recipient_package(self, info: Info) -> Package | None:
        return await shown(info, self.into_package_id)


ApproveTransferResult = Annotated[
    ApproveTransferPayload
    | InvalidInput
    | NotFound
    | CustomerMerged
    | CustomerErased
    | ApproverIsRequester
    | refusals.WrongTransferState
    | refusals.TransferNotAllowed
    | refusals.TransferToOneself
    | refusals.PartialTransferNotAllowed
    | refusals.TransferLimitReached
    | refusals.NothingToHandOn
    | refusals.PackagesDiffer
    | refusals.QuoteChanged
    | of_packages.NotEnoughSessions
    | of_packages.PackageExpired
    | of_packages.PackagePending
    | of_packages.PackageClosed
    | of_packages.PackageFrozen
    | of_packages.PackageDisputed
    | of_packages.NotPaidFor
    | of_packages.BranchClosed,
    strawberry.union("ApproveTransferResult", description="The sessions handed on, or why not."),
]


async def resolve(info: Info, input: ApproveTransferInput) -> ApproveTransferResult:
    """Build the command and carry it out."""
    command = ApproveTransfer(input.transfer_id, input.quote_hash, input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    outcome: PackageTransferred = done.outcome
    return ApproveTransferPayload(
        transfer_id=strawberry.ID(outcome.transfer_id),
        package_id=strawberry.ID(outcome.package_id),
        state=State(outcome.state),
        into_package_id=strawberry.ID(outcome.into_package_id or ""),
        sessions=outcome.sessions,
        value=money_of(outcome.value_minor, outcome.currency),
        fee=money_of(outcome.fee_minor, outcome.currency),
        booking_ids=[strawberry.ID(each) for each in outcome.booking_ids],
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "approve_transfer",
        "Approves a transfer that was requested, and hands the sessions on. It takes another person than who asked, at "
        "the home branch of the package, and everything is judged as it is now.",
    ),
)
