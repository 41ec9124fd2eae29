"""Request a refund: sessions of a package are given back, at once or when somebody else has approved it."""

from dataclasses import dataclass, replace

from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act, record
from domain.kernel.errors import NotFound
from domain.kernel.ids import new_id
from domain.kernel.principals import Principal
from domain.packages import reading
from domain.packages import store as packages
from domain.refunds import approval, store
from domain.refunds.agreeing import agree, write_parts
from domain.refunds.asked import Asked, State
from domain.refunds.quoted import quoted, refuse_other
from domain.refunds.situation import judged
from domain.refunds.written import RefundAsked, asked_for, recorded, requested


@dataclass(frozen=True, slots=True)
class RequestRefund:
    """Give sessions of a package back, and say why; bound to what was quoted where the hash of the quote is given."""

    asked: Asked
    reason: str
    quote_hash: str | None = None


@act
async def request_refund(work: Work, command: RequestRefund) -> RefundAsked:
    """Agree to the refund at once where whoever asks may do so alone; else another person has to approve it.

    That is so for customers and keys, for goodwill and hardship, and beyond what the terms or the limits of roles let
    one person agree to on a day. Then nothing moves yet, and one request of a package waits at a time. Refuses whatever
    cannot be given back; see `situation.judged`.
    """
    await _authorise(work, command.asked.package_id)
    command = _checked(work, command)
    situation = await judged(work, command.asked, lock=True)
    sold = situation.sold
    work.authorise(sold.home_branch_id, sold.holder_id)
    situation.refuse_credit()
    refuse_other(situation, command.quote_hash)
    await approval.lock_decider(work.actor)
    refund_id = new_id("ref")
    approvable = quoted(situation, sold.version).quote_hash
    row = requested(work, situation, refund_id, approvable, command.reason)
    above, amount = situation.approval_above_minor, situation.total_minor
    if await approval.approval_needed(work.actor, sold, situation.asked, amount, above, work.now):
        outcome = asked_for(situation, refund_id, State.REQUESTED)
        await record(work, recorded(outcome, situation, command.reason))
        await store.insert_refund(row)
        return outcome
    outcome, agreed = await agree(work, situation, refund_id, command.reason)
    await store.insert_refund(row | agreed)
    await write_parts(situation, refund_id)
    return outcome


async def _authorise(work: Work, package_id: str) -> None:
    """By what was read before any lock; to a customer who may not see it there is no such package."""
    found = await packages.read(work, [package_id])
    if not found:
        raise NotFound("package", package_id, "packageId")
    if work.actor.kind is Principal.CUSTOMER and not await reading.by_ids(work.actor, [package_id]):
        raise NotFound("package", package_id, "packageId")
    work.authorise(found[0].home_branch_id, found[0].holder_id)


def _checked(work: Work, command: RequestRefund) -> RequestRefund:
    asked, checks = command.asked, Checks()
    asked.check(checks)
    approval.check_granted(checks, work.actor, asked)
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, asked=replace(asked, hardship=asked.hardship.strip()), reason=reason)
