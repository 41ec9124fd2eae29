"""Refusals about sales that cannot be void, and about disputes that cannot be lost, as the graph shows them."""

from datetime import datetime

import strawberry

from domain.payments import closing_errors as errors
from schema.refusals import UserError, refusal

ID = strawberry.ID


@refusal(errors.SaleUsed)
class SaleUsed(UserError):
    """No mere mistake."""

    package_id: ID = strawberry.field(description="The package.")
    used: int = strawberry.field(description="Sessions that were used and not given back.")
    lapsed: int = strawberry.field(description="Sessions that have lapsed.")
    moved: int = strawberry.field(description="Sessions that have moved on to another lot or package.")
    refunded: int = strawberry.field(description="Sessions that were taken back.")
    added: int = strawberry.field(description="Sessions that top-ups have added to it.")


@refusal(errors.SaleRenewed)
class SaleRenewed(UserError):
    """Bound to another package."""

    package_id: ID = strawberry.field(description="The package.")
    sessions: int = strawberry.field(description="How many sessions it has taken over.")


@refusal(errors.NoSaleToVoid)
class NoSaleToVoid(UserError):
    """Not sold here."""

    package_id: ID = strawberry.field(description="The package.")
    upgraded_from_package_id: ID | None = strawberry.field(
        description="The package that an upgrade closed for it; null where none opened it."
    )


@refusal(errors.VoidTooLate)
class VoidTooLate(UserError):
    """A manager must do it."""

    package_id: ID = strawberry.field(description="The package.")
    until: datetime = strawberry.field(description="Until when the desk could do it.")


@strawberry.type(description="A confirmed booking on a package.")
class PromisedVisit:
    """One booking."""

    booking_id: ID = strawberry.field(description="The booking.")
    starts_at: datetime = strawberry.field(description="When it starts.")


@refusal(errors.PackageBooked)
class PackageBooked(UserError):
    """Promised visits."""

    package_id: ID = strawberry.field(description="The package.")
    bookings: list[PromisedVisit] = strawberry.field(description="The bookings, earliest first.")
