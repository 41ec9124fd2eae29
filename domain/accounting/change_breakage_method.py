"""Change the method of breakage: whether it is recognised as sessions lapse, or along with those that are used."""

from dataclasses import dataclass, replace

from domain.accounting import breakage_store as store
from domain.accounting.breakage_errors import BreakageMethodInForce, MidPeriod
from domain.accounting.breakage_store import Books, Run
from domain.branches.settings import BreakageMethod
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class ChangeBreakageMethod:
    """Recognise breakage by another method from the start of the open period on."""

    method: BreakageMethod
    reason: str


@dataclass(frozen=True, slots=True)
class BreakageMethodChanged:
    """The method in force, and the run that catches up the packages that were sold before."""

    method: BreakageMethod
    run_id: str


@act
async def change_breakage_method(work: Work, command: ChangeBreakageMethod) -> BreakageMethodChanged:
    """Change the method for the whole chain; a sweep catches the sold packages up, on the first open day.

    Refuses the method that is in force, and any other time than the start of a period: books that never closed, unless
    nothing was posted yet, and an open period in which breakage was posted.
    """
    work.authorise(None)
    command = _checked(command)
    books = await store.lock_books(work.chain_id)
    if command.method is books.method:
        raise BreakageMethodInForce(command.method)
    await _refuse_mid_period(work, books)
    changed = BreakageMethodChanged(command.method, new_id("run"))
    await record(work, Recorded(changed, reason=command.reason))
    await store.change_method(work.chain_id, command.method)
    await store.insert_run(work, Run(changed.run_id, work.chain_id, None, books.open_from or work.now.date()))
    return changed


def _checked(command: ChangeBreakageMethod) -> ChangeBreakageMethod:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _refuse_mid_period(work: Work, books: Books) -> None:
    if not await store.anything_posted(work.chain_id):
        return
    if books.open_from is None or await store.breakage_posted(work.chain_id, books.open_from):
        raise MidPeriod(books.open_from)
