"""A payment as the graph shows it."""

from collections.abc import Mapping
from datetime import datetime

import strawberry

from domain.kernel.access import Actor
from domain.ledger.accounts import PaymentMethod
from domain.payments import reading
from domain.payments.reading import PaymentView
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info, Loader
from schema.ledger.operation import Operation, operation_shown
from schema.scalars import Money, money_of


async def _for_packages(_actor: Actor, package_ids: list[str]) -> Mapping[str, list[PaymentView]]:
    """The payments for packages that the actor was already shown."""
    return await reading.payments_for(package_ids)


OF_PACKAGE = Loader(_for_packages)
OF_ACCOUNT = Loader(reading.account_payments_of)


@strawberry.type(description="Money that came in, or credit that was used.")
class Payment:
    """One payment."""

    id: strawberry.ID = strawberry.field(description="Its id; reversePayment takes it.")
    method: PaymentMethod = strawberry.field(description="How it came in.")
    amount: Money = strawberry.field(description="How much came in, or was used of the credit.")
    kept: Money = strawberry.field(description="What of it exceeded what was owed and became the customer's credit.")
    received_at: datetime = strawberry.field(description="When it came in.")
    reversed_at: datetime | None = strawberry.field(description="When it was taken back; null while it stands.")
    package_id: strawberry.ID | None = strawberry.field(description="The package it was for; null for the account.")
    view: strawberry.Private[PaymentView]

    @strawberry.field(description="The branch that took it in; of credit, the one that owed it.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id)

    @strawberry.field(description="The act that recorded it; null when you may not see that.")
    async def operation(self, info: Info) -> Operation | None:
        return await operation_shown(info, self.view.operation_id)


def payment_of(view: PaymentView) -> Payment:
    """A payment as the graph shows it."""
    return Payment(
        id=strawberry.ID(view.id),
        method=view.method,
        amount=money_of(view.amount_minor, view.currency),
        kept=money_of(view.kept_minor, view.currency),
        received_at=view.received_at,
        reversed_at=view.reversed_at,
        package_id=strawberry.ID(view.package_id) if view.package_id else None,
        view=view,
    )


async def payments_shown(info: Info, package_id: str) -> list[Payment]:
    """The payments for a package that the actor was shown."""
    return [payment_of(view) for view in await info.context.load(OF_PACKAGE, package_id) or []]
