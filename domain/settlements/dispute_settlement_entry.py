"""Dispute an entry of a settlement: it is put aside, and the rest goes on without it."""

from dataclasses import dataclass, replace

from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.kernel.errors import NotFound
from domain.ledger.journal import readable_books
from domain.settlements import disputes_store, dues_store, store
from domain.settlements.rules import Pair
from domain.settlements.run_errors import EntryPutAside, SettlementDecided
from domain.settlements.states import SettlementState
from domain.settlements.store import Run


@dataclass(frozen=True, slots=True)
class DisputeSettlementEntry:
    """Which entry behind a draft is disputed, and why."""

    settlement_id: str
    entry_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SettlementEntryDisputed:
    """What was put aside, a dispute for each two branches that the entry is about."""

    settlement_id: str
    entry_id: str
    dispute_ids: tuple[str, ...]


@act
async def dispute_settlement_entry(work: Work, command: DisputeSettlementEntry) -> SettlementEntryDisputed:
    """Take what an entry says out of a draft until somebody resolves that: both sides of its lines fall by it.

    A manager of a branch disputes what his branch owes or has coming. Refuses a settlement that is no draft, an entry
    that is not behind it, and one that is put aside already.
    """
    command = _checked(command)
    own = readable_books(work.actor)
    run = await store.lock(work, command.settlement_id, own)
    pairs = [pair for pair in await _behind(run, command.entry_id) if own is None or _is_of(pair, own)]
    if not pairs:
        raise NotFound("settlement entry", command.entry_id, "entryId")
    for pair in pairs:
        work.authorise(pair.one_id if own is None or pair.one_id in own else pair.other_id)
    if run.state is not SettlementState.DRAFT:
        raise SettlementDecided(run.id, run.state)
    aside = await disputes_store.put_aside_of(run, command.entry_id)
    pairs = [pair for pair in pairs if (pair.one_id, pair.other_id) not in aside]
    if not pairs:
        raise EntryPutAside(run.id, command.entry_id)
    return await _put_aside(work, command, run, pairs)


def _checked(command: DisputeSettlementEntry) -> DisputeSettlementEntry:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _behind(run: Run, entry_id: str) -> list[Pair]:
    return await dues_store.pairs_of(run.covered, run.id, entry_id)


def _is_of(pair: Pair, branches: list[str]) -> bool:
    return pair.one_id in branches or pair.other_id in branches


async def _put_aside(
    work: Work, command: DisputeSettlementEntry, run: Run, pairs: list[Pair]
) -> SettlementEntryDisputed:
    ids = await disputes_store.insert_disputes(work, run, command.entry_id, command.reason, pairs)
    await disputes_store.put_aside(run, pairs)
    disputed = SettlementEntryDisputed(run.id, command.entry_id, tuple(ids))
    branch_id = pairs[0].one_id if len(pairs) == 1 else None
    await record(work, Recorded(disputed, branch_id=branch_id, reason=command.reason))
    return disputed
