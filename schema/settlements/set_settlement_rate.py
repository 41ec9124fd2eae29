"""The mutation setSettlementRate."""

from datetime import date
from typing import Annotated

import strawberry

from domain.settlements.rates import Basis
from domain.settlements.set_settlement_rate import SetSettlementRate
from schema.acts import carry_out, describe, operation_id
from schema.branches.refusals import BooksClosed
from schema.catalog.amounts import Amounts
from schema.context import Info
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Decimal
from schema.settlements.rates_types import SettlementRate, rate_shown


@strawberry.input(description="What a branch earns for the sessions of another branch's packages, from a day on.")
class SetSettlementRateInput:
    """The input of setSettlementRate."""

    home_branch_id: strawberry.ID | None = strawberry.field(
        default=None, description="The branch at which the packages are at home, which owes; any when left out."
    )
    performing_branch_id: strawberry.ID | None = strawberry.field(
        default=None, description="The branch that performs the sessions, which earns; any when left out."
    )
    basis: Basis = strawberry.field(description="What is earned.")
    percent: Decimal | None = strawberry.field(
        default=None,
        description="With LIST_PERCENT, and only then: per cent of the list price of the branch that performs, with at "
        "most two digits: `0` to `100.00`.",
    )
    starts_on: date = strawberry.field(
        description="From which day on, by the clock of the branch that performs the visit; today, a future day, or a "
        "past one whose books are open."
    )


@strawberry.type(description="The rate counts from its day on.")
class SetSettlementRatePayload:
    """The outcome of setSettlementRate."""

    rate: SettlementRate | None = strawberry.field(description="The rate.")
    operation_id: strawberry.ID = operation_id()


SetSettlementRateResult = Annotated[
    SetSettlementRatePayload | InvalidInput | NotFound | BooksClosed,
    strawberry.union("SetSettlementRateResult", description="The rate set, or why not."),
]


async def resolve(info: Info, input: SetSettlementRateInput) -> SetSettlementRateResult:
    """Build the command and carry it out."""
    amounts = Amounts()
    percent_bp = None if input.percent is None else amounts.basis_points(input.percent, "percent")
    amounts.passed()
    command = SetSettlementRate(
        input.basis, input.starts_on, input.home_branch_id, input.performing_branch_id, percent_bp
    )
    done = await carry_out(info, command)
    return SetSettlementRatePayload(
        rate=await rate_shown(info, done.outcome.rate_id),
        operation_id=strawberry.ID(done.operation_id),
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "set_settlement_rate",
        "Sets what a branch earns for sessions of packages that are at home at another branch, from a day on: until "
        "then, and where no rate applies, what the session is worth without tax. The home branch keeps the difference "
        "as revenue, or bears it. The rate of a visit is that of its day by the clock of the branch that performs it, "
        "reckoned session by session from that branch's list price at the posting and rounded half up; see "
        "SettlementRate for which one counts. What is posted stays as it was, and is mirrored as it was when it is "
        "reversed; a past day concerns only visits that are told from now on. A day in closed books is refused. "
        "Sent again it sets the same once more.",
    ),
)
