"""Run a settlement: what all pairs of branches owe each other, netted, for another person to approve."""

from dataclasses import dataclass
from datetime import date

from domain.branches import store as branches
from domain.kernel.access import Actor
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Done, Recorded, Work, act, carried_out, record, run_command
from domain.kernel.ids import new_id
from domain.ledger.seal import seal_operations
from domain.settlements import disputes_store, dues_store, rules, store
from domain.settlements.dues_store import Covered, Read
from domain.settlements.run_errors import EarlierUnsettled, NothingToSettle, SettlementOpen, SettlementPeriodNotOver
from domain.settlements.states import SettlementState
from domain.settlements.store import Run


@dataclass(frozen=True, slots=True)
class RunSettlement:
    """Settle everything that was posted until a day; nothing from before the first day may be left out by that."""

    from_day: date
    until_day: date


@dataclass(frozen=True, slots=True)
class SettlementWasRun:
    """The draft, how many pairs of branches it nets, and how many entries are behind them."""

    settlement_id: str
    pairs: int
    entries: int


async def settle(actor: Actor, command: RunSettlement, idempotency_key: str | None = None) -> Done[SettlementWasRun]:
    """Seal what waits, so that nothing of the period is left for the next run only because it is so new; then run."""
    earlier = await carried_out(actor, command, idempotency_key)
    if earlier is not None:
        return earlier
    while await seal_operations(actor.chain_id):
        pass
    return await run_command(actor, command, idempotency_key)


@act
async def run_settlement(work: Work, command: RunSettlement) -> SettlementWasRun:
    """Draft what every two branches owe each other, both sides, since the settlement before this one.

    It covers what was posted until the last day and is sealed by now, less what earlier settlements cover, and what
    was disputed in those and is resolved. What comes later for these days lands in the next. Refuses a last day that
    is not over at every branch, a first day behind something unsettled, a second draft, and nothing to settle.
    """
    work.authorise(None)
    _refuse_inverted(command)
    await _refuse_too_early(work, command)
    previous = await store.newest(work)
    if previous is not None and previous.state is SettlementState.DRAFT:
        raise SettlementOpen(previous.id, previous.until_day)
    if previous is not None and command.until_day < previous.until_day:
        raise NothingToSettle(previous.until_day, previous.id)
    covered = await _covered(work, command, previous)
    read = await dues_store.read(covered)
    if read.first_day is not None and read.first_day < command.from_day:
        raise EarlierUnsettled(command.from_day, read.first_day)
    return await _draft(work, command, previous, covered, read)


def _refuse_inverted(command: RunSettlement) -> None:
    checks = Checks()
    wrong = rules.days(command.from_day, command.until_day)
    checks.that(wrong is None, wrong or "", "period", "from")
    checks.passed()


async def _refuse_too_early(work: Work, command: RunSettlement) -> None:
    today = min((local_date(work.now, zone) for zone in await store.clocks(work)), default=work.now.date())
    if command.until_day >= today:
        raise SettlementPeriodNotOver(command.until_day, today)


async def _covered(work: Work, command: RunSettlement, previous: Run | None) -> Covered:
    return Covered(
        chain_id=work.chain_id,
        until_day=command.until_day,
        position=await store.newest_position(work),
        floor=previous.floor_position if previous else 0,
        after_day=previous.until_day if previous else None,
        after_position=previous.position if previous else None,
    )


async def _draft(
    work: Work, command: RunSettlement, previous: Run | None, covered: Covered, read: Read
) -> SettlementWasRun:
    resolved = await disputes_store.lock_resolved(work)
    pairs = rules.together([*rules.pairs(read.dues), *(pair for _, pair in resolved)])
    if not pairs:
        raise NothingToSettle(previous.until_day if previous else None, previous.id if previous else None)
    run = Run(
        id=new_id("stm"),
        state=SettlementState.DRAFT,
        from_day=command.from_day,
        until_day=command.until_day,
        position=covered.position,
        floor_position=read.floor,
        currency=(await branches.chain(work.chain_id)).currency,
        run_by=work.actor.id,
        run_at=work.now,
        covered=covered,
    )
    done = SettlementWasRun(run.id, len(pairs), sum(pair.entries for pair in pairs))
    await record(work, Recorded(done))
    await store.insert_run(work, run, previous.id if previous else None, pairs)
    await disputes_store.take_up([dispute_id for dispute_id, _ in resolved], run.id)
    return done
