"""Refusals about packages as the graph shows them."""

from datetime import date, datetime

import strawberry

from domain.packages import errors
from domain.packages.sold import Closing
from schema.refusals import UserError, refusal
from schema.scalars import Money

ID = strawberry.ID


@refusal(errors.NotEnoughSessions)
class NotEnoughSessions(UserError):
    """Too few sessions."""

    package_id: ID | None = strawberry.field(
        name="triedPackageId",  # a nullable packageId could not be asked for along with that of other refusals
        description="The package that was tried; null when the customer has none with sessions of the service.",
    )
    asked: int = strawberry.field(description="Sessions asked for.")
    remaining: int = strawberry.field(description="Sessions that can be used there and then.")


@refusal(errors.PackageExpired)
class PackageExpired(UserError):
    """Lapsed."""

    package_id: ID = strawberry.field(description="The package.")
    expired_on: date = strawberry.field(description="Its last day, by the clock of its home branch.")
    lapsed_at: datetime = strawberry.field(description="The instant from which nothing of it could be used.")


@refusal(errors.GraceForBookedOnly)
class GraceForBookedOnly(UserError):
    """In grace."""

    package_id: ID = strawberry.field(description="The package.")
    expired_on: date = strawberry.field(description="Its last day, by the clock of its home branch.")
    lapses_at: datetime = strawberry.field(description="The instant at which grace ends.")


@refusal(errors.PackagePending)
class PackagePending(UserError):
    """Not active."""

    package_id: ID = strawberry.field(description="The package.")
    outstanding: Money = strawberry.field(description="What is still to be paid.")


@refusal(errors.PackageClosed)
class PackageClosed(UserError):
    """Closed for good."""

    package_id: ID = strawberry.field(description="The package.")
    closed_as: Closing = strawberry.field(description="What closed it.")
    closed_at: datetime = strawberry.field(description="When that was.")
    upgraded_to_package_id: ID | None = strawberry.field(
        description="The package that it was closed for; null where it was not, or a moment ago."
    )


@refusal(errors.PackageFrozen)
class PackageFrozen(UserError):
    """Frozen."""

    package_id: ID = strawberry.field(description="The package.")
    frozen_from: datetime = strawberry.field(description="When the freeze began or begins.")
    thaws_at: datetime = strawberry.field(description="The instant from which it can be used again.")
    thaws_on: date = strawberry.field(description="The day of that, by the clock of its home branch.")


@refusal(errors.PackageDisputed)
class PackageDisputed(UserError):
    """Disputed."""

    package_id: ID = strawberry.field(description="The package.")
    disputed_at: datetime = strawberry.field(description="Since when a payment for it is disputed.")


@refusal(errors.NotPaidFor)
class NotPaidFor(UserError):
    """Beyond what is paid."""

    package_id: ID = strawberry.field(description="The package.")
    paid: Money = strawberry.field(description="What is paid.")
    outstanding: Money = strawberry.field(description="What is still to be paid.")


@refusal(errors.WrongBranch)
class WrongBranch(UserError):
    """Not here."""

    package_id: ID = strawberry.field(description="The package.")
    branch_id: ID = strawberry.field(description="The branch that was asked.")
    usable_at: list[ID] = strawberry.field(description="The branches where it can be used by its terms, and its home.")


@refusal(errors.BranchClosed)
class BranchClosed(UserError):
    """Closed."""

    branch_id: ID = strawberry.field(description="The branch.")
    closed_at: datetime = strawberry.field(description="Since when it is closed.")


@refusal(errors.WrongService)
class WrongService(UserError):
    """Not for this service."""

    package_id: ID = strawberry.field(description="The package.")
    service_id: ID = strawberry.field(description="The service that was asked for.")
    services: list[ID] = strawberry.field(description="The services it is for.")


@refusal(errors.WrongPractitioner)
class WrongPractitioner(UserError):
    """Not with this practitioner."""

    package_id: ID = strawberry.field(description="The package.")
    practitioner_ids: list[ID] = strawberry.field(description="The practitioners it is tied to.")


