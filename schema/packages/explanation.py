"""The explanation of a package: every step that led to its balance, with its arithmetic."""

from datetime import datetime

import strawberry

from domain.packages import trace
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.catalog.service import SERVICE, Service
from schema.context import Info
from schema.packages.explanation_money import PackageMoney, package_money_of
from schema.packages.loaders import EXPLANATION
from schema.people.loaders import STAFF
from schema.people.types import Staff
from schema.scalars import Money, money_of


@strawberry.type(description="Where a package stood after a step.")
class Standing:
    """Counts and money at one moment."""

    issued: int = strawberry.field(description="Every session that had come in.")
    available: int = strawberry.field(description="Sessions neither used, held nor gone.")
    held: int = strawberry.field(description="Sessions reserved by bookings.")
    consumed: int = strawberry.field(description="Sessions used.")
    expired: int = strawberry.field(description="Sessions lapsed unused.")
    refunded: int = strawberry.field(description="Sessions given back for money.")
    moved: int = strawberry.field(description="Sessions gone to another lot.")
    value_left: Money = strawberry.field(description="The part of the price still owed as sessions.")
    outstanding: Money = strawberry.field(description="What was still to be paid.")
    money: PackageMoney | None = strawberry.field(description="What the books held of it.")


@strawberry.type(description="What one movement of sessions, one payment or another act changed, and why.")
class ExplanationStep:
    """A step."""

    operation_id: strawberry.ID | None = strawberry.field(
        description="The operation it belongs to; null for a lapse that the clock has decided and that is written down "
        "within a minute."
    )
    act: str = strawberry.field(description="The act, such as redeem_session.")
    recorded_at: datetime = strawberry.field(description="When it was written.")
    effective_at: datetime = strawberry.field(description="When it counts for the business.")
    label: str = strawberry.field(description="What happened, in one sentence.")
    formula: str = strawberry.field(description="The arithmetic with its numbers, amounts in the package's currency.")
    sessions_change: int = strawberry.field(description="By how much the available sessions changed.")
    value_change: Money = strawberry.field(description="By how much the value owed as sessions changed.")
    money: PackageMoney | None = strawberry.field(description="By how much what the books hold of it changed.")
    after: Standing = strawberry.field(description="Where the package stood after it.")
    lot_id: strawberry.ID | None = strawberry.field(description="The lot whose sessions moved.")
    booking_id: strawberry.ID | None = strawberry.field(description="The booking for which they moved.")
    branch_id: strawberry.Private[str | None]
    service_id: strawberry.Private[str | None]
    practitioner_id: strawberry.Private[str | None]

    @strawberry.field(description="Where it happened.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id) if self.branch_id else None

    @strawberry.field(description="The service that was performed.")
    async def service(self, info: Info) -> Service | None:
        return await info.context.load(SERVICE, self.service_id) if self.service_id else None

    @strawberry.field(description="Who performed it, where that was noted.")
    async def practitioner(self, info: Info) -> Staff | None:
        return await info.context.load(STAFF, self.practitioner_id) if self.practitioner_id else None


@strawberry.type(description="How a package came to its balance; the last step leaves exactly that balance.")
class Explanation:
    """The derivation of a balance."""

    at: datetime = strawberry.field(
        description="The instant it explains: what had been recorded by then, and of history that was moved in from "
        "another system what had happened by then."
    )
    steps: list[ExplanationStep] = strawberry.field(description="Every step, in the order they were recorded.")
    balance: Standing = strawberry.field(description="Where the package stood at that instant.")
    identity: str | None = strawberry.field(
        description="What became of the price by then, as a sum that is always true; what is zero is left out."
    )


async def explained(info: Info, package_id: str, at: datetime | None) -> Explanation | None:
    """The explanation of a package that the actor may see."""
    found = await info.context.load(EXPLANATION, (at, package_id))
    if found is None:
        return None
    books = info.context.actor.reads_business
    return Explanation(
        at=found.at,
        steps=[_step(step, found.currency, books) for step in found.steps],
        balance=_standing(found.balance, found.currency, books),
        identity=found.identity if books else None,
    )


def _step(step: trace.Step, currency: str, books: bool) -> ExplanationStep:
    return ExplanationStep(
        operation_id=strawberry.ID(step.operation_id) if step.operation_id else None,
        act=step.act,
        recorded_at=step.recorded_at,
        effective_at=step.effective_at,
        label=step.label,
        formula=step.formula,
        sessions_change=step.sessions_change,
        value_change=money_of(step.value_change_minor, currency),
        money=package_money_of(step.change, currency) if books else None,
        after=_standing(step.after, currency, books),
        lot_id=strawberry.ID(step.lot_id) if step.lot_id else None,
        booking_id=strawberry.ID(step.booking_id) if step.booking_id else None,
        branch_id=step.branch_id,
        service_id=step.service_id,
        practitioner_id=step.practitioner_id,
    )


def _standing(balance: trace.Balance, currency: str, books: bool) -> Standing:
    return Standing(
        issued=balance.issued,
        available=balance.available,
        held=balance.held,
        consumed=balance.consumed,
        expired=balance.expired,
        refunded=balance.refunded,
        moved=balance.moved,
        value_left=money_of(balance.value_left_minor, currency),
        outstanding=money_of(balance.outstanding_minor, currency),
        money=package_money_of(balance.books, currency) if books else None,
    )
