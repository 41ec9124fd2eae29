"""The query simulatePolicy."""

from datetime import date
from typing import Annotated

import strawberry

from domain.branches import store as branches
from domain.kernel.errors import InvalidInput
from domain.refunds.presets import impossible_policy
from domain.reports.figures import span
from domain.reports.simulate_policy import MOST_REFUNDS, simulate
from schema.catalog.amounts import Amounts
from schema.catalog.refund_input import RefundInput
from schema.context import Info
from schema.reports.arguments import refuse_unless_possible
from schema.reports.policy_simulation import PolicySimulation, simulation_of
from schema.scalars import CurrencyCode

From = Annotated[date, strawberry.argument(name="from", description="The first day on which refunds were agreed.")]
To = Annotated[date, strawberry.argument(description="The last day on which they were.")]
Policy = Annotated[
    RefundInput,
    strawberry.argument(description="The other policy, as `definePackage` takes it: a preset, or terms, or both."),
]
Currency = Annotated[
    CurrencyCode | None,
    strawberry.argument(description="The currency of the policy's amounts; the chain's when left out."),
]
AtHome = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Only refunds that this branch owed; all those of branches whose books you may read when left out."
    ),
]
OfDefinition = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Only of packages that were sold from this definition; of all when left out."),
]


async def resolve(
    info: Info,
    from_: From,
    to: To,
    policy: Policy,
    branch_id: AtHome = None,
    definition_id: OfDefinition = None,
    currency: Currency = None,
) -> PolicySimulation | None:
    """Read the policy, and ask for the simulation."""
    await refuse_unless_possible(info, "simulations of policies", branch_id, definition_id)
    actor = info.context.actor
    counted_in = currency or (await branches.chain(actor.chain_id)).currency
    amounts = Amounts()
    read = policy.read(amounts, counted_in, "policy")
    amounts.passed()
    if problems := list(impossible_policy(read, counted_in, "policy")):
        raise InvalidInput(*problems)
    days = span(from_, to)
    found = await simulate(actor, days, read, counted_in, branch_id, definition_id)
    return simulation_of(found, days, read, counted_in, branch_id, definition_id)


QUERY = strawberry.field(
    resolver=resolve,
    description="What the refunds agreed in a past period would have come to under another policy, one by one, by "
    "customer and in all; it changes nothing. Days are those of the branch that owed the refund, by its clock. Counts "
    "the branches where a role that may read it is held. A period that ends before it begins, one with more than "
    f"{MOST_REFUNDS} refunds, an impossible policy, and a branch or definition that there is not are BAD_USER_INPUT.",
)
