"""The mutation freezePackage."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from domain.expiry.freeze_package import FreezePackage
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.expiry import refusals
from schema.expiry.lots import DatedLot, dated_lots
from schema.packages import refusals as packages
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="From when and until when a package is frozen, by the clock of its home branch.")
class FreezePackageInput:
    """The input of freezePackage."""

    package_id: strawberry.ID = strawberry.field(description="The package.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()
    starts_on: date | None = strawberry.field(
        default=None, description="The first frozen day, from its midnight on; from now on unless given."
    )
    thaws_on: date | None = strawberry.field(
        default=None, description="The first day of use again; as long as the terms still allow unless given."
    )


@strawberry.type(description="The freeze is written down, and thaws by itself.")
class FreezePackagePayload(OfPackage):
    """The outcome of freezePackage."""

    freeze_id: strawberry.ID = strawberry.field(description="The freeze.")
    starts_on: date = strawberry.field(description="The first frozen day.")
    thaws_on: date = strawberry.field(description="The first day of use again.")
    frozen_from: datetime = strawberry.field(description="The instant from which it cannot be used.")
    thaws_at: datetime = strawberry.field(description="The instant from which it can be used again.")
    days: int = strawberry.field(description="The days that were added to last days.")
    lots: list[DatedLot] = strawberry.field(description="The lots that got them.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


FreezePackageResult = Annotated[
    FreezePackagePayload
    | InvalidInput
    | NotFound
    | refusals.FreezeNotAllowed
    | refusals.FreezeBeyondLimit
    | refusals.BadFreezePeriod
    | refusals.NothingToFreeze
    | refusals.BookingsInTheWay
    | packages.PackageFrozen
    | packages.PackageDisputed
    | packages.PackagePending
    | packages.PackageClosed
    | packages.PackageExpired,
    strawberry.union("FreezePackageResult", description="The freeze, or why not."),
]


async def resolve(info: Info, input: FreezePackageInput) -> FreezePackageResult:
    """Build the command and carry it out."""
    command = FreezePackage(input.package_id, input.reason, input.starts_on, input.thaws_on)
    done = await carry_out(info, command, input.idempotency_key)
    frozen = done.outcome
    return FreezePackagePayload(
        package_id=frozen.package_id,
        freeze_id=strawberry.ID(frozen.freeze_id),
        starts_on=frozen.starts_on,
        thaws_on=frozen.thaws_on,
        frozen_from=frozen.frozen_from,
        thaws_at=frozen.thaws_at,
        days=frozen.days,
        lots=dated_lots(frozen.lots),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "freeze_package",
        "Freezes a package for a time, now or as planned: it cannot be used, and the days are added at once to the "
        "last day of all that is left and lives when the freeze begins. The terms limit how long and how often.",
    ),
)
