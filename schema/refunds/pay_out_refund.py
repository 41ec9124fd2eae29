"""The mutation payOutRefund."""

from typing import Annotated

import strawberry

from domain.ledger.accounts import PaymentMethod
from domain.refunds.asked import State
from domain.refunds.pay_out_refund import PartPaid, PayOutRefund, RefundPaidOut
from schema.acts import carry_out, describe, idempotency_key, operation_id, replayed
from schema.branches.loaders import BRANCH
from schema.branches.types import Branch
from schema.context import Info
from schema.packages.refusals import BranchClosed
from schema.refunds.deciding_refusals import PartPaidOut, WrongRefundState
from schema.refunds.types import OfRefund
from schema.refusals import InvalidInput, NotFound
from schema.scalars import Money, money_of

ID = strawberry.ID


@strawberry.input(description="Which parts of a refund are paid out, and where.")
class PayOutRefundInput:
    """The input of payOutRefund."""

    refund_id: ID = strawberry.field(description="The refund that was agreed.")
    branch_id: ID = strawberry.field(
        description="The branch that hands the money out: cash, and what goes back to a card or a bank account. The "
        "provider gives back what it collected for the branch of the part, and credit has its own branch too."
    )
    idempotency_key: str = idempotency_key()
    part_ids: list[ID] | None = strawberry.field(default=None, description="The parts; all still owed when left out.")
    to_credit: bool = strawberry.field(
        default=False,
        description="Whether the customer agrees to have these parts as credit at the branch that owes them.",
    )
    reason: str = strawberry.field(default="", description="A note for the audit log.")


@strawberry.type(description="A part of a refund that was paid out now.")
class RefundPartPaid:
    """One part."""

    part_id: ID = strawberry.field(description="The part.")
    method: PaymentMethod = strawberry.field(description="How it was paid.")
    amount: Money = strawberry.field(description="How much.")
    branch_id: strawberry.Private[str]

    @strawberry.field(description="Where it was paid.")
    async def branch(self, info: Info) -> Branch | None:
        return await info.context.load(BRANCH, self.branch_id)


@strawberry.type(description="The parts were paid out.")
class PayOutRefundPayload(OfRefund):
    """The outcome of payOutRefund."""

    state: State = strawberry.field(name="refundState", description="COMPLETED once nothing of it is owed any more.")
    parts: list[RefundPartPaid] = strawberry.field(name="paidOut", description="What was paid out now.")
    paid: Money = strawberry.field(name="amountPaidOut", description="How much that is.")
    owed: Money = strawberry.field(name="stillOwed", description="What of the refund is still to be paid out.")
    operation_id: ID = operation_id()
    replayed: bool = replayed()


PayOutRefundResult = Annotated[
    PayOutRefundPayload | InvalidInput | NotFound | WrongRefundState | PartPaidOut | BranchClosed,
    strawberry.union("PayOutRefundResult", description="The refund paid out, or why not."),
]


async def resolve(info: Info, input: PayOutRefundInput) -> PayOutRefundResult:
    """Build the command and carry it out."""
    part_ids = None if input.part_ids is None else tuple(input.part_ids)
    command = PayOutRefund(input.refund_id, input.branch_id, part_ids, input.to_credit, input.reason)
    done = await carry_out(info, command, input.idempotency_key)
    paid: RefundPaidOut = done.outcome
    return PayOutRefundPayload(
        refund_id=ID(paid.refund_id),
        state=State(paid.state),
        parts=[_part(part, paid.currency) for part in paid.parts],
        paid=money_of(paid.paid_minor, paid.currency),
        owed=money_of(paid.owed_minor, paid.currency),
        operation_id=ID(done.operation_id),
        replayed=done.replayed,
    )


def _part(part: PartPaid, currency: str) -> RefundPartPaid:
    return RefundPartPaid(
        part_id=ID(part.part_id),
        method=part.method,
        amount=money_of(part.amount_minor, currency),
        branch_id=part.branch_id,
    )


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "pay_out_refund",
        "Pays out parts of a refund that was agreed: each goes back by the method of its payment, or becomes the "
        "customer's credit. What another branch hands out the home branch owes it. The refund is COMPLETED with its "
        "last part; no part is paid out twice.",
    ),
)
