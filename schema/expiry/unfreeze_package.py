"""The mutation unfreezePackage."""

from datetime import date
from typing import Annotated

import strawberry

from domain.expiry.unfreeze_package import UnfreezePackage
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.expiry import refusals
from schema.expiry.lots import DatedLot, dated_lots
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Which package is to be used again, and why.")
class UnfreezePackageInput:
    """The input of unfreezePackage."""

    package_id: strawberry.ID = strawberry.field(description="The package.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The freeze has ended, or will not begin.")
class UnfreezePackagePayload(OfPackage):
    """The outcome of unfreezePackage."""

    freeze_id: strawberry.ID = strawberry.field(description="The freeze.")
    thawed_on: date = strawberry.field(description="The day on which it was ended, by the home branch's clock.")
    days: int = strawberry.field(description="The days that were frozen; none when it had not begun.")
    lots: list[DatedLot] = strawberry.field(description="The lots from which the other days were taken back.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


UnfreezePackageResult = Annotated[
    UnfreezePackagePayload | InvalidInput | NotFound | refusals.NotFrozen,
    strawberry.union("UnfreezePackageResult", description="The end of the freeze, or why not."),
]


async def resolve(info: Info, input: UnfreezePackageInput) -> UnfreezePackageResult:
    """Build the command and carry it out."""
    done = await carry_out(info, UnfreezePackage(input.package_id, input.reason), input.idempotency_key)
    return UnfreezePackagePayload(
        package_id=done.outcome.package_id,
        freeze_id=strawberry.ID(done.outcome.freeze_id),
        thawed_on=done.outcome.thawed_on,
        days=done.outcome.days,
        lots=dated_lots(done.outcome.lots),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "unfreeze_package",
        "Ends the freeze of a package now, or takes back one that is planned, which then costs no day and no time. "
        "The days that were not frozen are taken back; bookings stay as they are.",
    ),
)
