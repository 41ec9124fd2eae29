"""Reading connections to accounting systems and what became of their documents."""

from datetime import date

import strawberry

from domain.accounting.connectors.protocol import Problem
from domain.accounting.sync import reading
from domain.accounting.sync.reading import DocumentFilter
from domain.accounting.sync.rules import DocumentState
from domain.kernel.calendar import Days
from schema.accounting import sync_dry_run as writing
from schema.accounting.accounting_connections import (
    CONNECTION,
    AccountingConnection,
    Replaced,
    connection_of,
    connection_shown,
)
from schema.accounting.mappings import AccountMapping, mappings_of
from schema.accounting.reconciliations import SyncReconciliation, reconciliations_of
from schema.accounting.sync_documents import SyncDocument, document_of
from schema.connections import Connection, connection, page
from schema.context import Info


@strawberry.input(description="Which documents; every part that is given must hold.")
class SyncDocumentFilterInput:
    """The filter of documents."""

    connection_id: strawberry.ID | None = strawberry.field(default=None, description="Of this connection.")
    states: list[DocumentState] = strawberry.field(default_factory=list, description="In one of these states.")
    branch_id: strawberry.ID | None = strawberry.field(default=None, description="Of this branch alone.")
    day_from: date | None = strawberry.field(default=None, description="Of this accounting day or later.")
    day_until: date | None = strawberry.field(default=None, description="Of this accounting day or earlier.")
    problems: list[Problem] = strawberry.field(
        default_factory=list, description="Not booked for one of these reasons; what waits without any is left out."
    )

    def chosen(self) -> DocumentFilter:
        """The filter as the domain knows it."""
        states = tuple(dict.fromkeys(self.states)) or None
        problems = tuple(dict.fromkeys(self.problems)) or None
        days = Days(self.day_from, self.day_until)
        return DocumentFilter(self.connection_id, states, self.branch_id, days, problems)


@strawberry.type
class SyncQueries:
    """Mixed into the root query."""

    sync_dry_run: writing.SyncDryRun | None = writing.QUERY

    @strawberry.field(description="The accounting systems that are handed the journal, in the order they were made.")
    async def accounting_connections(
        self, info: Info, first: int | None = None, after: str | None = None
    ) -> Connection[AccountingConnection] | None:
        asked = page(first, after, "accountingConnections")
        behind = asked.after[0] if asked.after else ""
        found = [each for each in await reading.connections_page(info.context.actor) if each.id > behind]
        return connection(found[: asked.size + 1], asked, connection_of, lambda view: [view.id])

    @strawberry.field(description="One of them; null when there is none that you may see.")
    async def accounting_connection(self, info: Info, id: strawberry.ID) -> AccountingConnection | None:
        return await connection_shown(info, id)

    @strawberry.field(
        description="What roles are called in the system of a connection, in the order in which they were mapped; null "
        "when there is no connection that you may see."
    )
    async def account_mappings(
        self,
        info: Info,
        connection_id: strawberry.ID,
        first: int | None = None,
        after: str | None = None,
        replaced: Replaced = False,
    ) -> Connection[AccountMapping] | None:
        of = await info.context.load(CONNECTION, str(connection_id))
        return await mappings_of(of, first, after, replaced) if of else None

    @strawberry.field(description="What is booked as one journal each in other systems, newest first.")
    async def sync_documents(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        filter: SyncDocumentFilterInput | None = None,
    ) -> Connection[SyncDocument] | None:
        chosen = filter.chosen() if filter else DocumentFilter()
        asked = page(first, after, "syncDocuments", chosen)
        behind = asked.after[0] if asked.after else None
        found = await reading.documents_page(info.context.actor, chosen, asked.size + 1, behind)
        return connection(found, asked, document_of, lambda view: [view.id])

    @strawberry.field(
        description="The comparisons of what a system has booked with what was sent, newest first; null when there is "
        "no connection that you may see."
    )
    async def sync_reconciliations(
        self, info: Info, connection_id: strawberry.ID, first: int | None = None, after: str | None = None
    ) -> Connection[SyncReconciliation] | None:
        of = await info.context.load(CONNECTION, str(connection_id))
        return await reconciliations_of(of, first, after) if of else None
