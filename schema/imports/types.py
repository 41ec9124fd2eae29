"""The report of an import as the graph shows it."""

from dataclasses import asdict

import strawberry

from domain.imports import report as reports
from domain.imports.files import Sheet
from domain.imports.rules.faults import Fault
from domain.imports.workbook import RefusedRow as DomainRefusedRow
from schema.imports import enums  # noqa: F401 - importing it describes Sheet and Fault
from schema.scalars import Money, money_of


@strawberry.type(description="A row that is not imported.")
class RefusedRow:
    """One bad row."""

    line: int = strawberry.field(description="Its line in the spreadsheet; the names of the columns are line 1.")
    reference: str = strawberry.field(description="Its reference or code, as it stands there; may be empty.")
    code: Fault = strawberry.field(description="The one reason.")


@strawberry.type(description="What became of the rows of one spreadsheet.")
class SpreadsheetReport:
    """The report of one spreadsheet."""

    sheet: Sheet = strawberry.field(description="The spreadsheet.")
    rows: int = strawberry.field(description="How many rows it has.")
    good: int = strawberry.field(description="How many of them are imported, now or before.")
    refused_rows: list[RefusedRow] = strawberry.field(description="The others, in the order of their lines.")


@strawberry.type(description="Sums over imported packages.")
class ImportedPackages:
    """Sums that come out of Carnet as they went in."""

    packages: int = strawberry.field(description="How many packages.")
    sessions_left: int = strawberry.field(description="Sessions that are not used, lapsed ones too.")
    value_left: Money = strawberry.field(description="What of the prices is still owed as sessions.")
    price: Money = strawberry.field(description="What was agreed for them.")
    outstanding: Money = strawberry.field(description="What is not paid of it.")


@strawberry.type(description="Sums over the imported packages that one branch sold.")
class ImportedByBranch:
    """One branch's part."""

    branch_code: str = strawberry.field(description="The code of the branch.")
    sums: ImportedPackages = strawberry.field(description="Its sums.")


@strawberry.type(
    description="A definition of the spreadsheets that is not what the chain has under its code. That stays as it is, "
    "and the packages get the terms of the spreadsheets: no published version has them."
)
class DifferingDefinition:
    """A warning."""

    code: str = strawberry.field(description="The code of both.")
    name: str = strawberry.field(description="The name in the spreadsheets.")
    published_name: str = strawberry.field(description="The name that the chain has.")
    published_version: int = strawberry.field(description="The version of it that the packages are linked to.")


@strawberry.type(description="What spreadsheets hold, what of it is refused and why, and the figures that come out.")
class ImportReport:
    """The whole report."""

    sheets: list[SpreadsheetReport] = strawberry.field(description="The spreadsheets, in the order they are read.")
    customers: int = strawberry.field(description="How many persons the good customer rows describe.")
    duplicate_groups: list[list[str]] = strawberry.field(
        description="References that stand for one person: same phone and same name. Each is imported once."
    )
    packages: ImportedPackages = strawberry.field(description="Sums over all packages.")
    by_selling_branch: list[ImportedByBranch] = strawberry.field(description="The same sums, branch by branch.")
    differing_definitions: list[DifferingDefinition] = strawberry.field(
        description="Definitions that the chain has on other terms; their rows are good all the same."
    )


def report_of(report: reports.Report) -> ImportReport:
    """The report as the graph shows it."""
    currency = report.about.currency
    return ImportReport(
        sheets=[_sheet(sheet, file) for sheet, file in report.files.items()],
        customers=report.customers.distinct_persons,
        duplicate_groups=[list(group) for group in report.customers.duplicate_groups],
        packages=_sums(report.packs.total, currency),
        by_selling_branch=[
            ImportedByBranch(branch_code=code, sums=_sums(sums, currency))
            for code, sums in report.packs.by_selling_branch.items()
        ],
        differing_definitions=[DifferingDefinition(**asdict(each)) for each in report.differing],
    )


def _sheet(sheet: Sheet, file: reports.FileReport) -> SpreadsheetReport:
    return SpreadsheetReport(
        sheet=sheet, rows=file.rows, good=file.good, refused_rows=[_row(row) for row in file.bad_rows]
    )


def _row(row: DomainRefusedRow) -> RefusedRow:
    return RefusedRow(line=row.line, reference=row.old_ref, code=row.code)


def _sums(sums: reports.PriceSums, currency: str) -> ImportedPackages:
    return ImportedPackages(
        packages=sums.packs,
        sessions_left=sums.sessions_left,
        value_left=money_of(sums.value_left_minor, currency),
        price=money_of(sums.price_minor, currency),
        outstanding=money_of(sums.outstanding_minor, currency),
    )
