"""The query refundQuote."""

from typing import Annotated

import strawberry

from domain.refunds import quoting
from domain.refunds.asked import Asked
from schema.acts import parsed
from schema.bookings import refusals as of_bookings
from schema.branches.refusals import WrongCurrency
from schema.context import Info
from schema.packages import refusals as of_packages
from schema.refunds import refusals
from schema.refunds.deciding_refusals import RefundPending
from schema.refunds.quoted import RefundQuote, quote_of
from schema.refusals import InvalidInput, NotFound
from schema.scalars import MoneyInput

RefundQuoteResult = Annotated[
    RefundQuote
    | InvalidInput
    | NotFound
    | WrongCurrency
    | refusals.NothingToRefund
    | refusals.RefundAboveRest
    | refusals.PackageHandedOn
    | refusals.GoodwillAboveRest
    | of_packages.PackageClosed
    | of_packages.PackageDisputed
    | of_bookings.BookingStarted
    | RefundPending,
    strawberry.union("RefundQuoteResult", description="What a refund comes to, or why there can be none."),
]


async def resolve(
    info: Info,
    package_id: Annotated[strawberry.ID, strawberry.argument(description="The package to be given back.")],
    sessions: Annotated[
        int | None,
        strawberry.argument(
            description="How many of its sessions; all that can be when left out. 0 with goodwill: none, and the "
            "package stays."
        ),
    ] = None,
    release_booking_ids: Annotated[
        list[strawberry.ID] | None,
        strawberry.argument(description="The bookings that would be called off; what others hold is kept."),
    ] = None,
    hardship: Annotated[
        bool,
        strawberry.argument(
            description="Whether no penalty would be kept, since the customer is in hardship; for the staff."
        ),
    ] = False,
    goodwill: Annotated[
        MoneyInput | None,
        strawberry.argument(description="What would be refunded besides the contract; for the staff."),
    ] = None,
    to_credit: Annotated[
        bool, strawberry.argument(description="Whether the customer agrees to have credit instead of money.")
    ] = False,
) -> RefundQuoteResult | None:
    """Ask for the quote; a path of a refusal names the argument."""
    money = parsed((goodwill, ("goodwill",)))[0] if goodwill else None
    asked = Asked(
        package_id=package_id,
        sessions=sessions,
        booking_ids=tuple(release_booking_ids or ()),
        hardship="asked about" if hardship else "",
        goodwill_minor=money.amount_minor if money else 0,
        to_credit=to_credit,
        currency=money.currency if money else None,
    )
    return quote_of(await quoting.refund_quote(info.context.actor, asked))


QUERY = strawberry.field(
    resolver=resolve,
    description="What giving sessions of a package back would come to now, by every basis and with every step; or the "
    "refusal with which requestRefund would end, but for CREDIT_NOT_AGREED. While a refund waits it is REFUND_PENDING: "
    "what that one comes to by now is its own quote. A package that waits to be paid, is frozen or in grace may be "
    "given back. Customers ask about packages that they hold.",
)
