"""Refusals about payments and disputes as the graph shows them."""

from datetime import date, datetime

import strawberry

from domain.payments import errors
from schema.refusals import UserError, refusal
from schema.scalars import Money

ID = strawberry.ID


@refusal(errors.AlreadyDisputed)
class AlreadyDisputed(UserError):
    """Disputed before."""

    package_id: ID = strawberry.field(description="The package.")
    disputed_at: datetime = strawberry.field(description="Since when a payment for it is disputed.")


@refusal(errors.DisputeExceedsPaid)
class DisputeExceedsPaid(UserError):
    """Too much money."""

    package_id: ID = strawberry.field(description="The package.")
    paid: Money = strawberry.field(description="What the provider collected for it and has neither sent back nor kept.")
    disputed: Money = strawberry.field(description="What was said to be disputed.")


@refusal(errors.NotDisputed)
class NotDisputed(UserError):
    """Nothing to settle."""

    package_id: ID = strawberry.field(description="The package.")


@refusal(errors.BadPaymentTime)
class BadPaymentTime(UserError):
    """Out of range."""

    received_at: datetime = strawberry.field(description="When the money was said to have come in.")
    earliest: datetime = strawberry.field(description="The earliest instant that would do.")
    latest: datetime = strawberry.field(description="The latest instant that would do.")


@refusal(errors.PaymentAlreadyReversed)
class PaymentAlreadyReversed(UserError):
    """Done before."""

    payment_id: ID = strawberry.field(description="The payment.")
    reversal_id: ID = strawberry.field(description="The operation that reversed it.")
    reversed_at: datetime = strawberry.field(description="When that was.")


@refusal(errors.PaymentReversalTooLate)
class PaymentReversalTooLate(UserError):
    """A manager must do it."""

    payment_id: ID = strawberry.field(description="The payment.")
    until: datetime = strawberry.field(description="Until when the desk could have reversed it.")


@refusal(errors.PaymentRefunded)
class PaymentRefunded(UserError):
    """Given back."""

    payment_id: ID = strawberry.field(description="The payment.")
    paid: Money = strawberry.field(description="What would be left of what was paid for the package.")
    refunded: Money = strawberry.field(description="What has gone back of it.")


@refusal(errors.PaymentUsedUp)
class PaymentUsedUp(UserError):
    """Used."""

    payment_id: ID = strawberry.field(description="The payment.")
    package_id: ID = strawberry.field(description="The package that it pays for.")
    redemption_ids: list[ID] = strawberry.field(description="The redemptions to reverse first, the last one first.")


@refusal(errors.CreditSpent)
class CreditSpent(UserError):
    """Spent."""

    payment_id: ID = strawberry.field(description="The payment.")
    customer_id: ID = strawberry.field(description="Whose credit it became.")
    kept: Money = strawberry.field(description="What of it was kept, or became credit when a charge was taken back.")
    available: Money = strawberry.field(description="What is left of the credit at that branch.")


@refusal(errors.BadPayoutDay)
class BadPayoutDay(UserError):
    """Still to come."""

    paid_out_on: date = strawberry.field(description="The day that was sent.")
    latest: date = strawberry.field(description="Today, by the branch's clock.")


@refusal(errors.PayoutExceedsCollected)
class PayoutExceedsCollected(UserError):
    """Too much money."""

    branch_id: ID = strawberry.field(description="The branch.")
    collected: Money = strawberry.field(description="What was collected for it by that day and not paid out yet.")
    gross: Money = strawberry.field(description="What was said to be paid out.")
