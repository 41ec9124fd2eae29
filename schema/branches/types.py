"""The branch as the graph shows it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.branch_transfers.reading import Direction
from domain.branch_transfers.rules import State
from domain.branches import store
from domain.branches.business_days import DayOfWeek, weekend_of
from schema.branch_transfers import enums as _  # noqa: F401 - describes the states
from schema.branches.holidays import Holiday, holidays_of_branch
from schema.connections import Connection
from schema.context import Info
from schema.interfaces import Node
from schema.scalars import CurrencyCode

if TYPE_CHECKING:
    from schema.branch_transfers.closings import BranchClosing
    from schema.branch_transfers.types import BranchTransfer

_From = Annotated[date | None, strawberry.argument(name="from", description="The first day; from the earliest on.")]
_To = Annotated[date | None, strawberry.argument(description="The last day; to the latest.")]


@strawberry.type(description="A location of the chain that sells and performs.")
class Branch(Node):
    """A branch."""

    code: str = strawberry.field(description="Its short name in lists and on receipts, unique in the chain.")
    name: str = strawberry.field(description="Its name for people.")
    time_zone: str = strawberry.field(description="Its clock, a name of the IANA database such as Europe/Lisbon.")
    currency: CurrencyCode = strawberry.field(description="The currency it sells in.")
    legal_entity: str = strawberry.field(description="The company that its sales are booked to.")
    opened_at: datetime = strawberry.field(description="Since when it sells.")
    closed_at: datetime | None = strawberry.field(description="Since when it sells no more; null while it is open.")
    weekend: list[DayOfWeek] = strawberry.field(description="The days of the week on which it does no business.")

    @strawberry.field(description="Its holidays, besides the weekend, from a day to another, in order.")
    async def holidays(self, info: Info, from_: _From = None, to: _To = None) -> list[Holiday]:
        return await holidays_of_branch(info, self.id, from_, to)

    @strawberry.field(description="Packages that are to come, or came, to it as their home, newest first.")
    async def incoming_transfers(
        self, info: Info, states: list[State] | None = None, first: int | None = None, after: str | None = None
    ) -> Connection[Annotated["BranchTransfer", strawberry.lazy("schema.branch_transfers.types")]]:
        from schema.branch_transfers.lists import transfers_at

        return await transfers_at(info, self.id, Direction.INCOMING, states, first, after)

    @strawberry.field(description="Packages that are to leave, or left, it for another home, newest first.")
    async def outgoing_transfers(
        self, info: Info, states: list[State] | None = None, first: int | None = None, after: str | None = None
    ) -> Connection[Annotated["BranchTransfer", strawberry.lazy("schema.branch_transfers.types")]]:
        from schema.branch_transfers.lists import transfers_at

        return await transfers_at(info, self.id, Direction.OUTGOING, states, first, after)

    @strawberry.field(description="Every time it was closed, oldest first.")
    async def closings(
        self, info: Info
    ) -> list[Annotated["BranchClosing", strawberry.lazy("schema.branch_transfers.closings")]]:
        from schema.branch_transfers.lists import closings_of_branch

        return await closings_of_branch(info, self.id)


def branch_of(branch: store.Branch) -> Branch:
    """A branch as the graph shows it."""
    return Branch(
        id=strawberry.ID(branch.id),
        code=branch.code,
        name=branch.name,
        time_zone=branch.time_zone,
        currency=CurrencyCode(branch.currency),
        legal_entity=branch.legal_entity,
        opened_at=branch.opened_at,
        closed_at=branch.closed_at,
        weekend=weekend_of(branch.weekend),
    )
