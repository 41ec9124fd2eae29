"""An import on the command line: a progress bar, a report, and a table of what came in."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from os import environ
from pathlib import Path
from shlex import quote

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

import domain.acts  # noqa: F401 - run_command knows the acts that were imported
from carnet.database import opened
from carnet.failures import CannotStart
from carnet.files import whole_file
from carnet.settings import Settings
from domain.imports.files import chain_name, check_directory
from domain.imports.read import Step
from domain.imports.report import Report, report_json
from domain.imports.run import compared, draw_up_today, open_directory, write_into
from domain.imports.write import Written
from domain.kernel.db.migrate import migrate
from domain.kernel.money import to_decimal_string


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to import, under which name, and where the report goes."""

    directory: Path
    chain: str | None
    dry_run: bool
    report: Path | None


async def run_import(settings: Settings, wanted: Wanted) -> None:
    """Read, report, and then write: what cannot be reported is not imported either."""
    check_directory(wanted.directory)
    chain = wanted.chain or chain_name(wanted.directory)
    written = None
    with _bars() as progress:
        async with open_directory(wanted.directory, progress) as workbook:
            report = await draw_up_today(workbook, chain)
            if wanted.report:
                _put(wanted.report, report_json(report))
            if not wanted.dry_run:
                async with _database(settings):
                    written = await write_into(chain, workbook, progress)
                    report = await compared(chain, workbook, report)
    if wanted.report and report.differing:
        _put(wanted.report, report_json(report))
    _tell(settings, report, written)


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[None]:
    await migrate(settings.database)
    async with opened(settings.database):
        yield


class _Bars:
    """One bar for each file that is read and each noun that is written."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._tasks = progress, dict[str, TaskID]()

    def __call__(self, step: Step) -> None:
        if step.what not in self._tasks:
            self._tasks[step.what] = self._progress.add_task(step.what, total=step.total)
        self._progress.update(self._tasks[step.what], completed=step.done)


@contextmanager
def _bars() -> Iterator[_Bars]:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield _Bars(progress)


def _put(path: Path, content: bytes) -> None:
    """Put the report there, whole or not at all."""
    try:
        with whole_file(path) as file:
            file.write(content)
    except OSError as error:
        raise CannotStart(f"The report cannot be written to {path}: {error.strerror}. Nothing was imported.") from error


def _tell(settings: Settings, report: Report, written: Written | None) -> None:
    console = Console(soft_wrap=True)
    console.print(f"\n{report.about.chain}", style="bold", markup=False, highlight=False)
    console.print(_files(report), _packs(report))
    for sheet, file in report.files.items():
        for code, count in file.bad_by_code.items():
            console.print(f"{sheet}: {count} x {code}", highlight=False)
    for each in report.differing:
        console.print(each.told, markup=False, highlight=False)
    if written is None:
        console.print("Dry run: nothing was written.")
    else:
        console.print(f"Imported {written.customers} customers and {written.packages} packages; the rest was there.")
        said = f'A token of its owner: ./run token "{report.about.chain}"{_there(settings)}'
        console.print(said, markup=False, highlight=False)


def _there(settings: Settings) -> str:
    """What a command has to be told besides to find the same database, whose address may hold a password."""
    home = f" --home {quote(str(settings.home))}" if _on_the_command_line(settings, "home") else ""
    return f"{home} --database-url …" if _on_the_command_line(settings, "database_url") else home


def _on_the_command_line(settings: Settings, name: str) -> bool:
    return name in settings.model_fields_set and f"CARNET_{name.upper()}" not in environ


def _files(report: Report) -> Table:
    table = _table("File", "Rows", "Good", "Bad")
    for sheet, file in report.files.items():
        table.add_row(sheet, str(file.rows), str(file.good), str(file.bad))
    return table


def _packs(report: Report) -> Table:
    table = _table("Sold at", "Packages", "Sessions left", "Value left", "Price", "Outstanding")
    for branch, sums in [*report.packs.by_selling_branch.items(), ("all", report.packs.total)]:
        amounts = (sums.value_left_minor, sums.price_minor, sums.outstanding_minor)
        money = (to_decimal_string(amount, report.about.currency) for amount in amounts)
        table.add_row(branch, str(sums.packs), str(sums.sessions_left), *money)
    return table


def _table(first: str, *figures: str) -> Table:
    table = Table(first, box=None, pad_edge=False)
    for name in figures:
        table.add_column(name, justify="right")
    return table
