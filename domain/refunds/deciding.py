"""Deciding about a refund that was requested: found, its package locked, and still to be decided."""

from dataclasses import dataclass

from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, record
from domain.kernel.errors import NotFound
from domain.kernel.principals import Principal
from domain.packages import store as packages
from domain.packages.sold import Sold
from domain.refunds import store
from domain.refunds.asked import State
from domain.refunds.deciding_errors import WrongRefundState
from domain.refunds.store import Refund


@dataclass(frozen=True, slots=True)
class RefundDecided:
    """A request that came to nothing."""

    refund_id: str
    package_id: str
    state: str


def refuse_state(refund: Refund, state: State) -> None:
    """Refuse a refund that is not in the state in which this can be done."""
    if refund.state is not state:
        nothing = not refund.refund_minor and not refund.goodwill_minor
        raise WrongRefundState(refund.id, refund.state.value, refund.since, nothing=nothing)


async def home_of(work: Work, refund: Refund) -> str:
    """The home branch of the package, by what was read before any lock."""
    (sold,) = await packages.read(work, [refund.package_id])
    return sold.home_branch_id


async def end(work: Work, refund_id: str, state: State, reason: str) -> RefundDecided:
    """End a request without a movement; the home branch decides, or whoever asked for it takes it back.

    A customer may end their own; of other refunds there are none to them.
    """
    found = await store.refund(work.chain_id, refund_id)
    if work.actor.kind is Principal.CUSTOMER and found.customer_id != work.actor.id:
        raise NotFound("refund", refund_id, "refundId")
    work.authorise(await home_of(work, found), found.customer_id)
    checks = Checks()
    reason = checks.required(reason, 500, "reason")
    checks.passed()
    sold = await packages.lock(work, found.package_id)
    work.authorise(sold.home_branch_id, found.customer_id)
    refuse_state(await store.refund(work.chain_id, refund_id), State.REQUESTED)
    outcome = RefundDecided(refund_id, sold.id, state.value)
    await record(work, recorded(outcome, found, sold, reason))
    decided = {"decided_by": work.actor.id, "decided_at": work.now, "decision": reason}
    await store.change(refund_id, {"state": state.value} | decided)
    return outcome


def recorded(outcome: RefundDecided, refund: Refund, sold: Sold, reason: str) -> Recorded:
    """The operation at the package, about whoever gave sessions back."""
    return Recorded(
        outcome,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=refund.customer_id,
        reason=reason,
    )
