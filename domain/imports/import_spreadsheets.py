"""Imports small spreadsheets that were sent as text, into the chain of whoever sends them."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from domain.branches import store as branches
from domain.imports.differing import differing
from domain.imports.errors import NoRoomToImport, SpreadsheetsMissing
from domain.imports.files import Sheet
from domain.imports.read import Step
from domain.imports.report import Report
from domain.imports.run import draw_up_today, open_directory
from domain.imports.settle import refuse_currency
from domain.imports.write import write
from domain.kernel.access import Actor
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, carried_out, record, run_command


@dataclass(frozen=True, slots=True)
class SentFile:
    """One of the spreadsheets as it was sent."""

    sheet: Sheet
    content: str


@dataclass(frozen=True, slots=True)
class Digest:
    """Which spreadsheet, and the SHA-256 of its content."""

    sheet: Sheet
    sha256: str


@dataclass(frozen=True, slots=True)
class ImportSpreadsheets:
    """The spreadsheets with this content."""

    sheets: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class SpreadsheetsAccepted:
    """Everything good in the spreadsheets belongs in the chain; the key is for them alone."""

    sheets: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """What sending spreadsheets has led to; a dry run is no operation."""

    report: Report
    operation_id: str | None
    replayed: bool


@act
async def import_spreadsheets(work: Work, command: ImportSpreadsheets) -> SpreadsheetsAccepted:
    """Open an import under its key: what it writes follows, each person and package by an act of its own."""
    work.authorise(None)
    outcome = SpreadsheetsAccepted(command.sheets)
    await record(work, Recorded(outcome))
    return outcome


async def import_sent(actor: Actor, files: Sequence[SentFile], idempotency_key: str, dry_run: bool) -> Sent:
    """Judge the spreadsheets and, unless it is a dry run, write what is good of them into the actor's own chain.

    The key is taken for these spreadsheets before anything is written; what was cut short goes on when they are
    sent again. Refuses who may not import, spreadsheets that are missing or cannot be read, and another currency
    than the chain's.
    """
    _refuse_doubles(files)
    command = ImportSpreadsheets(_digests(files))
    await carried_out(actor, command, idempotency_key)  # refuses before any spreadsheet is judged
    _refuse_missing(files)
    with _directory(files) as directory:
        async with open_directory(directory, _ignore) as workbook:
            await refuse_currency(actor, workbook.catalogue)
            drawn_up = await draw_up_today(workbook, (await branches.chain(actor.chain_id)).name)
            report = replace(drawn_up, differing=await differing(actor.chain_id, workbook.catalogue))
            if dry_run:
                return Sent(report, None, replayed=False)
            done = await run_command(actor, command, idempotency_key)
            await write(actor, workbook, _ignore)
            return Sent(report, done.operation_id, done.replayed)


def _digests(files: Sequence[SentFile]) -> tuple[Digest, ...]:
    """The same for the same spreadsheets in any order."""
    digests = (Digest(file.sheet, hashlib.sha256(file.content.encode()).hexdigest()) for file in files)
    return tuple(sorted(digests, key=lambda digest: digest.sheet))


def _refuse_doubles(files: Sequence[SentFile]) -> None:
    checks = Checks()
    for index, file in enumerate(files):
        first = all(file.sheet is not other.sheet for other in files[:index])
        checks.that(first, f"{file.sheet} is there twice.", "files", str(index), "sheet")
    checks.passed()


def _refuse_missing(files: Sequence[SentFile]) -> None:
    sent = {file.sheet for file in files}
    missing = tuple(sheet.value for sheet in Sheet if sheet not in sent)
    if missing:
        raise SpreadsheetsMissing("The input", missing)


@contextmanager
def _directory(files: Sequence[SentFile]) -> Iterator[Path]:
    """The spreadsheets in a directory that is gone when the block is left."""
    with tempfile.TemporaryDirectory(prefix="carnet-import-") as name:
        try:
            for file in files:
                (Path(name) / file.sheet).write_text(file.content, encoding="utf-8", newline="")
        except OSError as error:
            raise NoRoomToImport from error
        yield Path(name)


def _ignore(_: Step) -> None:
    """Nobody watches the progress of a small import."""
