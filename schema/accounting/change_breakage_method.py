"""The mutation changeBreakageMethod."""

from typing import Annotated

import strawberry

from domain.accounting.change_breakage_method import ChangeBreakageMethod
from domain.branches.settings import BreakageMethod
from schema.accounting.breakage_refusals import BreakageMethodInForce, MidPeriod
from schema.accounting.breakage_types import BreakageRun, run_shown
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.branches import chain  # noqa: F401 - importing it describes BreakageMethod
from schema.context import Info
from schema.refusals import InvalidInput


@strawberry.input(description="By which method breakage is recognised from now on, and why.")
class ChangeBreakageMethodInput:
    """The input of changeBreakageMethod."""

    method: BreakageMethod = strawberry.field(description="The method.")
    reason: str = strawberry.field(description="Why, for the audit log; not blank.")
    idempotency_key: str = idempotency_key()


@strawberry.type(description="The method is in force.")
class ChangeBreakageMethodPayload:
    """The outcome of changeBreakageMethod."""

    method: BreakageMethod = strawberry.field(description="The method.")
    operation_id: strawberry.ID = operation_id()
    replayed: bool = replayed()
    run_id: strawberry.Private[str]

    @strawberry.field(
        description="The run that catches up the packages that were sold before; null when you may not see it."
    )
    async def run(self, info: Info) -> BreakageRun | None:
        return await run_shown(info, self.run_id)


ChangeBreakageMethodResult = Annotated[
    ChangeBreakageMethodPayload | InvalidInput | MidPeriod | BreakageMethodInForce,
    strawberry.union("ChangeBreakageMethodResult", description="The method in force, or why not."),
]


async def resolve(info: Info, input: ChangeBreakageMethodInput) -> ChangeBreakageMethodResult:
    """Build the command and carry it out."""
    done = await carry_out(info, ChangeBreakageMethod(input.method, input.reason), input.idempotency_key)
    return ChangeBreakageMethodPayload(
        method=done.outcome.method,
        operation_id=strawberry.ID(done.operation_id),
        replayed=done.replayed,
        run_id=done.outcome.run_id,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "change_breakage_method",
        "Changes when the chain recognises breakage: when sessions lapse, or along with each one that is used. That is "
        "possible at the start of a period only: the books were closed, and no breakage was posted since. The packages "
        "sold before are caught up one after the other from then on, posted on the first open day.",
    ),
)
