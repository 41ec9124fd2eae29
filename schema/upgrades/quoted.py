"""The quote of an upgrade as the graph shows it."""

from datetime import date, datetime

import strawberry

from domain.catalog.terms import UpgradeMethod
from domain.upgrades import quote
from schema.quotes import DerivationStep, steps_of
from schema.refusals import ErrorCode
from schema.scalars import Money, money_of


@strawberry.type(description="A visit that would move along into the new package.")
class BookingMovingAlong:
    """A booking."""

    booking_id: strawberry.ID = strawberry.field(description="The booking.")
    starts_at: datetime = strawberry.field(description="When the visit starts.")
    sessions: int = strawberry.field(description="Sessions of the new package that it would hold.")


@strawberry.type(description="A visit that the new package cannot take over; until it is moved or ended nothing is.")
class BookingMisfit:
    """A booking and what keeps it."""

    booking_id: strawberry.ID = strawberry.field(description="The booking.")
    starts_at: datetime = strawberry.field(description="When the visit starts.")
    code: str = strawberry.field(graphql_type=ErrorCode, description="The refusal that booking it anew would be.")
    message: str = strawberry.field(description="What is so and what to do, in one sentence.")


@strawberry.type(
    description="What changing a package for another one comes to as things stand; amounts with tax. Nothing is "
    "reserved by it."
)
class UpgradeQuote:
    """A quote."""

    quote_hash: str = strawberry.field(description="Give it to the act, and it does this or is refused.")
    package_id: strawberry.ID = strawberry.field(name="quotedPackageId", description="The package to be closed.")
    definition_id: strawberry.ID = strawberry.field(
        name="quotedDefinitionId", description="The definition of the new one."
    )
    version_id: strawberry.ID = strawberry.field(
        name="quotedVersionId", description="The published version of it, whose terms the new one gets."
    )
    name: str = strawberry.field(name="quotedName", description="The name of the new package.")
    branch_id: strawberry.ID = strawberry.field(
        name="quotedBranchId", description="The branch that would sell it, with its tax, and be its home."
    )
    method: UpgradeMethod = strawberry.field(
        name="quotedMethod", description="How the old package counts, by its own terms."
    )
    price: Money = strawberry.field(name="newPrice", description="What the new package costs.")
    tax: Money = strawberry.field(name="newTax", description="The tax in that.")
    used: int = strawberry.field(
        name="quotedUsed",
        description="Sessions of the old package that count as used, lapsed ones and those handed on among them: paid "
        "ones by CREDIT_UNUSED, all by CARRY_USAGE.",
    )
    unused_value: Money = strawberry.field(
        name="quotedUnusedValue",
        description="What is unused of the price, by the straight line over its paid sessions; a top-up by its own.",
    )
    difference: Money = strawberry.field(
        name="quotedDifference", description="The new price less what the old package counts for; may be below zero."
    )
    outstanding_carried: Money = strawberry.field(
        name="quotedOutstandingCarried", description="What is unpaid of the old package, and would be owed for this."
    )
    due: Money = strawberry.field(name="quotedDue", description="What would be owed for the new package.")
    credit: Money = strawberry.field(name="quotedCredit", description="What would be the customer's credit instead.")
    refundable: Money = strawberry.field(
        name="quotedRefundable",
        description="What a refund of the old package would bring now, by its terms; more never comes back for it "
        "later. All refunds of the new package together bring at most that, less what is credited, and what is paid "
        "for the new one itself.",
    )
    sessions_after: int = strawberry.field(
        name="quotedSessionsAfter", description="Sessions of the new package to be used."
    )
    granted_sessions: int = strawberry.field(
        description="Sessions besides that were granted, or handed on by others: they move along with their last days."
    )
    last_day: date = strawberry.field(
        name="quotedLastDay",
        description="The last day of the new sessions without grace; where validity starts with the first use, the "
        "last day to start.",
    )
    coming: list[BookingMovingAlong] = strawberry.field(
        name="bookingsMovingAlong", description="Visits to come that would move along, soonest first."
    )
    misfits: list[BookingMisfit] = strawberry.field(
        name="bookingsThatDoNotFit", description="Visits that could not, soonest first."
    )
    steps: list[DerivationStep] = strawberry.field(description="How the figures come about.")


def quote_of(view: quote.UpgradeQuote) -> UpgradeQuote:
    """A quote as the graph shows it."""
    currency = view.currency
    return UpgradeQuote(
        quote_hash=view.quote_hash,
        package_id=strawberry.ID(view.package_id),
        definition_id=strawberry.ID(view.definition_id),
        version_id=strawberry.ID(view.version_id),
        name=view.name,
        branch_id=strawberry.ID(view.branch_id),
        method=view.method,
        price=money_of(view.price_minor, currency),
        tax=money_of(view.tax_minor, currency),
        used=view.used,
        unused_value=money_of(view.unused_value_minor, currency),
        difference=money_of(view.difference_minor, currency),
        outstanding_carried=money_of(view.outstanding_carried_minor, currency),
        due=money_of(view.due_minor, currency),
        credit=money_of(view.credit_minor, currency),
        refundable=money_of(view.refundable_minor, currency),
        sessions_after=view.sessions_after,
        granted_sessions=view.granted_sessions,
        last_day=view.last_day,
        coming=[
            BookingMovingAlong(
                booking_id=strawberry.ID(each.booking_id), starts_at=each.starts_at, sessions=each.sessions
            )
            for each in view.coming
        ],
        misfits=[misfit_of(each) for each in view.misfits],
        steps=steps_of(view.steps, currency),
    )


def misfit_of(view: quote.Misfit) -> BookingMisfit:
    """A booking that does not fit as the graph shows it."""
    return BookingMisfit(
        booking_id=strawberry.ID(view.booking_id), starts_at=view.starts_at, code=view.code, message=view.message
    )
