"""Lots as the graph shows them: where their sessions are, and what of them can be used."""

from collections.abc import Sequence
from datetime import date, datetime

import strawberry

from domain.ledger import rules
from domain.ledger.rules import Origin
from schema.catalog.service import SERVICE, Service
from schema.context import Info
from schema.loading import load_all
from schema.scalars import Money, money_of


@strawberry.type(description="What of a package can be used for one service.")
class ServiceBalance:
    """A row of a balance by service."""

    remaining: int = strawberry.field(
        description="Sessions for the service that have not lapsed; see `Balance.remaining`."
    )
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
    available: int = strawberry.field(
        description="Neither used, held, lapsed nor gone; whether they can be used now says the `status`."
    )
    held: int = strawberry.field(description="Reserved by bookings.")
    consumed: int = strawberry.field(description="Used.")
    expired: int = strawberry.field(description="Lapsed unused, by the clock.")
    refunded: int = strawberry.field(description="Given back for money.")
    moved: int = strawberry.field(description="Gone to another lot.")
    remaining: int = strawberry.field(
        description="Available sessions that have not lapsed, by the clock. Whether they can be used right now says "
        "the package's `status`: while it is PENDING, FROZEN or DISPUTED they wait, and while it is IN_GRACE the terms "
        "may allow only visits that were booked before."
    )
    lots: strawberry.Private[Sequence[rules.Lot]]

    @strawberry.field(description="What remains for each service.")
    def by_service(self) -> list[ServiceBalance]:
        services = dict.fromkeys(service for lot in self.lots for service in sorted(lot.services))
        return [
            ServiceBalance(
                remaining=sum(lot.available for lot in self.lots if service in lot.services), service_id=service
            )
            for service in services
        ]


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
    service_ids: strawberry.Private[list[str]]

    @strawberry.field(description="The services its sessions are for.")
    async def services(self, info: Info) -> list[Service]:
        return await load_all(info, SERVICE, self.service_ids)


def balance_of(lots: Sequence[rules.Lot]) -> Balance:
    """The counts of some lots together; the lots are as the clock has them, so that all that is available remains."""
    return Balance(
        issued=sum(lot.issued for lot in lots),
        available=sum(lot.available for lot in lots),
        held=sum(lot.held for lot in lots),
        consumed=sum(lot.consumed for lot in lots),
        expired=sum(lot.expired for lot in lots),
        refunded=sum(lot.refunded for lot in lots),
        moved=sum(lot.moved for lot in lots),
        remaining=sum(lot.available for lot in lots),
        lots=lots,
    )


def lot_of(lot: rules.Lot, currency: str) -> Lot:
    """A lot as the graph shows it."""
    return Lot(
        id=strawberry.ID(lot.id),
        origin=lot.origin,
        bonus=lot.bonus,
        issued_at=lot.issued_at,
        last_day=lot.last_day,
        expires_at=lot.expires_at,
        lapses_at=lot.lapses_at,
        balance=balance_of([lot]),
        value_issued=money_of(lot.value_issued_minor, currency),
        value_left=money_of(lot.value_left_minor, currency),
        service_ids=sorted(lot.services),
    )
