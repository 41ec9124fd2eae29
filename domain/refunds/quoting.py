"""Asking for the quote of a refund."""

from dataclasses import replace

from domain.kernel.access import Actor
from domain.kernel.checks import Checks
from domain.kernel.commands import Work
from domain.refunds.approval import approval_needed, check_granted
from domain.refunds.asked import Asked
from domain.refunds.quote import RefundQuote
from domain.refunds.quoted import quoted
from domain.refunds.situation import judged


async def refund_quote(actor: Actor, asked: Asked, approving: str | None = None) -> RefundQuote:
    """What giving sessions back would come to now, or the refusal with which it would end; nothing is written.

    Whoever sees the package may ask. `approving` is a refund that was asked for and is quoted as it would be now.
    """
    checks = Checks()
    asked.check(checks)
    if approving is None:
        check_granted(checks, actor, asked)
    checks.passed()
    work = Work(actor, "request_refund", None, None)
    situation = await judged(work, asked, lock=False, approving=approving)
    above = situation.approval_above_minor
    needed = await approval_needed(actor, situation.sold, asked, situation.total_minor, above, work.now)
    return replace(quoted(situation), needs_approval=needed)
