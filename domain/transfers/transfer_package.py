"""Transfer: the holder of a package hands sessions on to another customer."""

from dataclasses import dataclass, replace

from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act, record_together
from domain.packages.rules import remaining
from domain.transfers import store
from domain.transfers.asked import Asked, FeePayer, PackageTransferred, State
from domain.transfers.errors import TransferPending
from domain.transfers.handing import Handing, planned
from domain.transfers.handing_on import hand_on, recorded, transferred
from domain.transfers.situation import Situation, judged
from domain.transfers.written import done, requested


@dataclass(frozen=True, slots=True)
class TransferPackage:
    """Hand sessions of a package on at a branch; bound to what was quoted where the hash of the quote is given."""

    asked: Asked
    fee_payer: FeePayer = FeePayer.SENDER
    quote_hash: str | None = None
    reason: str = ""


@act
async def transfer_package(work: Work, command: TransferPackage) -> PackageTransferred:
    """Move the sessions with their value, tax and last days, lot by lot, into a package of the recipient.

    Paid ones go first, bonus ones when all paid ones are gone or everything goes. What bookings hold stays, unless the
    visits that are to come go along. Where the terms ask for it nothing moves before a manager of the home branch has
    approved, and the whole package waits alone. Refuses whatever the terms, the payments or the clock forbid; see
    `situation.judged`.
    """
    assert command.asked.branch_id is not None
    work.authorise(command.asked.branch_id)
    command = _checked(command)
    situation = await judged(work, command.asked, lock=True)
    handing = planned(situation, command.fee_payer)
    handing.refuse_other(command.quote_hash)
    row = requested(work, handing, command.reason)
    if situation.sold.terms.who.transfer_needs_approval:
        return await _ask(work, command, handing, row)
    outcome, other = await hand_on(work, handing, row["id"], command.reason)
    await store.insert_transfer(row | done(handing, work, other))
    await store.insert_lots(row["id"], handing.moved.gone)
    return outcome


def _checked(command: TransferPackage) -> TransferPackage:
    checks = Checks()
    command.asked.check(checks)
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)


async def _ask(work: Work, command: TransferPackage, handing: Handing, row: dict[str, object]) -> PackageTransferred:
    """Write down that it is asked for, at each package that was locked; it is judged afresh when it is approved."""
    situation = handing.situation
    await _refuse_second(situation)
    outcome = transferred(handing, str(row["id"]), State.REQUESTED)
    sides = [(work, situation.sold)] + ([(work.another(), situation.into)] if situation.into else [])
    await record_together([(each, recorded(outcome, situation, sold, command.reason)) for each, sold in sides])
    await store.insert_transfer(row)
    return outcome


async def _refuse_second(situation: Situation) -> None:
    """Refuse the whole package while something of it waits, and a part while the whole does.

    Parts may wait side by side, even for more than there is: approving one judges what is there then.
    """
    sold, sessions = situation.sold, situation.asked.sessions
    whole = sessions is None or sessions == remaining(situation.lots, situation.now)
    for other in await store.waiting(sold.id):
        if whole or other.sessions is None:
            raise TransferPending(sold.id, other.id, other.requested_at)
