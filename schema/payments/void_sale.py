"""The mutation voidSale."""

from typing import Annotated

import strawberry

from domain.ledger.accounts import PaymentMethod
from domain.payments.void_sale import PaidBack, SaleVoided, VoidSale
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.packages.refusals import PackageClosed, PackageDisputed
from schema.packages.types import OfPackage
from schema.payments import closing_refusals as closing
from schema.payments.refusals import CreditSpent
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of


@strawberry.input(description="A sale that was a mistake.")
class VoidSaleInput:
    """The input of voidSale."""

    package_id: strawberry.ID = strawberry.field(description="The package that should not have been sold.")
    reason: str = strawberry.field(description="What went wrong, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="A payment that is taken back with its sale.")
class PaymentTakenBack:
    """One payment."""

    payment_id: strawberry.ID = strawberry.field(description="The payment.")
    branch_id: strawberry.ID = strawberry.field(description="The branch that gives it back.")
    method: PaymentMethod = strawberry.field(
        description="How it came in, and so how it goes back; what was paid with credit is credit again."
    )
    amount: Money = strawberry.field(description="How much.")
    kept: Money = strawberry.field(description="What of it had been kept as credit, and is credit no more.")


@strawberry.type(description="The sale is void.")
class VoidSalePayload(OfPackage):
    """The outcome of voidSale."""

    credited: Money = strawberry.field(description="The price, which is owed no more.")
    payments: list[PaymentTakenBack] = strawberry.field(description="What is to be handed back, and how.")
    sessions: int = strawberry.field(description="How many sessions are gone.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


VoidSaleResult = Annotated[
    VoidSalePayload
    | InvalidInput
    | NotFound
    | closing.NoSaleToVoid
    | closing.SaleUsed
    | closing.SaleRenewed
    | closing.PackageBooked
    | closing.VoidTooLate
    | PackageClosed
    | PackageDisputed
    | CreditSpent,
    strawberry.union("VoidSaleResult", description="The sale void, or why not."),
]


async def resolve(info: Info, input: VoidSaleInput) -> VoidSaleResult:
    """Build the command and carry it out."""
    done = await carry_out(info, VoidSale(input.package_id, input.reason), input.idempotency_key)
    voided: SaleVoided = done.outcome
    return VoidSalePayload(
        package_id=strawberry.ID(voided.package_id),
        credited=money_of(voided.price_minor, voided.currency),
        payments=[_taken_back(paid, voided.currency) for paid in voided.payments],
        sessions=voided.sessions,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


def _taken_back(paid: PaidBack, currency: str) -> PaymentTakenBack:
    return PaymentTakenBack(
        payment_id=strawberry.ID(paid.payment_id),
        branch_id=strawberry.ID(paid.branch_id),
        method=paid.method,
        amount=money_of(paid.amount_minor, currency),
        kept=money_of(paid.kept_minor, currency),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "void_sale",
        "Declares a sale void that was a mistake and of which nothing was used: the sale and every payment for it are "
        "mirrored, its sessions are gone, and the package is closed; both stay on record. The front desk may do so "
        "within the chain's hours for reversals. No sale is void of a package to which sessions were added, or that an "
        "upgrade opened.",
    ),
)
