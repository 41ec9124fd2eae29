"""What is told of a refund that was agreed, or is to be once it is approved."""

import strawberry

from domain.kernel.commands import Done
from domain.refunds.asked import State
from domain.refunds.written import RefundAsked
from schema.acts import operation_id, replayed
from schema.packages.types import OfPackage
from schema.refunds import enums as enums
from schema.refunds.types import OfRefund
from schema.scalars import Money, money_of

ID = strawberry.ID


@strawberry.type
class Asked(OfRefund, OfPackage):
    """Mixed into the outcomes of asking for a refund and of approving it."""

    state: State = strawberry.field(
        name="refundState",
        description="APPROVED when it is owed now, COMPLETED when nothing is to be paid out, REQUESTED when another "
        "person has to approve it first.",
    )
    sessions: int = strawberry.field(name="givenBack", description="How many sessions went, or are to go.")
    refund_minor: Money = strawberry.field(name="amountRefunded", description="What comes back by contract.")
    goodwill_minor: Money = strawberry.field(name="goodwillRefunded", description="What is refunded besides.")
    fee_minor: Money = strawberry.field(name="amountKept", description="What is kept.")
    cleared_minor: Money = strawberry.field(name="amountCleared", description="What of the price is owed no more.")
    booking_ids: list[ID] = strawberry.field(description="The bookings that are called off for it.")
    operation_id: ID = operation_id()
    replayed: bool = replayed()


def told(done: Done[RefundAsked]) -> dict[str, object]:
    """The fields of what was done."""
    outcome = done.outcome
    names = ("refund_minor", "goodwill_minor", "fee_minor", "cleared_minor")
    amounts = {name: money_of(getattr(outcome, name), outcome.currency) for name in names}
    return {
        "refund_id": ID(outcome.refund_id),
        "package_id": ID(outcome.package_id),
        "state": State(outcome.state),
        "sessions": outcome.sessions,
        "booking_ids": [ID(each) for each in outcome.booking_ids],
        "operation_id": ID(done.operation_id),
        "replayed": done.replayed,
    } | amounts
