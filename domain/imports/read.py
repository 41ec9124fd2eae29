"""Reading the six files in order: each row is judged once, the good ones wait in the scratch database."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from domain.imports.errors import TooManyRows
from domain.imports.files import BrokenLine, Line, Sheet, check_directory, read_lines
from domain.imports.rules.catalogue import (
    BranchRow,
    Catalogue,
    DefinitionRow,
    ServiceRow,
    parse_branch,
    parse_definition,
    parse_service,
)
from domain.imports.rules.cells import Cells
from domain.imports.rules.customers import parse_customer
from domain.imports.rules.faults import Fault, RowRefused
from domain.imports.rules.packs import parse_pack, parse_visit
from domain.imports.scratch import Scratch, scratch_database
from domain.imports.workbook import Workbook

MOST_CATALOGUE_ROWS = 10_000
"""The catalogue is kept in memory, so a file that is no catalogue must not fill it."""

_REFERENCE = {Sheet.CUSTOMERS: "customer_ref", Sheet.PACKS: "old_ref", Sheet.VISITS: "visit_ref"}
_EVERY = 500


@dataclass(frozen=True, slots=True)
class Step:
    """How far the reading or the writing is: so much of so much."""

    what: str
    done: int
    total: int


_Row = TypeVar("_Row", BranchRow, ServiceRow, DefinitionRow)

Progress = Callable[[Step], None]


@contextmanager
def open_workbook(directory: Path, progress: Progress) -> Iterator[Workbook]:
    """Read and judge a directory of spreadsheets: bad rows are kept for the report, a bad file is refused."""
    check_directory(directory)
    with scratch_database() as connection:
        reading = _Reading(directory, Scratch(connection), progress)
        reading.read_all()
        yield Workbook(connection, reading.catalogue, dict(reading.rows))


@dataclass(slots=True)
class _Reading:
    """One pass over the files; the catalogue grows while its files are read."""

    directory: Path
    scratch: Scratch
    progress: Progress
    rows: Counter[Sheet] = field(default_factory=Counter)
    branches: dict[str, BranchRow] = field(default_factory=dict)
    services: dict[str, ServiceRow] = field(default_factory=dict)
    definitions: dict[str, DefinitionRow] = field(default_factory=dict)

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.branches, self.services, self.definitions)

    def read_all(self) -> None:
        self._read(Sheet.BRANCHES, self._branch)
        self._read(Sheet.SERVICES, self._service)
        self._read(Sheet.DEFINITIONS, self._definition)
        self._read(Sheet.CUSTOMERS, self._customer)
        self._read(Sheet.PACKS, self._pack)
        self._read(Sheet.VISITS, self._visit)
        self.scratch.finish()

    def _read(self, sheet: Sheet, take: Callable[[Cells], bool]) -> None:
        total = (self.directory / sheet).stat().st_size
        prices = [f"list_price_{code}" for code in self.branches] if sheet is Sheet.SERVICES else []
        for line in read_lines(self.directory, sheet, prices):
            self.rows[sheet] += 1
            self._judge(sheet, line, take)
            if self.rows[sheet] % _EVERY == 0:
                self.progress(Step(sheet, line.bytes_read, total))
        self.progress(Step(sheet, total, total))

    def _judge(self, sheet: Sheet, line: Line, take: Callable[[Cells], bool]) -> None:
        if isinstance(line.row, BrokenLine):
            self.scratch.refuse(sheet, line.row.line, "", line.row.fault)
            return
        reference = line.row.texts[_REFERENCE.get(sheet, "code")]
        try:
            fault = None if take(line.row) else Fault.DUPLICATE_REF
        except RowRefused as refused:
            fault = refused.fault
        if fault is not None:
            self.scratch.refuse(sheet, line.row.line, reference, fault)

    def _branch(self, cells: Cells) -> bool:
        return _keep(Sheet.BRANCHES, self.branches, parse_branch(cells, self.catalogue))

    def _service(self, cells: Cells) -> bool:
        return _keep(Sheet.SERVICES, self.services, parse_service(cells, self.catalogue))

    def _definition(self, cells: Cells) -> bool:
        return _keep(Sheet.DEFINITIONS, self.definitions, parse_definition(cells, self.catalogue))

    def _customer(self, cells: Cells) -> bool:
        return self.scratch.add(parse_customer(cells, self.catalogue))

    def _pack(self, cells: Cells) -> bool:
        if self.scratch.has_pack(cells.texts["old_ref"]):
            raise RowRefused(Fault.DUPLICATE_REF)
        return self.scratch.add(parse_pack(cells, self.catalogue, self.scratch.has_customer))

    def _visit(self, cells: Cells) -> bool:
        visit = parse_visit(cells, self.catalogue)
        if not self.scratch.has_pack(visit.pack_ref):
            raise RowRefused(Fault.UNKNOWN_PACK)
        return self.scratch.add(visit)


def _keep(sheet: Sheet, kept: dict[str, _Row], row: _Row) -> bool:
    if row.code in kept:
        return False
    if len(kept) == MOST_CATALOGUE_ROWS:
        raise TooManyRows(sheet, MOST_CATALOGUE_ROWS)
    kept[row.code] = row
    return True
