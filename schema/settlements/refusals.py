"""Refusals about settlements as the graph shows them."""

from datetime import date

import strawberry

import schema.settlements.enums  # noqa: F401 - the states that refusals tell
from domain.settlements import run_errors as errors
from domain.settlements.states import DisputeState, SettlementState
from schema.refusals import UserError, refusal

ID = strawberry.ID


@refusal(errors.SettlementPeriodNotOver)
class SettlementPeriodNotOver(UserError):
    """Too early."""

    last_day: date = strawberry.field(description="The day that was asked for.")
    today: date = strawberry.field(description="Today at the branch where the day begins last.")


@refusal(errors.EarlierUnsettled)
class EarlierUnsettled(UserError):
    """A gap."""

    first_day: date = strawberry.field(description="The first day that was asked for.")
    unsettled_from: date = strawberry.field(description="The first day of which something is due and not settled.")


@refusal(errors.NothingToSettle)
class NothingToSettle(UserError):
    """All done."""

    settled_until: date | None = strawberry.field(description="The last day of the last settlement; null without one.")
    last_settlement_id: ID | None = strawberry.field(description="The last settlement; null without one.")


@refusal(errors.SettlementOpen)
class SettlementOpen(UserError):
    """One at a time."""

    settlement_id: ID = strawberry.field(description="The draft.")
    draft_until: date = strawberry.field(description="Its last day.")


@refusal(errors.SettlementDecided)
class SettlementDecided(UserError):
    """No draft."""

    settlement_id: ID = strawberry.field(description="The settlement.")
    state: SettlementState = strawberry.field(description="What it is.")


@refusal(errors.SettlementNotApproved)
class SettlementNotApproved(UserError):
    """Not to be paid."""

    settlement_id: ID = strawberry.field(description="The settlement.")
    state: SettlementState = strawberry.field(description="What it is.")


@refusal(errors.AlreadyPaid)
class SettlementAlreadyPaid(UserError):
    """Paid before."""

    settlement_id: ID = strawberry.field(description="The settlement.")
    line_id: ID | None = strawberry.field(description="The line; null where all of them are paid.")
    was_paid_on: date | None = strawberry.field(description="The day on which the line was paid.")


@refusal(errors.BadSettlementDay)
class BadSettlementDay(UserError):
    """Out of range."""

    paid_on: date = strawberry.field(description="The day that was sent.")
    run_on: date = strawberry.field(description="The day on which the settlement was run; the first possible one.")
    today: date = strawberry.field(description="The last possible one.")


@refusal(errors.EntryPutAside)
class EntryPutAside(UserError):
    """Disputed before."""

    settlement_id: ID = strawberry.field(description="The settlement.")
    entry_id: ID = strawberry.field(description="The journal entry.")


@refusal(errors.DisputeClosed)
class SettlementDisputeClosed(UserError):
    """Over."""

    dispute_id: ID = strawberry.field(description="The dispute.")
    state: DisputeState = strawberry.field(description="What became of it.")
