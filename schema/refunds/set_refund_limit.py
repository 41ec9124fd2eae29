"""The mutation setRefundLimit, and what limits there are."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.kernel.principals import Role
from domain.refunds import limits_reading
from domain.refunds.limits_reading import LimitView
from domain.refunds.set_refund_limit import SetRefundLimit
from schema.acts import carry_out, describe, operation_id, parsed
from schema.branches.loaders import BRANCH
from schema.branches.refusals import WrongCurrency
from schema.branches.types import Branch
from schema.context import Info
from schema.people.loaders import STAFF
from schema.people.types import Staff
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, MoneyInput, money_of

ID = strawberry.ID


@strawberry.type(description="The most that a role may agree to refund; without one it may agree to any amount.")
class RefundLimit:
    """One limit."""

    id: ID = strawberry.field(description="Its id.")
    role: Role = strawberry.field(description="The role.")
    at_once: Money | None = strawberry.field(
        description="The most of one package on a local day, whoever agrees; null for any amount."
    )
    per_day: Money | None = strawberry.field(
        description="The most that one person with the role agrees to on a local day at a branch; null for any amount."
    )
    set_at: datetime = strawberry.field(description="Since when it counts.")
    view: strawberry.Private[LimitView]

    @strawberry.field(description="The branch where it counts; null where it is for the chain.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.view.branch_id) if self.view.branch_id else None

    @strawberry.field(description="Who set it.")
    async def set_by(self, info: Info) -> Staff | None:
        return await info.context.load(STAFF, self.view.set_by)


@strawberry.input(description="How much of refunds a role may agree to, at one branch or wherever it has none.")
class SetRefundLimitInput:
    """The input of setRefundLimit."""

    role: Role = strawberry.field(description="OWNER, MANAGER or FRONT_DESK, the roles that agree to refunds.")
    branch_id: ID | None = strawberry.field(
        default=None, description="The branch where it counts; all that have none of their own when left out."
    )
    at_once: MoneyInput | None = strawberry.field(
        default=None, description="The most of one package on a local day; any amount when left out."
    )
    per_day: MoneyInput | None = strawberry.field(
        default=None, description="The most that one person agrees to on a local day; any amount when left out."
    )


@strawberry.type(description="The limit counts.")
class SetRefundLimitPayload:
    """The outcome of setRefundLimit."""

    limit: RefundLimit | None = strawberry.field(description="The limit.")
    operation_id: ID = operation_id()


SetRefundLimitResult = Annotated[
    SetRefundLimitPayload | InvalidInput | NotFound | WrongCurrency,
    strawberry.union("SetRefundLimitResult", description="The limit set, or why not."),
]


async def resolve(info: Info, input: SetRefundLimitInput) -> SetRefundLimitResult:
    """Build the command and carry it out."""
    sent = {"at_once": (input.at_once, ("atOnce",)), "per_day": (input.per_day, ("perDay",))}
    given = {name: (money, path) for name, (money, path) in sent.items() if money is not None}
    amounts = dict(zip(given, parsed(*given.values()), strict=True))
    command = SetRefundLimit(
        input.role,
        input.branch_id,
        amounts["at_once"].amount_minor if "at_once" in amounts else None,
        amounts["per_day"].amount_minor if "per_day" in amounts else None,
        tuple(money.currency for money in amounts.values()),
    )
    done = await carry_out(info, command)
    found = await limits_reading.limits(info.context.actor)
    limit = next((limit_of(each) for each in found if each.id == done.outcome.limit_id), None)
    return SetRefundLimitPayload(limit=limit, operation_id=ID(done.operation_id))


def limit_of(view: LimitView) -> RefundLimit:
    """A limit as the graph shows it."""

    def money(minor: int | None) -> Money | None:
        return None if minor is None else money_of(minor, view.currency)

    return RefundLimit(
        id=ID(view.id),
        role=view.role,
        at_once=money(view.at_once_minor),
        per_day=money(view.per_day_minor),
        set_at=view.set_at,
        view=view,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "set_refund_limit",
        "Says how much of refunds a role may agree to from now on. What is set for a branch counts there instead of "
        "what is set for the chain. Limits count the day's total, of the package and of the person, so that splitting "
        "a refund does not help, and packages that upgrades made of each other count as one; above them another person "
        "has to approve. What counts is what comes back: what is owed no more counts towards no limit. Sent again it "
        "is set again.",
    ),
)
