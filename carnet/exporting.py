"""An export on the command line: a report as text, into a file with its progress shown, or to standard output."""

import os
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from carnet.database import opened
from carnet.failures import CannotStart
from carnet.files import whole_file
from carnet.options import Report
from carnet.settings import Settings
from carnet.tenants import chain_meant
from domain.accounting.plain_text.journal import beancount_journal
from domain.kernel.access import Actor, system
from domain.kernel.calendar import Days

REPORTS: dict[Report, Callable[[Actor, Days], AsyncIterator[str]]] = {
    Report.BEANCOUNT: beancount_journal,
}
"""What writes each report, in pieces of text of any length, so that none has to fit into memory."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export, of which chain and days, and where it goes."""

    report: Report
    chain: str | None
    days: Days
    output: Path | None


async def run_export(settings: Settings, wanted: Wanted) -> None:
    """Write the report as Carnet itself sees it: with all that the chain has."""
    _check(wanted)
    async with opened(settings.database):
        actor = system(await chain_meant(wanted.chain))
        pieces = REPORTS[wanted.report](actor, wanted.days)
        if wanted.output:
            await _into_file(pieces, wanted.report, wanted.output)
        else:
            await _to_standard_output(pieces)


def _check(wanted: Wanted) -> None:
    first, last = wanted.days.first, wanted.days.last
    if first and last and first > last:
        raise CannotStart(f"{first} comes after {last}: give --from an earlier day.")
    if wanted.output and wanted.output.exists() and not wanted.output.is_file():
        raise CannotStart(f"{wanted.output} is not a file: choose another --output.")


async def _into_file(pieces: AsyncIterator[str], report: Report, path: Path) -> None:
    try:
        with whole_file(path) as file, _progress() as progress:
            task = progress.add_task(report, total=None)
            async for piece in pieces:
                file.write(piece.encode())
                progress.update(task, advance=piece.count("\n"))
    except OSError as error:
        raise CannotStart(f"{path} cannot be written: {error.strerror}. Nothing was exported.") from error


def _progress() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}: {task.completed:,} lines"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


async def _to_standard_output(pieces: AsyncIterator[str]) -> None:
    """UTF-8 wherever it goes; a reader who has seen enough, such as `head`, may close the pipe."""
    try:
        async for piece in pieces:
            sys.stdout.buffer.write(piece.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is still to be flushed
        sys.exit(1)
