"""Connections to accounting systems as the graph shows them; what lets Carnet in there is never told."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

import strawberry

from domain.accounting.connectors.opening import kind
from domain.accounting.connectors.protocol import Problem, System
from domain.accounting.sync import connections_store, reading
from domain.accounting.sync.rules import ConnectionState, DocumentState, LockedDays, Mode
from domain.accounting.sync.view import Connection as View
from domain.kernel.access import Actor
from domain.kernel.clock import now
from schema.accounting import sync_enums  # noqa: F401 - the states that are told
from schema.accounting.mappings import AccountMapping, mappings_of
from schema.accounting.reconciliations import SyncReconciliation, reconciliations_of
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.connections import Connection
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.loading import load_all
from schema.people.loaders import STAFF
from schema.people.types import Staff


async def _newest(actor: Actor, chain_ids: list[str]) -> Mapping[str, int]:
    return {actor.chain_id: await connections_store.newest_sealed(actor.chain_id)} if chain_ids else {}


CONNECTION = Loader(reading.connections_by_ids)
COUNTS = Loader(reading.counts)
PROBLEMS = Loader(reading.problems)
NEWEST = Loader(_newest)

Replaced = Annotated[
    bool, strawberry.argument(description="Also rows that later ones have replaced or taken back, and those.")
]


@strawberry.type(description="Something that the other system is called with.")
class ConnectionSetting:
    """A setting."""

    name: str = strawberry.field(description="Which one, as in the input of connectAccounting.")
    value: str = strawberry.field(description="What it is.")


@strawberry.type(description="How many documents of a connection stand where.")
class SyncDocumentCount:
    """A count."""

    state: DocumentState = strawberry.field(description="Where they stand.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="How many documents of a connection are not booked for a reason.")
class SyncProblemCount:
    """A count."""

    problem: Problem = strawberry.field(description="Why they are not booked.")
    count: int = strawberry.field(description="How many.")


@strawberry.type(description="An accounting system that is handed the journal.")
class AccountingConnection(Node):
    """A connection."""

    name: str = strawberry.field(description="What people call it.")
    system: System = strawberry.field(description="The system.")
    mode: Mode = strawberry.field(description="What becomes one document there.")
    starts_on: date = strawberry.field(description="What was posted on this day or later is handed over.")
    locked_days: LockedDays = strawberry.field(description="What becomes of documents of days that are locked there.")
    settings: list[ConnectionSetting] = strawberry.field(
        description="What it is called with, by name; never what lets Carnet in."
    )
    state: ConnectionState = strawberry.field(description="Whether documents are sent.")
    stopped_because: str = strawberry.field(description="Why it has stopped; empty unless it has.")
    position: int = strawberry.field(description="The place in the sealed order up to which documents were made.")
    rests_until: datetime | None = strawberry.field(
        description="Until when the other system is left alone, as it wished or was not reached; null when it is not."
    )
    reconciled_at: datetime | None = strawberry.field(description="When it was last compared; null before the first.")
    not_compared_at: datetime | None = strawberry.field(
        description="When what is booked there last could not be read to compare it; null when it could. It is tried "
        "three times, a minute apart, and then every night, or when `reconcile` asks for it. Sending goes on."
    )
    not_compared_because: str = strawberry.field(description="Why it could not be read; empty when it could.")
    created_at: datetime = strawberry.field(description="When it was made.")
    view: strawberry.Private[View]

    @strawberry.field(description="The branches whose books are handed over; null for all of the chain.")
    async def branches(self, info: Info) -> list[Branch] | None:
        return None if self.view.branch_ids is None else await load_all(info, BRANCH, self.view.branch_ids)

    @strawberry.field(description="Who made it.")
    async def created_by(self, info: Info) -> Staff | None:
        return await info.context.load(STAFF, self.view.created_by)

    @strawberry.field(description="How many operations of the sealed order are behind its position.")
    async def behind(self, info: Info) -> int:
        newest = await info.context.load(NEWEST, self.view.chain_id)
        return max((newest or 0) - self.position, 0)

    @strawberry.field(description="Whether it tells what is booked there, so that it can be compared.")
    def reads_back(self) -> bool:
        return kind(self.system).reads_back

    @strawberry.field(description="How many of its documents stand where; states without any are left out.")
    async def document_counts(self, info: Info) -> list[SyncDocumentCount]:
        counts = await info.context.load(COUNTS, str(self.id)) or {}
        return [SyncDocumentCount(state=state, count=counts[state]) for state in DocumentState if state in counts]

    @strawberry.field(
        description="Why documents of it are not booked, and how many; those that only wait for their turn are left "
        "out."
    )
    async def problem_counts(self, info: Info) -> list[SyncProblemCount]:
        counts = await info.context.load(PROBLEMS, str(self.id)) or {}
        return [SyncProblemCount(problem=problem, count=counts[problem]) for problem in Problem if problem in counts]

    @strawberry.field(description="What roles are called there, in the order in which they were mapped.")
    async def mappings(
        self, first: int | None = None, after: str | None = None, replaced: Replaced = False
    ) -> Connection[AccountMapping]:
        return await mappings_of(self.view, first, after, replaced)

    @strawberry.field(description="The comparisons of what is booked there with what was sent, newest first.")
    async def reconciliations(
        self, first: int | None = None, after: str | None = None
    ) -> Connection[SyncReconciliation]:
        return await reconciliations_of(self.view, first, after)


def connection_of(view: View) -> AccountingConnection:
    """A connection as the graph shows it."""
    return AccountingConnection(
        id=strawberry.ID(view.id),
        name=view.name,
        system=view.system,
        mode=view.mode,
        starts_on=view.starts_on,
        locked_days=view.locked_days,
        settings=[ConnectionSetting(name=name, value=str(value)) for name, value in sorted(view.settings.items())],
        state=view.state,
        stopped_because=view.stopped_because,
        position=view.position,
        rests_until=view.resting_until(now()),
        reconciled_at=view.reconciled_at,
        not_compared_at=view.unread_at,
        not_compared_because=view.unread_because,
        created_at=view.created_at,
        view=view,
    )


async def connection_shown(info: Info, connection_id: str) -> AccountingConnection | None:
    """A connection as the actor may see it."""
    found = await info.context.load(CONNECTION, connection_id)
    return connection_of(found) if found else None
