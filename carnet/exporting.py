"""An export on the command line: a report as text, into a file with its progress shown, or to standard output."""

import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from carnet.database import opened
from carnet.failures import CannotStart
from carnet.files import whole_file
from carnet.options import Export, Group, Method
from carnet.settings import Settings
from carnet.tenants import chain_meant
from domain.accounting.plain_text.journal import beancount_journal, hledger_journal
from domain.branches import store as branches
from domain.catalog import reading as catalog
from domain.customers.export_customer import ExportCustomer
from domain.customers.exporting import document
from domain.kernel.access import Actor, system
from domain.kernel.calendar import Days
from domain.kernel.clock import now
from domain.kernel.commands import run_command
from domain.ledger.accounts import PaymentMethod
from domain.reports.profit_store import GroupBy
from domain.reports.tables.registry import TABLES, Report, csv_report
from domain.reports.tables.table import Asked

REPORTS: dict[Export, Report] = {Export(report.hyphenated): report for report in Report}
"""What is written as CSV."""
_JOURNALS = {Export.BEANCOUNT: beancount_journal, Export.HLEDGER: hledger_journal}
_TAKES = {
    **dict.fromkeys(_JOURNALS, frozenset({"first_day", "last_day"})),
    Export.CUSTOMER: frozenset({"customer_id"}),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export, of which chain, days and the rest, as of when, and where it goes."""

    export: Export
    chain: str | None
    days: Days
    branch: str | None
    definition: str | None
    method: Method | None
    group_by: Group | None
    as_of: datetime | None
    output: Path | None
    customer: str | None = None


async def run_export(settings: Settings, wanted: Wanted) -> None:
    """Write the report as Carnet itself sees it: with all that the chain has."""
    _check(wanted)
    async with opened(settings.database):
        pieces = await _pieces(system(await chain_meant(wanted.chain)), wanted)
        if wanted.output:
            await _into_file(pieces, wanted.export, wanted.output)
        else:
            await _to_standard_output(pieces)


def _check(wanted: Wanted) -> None:
    first, last = wanted.days.first, wanted.days.last
    if first and last and first > last:
        raise CannotStart(f"{first} comes after {last}: give --from an earlier day.")
    if wanted.as_of and wanted.as_of > now():
        raise CannotStart("What will be known later cannot be told yet: give --as-of an instant that is past.")
    _check_parts(wanted)
    if wanted.output and wanted.output.exists() and not wanted.output.is_file():
        raise CannotStart(f"{wanted.output} is not a file: choose another --output.")


def _check_parts(wanted: Wanted) -> None:
    report = REPORTS.get(wanted.export)
    takes = TABLES[report].takes if report else _TAKES[wanted.export]
    for part, (option, value) in _parts(wanted).items():
        if value is not None and part not in takes:
            raise CannotStart(f"The export {wanted.export} has no {option}: leave it out.")
    if wanted.export is Export.CUSTOMER and wanted.customer is None:
        raise CannotStart("Say which customer: give the id (cus_…) behind the word.")


def _parts(wanted: Wanted) -> dict[str, tuple[str, object]]:
    """The parts of a report's question, with the option that gives each and what it gave."""
    return {
        "first_day": ("--from", wanted.days.first),
        "last_day": ("--until", wanted.days.last),
        "branch_id": ("--branch", wanted.branch),
        "definition_id": ("--definition", wanted.definition),
        "payment_method": ("--method", wanted.method),
        "group_by": ("--group-by", wanted.group_by),
        "as_of": ("--as-of", wanted.as_of),
        "customer_id": ("id of a customer", wanted.customer),
    }


async def _pieces(actor: Actor, wanted: Wanted) -> AsyncIterator[str]:
    """The text of the export, in pieces of any length, so that none has to fit into memory."""
    if report := REPORTS.get(wanted.export):
        return csv_report(actor, report, await _asked(actor, wanted))
    if wanted.customer is not None:
        await run_command(actor, ExportCustomer(wanted.customer))
        return _alone(await document(wanted.customer))
    return _JOURNALS[wanted.export](actor, wanted.days)


async def _alone(text: str) -> AsyncIterator[str]:
    yield f"{text}\n"


async def _asked(actor: Actor, wanted: Wanted) -> Asked:
    return Asked(
        first_day=wanted.days.first,
        last_day=wanted.days.last,
        branch_id=await _branch(actor, wanted.branch),
        definition_id=await _definition(actor, wanted.definition),
        payment_method=PaymentMethod[wanted.method.name] if wanted.method else None,
        group_by=GroupBy[wanted.group_by.name] if wanted.group_by else None,
        as_of=wanted.as_of,
    )


async def _branch(actor: Actor, code: str | None) -> str | None:
    if code is None:
        return None
    found = await branches.with_code(actor.chain_id, code)
    if not found:
        raise CannotStart(f"There is no branch {code!r} in this chain: give --branch its code.")
    return found.id


async def _definition(actor: Actor, code: str | None) -> str | None:
    if code is None:
        return None
    found = await catalog.definition_coded(actor, code)
    if not found:
        raise CannotStart(f"There is no package definition {code!r} in this chain: give --definition its code.")
    return found


async def _into_file(pieces: AsyncIterator[str], export: Export, path: Path) -> None:
    try:
        with whole_file(path) as file, _progress() as progress:
            task = progress.add_task(export, total=None)
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
