"""The package as the graph shows it: status, balance, lots, money, and where each of them comes from."""

from collections.abc import Sequence
from datetime import date, datetime

import strawberry

from domain.ledger import rules as ledger
from domain.ledger.rules import Origin
from domain.packages import rules
from domain.packages.rules import Status
from domain.packages.view import PackageView, PaymentState
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.loaders import DEFINITION
from schema.catalog.service import SERVICE, Service
from schema.catalog.terms import Terms, terms_of
from schema.catalog.types import PackageDefinition
from schema.connections import Connection
from schema.context import Info
from schema.customers.loaders import CUSTOMER
from schema.customers.types import Customer
from schema.interfaces import Node
from schema.ledger.types import Operation
from schema.packages.explanation import Explanation, explained
from schema.packages.history import history_of
from schema.packages.loaders import PACKAGE, TERMS
from schema.scalars import Money, money_of


@strawberry.type(description="What of a package can be used for one service.")
class ServiceBalance:
    """A row of a balance by service."""

    remaining: int = strawberry.field(description="Sessions that can be used or booked now for the service.")
    service_id: strawberry.Private[str]

    @strawberry.field(description="The service.")
    async def service(self, info: Info) -> Service | None:
        return await info.context.load(SERVICE, self.service_id)


@strawberry.type(
    description="Sessions by where they are; issued = available + held + consumed + expired + refunded + moved."
)
class Balance:
    """The counts of a package or of a lot."""

    issued: int = strawberry.field(description="Every session that ever came in.")
    available: int = strawberry.field(description="Neither used, held nor gone; some may have lapsed by the clock.")
    held: int = strawberry.field(description="Reserved by bookings.")
    consumed: int = strawberry.field(description="Used.")
    expired: int = strawberry.field(description="Lapsed unused.")
    refunded: int = strawberry.field(description="Given back for money.")
    moved: int = strawberry.field(description="Gone to another lot.")
    remaining: int = strawberry.field(description="Available sessions that can be used or booked now, by the clock.")
    by_service: list[ServiceBalance] = strawberry.field(description="What remains for each service.")


@strawberry.type(description="Sessions with one origin, one set of services, one expiry and one value.")
class Lot:
    """A lot of a package."""

    id: strawberry.ID = strawberry.field(description="The lot's id.")
    origin: Origin = strawberry.field(description="Why it exists.")
    bonus: bool = strawberry.field(description="Whether its sessions came free.")
    issued_at: datetime = strawberry.field(description="From when it may be used.")
    last_day: date = strawberry.field(description="Its last day without grace, by the home branch's clock.")
    expires_at: datetime = strawberry.field(description="The instant at which the last day ends.")
    lapses_at: datetime = strawberry.field(description="The instant from which nothing of it can be used.")
    balance: Balance = strawberry.field(description="Its sessions by where they are.")
    value_issued: Money = strawberry.field(description="The share of the price that it was issued with.")
    value_left: Money = strawberry.field(description="What of it is still owed as sessions.")
    service_ids: list[strawberry.ID] = strawberry.field(description="The services its sessions are for.")


