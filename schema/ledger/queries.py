"""Reading operations, the journal and the trial balance."""

from datetime import date, datetime

import strawberry

from domain.ledger import journal
from domain.ledger.accounts import Event
from domain.ledger.journal import EntryFilter, OperationFilter
from domain.ledger.sealed import EntryOrder, OperationOrder
from domain.reports import trial_balance as report
from domain.reports.figures import InvertedPeriod
from schema.connections import Connection, connection, number, page
from schema.context import Info
from schema.ledger import sealed
from schema.ledger.entry import JournalEntry, entry_of
from schema.ledger.operation import Operation, operation_of
from schema.ledger.sealed import AfterPosition, First
from schema.ledger.trial_balance import TrialBalance, trial_balance_of
from schema.reports.arguments import AsOf, refuse_unless_possible


@strawberry.input(description="Which operations; every part that is given must hold.")
class OperationFilterInput:
    """The filter of operations."""

    act: str | None = strawberry.field(default=None, description="The act, such as redeem_session.")
    branch_id: strawberry.ID | None = strawberry.field(default=None, description="The branch where it happened.")
    package_id: strawberry.ID | None = strawberry.field(default=None, description="The package it changed.")
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="The customer it was for.")
    principal_id: strawberry.ID | None = strawberry.field(default=None, description="Who did it.")
    recorded_from: datetime | None = strawberry.field(default=None, description="Written at or after this instant.")
    recorded_before: datetime | None = strawberry.field(default=None, description="Written before this instant.")


@strawberry.input(description="Which journal entries; every part that is given must hold.")
class JournalEntryFilterInput:
    """The filter of journal entries."""

    branch_id: strawberry.ID | None = strawberry.field(default=None, description="With a line of this branch.")
    package_id: strawberry.ID | None = strawberry.field(default=None, description="With a line about this package.")
    operation_id: strawberry.ID | None = strawberry.field(default=None, description="Posted by this operation.")
    event: Event | None = strawberry.field(default=None, description="Telling of this event.")
    posted_from: date | None = strawberry.field(default=None, description="Posted on or after this day.")
    posted_until: date | None = strawberry.field(default=None, description="Posted on or before this day.")


@strawberry.type
class LedgerQueries:
    """Mixed into the root query."""

    @strawberry.field(
        description="The audit log, newest first, or as other systems take it over: in the sealed order, which only "
        "ever grows at its end. Staff see the acts of their branches, a customer those done for them."
    )
    async def operations(
        self,
        info: Info,
        first: First = None,
        after: str | None = None,
        filter: OperationFilterInput | None = None,
        order_by: OperationOrder = OperationOrder.RECORDED_LAST_FIRST,
        after_position: AfterPosition = None,
    ) -> Connection[Operation] | None:
        chosen = OperationFilter(**vars(filter)) if filter else OperationFilter()
        if order_by is OperationOrder.SEALED_FIRST_FIRST:
            return await sealed.operations(info, chosen, first, after, after_position)
        sealed.refuse_position(after_position)
        asked = page(first, after, chosen)
        before = number(asked.after)
        found = await journal.operations(info.context.actor, chosen, asked.size + 1, before)
        return connection(found, asked, operation_of, lambda operation: [str(operation.seq)])

    @strawberry.field(
        description="The money journal by the time it was posted, for reading: an act that commits late may still add "
        "an entry before a cursor that was given out. To feed another system, ask for SEALED_FIRST_FIRST: nothing is "
        "ever added before a position that was read, and a page ends with the last entry of an operation, so that its "
        "last position can be acknowledged by `acknowledgeEntries`. Shows the entries of the branches where a role "
        "that may read it is held. Days that end before they begin are BAD_USER_INPUT."
    )
    async def journal_entries(
        self,
        info: Info,
        first: First = None,
        after: str | None = None,
        filter: JournalEntryFilterInput | None = None,
        order_by: EntryOrder = EntryOrder.POSTED_FIRST_FIRST,
        after_position: AfterPosition = None,
    ) -> Connection[JournalEntry] | None:
        chosen = _entries_chosen(info, filter or JournalEntryFilterInput())
        if order_by is EntryOrder.SEALED_FIRST_FIRST:
            return await sealed.entries(info, chosen, first, after, after_position)
        sealed.refuse_position(after_position)
        asked = page(first, after, chosen)
        behind = asked.after[0] if asked.after else None
        found = await journal.entries(info.context.actor, chosen, asked.size + 1, behind)
        return connection(found, asked, entry_of, lambda entry: [entry.id])

    @strawberry.field(
        description="Debits and credits by account and branch, up to a day, as it was known at an instant. Shows the "
        "branches where a role that may read it is held."
    )
    async def trial_balance(
        self, info: Info, until: date | None = None, branch_id: strawberry.ID | None = None, as_of: AsOf = None
    ) -> TrialBalance | None:
        await refuse_unless_possible(info, "the trial balance", branch_id, as_of=as_of)
        found = await report.trial_balance(info.context.actor, until, branch_id, as_of)
        return trial_balance_of(found, until, as_of)


def _entries_chosen(info: Info, filter: JournalEntryFilterInput) -> EntryFilter:
    """The filter, unless its days end before they begin: no entries would be taken for an answer."""
    chosen = EntryFilter(**vars(filter))
    first, last = chosen.posted_from, chosen.posted_until
    if first and last and last < first:
        journal.accounts_branches(info.context.actor, "journal entries")
        raise InvertedPeriod(first, last, "filter", "postedFrom")
    return chosen
