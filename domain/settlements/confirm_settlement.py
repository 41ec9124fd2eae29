"""Confirm a settlement: its lines are paid, and the books of both branches say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.branches import store as branches
from domain.branches.rules import refuse_closed_books
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.ledger import accounts
from domain.ledger.post import Posted, Posting, post_together
from domain.settlements import store
from domain.settlements.rules import Pair
from domain.settlements.run_errors import AlreadyPaid, BadSettlementDay, SettlementNotApproved
from domain.settlements.states import SettlementState
from domain.settlements.store import Line, Run


@dataclass(frozen=True, slots=True)
class ConfirmSettlement:
    """Which lines of a settlement were paid on a day: all that are left unless some are named, today unless given."""

    settlement_id: str
    line_ids: tuple[str, ...] | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class SettlementConfirmed:
    """The lines that were paid, and whether all of them are now."""

    settlement_id: str
    line_ids: tuple[str, ...]
    paid_on: date
    all_paid: bool


@act
async def confirm_settlement(work: Work, command: ConfirmSettlement) -> SettlementConfirmed:
    """Post for each line that both sides are settled by one payment of the difference, or by none where it is zero.

    Refuses a settlement that is not approved, a line that is paid or none of it, and a day before the settlement was
    run, in the future or in closed books.
    """
    work.authorise(None)
    _check(command)
    run = await store.lock(work, command.settlement_id)
    if run.state in (SettlementState.DRAFT, SettlementState.CANCELLED):
        raise SettlementNotApproved(run.id, run.state)
    lines = await store.lines(run)
    chosen = _chosen(command, run, lines)
    paid_on = await _day(work, command, run)
    left = sum(line.paid_on is None for line in lines) - len(chosen)
    confirmed = SettlementConfirmed(run.id, tuple(line.id for line in chosen), paid_on, left == 0)
    await record(work, Recorded(confirmed))
    posted = [_posted(work, run, line.pair, paid_on) for line in chosen]
    await post_together(posted)
    paid = [(line.id, each.work.operation_id) for line, each in zip(chosen, posted, strict=True)]
    await store.note_paid(work, paid, paid_on)
    if confirmed.all_paid:
        await store.note_all_paid(work, run)
    return confirmed


def _check(command: ConfirmSettlement) -> None:
    checks = Checks()
    checks.that(command.line_ids != (), "lineIds names no line. Leave it out to confirm all of them.", "lineIds")
    checks.passed()


def _chosen(command: ConfirmSettlement, run: Run, lines: Sequence[Line]) -> list[Line]:
    """The lines that are to be paid, none of which is."""
    known = {line.id: line for line in lines}
    named = known if command.line_ids is None else dict.fromkeys(command.line_ids)
    for line_id in named:
        if line_id not in known:
            raise NotFound("settlement line", line_id, "lineIds")
    chosen = [line for line in lines if line.id in named]
    for line in chosen if command.line_ids is not None else ():
        if line.paid_on is not None:
            raise AlreadyPaid(run.id, line.id, line.paid_on)
    unpaid = [line for line in chosen if line.paid_on is None]
    if not unpaid:
        raise AlreadyPaid(run.id)
    return unpaid


async def _day(work: Work, command: ConfirmSettlement, run: Run) -> date:
    """The day of the payment, by the clock that is behind all others; its books do not close meanwhile."""
    zones = await store.clocks(work)
    run_on, today = (min(local_date(instant, zone) for zone in zones) for instant in (run.run_at, work.now))
    open_from = await branches.lock_open_from(work.chain_id)
    paid_on = command.paid_on or today
    if not run_on <= paid_on <= today:
        raise BadSettlementDay(paid_on, run_on, today)
    refuse_closed_books(paid_on, open_from, "paidOn")
    return paid_on


def _posted(work: Work, run: Run, pair: Pair, paid_on: date) -> Posted:
    """The operation of one line, at the branch that pays; where neither does, at the one that is named first."""
    debtor, creditor = pair.debtor_id or pair.one_id, pair.creditor_id or pair.other_id
    one_pays = debtor == pair.one_id
    owes, owed = pair.one_owes_minor, pair.other_owes_minor
    entry = accounts.settlement(debtor, creditor, *((owes, owed) if one_pays else (owed, owes)))
    posting = Posting(None, None, run.currency, paid_on, entries=(entry,))
    return Posted(work.another(), posting, Recorded({"settlement_id": run.id}, branch_id=debtor))
