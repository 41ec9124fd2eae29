"""Running an import beside other work: reading is done in a thread, writing act by act."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path

from domain.imports.differing import differing
from domain.imports.errors import BranchesMissing
from domain.imports.figures import draw_up
from domain.imports.read import Progress, open_workbook
from domain.imports.report import Report
from domain.imports.rules.catalogue import Catalogue
from domain.imports.workbook import Workbook
from domain.imports.write import Written, write
from domain.kernel import clock
from domain.kernel.access import system
from domain.kernel.calendar import local_date
from domain.people.found_chain import ensure_chain


@asynccontextmanager
async def open_directory(directory: Path, progress: Progress) -> AsyncIterator[Workbook]:
    """Read and judge a directory of spreadsheets without holding up the event loop."""
    with ExitStack() as stack:
        yield await asyncio.to_thread(stack.enter_context, open_workbook(directory, progress))


async def draw_up_today(workbook: Workbook, chain: str) -> Report:
    """The report, with the packs as they stand today by the clock of the first branch."""
    return await asyncio.to_thread(draw_up, workbook, chain, _today(workbook.catalogue))


def _today(catalogue: Catalogue) -> date:
    first = next(iter(catalogue.branches.values()), None)
    return local_date(clock.now(), first.time_zone) if first else clock.now().astimezone(UTC).date()


async def compared(chain: str, workbook: Workbook, report: Report) -> Report:
    """The report with what the chain of this name, into which the workbook was written, has on other terms."""
    chain_id = await ensure_chain(chain, workbook.catalogue.currency)
    return replace(report, differing=await differing(chain_id, workbook.catalogue))


async def write_into(chain: str, workbook: Workbook, progress: Progress) -> Written:
    """Write a workbook into the chain of this name, which is founded where it does not exist."""
    if not workbook.catalogue.branches:
        raise BranchesMissing
    chain_id = await ensure_chain(chain, workbook.catalogue.currency)
    return await write(system(chain_id), workbook, progress)