@refusal(errors.PersonMayNotUse)
class PersonMayNotUse(UserError):
    """Neither holder nor sharer."""

    package_id: ID = strawberry.field(description="The package.")
    person_id: ID = strawberry.field(description="The person who asked.")


@refusal(errors.ShareLimitReached)
class ShareLimitReached(UserError):
    """No more for this person."""

    package_id: ID = strawberry.field(description="The package.")
    person_id: ID = strawberry.field(description="The person who shares it.")
    limit: int = strawberry.field(description="The most sessions that the person may use.")
    used: int = strawberry.field(description="Sessions used, and sessions held by bookings to which the person comes.")
    asked: int = strawberry.field(description="Sessions asked for, for this person.")


@refusal(errors.BadVisitTime)
class BadVisitTime(UserError):
    """Out of the time allowed."""

    visited_at: datetime = strawberry.field(description="The instant that was given.")
    earliest: datetime = strawberry.field(description="The earliest instant allowed.")
    latest: datetime = strawberry.field(description="The latest instant allowed.")


@refusal(errors.AlreadyReversed)
class AlreadyReversed(UserError):
    """Reversed before."""

    redemption_id: ID = strawberry.field(description="The redemption.")
    reversal_id: ID = strawberry.field(description="The operation that reversed it.")
    reversed_at: datetime = strawberry.field(description="When it was reversed.")


@refusal(errors.ReversalTooLate)
class ReversalTooLate(UserError):
    """A manager must do it."""

    redemption_id: ID = strawberry.field(description="The redemption.")
    until: datetime = strawberry.field(description="Until when the desk could have reversed it.")


@refusal(errors.NotOnSale)
class NotOnSale(UserError):
    """Not sold."""

    definition_id: ID = strawberry.field(description="The package definition.")


@refusal(errors.LimitPerCustomerReached)
class LimitPerCustomerReached(UserError):
    """No more for this customer."""

    definition_id: ID = strawberry.field(description="The package definition.")
    limit: int = strawberry.field(description="How many a customer may buy.")


@refusal(errors.DuplicateSale)
class DuplicateSale(UserError):
    """Sold just before."""

    sold_package_id: ID | None = strawberry.field(
        description="The package that was sold before; null when you may not see it."
    )
    sold_at: datetime = strawberry.field(description="When it was sold.")
    minutes: int = strawberry.field(description="How many whole minutes ago that was.")


@refusal(errors.InstalmentsDiffer)
class InstalmentsDiffer(UserError):
    """Another sum."""

    outstanding: Money = strawberry.field(description="What is owed and not paid at once.")
    planned: Money = strawberry.field(description="What the instalments come to.")


@refusal(errors.ReferenceTaken)
class ReferenceTaken(UserError):
    """In use."""

    reference: str = strawberry.field(description="The reference.")
    taken_by_package_id: ID | None = strawberry.field(
        description="The package that has it; null when you may not see that one."
    )


@refusal(errors.PaymentExceedsOutstanding)
class PaymentExceedsOutstanding(UserError):
    """Too much money."""

    outstanding: Money = strawberry.field(description="What is still to be paid.")
    offered: Money = strawberry.field(description="What was offered.")


@refusal(errors.PaymentAboveLimit)
class PaymentAboveLimit(UserError):
    """Too much money at once."""

    limit: Money = strawberry.field(
        name="largestPayment",  # the limit of a customer is a number, and could not be asked for along with it
        description="The most that the chain takes in one payment.",
    )
    offered: Money = strawberry.field(description="What was offered.")


@refusal(errors.NotEnoughCredit)
class NotEnoughCredit(UserError):
    """Too little credit."""

    customer_id: ID = strawberry.field(description="The customer.")
    available: Money = strawberry.field(description="The credit that they have.")
    asked: Money = strawberry.field(description="What was to be used of it.")
