"""The mutation transferPackage."""

from typing import Annotated

import strawberry

from domain.transfers.asked import Asked, FeePayer, PackageTransferred, State
from domain.transfers.transfer_package import TransferPackage
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.customers.refusals import CustomerErased, CustomerMerged
from schema.packages import refusals as of_packages
from schema.packages.types import OfPackage, Package, shown
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of
from schema.transfers import refusals
from schema.transfers.types import OfTransfer


@strawberry.input(description="Which sessions go to whom, and where that is done.")
class TransferPackageInput:
    """The input of transferPackage."""

    package_id: strawberry.ID = strawberry.field(description="The package that the sessions leave.")
    recipient_id: strawberry.ID = strawberry.field(description="The customer who gets them.")
    branch_id: strawberry.ID = strawberry.field(description="The branch that does it; the fee is owed there.")
    idempotency_key: str = idempotency_key()
    sessions: int | None = strawberry.field(
        default=None, description="How many sessions; all that can be handed on when left out."
    )
    with_bookings: bool = strawberry.field(
        default=False,
        description="Whether visits to come go along with what they hold; only with the whole package. Otherwise what "
        "bookings hold stays.",
    )
    into_package_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="A package of the recipient, sold on the same terms and at home at the same branch, that they go "
        "into; without it one is opened.",
    )
    fee_payer: FeePayer = strawberry.field(
        default=FeePayer.SENDER, description="On whose account the fee is put, where the terms have one."
    )
    quote_hash: str | None = strawberry.field(
        default=None, description="The hash of the quote that was shown; another outcome is refused then."
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The sessions were handed on, or it was asked for where a manager must approve.")
class TransferPackagePayload(OfTransfer, OfPackage):
    """The outcome of transferPackage."""

    state: State = strawberry.field(name="transferState", description="DONE, or REQUESTED before it is approved.")
    into_package_id: strawberry.ID | None = strawberry.field(
        name="recipientPackageId", description="The package they are in; null while none is opened."
    )
    sessions: int = strawberry.field(name="handedOn", description="How many sessions went, or would as things stand.")
    value: Money = strawberry.field(name="valueHandedOn", description="Their value.")
    fee: Money = strawberry.field(name="feeCharged", description="What was charged, or would be, with tax.")
    booking_ids: list[strawberry.ID] = strawberry.field(description="The bookings that went along.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()

    @strawberry.field(description="The recipient's package as it is now; null before that, or if you may not see it.")
    async def recipient_package(self, info: Info) -> Package | None:
        return await shown(info, self.into_package_id) if self.into_package_id else None


TransferPackageResult = Annotated[
    TransferPackagePayload
    | InvalidInput
    | NotFound
    | CustomerMerged
    | CustomerErased
    | refusals.TransferNotAllowed
    | refusals.TransferToOneself
    | refusals.PartialTransferNotAllowed
    | refusals.TransferLimitReached
    | refusals.NothingToHandOn
    | refusals.TransferPending
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
    strawberry.union("TransferPackageResult", description="The sessions handed on, or why not."),
]


async def resolve(info: Info, input: TransferPackageInput) -> TransferPackageResult:
    """Build the command and carry it out."""
    asked = Asked(
        package_id=input.package_id,
        recipient_id=input.recipient_id,
        sessions=input.sessions,
        with_bookings=input.with_bookings,
        into_package_id=input.into_package_id,
        branch_id=input.branch_id,
    )
    command = TransferPackage(asked, input.fee_payer, input.quote_hash, input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    outcome: PackageTransferred = done.outcome
    into, currency = outcome.into_package_id, outcome.currency
    return TransferPackagePayload(
        transfer_id=strawberry.ID(outcome.transfer_id),
        package_id=strawberry.ID(outcome.package_id),
        state=State(outcome.state),
        into_package_id=strawberry.ID(into) if into else None,
        sessions=outcome.sessions,
        value=money_of(outcome.value_minor, currency),
        fee=money_of(outcome.fee_minor, currency),
        booking_ids=[strawberry.ID(each) for each in outcome.booking_ids],
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "transfer_package",
        "Hands sessions of a package on to another customer, as its terms allow: they leave their lots and arrive in a "
        "package of the recipient with their value, tax and last days, both at once. Paid ones go first, bonus ones "
        "when those are gone or everything goes. A fee of the terms is put on an account, which payAccount settles. "
        "Where the terms ask for approval nothing moves before approveTransfer, and the whole package waits alone. "
        "undoTransfer takes it back for 24 hours.",
    ),
)
