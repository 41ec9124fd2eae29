"""The outcome of simulatePolicy: what refunds would have come to, one by one, by customer and in all."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

import strawberry

from domain.refunds.rules import Reckoned
from domain.reports import simulated as told
from domain.reports.figures import Span
from schema.connections import Connection, Page, connection, page
from schema.context import Info
from schema.customers.loaders import CUSTOMER
from schema.customers.types import Customer
from schema.errors import BadUserInput
from schema.packages.types import OfPackage
from schema.quotes import DerivationStep, steps_of
from schema.refunds.types import OfRefund
from schema.scalars import CurrencyCode, Money, money_of

T = TypeVar("T")


@strawberry.type(description="An amount of refunds as it was, and as it would have been under the other policy.")
class SimulatedAmount:
    """Both, and how they differ."""

    refunds: int = strawberry.field(description="How many refunds it is of.")
    actual: Money = strawberry.field(description="As it was.")
    simulated: Money = strawberry.field(description="As it would have been.")
    difference: Money = strawberry.field(description="How much more it would have been; negative for less.")


@strawberry.type(description="A refund that was agreed, and what it would have come to.")
class SimulatedRefund(OfRefund, OfPackage):
    """One refund."""

    customer_id: strawberry.ID = strawberry.field(description="Who gave it back.")
    came_back: SimulatedAmount = strawberry.field(description="What was paid back, goodwill included.")
    kept: SimulatedAmount = strawberry.field(
        description="What was kept, without what earlier refunds of the package have kept."
    )
    cleared: SimulatedAmount = strawberry.field(description="What of the price was owed no more.")
    reckoned_by: Reckoned = strawberry.field(description="By what it was reckoned.")
    simulated_by: Reckoned = strawberry.field(description="By what it would have been reckoned.")
    steps: list[DerivationStep] = strawberry.field(description="How the simulated amount comes about.")

    @strawberry.field(description="Who gave it back; null when you may not see that customer.")
    async def customer(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, str(self.customer_id))


@strawberry.type(description="What all refunds of a customer would have come to.")
class SimulatedCustomer:
    """One customer."""

    customer_id: strawberry.ID = strawberry.field(description="The customer's id.")
    came_back: SimulatedAmount = strawberry.field(description="What was paid back to them, goodwill included.")

    @strawberry.field(description="The customer; null when you may not see them.")
    async def customer(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, str(self.customer_id))


@strawberry.type(description="Refunds in a currency that the policy has no amounts in.")
class SimulationLeftOut:
    """One currency."""

    currency: CurrencyCode = strawberry.field(description="Their currency.")
    refunds: int = strawberry.field(description="How many there are.")
    came_back: Money = strawberry.field(name="actual", description="What was paid back of them.")


@strawberry.type(
    description="A past period's refunds under another policy. Nothing is written. What customers paid, used and gave "
    "back is as it was, and so are goodwill and hardship; a later refund of a package follows the simulated earlier "
    "ones of the same period and branches, and never more is paid back than was paid."
)
class PolicySimulation:
    """The simulation."""

    first_day: date = strawberry.field(name="from", description="The first day on which refunds were agreed.")
    last_day: date = strawberry.field(name="to", description="The last one.")
    currency: CurrencyCode = strawberry.field(description="The currency of the policy, and of the refunds that count.")
    came_back: SimulatedAmount = strawberry.field(description="All that was paid back, goodwill included.")
    cash: SimulatedAmount = strawberry.field(description="Of it, what was not agreed to become customers' credit.")
    credit: SimulatedAmount = strawberry.field(description="Of it, what customers agreed to have as credit.")
    kept: SimulatedAmount = strawberry.field(description="What was kept: penalties and fees.")
    cleared: SimulatedAmount = strawberry.field(description="What of prices was owed no more.")
    left_out: list[SimulationLeftOut] = strawberry.field(
        description="Refunds in other currencies, by currency; they are in none of the amounts."
    )
    source: strawberry.Private[told.Simulation]
    asked: strawberry.Private[tuple[object, ...]]

    @strawberry.field(description="Every refund, in the order in which they were agreed.")
    def refunds(self, first: int | None = None, after: str | None = None) -> Connection[SimulatedRefund]:
        asked = page(first, after, "simulatedRefunds", self.asked)
        ids = [rerun.agreed.refund_id for rerun in self.source.reruns]
        return connection(_behind(self.source.reruns, ids, asked), asked, _refund, lambda each: [each.agreed.refund_id])

    @strawberry.field(description="Every customer, those for whom it makes the largest difference first.")
    def customers(self, first: int | None = None, after: str | None = None) -> Connection[SimulatedCustomer]:
        asked = page(first, after, "simulatedCustomers", self.asked)
        ids = [each.customer_id for each in self.source.customers]
        found = _behind(self.source.customers, ids, asked)
        return connection(found, asked, self._customer, lambda each: [each.customer_id])

    def _customer(self, found: told.OfCustomer) -> SimulatedCustomer:
        return SimulatedCustomer(
            customer_id=strawberry.ID(found.customer_id), came_back=_amount(found.came_back, self.source.currency)
        )


def _behind(found: Sequence[T], ids: Sequence[str], asked: Page) -> Sequence[T]:
    """From the one after the cursor's on, one more than the page's size."""
    if asked.after is None:
        return found[: asked.size + 1]
    if len(asked.after) != 1 or asked.after[0] not in ids:
        raise BadUserInput("The cursor is of what is not in this simulation. Start again without it.")
    first = ids.index(asked.after[0]) + 1
    return found[first : first + asked.size + 1]


def _amount(compared: told.Compared, currency: str) -> SimulatedAmount:
    return SimulatedAmount(
        refunds=compared.refunds,
        actual=money_of(compared.actual_minor, currency),
        simulated=money_of(compared.simulated_minor, currency),
        difference=money_of(compared.difference_minor, currency),
    )


def _refund(rerun: told.Rerun) -> SimulatedRefund:
    agreed = rerun.agreed
    return SimulatedRefund(
        refund_id=strawberry.ID(agreed.refund_id),
        package_id=strawberry.ID(agreed.package_id),
        customer_id=strawberry.ID(agreed.customer_id),
        came_back=_amount(rerun.came_back, agreed.currency),
        kept=_amount(rerun.kept, agreed.currency),
        cleared=_amount(rerun.cleared, agreed.currency),
        reckoned_by=agreed.reckoned_by,
        simulated_by=rerun.reckoned_by,
        steps=steps_of(rerun.steps, agreed.currency),
    )


def simulation_of(found: told.Simulation, span: Span, *asked: object) -> PolicySimulation:
    """A simulation as the graph shows it; cursors are good for what was asked only."""
    currency = found.currency
    assert span.first_day is not None
    return PolicySimulation(
        first_day=span.first_day,
        last_day=span.last_day,
        currency=CurrencyCode(currency),
        came_back=_amount(found.came_back, currency),
        cash=_amount(found.cash, currency),
        credit=_amount(found.credit, currency),
        kept=_amount(found.kept, currency),
        cleared=_amount(found.cleared, currency),
        left_out=[
            SimulationLeftOut(
                currency=CurrencyCode(each.currency),
                refunds=each.refunds,
                came_back=money_of(each.came_back_minor, each.currency),
            )
            for each in found.left_out
        ],
        source=found,
        asked=(span, *asked),
    )
