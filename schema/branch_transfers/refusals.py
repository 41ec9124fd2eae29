"""Refusals about packages that are to move, and branches that are to close, as the graph shows them."""

from datetime import datetime

import strawberry

from domain.branch_transfers import errors
from domain.branch_transfers.rules import State
from schema.branch_transfers import enums as _  # noqa: F401 - describes the states
from schema.refusals import UserError, refusal

ID = strawberry.ID


@refusal(errors.AlreadyAtHome)
class AlreadyAtHome(UserError):
    """No move."""

    package_id: ID = strawberry.field(description="The package.")
    branch_id: ID = strawberry.field(description="Its home branch.")


@refusal(errors.NothingToMove)
class NothingToMove(UserError):
    """Used up and paid."""

    package_id: ID = strawberry.field(description="The package.")


@refusal(errors.BranchTransferPending)
class BranchTransferPending(UserError):
    """One at a time."""

    package_id: ID = strawberry.field(description="The package.")
    branch_transfer_id: ID = strawberry.field(description="The transfer that is pending.")
    lapses_at: datetime = strawberry.field(description="Until when it can be accepted.")


@refusal(errors.BranchTransferEnded)
class BranchTransferEnded(UserError):
    """Decided already."""

    branch_transfer_id: ID = strawberry.field(description="The transfer.")
    state: State = strawberry.field(name="endedAs", description="What became of it.")
    ended_at: datetime = strawberry.field(description="When it was decided, or lapsed.")


@refusal(errors.ClosingGoesOn)
class ClosingGoesOn(UserError):
    """On its way."""

    branch_id: ID = strawberry.field(description="The branch.")
    branch_closing_id: ID = strawberry.field(description="The closing that is not finished.")
