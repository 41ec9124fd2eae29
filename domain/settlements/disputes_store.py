"""Every statement about what is put aside from settlement runs and let in again."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.kernel.commands import Work
from domain.kernel.db import execute, execute_many, insert, rows
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.settlements.rules import Pair
from domain.settlements.states import DisputeState
from domain.settlements.store import PAIR, Run, pair_of


@dataclass(frozen=True, slots=True)
class Dispute:
    """What is put aside, and of which run."""

    id: str
    settlement_id: str
    entry_id: str
    state: DisputeState


DISPUTE_STATE = """CASE WHEN r.state = 'CANCELLED' THEN 'DROPPED' WHEN d.settled_in_id IS NOT NULL THEN 'SETTLED'
    WHEN d.resolved_at IS NOT NULL THEN 'RESOLVED' ELSE 'OPEN' END"""


async def put_aside(run: Run, pairs: Sequence[Pair]) -> None:
    """The lines of a draft, which is locked, fall by this."""
    await execute_many(
        """UPDATE settlement_line SET one_owes_minor = one_owes_minor - $4, other_owes_minor = other_owes_minor - $5,
        entries = entries - $6 WHERE settlement_id = $1 AND one_id = $2 AND other_id = $3""",
        [
            (run.id, each.one_id, each.other_id, each.one_owes_minor, each.other_owes_minor, each.entries)
            for each in pairs
        ],
    )


async def insert_disputes(work: Work, run: Run, entry_id: str, reason: str, pairs: Sequence[Pair]) -> list[str]:
    """What is put aside of a run, pair by pair; answers the ids."""
    records = [
        {
            "id": new_id("std"),
            "settlement_id": run.id,
            "entry_id": entry_id,
            "one_id": pair.one_id,
            "other_id": pair.other_id,
            "one_owes_minor": pair.one_owes_minor,
            "other_owes_minor": pair.other_owes_minor,
            "reason": reason,
            "disputed_by": work.actor.id,
            "disputed_at": work.now,
        }
        for pair in pairs
    ]
    await insert("settlement_dispute", records)
    return [str(record["id"]) for record in records]


async def put_aside_of(run: Run, entry_id: str) -> set[tuple[str, str]]:
    """The pairs of branches whose part of an entry is put aside from a run."""
    found = await rows(
        "SELECT one_id, other_id FROM settlement_dispute WHERE settlement_id = $1 AND entry_id = $2",
        run.id,
        entry_id,
    )
    return {(row["one_id"], row["other_id"]) for row in found}


async def lock_dispute(work: Work, dispute_id: str) -> Dispute:
    """Lock a dispute of the chain until the act ends."""
    its = "FROM settlement_dispute d JOIN settlement r ON r.id = d.settlement_id WHERE d.id = $1 AND r.chain_id = $2"
    await rows(f"SELECT d.id {its} FOR NO KEY UPDATE OF d", dispute_id, work.chain_id)
    found = await rows(
        f"SELECT d.id, d.settlement_id, d.entry_id, {DISPUTE_STATE} AS state {its}", dispute_id, work.chain_id
    )
    if not found:
        raise NotFound("settlement dispute", dispute_id, "disputeId")
    return Dispute(**found[0] | {"state": DisputeState(found[0]["state"])})


async def resolve(work: Work, dispute: Dispute, resolution: str) -> None:
    """The next run takes up what the dispute, which is locked, put aside."""
    await execute(
        "UPDATE settlement_dispute SET resolved_by = $2, resolved_at = $3, resolution = $4 WHERE id = $1",
        dispute.id,
        work.actor.id,
        work.now,
        resolution,
    )


async def lock_resolved(work: Work) -> list[tuple[str, Pair]]:
    """What was put aside from earlier runs, is resolved, and was not taken up since; locked until the act ends.

    What was put aside from a run that was cancelled is read anew with everything else of it.
    """
    found = await rows(
        f"""SELECT d.id, {PAIR} FROM settlement_dispute d JOIN settlement r ON r.id = d.settlement_id
        WHERE r.chain_id = $1 AND d.resolved_at IS NOT NULL AND d.settled_in_id IS NULL
        AND r.state <> 'CANCELLED' ORDER BY d.id
        FOR NO KEY UPDATE OF d""",
        work.chain_id,
    )
    return [(row["id"], pair_of(row)) for row in found]


async def take_up(dispute_ids: Sequence[str], settlement_id: str | None) -> None:
    """These are in a run again."""
    await execute(
        "UPDATE settlement_dispute SET settled_in_id = $2 WHERE id = ANY($1)", list(dispute_ids), settlement_id
    )


async def let_go(run: Run) -> None:
    """What a run had taken up waits for the next one."""
    await execute("UPDATE settlement_dispute SET settled_in_id = NULL WHERE settled_in_id = $1", run.id)
