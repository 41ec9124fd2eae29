"""The mutation loseDispute."""

from datetime import date
from typing import Annotated

import strawberry

from domain.payments.lose_dispute import DisputeLost, LoseDispute
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.context import Info
from schema.packages.types import OfPackage
from schema.payments.closing_refusals import PackageBooked
from schema.payments.refusals import NotDisputed
from schema.payments.win_dispute import LotThawed
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of


@strawberry.input(description="A dispute that was settled against the business.")
class LoseDisputeInput:
    """The input of loseDispute."""

    package_id: strawberry.ID = strawberry.field(description="The package whose payment was disputed.")
    reason: str = strawberry.field(description="How it was settled, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The dispute is lost, and what its money had paid for is gone as far as it was there.")
class LoseDisputePayload(OfPackage):
    """The outcome of loseDispute."""

    lost: Money = strawberry.field(description="What the provider keeps for good.")
    value: Money = strawberry.field(description="What the sessions were worth that were taken away, without tax.")
    tax: Money = strawberry.field(description="The tax on that, which is owed no more.")
    bad_debt: Money = strawberry.field(description="What no session makes up for.")
    sessions: int = strawberry.field(description="How many sessions were taken away; those used last went first.")
    closed: bool = strawberry.field(description="Whether nothing is left of the package, so that it is closed.")
    thawed_on: date = strawberry.field(description="The first day of use again, by the home branch's clock.")
    lots: list[LotThawed] = strawberry.field(description="The lots to which the lost days were added.")
    remaining: int = strawberry.field(description="Sessions of the package that were usable after it.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()


LoseDisputeResult = Annotated[
    LoseDisputePayload | InvalidInput | NotFound | NotDisputed | PackageBooked,
    strawberry.union("LoseDisputeResult", description="The dispute lost, or why not."),
]


async def resolve(info: Info, input: LoseDisputeInput) -> LoseDisputeResult:
    """Build the command and carry it out."""
    done = await carry_out(info, LoseDispute(input.package_id, input.reason), input.idempotency_key)
    lost: DisputeLost = done.outcome
    currency = lost.currency
    return LoseDisputePayload(
        package_id=strawberry.ID(lost.package_id),
        lost=money_of(lost.amount_minor, currency),
        value=money_of(lost.value_minor, currency),
        tax=money_of(lost.tax_minor, currency),
        bad_debt=money_of(lost.bad_debt_minor, currency),
        sessions=lost.sessions,
        closed=lost.closed,
        thawed_on=lost.thawed_on,
        lots=[LotThawed(lot_id=strawberry.ID(lot.lot_id), last_day=lot.last_day) for lot in lost.lots],
        remaining=lost.remaining,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "lose_dispute",
        "Ends a dispute that the business has lost: as many sessions as the amount is worth are taken away, those "
        "used last first, the rest of it is bad debt, and what remains gets the lost days back. A package of which "
        "nothing remains is closed.",
    ),
)
