"""Approve a refund that was requested: now the sessions are given back."""

from dataclasses import dataclass, replace

from domain.bookings.store import lock_packages
from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act
from domain.kernel.four_eyes import refuse_requester
from domain.kernel.money import Money
from domain.refunds import approval, store
from domain.refunds.agreeing import agree, write_parts
from domain.refunds.asked import State
from domain.refunds.deciding import home_of, refuse_state
from domain.refunds.deciding_errors import RefundAboveLimit
from domain.refunds.quoted import quoted, refuse_other
from domain.refunds.situation import Situation, judged
from domain.refunds.written import RefundAsked, figures


@dataclass(frozen=True, slots=True)
class ApproveRefund:
    """Say yes to what was asked for, or to what it comes to by now where the hash of that quote is given."""

    refund_id: str
    quote_hash: str | None = None
    reason: str = ""


@act
async def approve_refund(work: Work, command: ApproveRefund) -> RefundAsked:
    """Another person than who asked, a manager of the home branch, approves exactly what was quoted.

    Who made the key that asked is no other person. Whatever has happened to the package since is refused with the new
    quote, and the request goes on waiting. Refuses one that is not requested any more, and more than the roles of the
    approver may agree to on a day.
    """
    found = await store.refund(work.chain_id, command.refund_id)
    work.authorise(await home_of(work, found))
    command = _checked(command)
    await refuse_requester(work, found.requested_by)
    await lock_packages([found.package_id])
    refuse_state(await store.refund(work.chain_id, command.refund_id), State.REQUESTED)
    situation = await judged(work, found.asked, lock=True, approving=found.id)
    work.authorise(situation.sold.home_branch_id)
    refuse_other(situation, command.quote_hash or found.quote_hash)
    situation.refuse_credit()
    await _refuse_above_limit(work, situation, found.id)
    outcome, agreed = await agree(work, situation, found.id, command.reason)
    agreed["booking_ids"] = list(outcome.booking_ids)
    decided = {"decided_by": work.actor.id, "decided_at": work.now, "decision": command.reason}
    await store.change(found.id, figures(situation, quoted(situation).quote_hash) | agreed | decided)
    await write_parts(situation, found.id)
    return outcome


def _checked(command: ApproveRefund) -> ApproveRefund:
    checks = Checks()
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)


async def _refuse_above_limit(work: Work, situation: Situation, refund_id: str) -> None:
    await approval.lock_decider(work.actor)
    sold, amount = situation.sold, situation.total_minor
    counted = await approval.counted_for(work.actor, "approve_refund", sold, amount, work.now, but=refund_id)
    if counted.exceeded is None:
        return
    beyond = counted.exceeded
    limit, already, asked = (Money(each, sold.currency) for each in (beyond.limit_minor, beyond.already_minor, amount))
    raise RefundAboveLimit(refund_id, beyond.role, beyond.which, limit, already, asked)
