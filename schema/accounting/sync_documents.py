"""Documents that are handed to accounting systems, as the graph shows them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import strawberry

from domain.accounting.connectors.protocol import Problem
from domain.accounting.sync import reading
from domain.accounting.sync.rules import DocumentState
from domain.accounting.sync.view import SyncDocument as View
from domain.kernel.access import Actor
from schema.accounting.accounting_connections import AccountingConnection, connection_shown
from schema.accounting.sync_attempts import SyncAttempt, attempts_shown
from schema.accounting.sync_lines import SyncDocumentLine, lines_of
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.connections import Connection, connection, page
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.ledger.entry import JournalEntry, entry_of
from schema.ledger.loaders import ENTRY
from schema.loading import load_all
from schema.scalars import CurrencyCode


async def _entries(_actor: Actor, ids: list[str]) -> Mapping[str, Sequence[str]]:
    """Of documents that the actor was already shown."""
    return await reading.entries_of_documents(ids)


DOCUMENT = Loader(reading.documents_by_ids)
ENTRIES = Loader(_entries)
OF_ENTRY = Loader(reading.documents_of_entries)
OF_OPERATION = Loader(reading.documents_of_operations)


@strawberry.type(
    description="What is booked as one journal in the other system. Its lines never change, and once they are written "
    "its bytes do not change either while it may be booked."
)
class SyncDocument(Node):
    """A document."""

    number: int = strawberry.field(description="Its number in the connection, from 1 on.")
    day: date = strawberry.field(description="The accounting day.")
    booked_on: date | None = strawberry.field(
        description="The other day it is booked on, where its own is locked there; null where it is not."
    )
    currency: CurrencyCode = strawberry.field(description="The currency of all its lines.")
    memo: str = strawberry.field(description="What it says there of itself.")
    entry_count: int = strawberry.field(description="How many journal entries it books.")
    first_position: int = strawberry.field(description="The first of their places in the sealed order.")
    last_position: int = strawberry.field(description="The last of their places in the sealed order.")
    mapping_version: int | None = strawberry.field(
        description="The version of the mapping that it was last written by; null before."
    )
    body: str | None = strawberry.field(
        description="The bytes that are sent, the same at every attempt; null until they are written."
    )
    state: DocumentState = strawberry.field(description="Where it stands.")
    attempt_count: int = strawberry.field(description="How often the other system was called about it.")
    due_at: datetime | None = strawberry.field(
        description="When it is sent or looked for next; null when it is not, or waits for a mapping."
    )
    problem: Problem | None = strawberry.field(description="Why it is not booked; null when nothing is known.")
    message: str = strawberry.field(description="That in a sentence, in the words of the other system; or empty.")
    hint: str = strawberry.field(description="What a person can do about it; or empty.")
    remote_id: str | None = strawberry.field(description="What it is called there; null until that is known.")
    made_at: datetime = strawberry.field(description="When it was made.")
    sent_at: datetime | None = strawberry.field(description="When it was known to be booked; null until then.")
    verified_at: datetime | None = strawberry.field(description="When it was read back as sent; null until then.")
    view: strawberry.Private[View]

    @strawberry.field(description="The connection.")
    async def connection(self, info: Info) -> AccountingConnection | None:
        return await connection_shown(info, self.view.connection_id)

    @strawberry.field(description="The branch; null for an entry of several branches.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id) if self.view.branch_id else None

    @strawberry.field(description="What it books, by roles of accounts.")
    def lines(self) -> list[SyncDocumentLine]:
        return lines_of(self.view.legs, self.view.currency)

    @strawberry.field(description="The newest 50 calls about it, in their order.")
    async def attempts(self, info: Info) -> list[SyncAttempt]:
        return await attempts_shown(info, self.view.id)

    @strawberry.field(description="The journal entries behind it, oldest first.")
    async def entries(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[JournalEntry]:
        asked = page(first, after, "entries", self.view.id)
        behind = asked.after[0] if asked.after else ""
        ids = [each for each in await info.context.load(ENTRIES, str(self.id)) or () if each > behind]
        found = await load_all(info, ENTRY, ids[: asked.size + 1])
        return connection(found, asked, entry_of, lambda view: [view.id])


_SAME = (
    "number day booked_on memo first_position last_position mapping_version body state due_at problem message hint "
    "remote_id made_at sent_at verified_at"
).split()
"""What is called in the graph as in the domain."""


def document_of(view: View) -> SyncDocument:
    """A document as the graph shows it."""
    return SyncDocument(
        id=strawberry.ID(view.id),
        currency=CurrencyCode(view.currency),
        entry_count=view.entries,
        attempt_count=view.attempts,
        view=view,
        **{name: getattr(view, name) for name in _SAME},
    )


async def document_shown(info: Info, document_id: str) -> SyncDocument | None:
    """A document as the actor may see it."""
    found = await info.context.load(DOCUMENT, document_id)
    return document_of(found) if found else None


async def documents_shown(info: Info, of: Loader[str, list[str]], id: str) -> list[SyncDocument]:
    """The documents that book an entry, or what an operation posted."""
    found = await load_all(info, DOCUMENT, await info.context.load(of, id) or [])
    return [document_of(view) for view in found]
