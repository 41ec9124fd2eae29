"""The query syncDryRun: documents as they would be sent, and nothing is."""

from datetime import date

import strawberry

from domain.accounting.connectors.protocol import Problem
from domain.accounting.sync import dry_run
from domain.accounting.sync.dry_run import WouldSend
from domain.accounting.sync.opened import CannotOpen
from schema.accounting.accounting_connections import CONNECTION
from schema.accounting.sync_lines import SyncDocumentLine, lines_of
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.connections import page
from schema.context import Info
from schema.scalars import CurrencyCode


@strawberry.type(description="A document that would be sent.")
class SyncDryRunDocument:
    """A document with its bytes, or why there are none."""

    document_id: strawberry.ID | None = strawberry.field(description="The document; null where it is not made yet.")
    day: date = strawberry.field(description="The day it would be booked on.")
    currency: CurrencyCode = strawberry.field(description="The currency of all its lines.")
    memo: str = strawberry.field(description="What it would say there of itself.")
    body: str | None = strawberry.field(
        description=f"The bytes; of one that is not made yet with `{dry_run.NOT_MADE}` for its id. Null where it "
        "cannot be written."
    )
    problem: Problem | None = strawberry.field(description="Why it cannot be written; null where it can.")
    message: str = strawberry.field(description="That in a sentence; or empty.")
    view: strawberry.Private[WouldSend]

    @strawberry.field(description="The branch; null for an entry of several branches.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id) if self.view.branch_id else None

    @strawberry.field(description="What it books, by roles of accounts.")
    def lines(self) -> list[SyncDocumentLine]:
        return lines_of(self.view.legs, self.view.currency)


@strawberry.type(description="What would be sent next.")
class SyncDryRun:
    """The documents, or why none can be written."""

    documents: list[SyncDryRunDocument] = strawberry.field(
        description="Those that wait, then those that would be made; days that are not over as far as they have come."
    )
    message: str = strawberry.field(description="Why the connection cannot be opened; empty where it can.")


def _document_of(view: WouldSend) -> SyncDryRunDocument:
    return SyncDryRunDocument(
        document_id=strawberry.ID(view.document_id) if view.document_id else None,
        day=view.day,
        currency=CurrencyCode(view.currency),
        memo=view.memo,
        body=view.body,
        problem=view.problem,
        message=view.message,
        view=view,
    )


async def resolve(info: Info, connection_id: strawberry.ID, first: int | None = None) -> SyncDryRun | None:
    """Write the next documents, and keep nothing."""
    asked = page(first, None)
    connection = await info.context.load(CONNECTION, str(connection_id))
    if connection is None:
        return None
    try:
        told = await dry_run.dry_run(connection, asked.size)
    except CannotOpen as error:
        return SyncDryRun(documents=[], message=str(error))
    return SyncDryRun(documents=[_document_of(view) for view in told], message="")


QUERY = strawberry.field(
    resolver=resolve,
    description="The next documents of a connection, byte for byte as they would be sent by the present mapping. "
    "Nothing is sent or kept, and the other system is not called. Null when there is no connection that you may see.",
)
