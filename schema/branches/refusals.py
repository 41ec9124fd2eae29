"""Refusals about branches as the graph shows them."""

from datetime import date

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


@refusal(errors.BooksClosed)
class BooksClosed(UserError):
    """A closed day."""

    day: date = strawberry.field(description="The day that was asked for.")
    open_from: date = strawberry.field(description="The first day whose books are open.")
