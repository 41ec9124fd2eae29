"""Refusals about last days as the graph shows them."""

from datetime import date, datetime

import strawberry

from domain.expiry import errors
from schema.refusals import UserError, refusal

ID = strawberry.ID


@refusal(errors.BadLastDay)
class BadLastDay(UserError):
    """Out of the calendar."""

    last_day: date = strawberry.field(description="The last day that it would get.")
    earliest: date = strawberry.field(description="The earliest last day allowed: today, by the home branch's clock.")
    latest: date = strawberry.field(description="The latest last day that Carnet keeps.")


@refusal(errors.NothingToExtend)
class NothingToExtend(UserError):
    """Used up."""

    package_id: ID = strawberry.field(description="The package.")


@refusal(errors.LastDayNotLater)
class LastDayNotLater(UserError):
    """No extension."""

    package_id: ID = strawberry.field(description="The package.")
    last_day: date = strawberry.field(description="The last day that was asked for.")
    last_days: list[date] = strawberry.field(description="The last days of its lots as they are.")


@refusal(errors.ReinstatementTooLate)
class ReinstatementTooLate(UserError):
    """Lapsed for good."""

    package_id: ID = strawberry.field(description="The package.")
    lapsed_at: datetime = strawberry.field(description="When what was left of it lapsed.")
    until: datetime = strawberry.field(description="Until when it could have come back.")


@refusal(errors.ReinstatementNeedsManager)
class ReinstatementNeedsManager(UserError):
    """A manager must do it."""

    package_id: ID = strawberry.field(description="The package.")
    lapsed_at: datetime = strawberry.field(description="When what was left of it lapsed.")


@refusal(errors.ExtensionBeyondRole)
class ExtensionBeyondRole(UserError):
    """Too many days for the front desk."""

    package_id: ID = strawberry.field(description="The package.")
    days: int = strawberry.field(description="The days that this extension would add.")
    most: int = strawberry.field(description="The days that the front desk may still add.")


@refusal(errors.FreezeNotAllowed)
class FreezeNotAllowed(UserError):
    """Not in the terms."""

    package_id: ID = strawberry.field(description="The package.")


@refusal(errors.FreezeBeyondLimit)
class FreezeBeyondLimit(UserError):
    """Too long or too often."""

    package_id: ID = strawberry.field(description="The package.")
    asked_days: int | None = strawberry.field(description="The days asked for; null when no end was given.")
    days_left: int = strawberry.field(description="The days that the terms still allow.")
    times_left: int = strawberry.field(description="How often the terms still allow to freeze it.")
    latest_thaw: date | None = strawberry.field(
        description="The latest day for it to thaw, for the same start; null when no freeze is left."
    )


@refusal(errors.BadFreezePeriod)
class BadFreezePeriod(UserError):
    """Out of order."""

    starts_on: date = strawberry.field(description="The day on which it would begin.")
    thaws_on: date | None = strawberry.field(
        name="askedThawsOn",  # that of PackageFrozen is never null, and both are asked for together
        description="The day on which it would thaw, if one was given.",
    )
    earliest: date = strawberry.field(description="The earliest day to begin: today, by the home branch's clock.")
    latest: date = strawberry.field(description="The latest day to begin, on which something is still alive.")


@refusal(errors.NothingToFreeze)
class NothingToFreeze(UserError):
    """Used up."""

    package_id: ID = strawberry.field(description="The package.")


@strawberry.type(description="A confirmed booking that starts while the package would be frozen.")
class BookingInTheWay:
    """One booking."""

    booking_id: ID = strawberry.field(description="The booking.")
    starts_at: datetime = strawberry.field(description="When it starts.")


@refusal(errors.BookingsInTheWay)
class BookingsInTheWay(UserError):
    """Promised visits."""

    package_id: ID = strawberry.field(description="The package.")
    bookings: list[BookingInTheWay] = strawberry.field(description="The bookings, earliest first.")


@refusal(errors.NotFrozen)
class NotFrozen(UserError):
    """Nothing to end."""

    package_id: ID = strawberry.field(description="The package.")
