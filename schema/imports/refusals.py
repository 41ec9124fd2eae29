"""Refusals of spreadsheets as the graph shows them."""

import strawberry

from domain.imports import errors
from schema.refusals import UserError, refusal


@refusal(errors.SpreadsheetsMissing)
class SpreadsheetsMissing(UserError):
    """Not all six."""

    files: list[str] = strawberry.field(description="The spreadsheets that were not sent.")


@refusal(errors.ColumnsMissing)
class ColumnsMissing(UserError):
    """Not all columns."""

    file: str = strawberry.field(description="The spreadsheet.")
    columns: list[str] = strawberry.field(description="The columns that its first line does not name.")


@refusal(errors.ColumnRepeated)
class ColumnRepeated(UserError):
    """One column too many."""

    file: str = strawberry.field(description="The spreadsheet.")
    column: str = strawberry.field(description="The column that its first line names twice.")


@refusal(errors.TooManyRows)
class TooManyRows(UserError):
    """No catalogue is that long."""

    file: str = strawberry.field(description="The spreadsheet.")
    most: int = strawberry.field(description="How many rows it may have.")


@refusal(errors.BranchesMissing)
class BranchesMissing(UserError):
    """No branch to import anything into."""
