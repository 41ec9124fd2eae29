"""The mutation requestRefund."""

from typing import Annotated, Any

import strawberry

from domain.refunds.asked import Asked as RefundAskedFor
from domain.refunds.request_refund import RequestRefund
from schema.acts import carry_out, describe, idempotency_key, parsed
from schema.bookings import refusals as of_bookings
from schema.branches.refusals import WrongCurrency
from schema.context import Info
from schema.packages import refusals as of_packages
from schema.refunds import deciding_refusals as deciding
from schema.refunds import refusals
from schema.refunds.asked import Asked, told
from schema.refusals import InvalidInput, NotFound
from schema.scalars import MoneyInput


@strawberry.input(description="Which sessions of a package are to be given back, and how.")
class RequestRefundInput:
    """The input of requestRefund."""

    package_id: strawberry.ID = strawberry.field(description="The package.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()
    sessions: int | None = strawberry.field(
        default=None,
        description="How many sessions; all that can be when left out. 0, with goodwill: none goes, and the package "
        "stays as it is.",
    )
    release_booking_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Confirmed bookings on the package, still to come, that are called off, so that what they hold is "
        "given back; what others hold is kept.",
    )
    to_credit: bool = strawberry.field(
        default=False, description="Whether the customer agrees to have credit instead of money."
    )
    hardship: str = strawberry.field(
        default="", description="Why the customer is in hardship, so that no penalty is kept; for the staff to tell."
    )
    goodwill: MoneyInput | None = strawberry.field(
        default=None,
        description="What is refunded besides what the contract gives; for the staff to grant. The sessions asked for "
        "are given back all the same: where the customer keeps them, ask for 0.",
    )
    quote_hash: str | None = strawberry.field(
        default=None, description="The hash of the quote that was shown; another outcome is refused then."
    )


@strawberry.type(description="The refund was agreed, or waits to be approved.")
class RequestRefundPayload(Asked):
    """The outcome of requestRefund."""


RequestRefundResult = Annotated[
    RequestRefundPayload
    | InvalidInput
    | NotFound
    | WrongCurrency
    | deciding.RefundPending
    | refusals.NothingToRefund
    | refusals.RefundAboveRest
    | refusals.PackageHandedOn
    | refusals.GoodwillAboveRest
    | refusals.CreditNotAgreed
    | refusals.RefundQuoteChanged
    | of_packages.PackageClosed
    | of_packages.PackageDisputed
    | of_bookings.BookingStarted,
    strawberry.union("RequestRefundResult", description="The refund, or why there is none."),
]


async def resolve(info: Info, input: RequestRefundInput) -> RequestRefundResult:
    """Build the command and carry it out."""
    command = RequestRefund(_asked(input), input.reason, input.quote_hash)
    fields: dict[str, Any] = told(await carry_out(info, command, input.idempotency_key))
    return RequestRefundPayload(**fields)


def _asked(input: RequestRefundInput) -> RefundAskedFor:
    money = parsed((input.goodwill, ("goodwill",)))[0] if input.goodwill else None
    return RefundAskedFor(
        package_id=input.package_id,
        sessions=input.sessions,
        booking_ids=tuple(input.release_booking_ids or ()),
        hardship=input.hardship,
        goodwill_minor=money.amount_minor if money else 0,
        to_credit=input.to_credit,
        currency=money.currency if money else None,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "request_refund",
        "Gives sessions of a package back. Where whoever asks may agree to it alone that is done at once: the sessions "
        "are gone, the bookings named are cancelled, what is owed for the package is cleared first, and the rest of "
        "what comes back is to be paid out with payOutRefund. Otherwise it waits for another person (approveRefund), "
        "and nothing moves before: when a customer or an API key asks, with hardship or goodwill, and above the amount "
        "of the terms or the limits of every role held at the home branch, which count the day's total of the package "
        "and of whoever asks. One refund of a package waits at a time. A package of which nothing is left is closed.",
    ),
)
