"""The money journal as the graph shows it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.ledger.accounts import Account, Event, PaymentMethod
from domain.ledger.journal import EntryView, LineView
from domain.packages.tax_store import taxed_package
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.service import SERVICE, Service
from schema.context import Info
from schema.interfaces import Node
from schema.ledger.loaders import ENTRY, LINES, TAX
from schema.ledger.operation import Operation, operation_shown
from schema.limits.cost import USUAL_LENGTH
from schema.scalars import CurrencyCode, Money, money_of

if TYPE_CHECKING:
    from schema.accounting.sync_documents import SyncDocument

_USUAL_LINES = 4
_USUAL_DOCUMENTS = 2


@strawberry.type(description="One debit or credit of a journal entry.")
class JournalLine:
    """A line with its dimensions."""

    account: Account = strawberry.field(description="The account's role.")
    debit: Money = strawberry.field(description="The amount debited; zero on a credit line.")
    credit: Money = strawberry.field(description="The amount credited; zero on a debit line.")
    payment_method: PaymentMethod | None = strawberry.field(
        description="How the money came in, on cash and clearing lines."
    )
    package_id: strawberry.ID | None = strawberry.field(description="The package it is about.")
    intercompany: bool = strawberry.field(
        description="Whether the counterparty is a branch of another legal entity, so that this is owed between "
        "companies. False on lines without a counterparty."
    )
    branch_id: strawberry.Private[str]
    service_id: strawberry.Private[str | None]
    counterparty_id: strawberry.Private[str | None]

    @strawberry.field(description="The branch whose books the line is in.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id)

    @strawberry.field(description="The service that was performed.")
    async def service(self, info: Info) -> Service | None:
        return await info.context.load(SERVICE, self.service_id) if self.service_id else None

    @strawberry.field(description="The other branch, on lines between branches.")
    async def counterparty(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.counterparty_id) if self.counterparty_id else None

    @strawberry.field(
        description="The tax code of the package, by its terms, on lines of TAX_PAYABLE, REVENUE and DEFERRED_REVENUE: "
        "what a tax return is split by. Empty where the terms name none; null on other lines and without a package."
    )
    async def tax_code(self, info: Info) -> str | None:
        package_id = taxed_package(self.account, self.package_id)
        found = await info.context.load(TAX, package_id) if package_id else None
        return found.code if found else None


def line_of(view: LineView, currency: str) -> JournalLine:
    """A line as the graph shows it."""
    return JournalLine(
        account=view.account,
        debit=money_of(view.debit_minor, currency),
        credit=money_of(view.credit_minor, currency),
        payment_method=PaymentMethod(view.payment_method) if view.payment_method else None,
        package_id=strawberry.ID(view.package_id) if view.package_id else None,
        intercompany=view.intercompany,
        service_id=view.service_id,
        branch_id=view.branch_id,
        counterparty_id=view.counterparty_id,
    )


@strawberry.type(description="A balanced entry of the money journal; it balances for every branch in it.")
class JournalEntry(Node):
    """An entry of the journal."""

    event: Event = strawberry.field(description="What the entry tells of.")
    posted_on: date = strawberry.field(description="The accounting day, by the clock of the package's home branch.")
    effective_at: datetime = strawberry.field(description="When it counts for the business.")
    currency: CurrencyCode = strawberry.field(description="The currency of all its lines.")
    position: int | None = strawberry.field(
        description="The place of its operation in the chain's sealed order; null until that is sealed, seconds after."
    )
    operation_id: strawberry.Private[str]

    @strawberry.field(description="The act that posted it.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.operation_id)

    @strawberry.field(
        description="Its lines, of the branches whose books you may read.", metadata={USUAL_LENGTH: _USUAL_LINES}
    )
    async def lines(self, info: Info) -> list[JournalLine]:
        found = await info.context.load(LINES, str(self.id)) or []
        return [line_of(line, self.currency) for line in found]

    @strawberry.field(
        description="The documents that book it in accounting systems, one for each connection, or for each of its "
        "branches and connections.",
        metadata={USUAL_LENGTH: _USUAL_DOCUMENTS},
    )
    async def sync_documents(
        self, info: Info
    ) -> list[Annotated["SyncDocument", strawberry.lazy("schema.accounting.sync_documents")]]:
        from schema.accounting.sync_documents import OF_ENTRY, documents_shown

        return await documents_shown(info, OF_ENTRY, self.id)


def entry_of(view: EntryView) -> JournalEntry:
    """An entry as the graph shows it."""
    return JournalEntry(
        id=strawberry.ID(view.id),
        event=view.event,
        posted_on=view.posted_on,
        effective_at=view.effective_at,
        currency=CurrencyCode(view.currency),
        position=view.position,
        operation_id=view.operation_id,
    )


async def entry_shown(info: Info, entry_id: str) -> JournalEntry | None:
    """An entry as the actor may see it."""
    found = await info.context.load(ENTRY, entry_id)
    return entry_of(found) if found else None
