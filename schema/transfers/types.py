"""Transfers as the graph shows them."""

from datetime import datetime

import strawberry

from domain.kernel.reads import WORDS
from domain.transfers import reading
from domain.transfers.asked import FeePayer, State
from domain.transfers.undo_transfer import UNDO
from domain.transfers.view import TransferView
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info, Loader
from schema.customers.loaders import CUSTOMER
from schema.customers.types import Customer
from schema.interfaces import Node
from schema.ledger.operation import Operation, operation_shown
from schema.packages.types import Package
from schema.packages.types import shown as package_shown
from schema.scalars import Money, money_of
from schema.transfers import enums as enums

TRANSFER = Loader(reading.by_ids)


@strawberry.type(description="Sessions of a package that go, or went, to another customer.")
class Transfer(Node):
    """One transfer."""

    state: State = strawberry.field(description="How far it has come.")
    sessions: int | None = strawberry.field(
        description="How many sessions moved; before that how many were asked for, null for all that can."
    )
    value: Money | None = strawberry.field(description="The value that went along; null before anything has moved.")
    fee: Money = strawberry.field(description="What it costs, or would as it was asked for, with tax.")
    fee_payer: FeePayer = strawberry.field(description="On whose account the fee is put.")
    with_bookings: bool = strawberry.field(description="Whether the visits to come go along with the package.")
    opened_package: bool = strawberry.field(description="Whether a package was opened for the recipient.")
    requested_at: datetime = strawberry.field(description="When it was asked for.")
    decided_at: datetime | None = strawberry.field(description="When it was approved, refused or withdrawn, if it was.")
    done_at: datetime | None = strawberry.field(description="When the sessions moved.")
    undone_at: datetime | None = strawberry.field(description="When they went back, if they did.")
    view: strawberry.Private[TransferView]

    @strawberry.field(description="Why, as whoever asked said.")
    def reason(self, info: Info) -> str | None:
        return self.view.reason if WORDS.lets(info.context.actor) else None

    @strawberry.field(description="What whoever decided said; empty without a decision.")
    def decision(self, info: Info) -> str | None:
        return self.view.decision if WORDS.lets(info.context.actor) else None

    @strawberry.field(description="Until when it can be undone, if all is still there; null unless it is DONE.")
    def undoable_until(self) -> datetime | None:
        view = self.view
        return view.done_at + UNDO if view.done_at is not None and view.state is State.DONE else None

    @strawberry.field(description="The package that the sessions leave; null when you may not see it.")
    async def package(self, info: Info) -> Package | None:
        return await package_shown(info, self.view.package_id)

    @strawberry.field(description="The package that they are in; null before they move, and when you may not see it.")
    async def into_package(self, info: Info) -> Package | None:
        return await package_shown(info, self.view.into_package_id) if self.view.into_package_id else None

    @strawberry.field(description="Who hands them on; null when you may not see that customer.")
    async def sender(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, self.view.sender_id)

    @strawberry.field(description="Who gets them; null when you may not see that customer.")
    async def recipient(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, self.view.recipient_id)

    @strawberry.field(description="Where it was asked for, and the fee is owed.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id)

    @strawberry.field(description="The operation that moved them; null before that, and when you may not see it.")
    async def operation(self, info: Info) -> Operation | None:
        seen = [each for each in (self.view.operation_id, self.view.into_operation_id) if each]
        found = [await operation_shown(info, each) for each in seen]
        return next((each for each in found if each), None)


def transfer_of(view: TransferView) -> Transfer:
    """A transfer as the graph shows it."""
    return Transfer(
        id=strawberry.ID(view.id),
        state=view.state,
        sessions=view.sessions if view.moved is None else view.moved,
        value=None if view.value_minor is None else money_of(view.value_minor, view.currency),
        fee=money_of(view.fee_minor, view.currency),
        fee_payer=view.fee_payer,
        with_bookings=view.with_bookings,
        opened_package=view.opened,
        requested_at=view.requested_at,
        decided_at=view.decided_at,
        done_at=view.done_at,
        undone_at=view.undone_at,
        view=view,
    )


async def transfer_shown(info: Info, transfer_id: str) -> Transfer | None:
    """A transfer as the actor may see it."""
    view = await info.context.load(TRANSFER, transfer_id)
    return transfer_of(view) if view else None


@strawberry.type
class OfTransfer:
    """Mixed into the outcomes of acts on a transfer, which is read only when it is asked for."""

    transfer_id: strawberry.ID = strawberry.field(description="The transfer's id.")

    @strawberry.field(description="The transfer, as it is now; null when you may act on it but not see it.")
    async def transfer(self, info: Info) -> Transfer | None:
        return await transfer_shown(info, self.transfer_id)
