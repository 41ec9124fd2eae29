"""Comparisons of what other systems have booked with what was sent, as the graph shows them."""

from datetime import date, datetime

import strawberry

from domain.accounting.sync import reading
from domain.accounting.sync.comparing import Difference, DifferenceKind
from domain.accounting.sync.reconciling_store import Reconciled
from domain.accounting.sync.view import Connection as View
from schema.accounting import sync_enums  # noqa: F401 - the kinds that are told
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.connections import Connection, connection, number, page
from schema.context import Info, Loader
from schema.interfaces import Node
from schema.people.loaders import STAFF
from schema.people.types import Staff
from schema.scalars import Money, money_of

RECONCILIATION = Loader(reading.reconciliations_by_ids)


@strawberry.type(description="An account of the other system that comes to something else there, in one document.")
class SyncDifference:
    """A difference."""

    kind: DifferenceKind = strawberry.field(description="How it differs.")
    day: date = strawberry.field(description="The day it is to be booked on; the day there of what is extra.")
    found_day: date | None = strawberry.field(description="The day there; null where it is missing.")
    account: str = strawberry.field(description="The account, as it is called there.")
    expected: Money | None = strawberry.field(
        description="Debits less credits by what was sent; null where the currency of what is extra is not known."
    )
    found: Money | None = strawberry.field(description="Debits less credits there; null as `expected` is.")
    hint: str = strawberry.field(description="What a person can do; Carnet changes nothing there by itself.")
    remote_id: str | None = strawberry.field(description="The document there; null where it is missing.")
    document_id: strawberry.ID | None = strawberry.field(
        description="The document of ours, as the other system names it; null where it names none."
    )
    branch_id: strawberry.Private[str | None]

    @strawberry.field(description="The branch of the document; null where it is about several, or not known.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id) if self.branch_id else None


def _difference_of(view: Difference) -> SyncDifference:
    known = view.currency
    return SyncDifference(
        kind=view.kind,
        day=view.day,
        found_day=view.found_day,
        account=view.account,
        expected=money_of(view.expected_minor, known) if known else None,
        found=money_of(view.found_minor, known) if known else None,
        hint=view.hint,
        remote_id=view.remote_id,
        document_id=strawberry.ID(view.document_id) if view.document_id else None,
        branch_id=view.branch_id,
    )


@strawberry.type(
    description="A comparison of what the other system has booked on some days with what was sent. Carnet compares "
    "every night, and sends nothing again by itself."
)
class SyncReconciliation(Node):
    """A reconciliation."""

    connection_id: strawberry.ID = strawberry.field(description="The connection.")
    first_day: date = strawberry.field(
        description="The first day that was compared. Of the time before the last month Carnet by itself compares only "
        "the days around those of documents that were sent and not found there as they should be."
    )
    last_day: date = strawberry.field(description="The last one.")
    compared: int = strawberry.field(description="How many documents of ours that should be there were compared.")
    waiting: int = strawberry.field(
        description="How many documents of ours were not there yet and not said to be: they waited, or were refused. "
        "They are no differences. Not only those of these days, but also of earlier ones, unless a first day was "
        "asked for."
    )
    reconciled_at: datetime = strawberry.field(description="When.")
    view: strawberry.Private[Reconciled]

    @strawberry.field(
        description="How many differences there are; 0 where the books agree, but for those documents that wait."
    )
    def difference_count(self) -> int:
        return len(self.view.differences)

    @strawberry.field(description="What differs, by document and account.")
    def differences(self, first: int | None = None, after: str | None = None) -> Connection[SyncDifference]:
        asked = page(first, after, "differences", self.view.id)
        behind = number(asked.after) or 0
        wanted = list(enumerate(self.view.differences, 1))[behind : behind + asked.size + 1]
        return connection(wanted, asked, lambda each: _difference_of(each[1]), lambda each: [str(each[0])])

    @strawberry.field(description="Who asked for it; null for those of every night.")
    async def reconciled_by(self, info: Info) -> Staff | None:
        return await info.context.load(STAFF, self.view.reconciled_by) if self.view.reconciled_by else None


def _reconciliation_of(view: Reconciled) -> SyncReconciliation:
    return SyncReconciliation(
        id=strawberry.ID(view.id),
        connection_id=strawberry.ID(view.connection_id),
        first_day=view.first_day,
        last_day=view.last_day,
        compared=view.compared,
        waiting=view.waiting,
        reconciled_at=view.reconciled_at,
        view=view,
    )


async def reconciliation_shown(info: Info, reconciliation_id: str) -> SyncReconciliation | None:
    """A comparison as the actor may see it."""
    found = await info.context.load(RECONCILIATION, reconciliation_id)
    return _reconciliation_of(found) if found else None


async def reconciliations_of(of: View, first: int | None, after: str | None) -> Connection[SyncReconciliation]:
    """Those of a connection that the viewer may see, newest first."""
    asked = page(first, after, "reconciliations", of.id)
    found = await reading.reconciliations(of, asked.size + 1, asked.after[0] if asked.after else None)
    return connection(found, asked, _reconciliation_of, lambda view: [view.id])
