"""What documents are made of, before anything is called as it is called elsewhere."""

from collections.abc import Iterable

import strawberry

from domain.accounting.sync.legs import Leg
from domain.ledger.accounts import Account
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.service import SERVICE, Service
from schema.context import Info
from schema.scalars import Money, money_of


@strawberry.type(description="One debit or credit of a document.")
class SyncDocumentLine:
    """A line."""

    account: Account = strawberry.field(description="The account's role, which the mapping gives a name there.")
    debit: Money = strawberry.field(description="The amount debited; zero on a credit line.")
    credit: Money = strawberry.field(description="The amount credited; zero on a debit line.")
    tax_code: str | None = strawberry.field(description="The tax code; null without one.")
    counterparty: str | None = strawberry.field(
        description="The code of the other branch, on lines between branches; null on others."
    )
    leg: strawberry.Private[Leg]

    @strawberry.field(description="The branch whose books the line is in.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.leg.branch_id)

    @strawberry.field(description="The service that was performed; null on lines about none.")
    async def service(self, info: Info) -> Service | None:
        return await info.context.load(SERVICE, self.leg.service_id) if self.leg.service_id else None


def lines_of(legs: Iterable[Leg], currency: str) -> list[SyncDocumentLine]:
    """The lines of a document as the graph shows them."""
    return [
        SyncDocumentLine(
            account=leg.account,
            debit=money_of(max(leg.amount_minor, 0), currency),
            credit=money_of(max(-leg.amount_minor, 0), currency),
            tax_code=leg.tax_code,
            counterparty=leg.counterparty,
            leg=leg,
        )
        for leg in legs
    ]
