"""Refusals about branches as the graph shows them."""

import strawberry

from domain.branches import errors
from schema.refusals import UserError, refusal


@refusal(errors.BranchCodeTaken)
class BranchCodeTaken(UserError):
    """In use."""

    branch_code: str = strawberry.field(description="The code.")
    branch_id: strawberry.ID = strawberry.field(description="The branch that has it.")


@refusal(errors.WrongCurrency)
class WrongCurrency(UserError):
    """Another currency."""

    currency: str = strawberry.field(description="The currency that was sent.")
    expected: str = strawberry.field(description="The currency that is expected.")
