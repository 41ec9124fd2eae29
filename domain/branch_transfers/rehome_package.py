"""Rehome: a package moves on because its home branch closes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.branch_transfers import moving
from domain.branch_transfers.closing_store import Open
from domain.branch_transfers.rules import LAPSES_AFTER, State
from domain.branches.store import Branch
from domain.expiry.rules.lapsing import Came
from domain.kernel.commands import Recorded
from domain.kernel.ids import new_id
from domain.kernel.sweeps import Sweep
from domain.ledger.post import Posted
from domain.ledger.rules import Lot
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class Rehomed:
    """What is to be posted for a package, where it goes, and the transfer that tells of it."""

    package_id: str
    posted: Posted
    to_branch_id: str
    record: dict[str, object]


def rehome_package(
    sweep: Sweep,
    closing: Open,
    sold: Sold,
    lots: Sequence[Lot],
    came: Mapping[str, Sequence[Came]],
    between: tuple[Branch, Branch],
) -> Rehomed:
    """Let a locked package move from the one branch to the other, as one operation; many are posted together.

    Nobody asks for this act. Refuses a package that is disputed and one of which nothing is left and nothing unpaid.
    """
    home, to = between
    moving.refuse_state(sold, to)
    what, posting = moving.moved(sold, lots, came, to, sweep.now)
    work = sweep.operation(closing.chain_id)
    moved = moving.package_moved(sold, new_id("btr"), home, to, what)
    recorded = Recorded(
        moved,
        branch_id=to.id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=closing.reason,
    )
    record: dict[str, object] = {
        "id": moved.branch_transfer_id,
        "chain_id": closing.chain_id,
        "package_id": sold.id,
        "from_branch_id": home.id,
        "to_branch_id": to.id,
        "closing_id": closing.id,
        "state": State.ACCEPTED.value,
        "reason": closing.reason,
        "requested_by": closing.ordered_by,
        "requested_at": closing.as_of,
        "lapses_at": closing.as_of + LAPSES_AFTER,
        "decided_by": closing.ordered_by,
        "decided_at": work.now,
        "operation_id": work.operation_id,
        "sessions": what.sessions,
        "value_minor": what.value_minor,
        "unpaid_minor": what.unpaid_minor,
    }
    return Rehomed(sold.id, Posted(work, posting, recorded), to.id, record)
