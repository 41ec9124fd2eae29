"""What of a payment into an account became credit, because a charge that it had paid was taken back."""

from collections.abc import Sequence

from domain.ledger import store as ledger
from domain.ledger.accounts import Event, Line, PaymentMethod, Received, Settled
from domain.ledger.charges import charged_to, owed_by
from domain.payments.owed import lines_of_payment, without_charge
from domain.payments.payments_store import Paid


async def lines_posted(paid: Paid) -> list[Line]:
    """The lines that the payment posted, without those of other payments of its operation."""
    posted = await ledger.lines_of(paid.operation_id, (Event.PAYMENT,))
    return lines_of_payment(posted, paid.method, paid.branch_id, paid.amount_minor, paid.package_id)


async def became_credit(paid: Paid, lines: Sequence[Line]) -> list[Settled]:
    """What the payment had settled of charges that were taken back, where they were; the customer is locked."""
    if paid.package_id:
        return []
    customer_id = paid.customer_id
    return without_charge(lines, await owed_by(customer_id), await charged_to(customer_id), customer_id)


def used_again(gone: Sequence[Settled]) -> tuple[Received, ...]:
    """Without the payment that much would be owed without a charge: it is paid from the credit that the charge left."""
    method = PaymentMethod.CUSTOMER_CREDIT
    return tuple(
        Received(method, each.amount_minor, customer_id=each.customer_id, branch_id=each.branch_id) for each in gone
    )
