"""Refusals about accounting periods as the graph shows them."""

from datetime import date

import strawberry

from domain.accounting import errors
from schema.refusals import UserError, refusal


@refusal(errors.PeriodClosed)
class PeriodClosed(UserError):
    """Closed before."""

    last_day: date = strawberry.field(description="The day that was asked for.")
    open_from: date = strawberry.field(description="The first day whose books are open.")


@refusal(errors.PeriodNotOver)
class PeriodNotOver(UserError):
    """Too early."""

    last_day: date = strawberry.field(description="The day that was asked for.")
    today: date = strawberry.field(description="Today at the branch where the day begins last.")


@refusal(errors.PeriodUnfinished)
class PeriodUnfinished(UserError):
    """Not settled yet."""

    last_day: date = strawberry.field(description="The day that was asked for.")
    lapses: bool = strawberry.field(description="Whether lapses are still being posted; otherwise estimates are.")


@refusal(errors.NothingClosed)
class NothingClosed(UserError):
    """All open."""
