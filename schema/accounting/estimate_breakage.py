"""The mutation estimateBreakage."""

from typing import Annotated

import strawberry

from domain.accounting.estimate_breakage import EstimateBreakage
from schema.accounting.breakage_types import BreakageRun, run_shown
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.catalog.amounts import Amounts
from schema.catalog.loaders import DEFINITION
from schema.catalog.types import PackageDefinition
from schema.context import Info
from schema.percent import percent_of
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Decimal


@strawberry.input(description="What share of a definition's sessions is expected never to be used, and why.")
class EstimateBreakageInput:
    """The input of estimateBreakage."""

    definition_id: strawberry.ID = strawberry.field(description="The definition.")
    rate: Decimal = strawberry.field(description="The share in per cent, with at most two digits: `0` to `99.99`.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The estimate counts.")
class EstimateBreakagePayload:
    """The outcome of estimateBreakage."""

    rate: Decimal = strawberry.field(description="The share in per cent, with two digits.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()
    definition_id: strawberry.Private[str]
    run_id: strawberry.Private[str | None]

    @strawberry.field(description="The definition.")
    async def definition(self, info: Info) -> PackageDefinition | None:
        return await info.context.load(DEFINITION, self.definition_id)

    @strawberry.field(
        description="The run that catches up the packages sold before; null where the chain recognises breakage at the "
        "lapse, and when you may not see it."
    )
    async def run(self, info: Info) -> BreakageRun | None:
        return await run_shown(info, self.run_id) if self.run_id else None


EstimateBreakageResult = Annotated[
    EstimateBreakagePayload | InvalidInput | NotFound,
    strawberry.union("EstimateBreakageResult", description="The estimate, or why not."),
]


async def resolve(info: Info, input: EstimateBreakageInput) -> EstimateBreakageResult:
    """Build the command and carry it out."""
    amounts = Amounts()
    rate_bp = amounts.basis_points(input.rate, "rate")
    amounts.passed()
    command = EstimateBreakage(input.definition_id, rate_bp, input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    return EstimateBreakagePayload(
        rate=percent_of(done.outcome.rate_bp),
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
        definition_id=done.outcome.definition_id,
        run_id=done.outcome.run_id,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "estimate_breakage",
        "Says what share of a definition's sessions is expected never to be used. Where the chain recognises breakage "
        "along with what is used, packages that are sold from now on release it with each session, and those sold "
        "before are caught up one after the other from then on: against breakage revenue, each in an operation of its "
        "own. Packages that were brought in from another system never take part: what lapses of them is breakage when "
        "it lapses.",
    ),
)
