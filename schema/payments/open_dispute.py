"""The mutation openDispute."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.payments.open_dispute import OpenDispute
from schema.acts import carry_out, describe, idempotency_key, operation_id, parsed, replayed
from schema.branches.refusals import WrongCurrency
from schema.context import Info
from schema.packages.refusals import PackageClosed
from schema.packages.types import OfPackage
from schema.payments.refusals import AlreadyDisputed, DisputeExceedsPaid
from schema.refusals import InvalidInput, NotFound
from schema.scalars import MoneyInput


@strawberry.input(description="A payment that the provider keeps back because its payer disputes it.")
class OpenDisputeInput:
    """The input of openDispute."""

    package_id: strawberry.ID = strawberry.field(description="The package that was paid for.")
    amount: MoneyInput = strawberry.field(description="How much is kept back; at most what the provider collected.")
    reason: str = strawberry.field(description="The payer's reason, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()
    fee: MoneyInput | None = strawberry.field(
        default=None, description="What the provider takes for the dispute, and keeps however it ends."
    )


@strawberry.type(description="The dispute is open.")
class OpenDisputePayload(OfPackage):
    """The outcome of openDispute."""

    disputed_at: datetime = strawberry.field(description="Since when the package cannot be used.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


OpenDisputeResult = Annotated[
    OpenDisputePayload | InvalidInput | NotFound | PackageClosed | AlreadyDisputed | DisputeExceedsPaid | WrongCurrency,
    strawberry.union("OpenDisputeResult", description="The dispute opened, or why not."),
]


async def resolve(info: Info, input: OpenDisputeInput) -> OpenDisputeResult:
    """Build the command and carry it out."""
    given = [(input.amount, ("amount",))] + ([(input.fee, ("fee",))] if input.fee else [])
    amount, *fees = parsed(*given)
    command = OpenDispute(
        input.package_id,
        amount.amount_minor,
        amount.currency,
        input.reason,
        fee_minor=sum(fee.amount_minor for fee in fees),
        fee_currency=fees[0].currency if fees else None,
    )
    done = await carry_out(info, command, input.idempotency_key)
    return OpenDisputePayload(
        package_id=done.outcome.package_id,
        disputed_at=done.outcome.disputed_at,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "open_dispute",
        "Notes that a payment is disputed: what the provider keeps back and its fee are posted, and until the dispute "
        "is settled the package cannot be used and nothing of it lapses. At most what the provider collected and what "
        "has not gone back in refunds. What was paid for a package before it was upgraded is disputed at the package "
        "that it was upgraded to; what was kept of a package that was given back can be disputed too.",
    ),
)
