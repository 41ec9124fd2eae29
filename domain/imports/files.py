"""The six files of a directory: their columns, and their rows one line at a time."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from domain.imports.errors import (
    ChainUnnamed,
    ColumnRepeated,
    ColumnsMissing,
    DirectoryMissing,
    NotUtf8,
    SpreadsheetsMissing,
    SpreadsheetUnreadable,
)
from domain.imports.rules.cells import Cells
from domain.imports.rules.faults import Fault

LONGEST_LINE = 65_536
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_TITLE = re.compile(r"# *([^:\n]{1,120})")


class Sheet(StrEnum):
    """The spreadsheets, in the order in which they are read."""

    BRANCHES = "branches.csv"
    SERVICES = "services.csv"
    DEFINITIONS = "package_definitions.csv"
    CUSTOMERS = "customers.csv"
    PACKS = "packs.csv"
    VISITS = "visits.csv"


COLUMNS: dict[Sheet, str] = {
    Sheet.BRANCHES: "code name timezone currency city country",
    Sheet.SERVICES: "code name category duration_min group_class",
    Sheet.DEFINITIONS: "code name kind services sessions_total paid_sessions bonus_sessions price currency"
    " single_price validity_days grace_days branch_scope household_sharing refund_basis per_customer_limit",
    Sheet.CUSTOMERS: "customer_ref first_name last_name phone email country birthday tags whatsapp_consent"
    " home_branch household_ref created_on",
    Sheet.PACKS: "old_ref customer_ref definition_code sold_on sold_at_branch price paid_so_far"
    " sessions_total sessions_used expires_on notes",
    Sheet.VISITS: "visit_ref pack_ref starts_at_local branch service practitioner status",
}


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that is not a row of the sheet."""

    line: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Line:
    """A row's cells, or what is wrong with the line, and how many bytes of the file have been read."""

    row: Cells | BrokenLine
    bytes_read: int


def check_directory(directory: Path) -> None:
    """Refuse a directory that is none, or that lacks one of the six files."""
    if not directory.is_dir():
        raise DirectoryMissing(str(directory))
    missing = tuple(sheet.value for sheet in Sheet if not (directory / sheet).is_file())
    if missing:
        raise SpreadsheetsMissing(str(directory), missing)


def chain_name(directory: Path) -> str:
    """The chain's name: the title of the directory's README up to a colon."""
    try:
        with (directory / "README.md").open(encoding="utf-8-sig") as readme:
            match = _TITLE.match(readme.readline(1000))
    except (OSError, UnicodeDecodeError):
        match = None
    if match is None or not match[1].strip():
        raise ChainUnnamed(str(directory))
    return match[1].strip()


def read_lines(directory: Path, sheet: Sheet, more_columns: Iterable[str] = ()) -> Iterator[Line]:
    """The rows of a sheet in order, never more than one line of it in memory; blank lines are no rows."""
    needed = [*COLUMNS[sheet].split(), *more_columns]
    try:
        with (directory / sheet).open("rb") as file:
            header = _header(sheet, file, needed)
            for number, line in enumerate(_raw_lines(file), start=2):
                row = _row(sheet, number, line, header)
                if row is not None:
                    yield Line(row, file.tell())
    except OSError as error:
        raise SpreadsheetUnreadable(sheet, error.strerror or str(error)) from None


def _raw_lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Each line; None stands for one that is too long, whose bytes are read over."""
    while line := file.readline(LONGEST_LINE):
        if line.endswith(b"\n") or len(line) < LONGEST_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
        yield None


def _header(sheet: Sheet, file: BinaryIO, needed: list[str]) -> list[str]:
    text = _decode(sheet, 1, file.readline(LONGEST_LINE)).removeprefix("\ufeff")
    names = [name.strip() for name in _split(text) or ()]
    missing = tuple(name for name in needed if name not in names)
    if missing:
        raise ColumnsMissing(sheet, missing)
    repeated = next((name for name in needed if names.count(name) > 1), None)
    if repeated is not None:
        raise ColumnRepeated(sheet, repeated)
    return names


def _row(sheet: Sheet, number: int, line: bytes | None, header: list[str]) -> Cells | BrokenLine | None:
    if line is None:
        return BrokenLine(number, Fault.TOO_LONG)
    text = _decode(sheet, number, line)
    if _CONTROL.search(text.rstrip("\r\n")):
        return BrokenLine(number, Fault.BAD_TEXT)
    values = _split(text)
    if values is None:
        return BrokenLine(number, Fault.BAD_ROW)
    if not any(values):
        return None
    if len(values) < len(header) or any(values[len(header) :]):
        return BrokenLine(number, Fault.BAD_ROW)
    return Cells(number, dict(zip(header, values, strict=False)))


def _decode(sheet: Sheet, number: int, line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise NotUtf8(sheet, number) from None


def _split(text: str) -> list[str] | None:
    """The line's cells without the blanks around them; None where its quotes do not match."""
    try:
        return [value.strip() for value in next(csv.reader([text.rstrip("\r\n")], strict=True), [])]
    except csv.Error:
        return None