@strawberry.type(description="One package that was sold: what its holder has, may still use, and why.")
class Package(Node):
    """A sold package."""

    reference: str | None = strawberry.field(description="The reference another system or the desk gave it.")
    name: str = strawberry.field(description="Its name at the time of sale.")
    status: Status = strawberry.field(description="What it is now, by the clock.")
    balance: Balance = strawberry.field(description="Its sessions by where they are.")
    expires_on: date = strawberry.field(
        description="The last day, without grace, on which something left can be used; by the home branch's clock."
    )
    sold_at: datetime = strawberry.field(description="When it was sold.")
    activated_at: datetime | None = strawberry.field(description="From when it could be used; null while PENDING.")
    price: Money = strawberry.field(description="What the customer agreed to pay, with tax.")
    tax: Money = strawberry.field(description="The tax in it.")
    paid: Money = strawberry.field(description="What was paid so far.")
    outstanding: Money = strawberry.field(description="What is still to be paid.")
    payment_state: PaymentState = strawberry.field(description="How far it is paid.")
    value_left: Money = strawberry.field(description="The part of the price still owed to the holder as sessions.")
    version: int = strawberry.field(description="Rises with every act on it.")
    lots: list[Lot] = strawberry.field(description="Its lots, oldest first.")
    view: strawberry.Private[PackageView]

    @strawberry.field(description="The home branch, which owes the sessions.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.home_branch_id)

    @strawberry.field(description="The branch that sold it.")
    async def selling_branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.selling_branch_id)

    @strawberry.field(description="Who holds it; null when you may not see that customer.")
    async def holder(self, info: Info) -> Customer | None:
        return await info.context.load(CUSTOMER, self.view.holder_id)

    @strawberry.field(description="The catalogue entry it was sold from.")
    async def definition(self, info: Info) -> PackageDefinition | None:
        return await info.context.load(DEFINITION, self.view.definition_id)

    @strawberry.field(description="The rules it is bound by: the definition's at the moment of sale, never changed.")
    async def terms(self, info: Info) -> Terms | None:
        found = await info.context.load(TERMS, self.view.id)
        return terms_of(found) if found else None

    @strawberry.field(
        description="Every act on it, in the order they were carried out; with `first` from the oldest, with `last` "
        "up to the newest."
    )
    async def history(
        self,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Operation]:
        return await history_of(info, self.view.id, first, after, last, before)

    @strawberry.field(
        description="Every step from the sale to now, or to a past instant as it was recorded then, and how each "
        "figure came about."
    )
    async def explanation(self, info: Info, at: datetime | None = None) -> Explanation | None:
        return await explained(info, self.view.id, at)


def package_of(view: PackageView) -> Package:
    """A package as the graph shows it."""
    currency = view.currency
    return Package(
        id=strawberry.ID(view.id),
        reference=view.reference,
        name=view.name,
        status=view.status,
        balance=_balance(view.lots, view.read_at),
        expires_on=view.expires_on,
        sold_at=view.sold_at,
        activated_at=view.activated_at,
        price=money_of(view.price_minor, currency),
        tax=money_of(view.tax_minor, currency),
        paid=money_of(view.paid_minor, currency),
        outstanding=money_of(view.outstanding.amount_minor, currency),
        payment_state=view.payment_state,
        value_left=money_of(sum(lot.value_left_minor for lot in view.lots), currency),
        version=view.version,
        lots=[_lot(lot, view) for lot in view.lots],
        view=view,
    )


def _balance(lots: Sequence[ledger.Lot], at: datetime) -> Balance:
    services = dict.fromkeys(service for lot in lots for service in sorted(lot.services))
    return Balance(
        issued=sum(lot.issued for lot in lots),
        available=sum(lot.available for lot in lots),
        held=sum(lot.held for lot in lots),
        consumed=sum(lot.consumed for lot in lots),
        expired=sum(lot.expired for lot in lots),
        refunded=sum(lot.refunded for lot in lots),
        moved=sum(lot.moved for lot in lots),
        remaining=rules.remaining(lots, at),
        by_service=[
            ServiceBalance(remaining=rules.remaining(lots, at, service), service_id=service) for service in services
        ],
    )


def _lot(lot: ledger.Lot, view: PackageView) -> Lot:
    return Lot(
        id=strawberry.ID(lot.id),
        origin=lot.origin,
        bonus=lot.bonus,
        issued_at=lot.issued_at,
        last_day=lot.last_day,
        expires_at=lot.expires_at,
        lapses_at=lot.lapses_at,
        balance=_balance([lot], view.read_at),
        value_issued=money_of(lot.value_issued_minor, view.currency),
        value_left=money_of(lot.value_left_minor, view.currency),
        service_ids=[strawberry.ID(service) for service in sorted(lot.services)],
    )


async def shown(info: Info, package_id: str) -> Package | None:
    """A package as the actor may see it now."""
    view = await info.context.load(PACKAGE, package_id)
    return package_of(view) if view else None
