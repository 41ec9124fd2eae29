"""The mutation approveRefund."""

from typing import Annotated, Any

import strawberry

from domain.refunds.approve_refund import ApproveRefund
from schema.acts import carry_out, describe, idempotency_key
from schema.bookings import refusals as of_bookings
from schema.context import Info
from schema.packages import refusals as of_packages
from schema.refunds import deciding_refusals as deciding
from schema.refunds import refusals
from schema.refunds.asked import Asked, told
from schema.refusals import ApproverIsRequester, InvalidInput, NotFound


@strawberry.input(description="Which refund to approve.")
class ApproveRefundInput:
    """The input of approveRefund."""

    refund_id: strawberry.ID = strawberry.field(description="The refund that was requested.")
    idempotency_key: str = idempotency_key()
    quote_hash: str | None = strawberry.field(
        default=None,
        description="The hash of what it comes to now, as Refund.quote shows it; left out, it is approved as it was "
        "quoted when it was asked for.",
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="The sessions were given back.")
class ApproveRefundPayload(Asked):
    """The outcome of approveRefund."""


ApproveRefundResult = Annotated[
    ApproveRefundPayload
    | InvalidInput
    | NotFound
    | ApproverIsRequester
    | deciding.WrongRefundState
    | deciding.RefundAboveLimit
    | refusals.NothingToRefund
    | refusals.RefundAboveRest
    | refusals.PackageHandedOn
    | refusals.GoodwillAboveRest
    | refusals.CreditNotAgreed
    | refusals.RefundQuoteChanged
    | of_packages.PackageClosed
    | of_packages.PackageDisputed
    | of_bookings.BookingStarted,
    strawberry.union("ApproveRefundResult", description="The refund agreed, or why not."),
]


async def resolve(info: Info, input: ApproveRefundInput) -> ApproveRefundResult:
    """Build the command and carry it out."""
    command = ApproveRefund(input.refund_id, input.quote_hash, input.reason)
    fields: dict[str, Any] = told(await carry_out(info, command, input.idempotency_key))
    return ApproveRefundPayload(**fields)


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "approve_refund",
        "Approves a refund that was requested, and gives the sessions back. It takes another person than who asked, at "
        "the home branch of the package, with a role that may agree to so much on the day. Whatever has happened to "
        "the package since the quote is refused with the new one, and the request goes on waiting.",
    ),
)
