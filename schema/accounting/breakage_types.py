"""Runs that catch packages up with an estimate of their breakage, as the graph shows them."""

from datetime import date, datetime

import strawberry

from domain.accounting import breakage_reading as reading
from domain.accounting.breakage_reading import EstimateView, RunView
from schema.catalog.loaders import DEFINITION
from schema.catalog.types import PackageDefinition
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.ledger.operation import Operation, operation_shown
from schema.percent import percent_of
from schema.scalars import Decimal, Money, money_of

RUN = Loader(reading.runs_by_ids)


@strawberry.type(
    description="The packages that were sold before an estimate or the method changed are caught up, one by one."
)
class BreakageRun(Node):
    """One run."""

    posted_on: date = strawberry.field(
        description="The day on which it is posted; packages that were sold later are on the day of their sale."
    )
    packages: int = strawberry.field(
        description="How many packages it is for: as counted when it began, and as it came out once it is finished."
    )
    done: int = strawberry.field(description="How many are caught up so far.")
    failed: int = strawberry.field(description="How many Carnet failed to catch up so far; its log says why.")
    changed: Money = strawberry.field(
        description="By how much the value changes that is still owed as sessions, so far: more where fewer sessions "
        "are expected to lapse, less where more are. The rest of the entry is breakage revenue."
    )
    started_at: datetime = strawberry.field(description="When it began.")
    finished_at: datetime | None = strawberry.field(description="When the last one was done; null while it goes on.")
    view: strawberry.Private[RunView]

    @strawberry.field(description="The definition whose packages it is for; null for those of any.")
    async def definition(self, info: Info) -> PackageDefinition | None:
        return await info.context.load(DEFINITION, self.view.definition_id) if self.view.definition_id else None

    @strawberry.field(description="The operation that began it; null when you may not see that one.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id)


@strawberry.type(description="What share of a definition's sessions is expected never to be used; the newest counts.")
class BreakageEstimate:
    """One estimate."""

    rate: Decimal = strawberry.field(description="The share in per cent, with two digits.")
    estimated_at: datetime = strawberry.field(description="From when on it counted.")
    view: strawberry.Private[EstimateView]

    @strawberry.field(description="The definition.")
    async def definition(self, info: Info) -> PackageDefinition | None:
        return await info.context.load(DEFINITION, self.view.definition_id)

    @strawberry.field(description="The operation that made it; null when you may not see that one.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id)


def estimate_of(view: EstimateView) -> BreakageEstimate:
    """An estimate as the graph shows it."""
    return BreakageEstimate(rate=percent_of(view.rate_bp), estimated_at=view.estimated_at, view=view)


def run_of(view: RunView) -> BreakageRun:
    """A run as the graph shows it."""
    return BreakageRun(
        id=strawberry.ID(view.id),
        posted_on=view.posted_on,
        packages=view.packages,
        done=view.done,
        failed=view.failed,
        changed=money_of(view.changed_minor, view.currency),
        started_at=view.started_at,
        finished_at=view.finished_at,
        view=view,
    )


async def run_shown(info: Info, run_id: str) -> BreakageRun | None:
    """A run as the actor may see it."""
    view = await info.context.load(RUN, run_id)
    return run_of(view) if view else None
