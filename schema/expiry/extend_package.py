"""The mutation extendPackage."""

from datetime import date
from typing import Annotated

import strawberry

from domain.expiry.extend_package import MOST_DAYS, ExtendPackage
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.expiry import refusals
from schema.expiry.lots import DatedLot, dated_lots
from schema.packages import refusals as packages
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="Until when what is left may be used, or by how many days longer; exactly one of both.")
class ExtendPackageInput:
    """The input of extendPackage."""

    package_id: strawberry.ID = strawberry.field(description="The package.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()
    last_day: date | None = strawberry.field(
        default=None, description="The new last day of all that is left, by the home branch's clock; today or later."
    )
    days: int | None = strawberry.field(
        default=None, description=f"Days to add to each lot's own last day, 1 to {MOST_DAYS}."
    )
    lot_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Only these lots; all with something left unless named."
    )


@strawberry.type(description="What is left can be used longer.")
class ExtendPackagePayload(OfPackage):
    """The outcome of extendPackage."""

    last_day: date = strawberry.field(description="The latest last day of the lots that were extended.")
    lots: list[DatedLot] = strawberry.field(description="The lots that were extended; others had a later day already.")
    reinstated: int = strawberry.field(description="Sessions that had lapsed and came back.")
    remaining: int = strawberry.field(description="Sessions of the package that were usable after it.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


ExtendPackageResult = Annotated[
    ExtendPackagePayload
    | InvalidInput
    | NotFound
    | packages.PackageClosed
    | refusals.BadLastDay
    | refusals.NothingToExtend
    | refusals.LastDayNotLater
    | refusals.ReinstatementTooLate
    | refusals.ReinstatementNeedsManager
    | refusals.ExtensionBeyondRole,
    strawberry.union("ExtendPackageResult", description="The package extended, or why not."),
]


async def resolve(info: Info, input: ExtendPackageInput) -> ExtendPackageResult:
    """Build the command and carry it out."""
    command = ExtendPackage(input.package_id, input.reason, input.last_day, input.days, tuple(input.lot_ids))
    done = await carry_out(info, command, input.idempotency_key)
    return ExtendPackagePayload(
        package_id=done.outcome.package_id,
        last_day=done.outcome.last_day,
        lots=dated_lots(done.outcome.lots),
        reinstated=done.outcome.reinstated,
        remaining=done.outcome.remaining,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "extend_package",
        "Moves the last day of what is left of a package. What has lapsed comes back with its value, for as long as "
        "the chain allows. The front desk adds at most the chain's days for it in all, and brings nothing back.",
    ),
)
