"""A customer's account: the money that the chain keeps for them, and what is owed for sessions that no package had."""

from datetime import datetime

import strawberry

from domain.ledger.accounts import Purpose
from domain.payments import reading
from domain.payments.reading import AccountView, ChargeView
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.service import SERVICE, Service
from schema.context import Info, Loader
from schema.payments.payment import OF_ACCOUNT, Payment, payment_of
from schema.scalars import Money, money_of

ACCOUNT = Loader(reading.accounts_of)
CHARGES = Loader(reading.charges_of)


@strawberry.type(
    description="Sessions that no package had, put to a customer's account at list price, or the fee for a transfer."
)
class Charge:
    """One charge."""

    id: strawberry.ID = strawberry.field(description="Its id.")
    operation_id: strawberry.ID = strawberry.field(description="The operation that charged it.")
    booking_id: strawberry.ID | None = strawberry.field(description="The booking it was for, if any.")
    purpose: Purpose = strawberry.field(description="What was charged.")
    sessions: int = strawberry.field(description="How many sessions; negative where it takes a charge back.")
    amount: Money = strawberry.field(description="What is owed, with tax.")
    tax: Money = strawberry.field(description="The tax in it.")
    charged_at: datetime = strawberry.field(description="When the visit was, or the sessions were handed on.")
    view: strawberry.Private[ChargeView]

    @strawberry.field(description="Where the visit was, or the sessions were handed on.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id)

    @strawberry.field(description="For which service; null for a fee.")
    async def service(self, info: Info) -> Service | None:
        return await info.context.load(SERVICE, self.view.service_id) if self.view.service_id else None


async def charges_shown(info: Info, customer_id: str) -> list[Charge]:
    """What was charged to a customer, as far as the actor may see it."""
    return [_charge_of(view) for view in await info.context.load(CHARGES, customer_id) or []]


def _charge_of(view: ChargeView) -> Charge:
    return Charge(
        id=strawberry.ID(view.id),
        operation_id=strawberry.ID(view.operation_id),
        booking_id=strawberry.ID(view.booking_id) if view.booking_id else None,
        purpose=view.purpose,
        sessions=view.sessions,
        amount=money_of(view.amount_minor, view.currency),
        tax=money_of(view.tax_minor, view.currency),
        charged_at=view.charged_at,
        view=view,
    )


@strawberry.type(description="Money of a customer that a branch took in and still owes.")
class BranchCredit:
    """Credit at one branch."""

    amount: Money = strawberry.field(description="How much.")
    branch_id: strawberry.Private[str]

    @strawberry.field(description="The branch that owes it.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id)


@strawberry.type(description="How a customer stands with the chain outside of packages.")
class CustomerAccount:
    """An account."""

    credit_total: Money = strawberry.field(
        description="The credit that any branch may use for the customer, wherever it stands."
    )
    owed: Money = strawberry.field(
        description="What is owed for sessions that no package had, and fees; payAccount takes it in."
    )
    customer_id: strawberry.Private[str]
    view: strawberry.Private[AccountView]

    @strawberry.field(description="Which branches owe the credit, as far as you may see what they do.")
    def credit(self, info: Info) -> list[BranchCredit]:
        branches = None if self.customer_id == info.context.actor.id else info.context.actor.visible_branches
        return [
            BranchCredit(amount=money_of(amount, self.view.currency), branch_id=branch_id)
            for branch_id, amount in self.view.credit
            if branches is None or branch_id in branches
        ]

    @strawberry.field(description="What was charged, newest first; to the staff what their branches charged.")
    async def charges(self, info: Info) -> list[Charge]:
        return await charges_shown(info, self.customer_id)

    @strawberry.field(
        description="What was paid for charges, was kept as credit or came from it, newest first; to the staff what "
        "their branches took in."
    )
    async def payments(self, info: Info) -> list[Payment]:
        return [payment_of(view) for view in await info.context.load(OF_ACCOUNT, self.customer_id) or []]


async def account_shown(info: Info, customer_id: str) -> CustomerAccount | None:
    """A customer's account, if the actor may see it."""
    view = await info.context.load(ACCOUNT, customer_id)
    if view is None:
        return None
    return CustomerAccount(
        credit_total=money_of(sum(amount for _, amount in view.credit), view.currency),
        owed=money_of(view.owed_minor, view.currency),
        customer_id=customer_id,
        view=view,
    )
