"""The quote of a refund as the graph shows it."""

from collections.abc import Sequence
from datetime import date, datetime

import strawberry

from domain.ledger.accounts import PaymentMethod
from domain.refunds import quote
from domain.refunds.rules import PaidBack, Reckoned, Reckoning
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info
from schema.quotes import DerivationStep, steps_of
from schema.refunds import enums as enums
from schema.scalars import Money, money_of

ID = strawberry.ID


@strawberry.type(description="What a refund comes to by one basis, whether or not that is the one that counts.")
class RefundReckoning:
    """One basis."""

    by: Reckoned = strawberry.field(description="The basis.")
    binding: bool = strawberry.field(description="Whether it is the one that counts, by the terms.")
    used_value: Money = strawberry.field(
        description="What the sessions used, or kept though others are given back, are worth."
    )
    remainder: Money = strawberry.field(description="The price less that.")
    penalty: Money = strawberry.field(description="What the terms let the business keep, the fee for the work in it.")
    withheld: Money = strawberry.field(description="As much of it as what was paid covers.")
    refund: Money = strawberry.field(description="What would come back.")
    steps: list[DerivationStep] = strawberry.field(description="How that comes about.")


@strawberry.type(description="Sessions of a lot that would be given back.")
class RefundedLot:
    """One lot."""

    lot_id: ID = strawberry.field(description="The lot.")
    sessions: int = strawberry.field(description="How many of its sessions would go.")
    bonus: bool = strawberry.field(description="Whether they came free.")


@strawberry.type(description="A part of a refund: by the method and at the branch of the payment it goes back on.")
class RefundedPayment:
    """One part."""

    payment_id: ID | None = strawberry.field(
        name="refundedPaymentId",
        description="The payment; null for what no payment here brought in, which can only become credit.",
    )
    method: PaymentMethod = strawberry.field(description="How it would be paid out.")
    amount: Money = strawberry.field(description="How much.")
    branch_id: strawberry.Private[str]

    @strawberry.field(description="Where it would be paid out.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id)


@strawberry.type(description="A confirmed booking that holds sessions of the package.")
class RefundBooking:
    """One booking."""

    booking_id: ID = strawberry.field(description="The booking.")
    starts_at: datetime = strawberry.field(description="When the visit starts.")
    sessions: int = strawberry.field(description="How many sessions it holds.")
    released: bool = strawberry.field(
        description="Whether it would be called off and its sessions given back; otherwise they are kept, and count as "
        "used."
    )


@strawberry.type(
    description="What a refund comes to as things stand, every amount with tax. Nothing is reserved by it, and another "
    "use, payment or refund gives another hash."
)
class RefundQuote:
    """A quote."""

    quote_hash: str = strawberry.field(description="Give it to the act, and it does this or is refused.")
    package_id: ID = strawberry.field(name="quotedPackageId", description="The package.")
    sessions: int = strawberry.field(name="quotedSessions", description="How many sessions would be given back.")
    reckonings: list[RefundReckoning] = strawberry.field(description="Every basis side by side; one of them binds.")
    lots: list[RefundedLot] = strawberry.field(
        description="What would leave which lot; sessions that would be used last go first."
    )
    refund: Money = strawberry.field(description="What comes back by contract.")
    goodwill: Money = strawberry.field(description="What is refunded besides.")
    total: Money = strawberry.field(description="Both together: all that would be paid back.")
    fee: Money = strawberry.field(
        name="quotedFee",
        description="What is kept, without what earlier refunds have kept; negative where a waiver gives that back.",
    )
    waived: Money = strawberry.field(description="What would have been kept but for hardship.")
    cleared: Money = strawberry.field(description="What of the price would be owed no more.")
    tax: Money = strawberry.field(name="quotedTax", description="The tax that would be owed no more.")
    paid_back_to: list[RefundedPayment] = strawberry.field(
        description="The payments that it goes back on, the last one first, none above what it brought in."
    )
    credit: Money = strawberry.field(
        name="quotedCredit",
        description="What no payment here brought in: the customer has to agree to have it as credit.",
    )
    bookings: list[RefundBooking] = strawberry.field(
        description="The confirmed bookings on the package, soonest first, and whether they would be called off."
    )
    cooling_off_until: date | None = strawberry.field(
        description="The last day of cooling-off by the clock and the business days of the home branch, the day of the "
        "sale not counted; null where the terms have none. For a package that an upgrade opened it counts from that: "
        "it is a new contract. What was paid before still brings back no more than a refund of the package before "
        "would have."
    )
    needs_approval: bool = strawberry.field(description="Whether another person would have to approve if you asked.")
    policy_version: int | None = strawberry.field(
        description="The version of the definition whose terms the package has; null where its terms came with an "
        "import: they are its own, whatever is published."
    )
    policy_version_id: ID | None = strawberry.field(description="The id of that version; null like it.")


def quote_of(view: quote.RefundQuote) -> RefundQuote:
    """A quote as the graph shows it."""

    def money(minor: int) -> Money:
        return money_of(minor, view.currency)

    return RefundQuote(
        quote_hash=view.quote_hash,
        package_id=ID(view.package_id),
        sessions=view.sessions,
        reckonings=reckonings_of(view.reckonings, view.currency),
        lots=[RefundedLot(lot_id=ID(lot.lot_id), sessions=lot.sessions, bonus=lot.bonus) for lot in view.lots],
        refund=money(view.refund_minor),
        goodwill=money(view.goodwill_minor),
        total=money(view.total_minor),
        fee=money(view.fee_minor),
        waived=money(view.waived_minor),
        cleared=money(view.cleared_minor),
        tax=money(view.tax_minor),
        paid_back_to=[_part(part, view.currency) for part in view.parts],
        credit=money(view.credit_minor),
        bookings=[_booking(each) for each in view.bookings],
        cooling_off_until=view.cooling_off_until,
        needs_approval=view.needs_approval,
        policy_version=view.policy_version,
        policy_version_id=ID(view.policy_version_id) if view.policy_version_id else None,
    )


def reckonings_of(found: Sequence[Reckoning], currency: str) -> list[RefundReckoning]:
    """Every basis as the graph shows it."""
    return [_reckoning(each, currency) for each in found]


def _reckoning(found: Reckoning, currency: str) -> RefundReckoning:
    return RefundReckoning(
        by=found.by,
        binding=found.binding,
        used_value=money_of(found.used_value_minor, currency),
        remainder=money_of(found.remainder_minor, currency),
        penalty=money_of(found.penalty_minor, currency),
        withheld=money_of(found.withheld_minor, currency),
        refund=money_of(found.refund_minor, currency),
        steps=steps_of(found.steps, currency),
    )


def _part(part: PaidBack, currency: str) -> RefundedPayment:
    return RefundedPayment(
        payment_id=ID(part.payment_id) if part.payment_id else None,
        method=part.method,
        amount=money_of(part.amount_minor, currency),
        branch_id=part.branch_id,
    )


def _booking(each: quote.HeldBooking) -> RefundBooking:
    return RefundBooking(
        booking_id=ID(each.booking_id), starts_at=each.starts_at, sessions=each.sessions, released=each.released
    )
