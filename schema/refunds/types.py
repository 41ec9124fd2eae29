"""Refunds as the graph shows them."""

from datetime import datetime

import strawberry

from domain.kernel.reads import WORDS
from domain.refunds import reading
from domain.refunds.asked import State
from domain.refunds.rules import Reckoned
from domain.refunds.view import RefundView
from schema.bookings.loaders import BOOKING
from schema.bookings.types import Booking, booking_of
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info, Loader
from schema.customers.loaders import CUSTOMER
from schema.customers.types import Customer
from schema.interfaces import Node
from schema.ledger.operation import Operation, operation_shown
from schema.limits.cost import OWN_COST
from schema.loading import load_all
from schema.packages.types import OfPackage
from schema.people.loaders import STAFF
from schema.people.types import Staff
from schema.quotes import DerivationStep, steps_of
from schema.refunds import enums as enums
from schema.refunds.parts import RefundPart, parts_shown
from schema.refunds.quoted import RefundQuote
from schema.refunds.quoted_now import quoted_now
from schema.scalars import Money, money_of

REFUND = Loader(reading.by_ids)


@strawberry.type(
    description="Sessions that a customer gives back, or wants to. Its figures are those that were asked for until "
    "somebody agrees, then those that were agreed."
)
class Refund(OfPackage, Node):
    """One refund."""

    state: State = strawberry.field(description="How far it has come.")
    sessions: int = strawberry.field(description="How many sessions are given back.")
    all_sessions: bool = strawberry.field(description="Whether all that can be given back were asked for.")
    refund: Money = strawberry.field(description="What comes back by contract.")
    goodwill: Money = strawberry.field(description="What is refunded besides.")
    total: Money = strawberry.field(description="Both together: all that is paid back.")
    fee: Money = strawberry.field(
        description="What is kept, without what earlier refunds have kept; negative where a waiver gives that back."
    )
    waived: Money = strawberry.field(description="What would have been kept but for hardship.")
    cleared: Money = strawberry.field(description="What of the price is owed no more.")
    value: Money | None = strawberry.field(
        description="What the sessions were carried at in the books; null before anybody agreed."
    )
    tax: Money | None = strawberry.field(description="The tax that is owed no more; null before anybody agreed.")
    to_credit: bool = strawberry.field(description="Whether the customer agreed to have credit instead of money.")
    reckoned_by: Reckoned = strawberry.field(description="By what it was reckoned.")
    cooling_off: bool = strawberry.field(description="Whether cooling-off lasted.")
    quote_hash: str = strawberry.field(description="The hash of the quote that it is bound to.")
    requested_at: datetime = strawberry.field(description="When it was asked for.")
    decided_at: datetime | None = strawberry.field(
        description="When it was approved, refused or withdrawn; null while it waits, and where nobody had to approve."
    )
    agreed_at: datetime | None = strawberry.field(
        description="When it was agreed and the sessions left; null before, and where it came to nothing."
    )
    completed_at: datetime | None = strawberry.field(
        description="When the last of it was paid out, or it was agreed where nothing is to be; null before."
    )
    view: strawberry.Private[RefundView]

    @strawberry.field(description="How it comes about.")
    def steps(self) -> list[DerivationStep]:
        return steps_of(self.view.steps, self.view.currency)

    @strawberry.field(
        name="quote",
        description="What it would come to now, with the hash that approveRefund takes; null once it is decided, and "
        "where it could not be agreed to as things stand, of which `approveRefund` says why. "
        "Each is reckoned anew by itself and costs 10 points: ask for "
        "one, not a page.",
        metadata={OWN_COST: 10},
    )
    async def quote_now(self, info: Info) -> RefundQuote | None:
        return await quoted_now(info, self.view)

    @strawberry.field(description="Why, as whoever asked said; of customers only who asked reads it.")
    def reason(self, info: Info) -> str | None:
        actor = info.context.actor
        return self.view.reason if WORDS.lets(actor) or self.view.requested_by == actor.id else None

    @strawberry.field(description="The hardship for which no penalty is kept; empty without one.")
    def hardship(self, info: Info) -> str | None:
        return self.view.hardship if WORDS.lets(info.context.actor) else None

    @strawberry.field(description="What whoever decided said; empty without a decision.")
    def decision(self, info: Info) -> str | None:
        return self.view.decision if WORDS.lets(info.context.actor) else None

    @strawberry.field(description="In which parts it is paid out, in order; empty before anybody agreed.")
    async def parts(self, info: Info) -> list[RefundPart]:
        return await parts_shown(info, self.view.id, self.view.currency)

    @strawberry.field(
        description="The visits to be called off for it, once agreed those that were; as far as you may see them."
    )
    async def bookings(self, info: Info) -> list[Booking]:
        return [booking_of(found) for found in await load_all(info, BOOKING, self.view.booking_ids)]

    @strawberry.field(description="Who gives them back; null when you may not see that customer.")
    async def customer(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, self.view.customer_id)

    @strawberry.field(description="The branch whose books owe it: the home of the package when it was asked or agreed.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.home_branch_id)

    @strawberry.field(description="Who asked, of the staff; null where the customer or an API key did.")
    async def requested_by(self, info: Info) -> Staff | None:
        return await info.context.load(STAFF, self.view.requested_by)

    @strawberry.field(
        description="Who approved, refused or withdrew it, of the staff; null before, and where a customer or an API "
        "key withdrew it."
    )
    async def decided_by(self, info: Info) -> Staff | None:
        return await info.context.load(STAFF, self.view.decided_by) if self.view.decided_by else None

    @strawberry.field(description="The operation that agreed to it; null before that, and when you may not see it.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id) if self.view.operation_id else None


def refund_of(view: RefundView) -> Refund:
    """A refund as the graph shows it."""

    def money(minor: int) -> Money:
        return money_of(minor, view.currency)

    return Refund(
        id=strawberry.ID(view.id),
        package_id=strawberry.ID(view.package_id),
        state=view.state,
        sessions=view.given_back,
        all_sessions=view.sessions is None,
        refund=money(view.refund_minor),
        goodwill=money(view.goodwill_minor),
        total=money(view.refund_minor + view.goodwill_minor),
        fee=money(view.fee_minor),
        waived=money(view.waived_minor),
        cleared=money(view.cleared_minor),
        value=None if view.value_minor is None else money(view.value_minor),
        tax=None if view.tax_minor is None else money(view.tax_minor),
        to_credit=view.to_credit,
        reckoned_by=view.reckoned_by,
        cooling_off=view.cooling_off,
        quote_hash=view.quote_hash,
        requested_at=view.requested_at,
        decided_at=view.decided_at,
        agreed_at=view.agreed_at,
        completed_at=view.completed_at,
        view=view,
    )


async def refund_shown(info: Info, refund_id: str) -> Refund | None:
    """A refund as the actor may see it."""
    view = await info.context.load(REFUND, refund_id)
    return refund_of(view) if view else None


@strawberry.type
class OfRefund:
    """Mixed into the outcomes of acts on a refund, which is read only when it is asked for."""

    refund_id: strawberry.ID = strawberry.field(description="The refund's id.")

    @strawberry.field(description="The refund, as it is now; null when you may act on it but not see it.")
    async def refund(self, info: Info) -> Refund | None:
        return await refund_shown(info, self.refund_id)
