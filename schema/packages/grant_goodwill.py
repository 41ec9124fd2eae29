"""The mutation grantGoodwill."""

from datetime import date
from typing import Annotated

import strawberry

from domain.packages.grant_goodwill import GOODWILL_DAYS, GrantGoodwill
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.packages import refusals
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound


@strawberry.input(description="How many sessions to give, and why.")
class GrantGoodwillInput:
    """The input of grantGoodwill."""

    package_id: strawberry.ID = strawberry.field(description="The package they are added to.")
    sessions: int = strawberry.field(description="How many, at least one.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()
    service_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Services of the package they are for; all of them unless named."
    )
    last_day: date | None = strawberry.field(
        default=None,
        description=f"Their last day, by the home branch's clock; {GOODWILL_DAYS} days from today unless given.",
    )


@strawberry.type(description="The sessions were given.")
class GrantGoodwillPayload(OfPackage):
    """The outcome of grantGoodwill."""

    lot_id: strawberry.ID = strawberry.field(description="The new goodwill lot.")
    last_day: date = strawberry.field(description="Its last day.")
    remaining: int = strawberry.field(description="Sessions of the package that were usable after it.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


GrantGoodwillResult = Annotated[
    GrantGoodwillPayload | InvalidInput | NotFound | refusals.WrongService | refusals.PackageClosed,
    strawberry.union("GrantGoodwillResult", description="The goodwill given, or why not."),
]


async def resolve(info: Info, input: GrantGoodwillInput) -> GrantGoodwillResult:
    """Build the command and carry it out."""
    command = GrantGoodwill(input.package_id, input.sessions, input.reason, tuple(input.service_ids), input.last_day)
    done = await carry_out(info, command, input.idempotency_key)
    return GrantGoodwillPayload(
        package_id=done.outcome.package_id,
        lot_id=strawberry.ID(done.outcome.lot_id),
        last_day=done.outcome.last_day,
        remaining=done.outcome.remaining,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "grant_goodwill",
        "Gives free sessions on a package. They carry no value, so the money journal stays as it is.",
    ),
)
