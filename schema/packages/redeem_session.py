"""The mutation redeemSession."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.ledger.rules import Origin
from domain.packages.redeem_session import LotUsed, RedeemSession, SessionRedeemed
from schema.acts import carry_out, describe, idempotency_key, replayed
from schema.branches.refusals import BooksClosed
from schema.context import Info
from schema.customers.refusals import CustomerMerged
from schema.packages import refusals
from schema.packages.types import OfPackage
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of


@strawberry.input(
    description="Which service is used where, of a package by its id, or of the best package that a customer may use."
)
class RedeemSessionInput:
    """The input of redeemSession."""

    service_id: strawberry.ID = strawberry.field(description="The service that was performed.")
    branch_id: strawberry.ID = strawberry.field(description="The branch that performed it.")
    idempotency_key: str = idempotency_key()
    package_id: strawberry.ID | None = strawberry.field(
        default=None, description="The package to use; without it the customer's packages are tried in their order."
    )
    customer_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who came: the holder, or a person the package is shared with."
    )
    sessions: int = strawberry.field(default=1, description="How many sessions, at least one.")
    practitioner_id: strawberry.ID | None = strawberry.field(default=None, description="Who performed it.")
    visited_at: datetime | None = strawberry.field(
        default=None,
        description="When the visit was; now unless given, at most the chain's backdating days ago, "
        "and never in closed books.",
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="How many sessions were taken from which lot.")
class LotUse:
    """A lot that was used."""

    lot_id: strawberry.ID = strawberry.field(description="The lot.")
    sessions: int = strawberry.field(description="Sessions taken from it.")
    origin: Origin = strawberry.field(description="Why the lot exists.")
    bonus: bool = strawberry.field(description="Whether its sessions came free.")


@strawberry.type(description="A redemption as it was carried out; it does not change when it is reversed later.")
class Redemption:
    """What one redemption took."""

    id: strawberry.ID = strawberry.field(description="The operation's id; reverseRedemption takes it.")
    sessions: int = strawberry.field(description="Sessions used.")
    visited_at: datetime = strawberry.field(description="When the visit was.")
    lots: list[LotUse] = strawberry.field(description="Where the sessions came from, in their order of use.")
    remaining: int = strawberry.field(description="Sessions of the package that were usable after it.")
    remaining_of_service: int = strawberry.field(description="Of these, the ones usable for the same service.")
    charged: int = strawberry.field(
        description="Sessions that the package lacked, put to the customer's account; 0 unless the chain charges them."
    )
    charged_amount: Money | None = strawberry.field(description="What was charged for them, with tax; null for none.")


@strawberry.type(description="The sessions were used.")
class RedeemSessionPayload(OfPackage):
    """The outcome of redeemSession."""

    redemption: Redemption = strawberry.field(description="What was used and what remained right after it.")
    replayed: bool = replayed()


RedeemSessionResult = Annotated[
    RedeemSessionPayload
    | InvalidInput
    | NotFound
    | CustomerMerged
    | refusals.NotEnoughSessions
    | refusals.PackageExpired
    | refusals.GraceForBookedOnly
    | refusals.PackagePending
    | refusals.PackageClosed
    | refusals.PackageFrozen
    | refusals.PackageDisputed
    | refusals.NotPaidFor
    | refusals.WrongBranch
    | refusals.BranchClosed
    | refusals.WrongService
    | refusals.WrongPractitioner
    | refusals.PersonMayNotUse
    | refusals.ShareLimitReached
    | refusals.BadVisitTime
    | BooksClosed,
    strawberry.union("RedeemSessionResult", description="The sessions used, or why not."),
]


async def resolve(info: Info, input: RedeemSessionInput) -> RedeemSessionResult:
    """Build the command and carry it out."""
    command = RedeemSession(
        service_id=input.service_id,
        branch_id=input.branch_id,
        package_id=input.package_id,
        customer_id=input.customer_id,
        sessions=input.sessions,
        practitioner_id=input.practitioner_id,
        visited_at=input.visited_at,
        reason=input.reason,
    )
    done = await carry_out(info, command, input.idempotency_key)
    return RedeemSessionPayload(
        redemption=_redemption(done.operation_id, done.outcome),
        package_id=done.outcome.package_id,
        replayed=done.replayed,
    )


def _redemption(operation_id: str, redeemed: SessionRedeemed) -> Redemption:
    return Redemption(
        id=strawberry.ID(operation_id),
        sessions=redeemed.sessions,
        visited_at=redeemed.visited_at,
        lots=[_use(lot) for lot in redeemed.lots],
        remaining=redeemed.remaining,
        remaining_of_service=redeemed.remaining_of_service,
        charged=redeemed.charged,
        charged_amount=money_of(redeemed.charged_minor, redeemed.currency) if redeemed.charged else None,
    )


def _use(lot: LotUsed) -> LotUse:
    return LotUse(lot_id=strawberry.ID(lot.lot_id), sessions=lot.sessions, origin=Origin(lot.origin), bonus=lot.bonus)


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "redeem_session",
        "Uses sessions: takes them from the package's lots in their order of use (priority, earliest lapse, paid "
        "before bonus or the reverse, narrower services, oldest) and recognises their value as revenue of the branch "
        "that performed them.",
    ),
)
