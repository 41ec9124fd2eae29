"""The mutation importSpreadsheets."""

from typing import Annotated

import strawberry

from domain.imports.files import Sheet
from domain.imports.import_spreadsheets import SentFile, import_sent
from schema.acts import describe, idempotency_key, replayed
from schema.branches.refusals import WrongCurrency
from schema.context import Info
from schema.imports import refusals
from schema.imports.types import ImportReport, report_of
from schema.refusals import InvalidInput


@strawberry.input(description="One spreadsheet.")
class SpreadsheetInput:
    """A file as text."""

    sheet: Sheet = strawberry.field(description="Which one it is.")
    content: str = strawberry.field(description="The whole of it: lines of comma-separated cells.")


@strawberry.input(description="The spreadsheets of a chain; larger ones are for `carnet import`.")
class ImportSpreadsheetsInput:
    """The input of importSpreadsheets."""

    files: list[SpreadsheetInput] = strawberry.field(description="All six, each once.")
    idempotency_key: str = idempotency_key()
    dry_run: bool = strawberry.field(default=False, description="Only judge them: write nothing, keep no key.")


@strawberry.type(description="Everything good in the spreadsheets is in the chain, or would be.")
class ImportSpreadsheetsPayload:
    """The outcome of importSpreadsheets."""

    report: ImportReport = strawberry.field(description="What they hold, and what of it is refused.")
    operation_id: strawberry.ID | None = strawberry.field(
        description="The operation in the audit log; null after a dry run."
    )
    replayed: bool = replayed()


ImportSpreadsheetsResult = Annotated[
    ImportSpreadsheetsPayload
    | InvalidInput
    | refusals.SpreadsheetsMissing
    | refusals.ColumnsMissing
    | refusals.ColumnRepeated
    | refusals.TooManyRows
    | refusals.BranchesMissing
    | WrongCurrency,
    strawberry.union("ImportSpreadsheetsResult", description="The spreadsheets imported, or why not."),
]


async def resolve(info: Info, input: ImportSpreadsheetsInput) -> ImportSpreadsheetsResult:
    """Import into the viewer's own chain; what this request has read before it is read anew after it."""
    files = [SentFile(file.sheet, file.content) for file in input.files]
    sent = await import_sent(info.context.actor, files, input.idempotency_key, input.dry_run)
    info.context.forget()
    operation_id = strawberry.ID(sent.operation_id) if sent.operation_id else None
    return ImportSpreadsheetsPayload(report=report_of(sent.report), operation_id=operation_id, replayed=sent.replayed)


MUTATION = strawberry.mutation(
    resolver=resolve,
    description=describe(
        "import_spreadsheets",
        "Moves in from small spreadsheets: branches, services, definitions, customers and packages with what was used "
        "of them, into your own chain. Each person and package is an operation of its own and imported once, however "
        "often it is sent; when it is cut short, send it again. A bad row is reported and left out.",
    ),
)
