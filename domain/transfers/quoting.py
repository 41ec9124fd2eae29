"""Asking for the quote of a transfer."""

from domain.kernel.access import Actor, Principal, refuse_outright
from domain.kernel.checks import Checks
from domain.kernel.commands import Work
from domain.kernel.errors import NotFound
from domain.packages import reading
from domain.transfers.asked import Asked, FeePayer
from domain.transfers.handing import planned
from domain.transfers.quote import TransferQuote
from domain.transfers.situation import judged


async def transfer_quote(actor: Actor, asked: Asked) -> TransferQuote:
    """What handing on would do now, or the refusal with which it would end; nothing is written."""
    refuse_outright(actor, "transfer_package")
    checks = Checks()
    asked.check(checks)
    checks.passed()
    # A key that hands sessions on is told what that comes to, whether or not it is also trusted with reading.
    if actor.kind is not Principal.INTEGRATION and not await reading.by_ids(actor, [asked.package_id]):
        raise NotFound("package", asked.package_id, "packageId")
    work = Work(actor, "transfer_package", None, None)
    return planned(await judged(work, asked, lock=False), FeePayer.SENDER).quote
