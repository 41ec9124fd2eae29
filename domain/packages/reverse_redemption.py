"""Reverse a redemption: the sessions go back to the lots they came from, the money exactly the way it came."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.kernel.access import Principal, Role
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.errors import NotFound
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Event
from domain.ledger.draft import Draft, Movement, Occasion
from domain.ledger.post import Posting, post
from domain.ledger.rules import Bucket, Lot
from domain.packages import rules, store
from domain.packages.errors import AlreadyReversed, ReversalTooLate
from domain.packages.sold import Sold

REPLACEMENT_DAYS = 30


class Fault(StrEnum):
    """On whose account a session comes back."""

    BUSINESS = "BUSINESS"
    CUSTOMER = "CUSTOMER"


@dataclass(frozen=True, slots=True)
class ReverseRedemption:
    """Undo a redemption made by mistake."""

    redemption_id: str
    fault: Fault
    reason: str


@dataclass(frozen=True, slots=True)
class RedemptionReversed:
    """What came back, what remains, and the lot that replaces sessions whose own lot had lapsed."""

    redemption_id: str
    package_id: str
    sessions: int
    remaining: int
    replacement_lot_id: str | None


@act
async def reverse_redemption(work: Work, command: ReverseRedemption) -> RedemptionReversed:
    """Return the sessions in reverse order with the value they took, and mirror the journal entry.

    By the branch that redeemed, within the chain's reversal hours; later only by a manager. Where a lot has lapsed
    meanwhile and the fault was the business's, a goodwill lot of 30 days carries on with the original value instead.
    Refuses a second reversal.
    """
    found = await store.redemption(work.chain_id, command.redemption_id)
    if found is None:
        raise NotFound("redemption", command.redemption_id, "redemptionId")
    work.authorise(found.branch_id)
    sold = await store.lock(work, found.package_id)
    place = await store.place(work, found.branch_id)
    # Read again under the lock: a reversal that came first is visible only now.
    found = await store.redemption(work.chain_id, command.redemption_id)
    assert found is not None
    if found.reversal_id is not None and found.reversed_at is not None:
        raise AlreadyReversed(command.redemption_id, found.reversal_id, found.reversed_at)
    until = found.recorded_at + timedelta(hours=place.reversal_hours)
    if work.now > until and not _manages(work, found.branch_id):
        raise ReversalTooLate(command.redemption_id, until)
    draft = Draft(await ledger.lots_of([sold.id]))
    replacement = _give_back(draft, await ledger.movements_of(command.redemption_id), command, sold, work.now)
    outcome = RedemptionReversed(
        command.redemption_id,
        sold.id,
        sum(movement.sessions for movement in draft.movements if movement.source is Bucket.CONSUMED),
        rules.remaining(list(draft.lots.values()), work.now),
        replacement,
    )
    posting = Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=local_date(work.now, sold.home_time_zone),
        draft=draft,
        entries=(accounts.mirror(Event.REVERSAL, await ledger.lines_of(command.redemption_id)),),
    )
    recorded = Recorded(
        outcome,
        branch_id=found.branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
        reverses=command.redemption_id,
    )
    await post(work, posting, recorded)
    return outcome


def _manages(work: Work, branch_id: str) -> bool:
    if work.actor.kind is Principal.SYSTEM:
        return True
    branches = work.actor.branches((Role.OWNER, Role.MANAGER))
    return branches is None or branch_id in branches


def _give_back(
    draft: Draft, movements: list[Movement], command: ReverseRedemption, sold: Sold, now: datetime
) -> str | None:
    """Return each movement to its lot, and move on what would be lost in a lapsed one; names the new lot."""
    replacement: str | None = None
    for movement in reversed(movements):
        occasion = Occasion(now, movement.occasion.service_id, movement.occasion.branch_id)
        lot = draft.lots[movement.lot_id]
        draft.move(lot.id, Bucket.CONSUMED, Bucket.AVAILABLE, movement.sessions, occasion, movement.carried)
        if command.fault is Fault.BUSINESS and now >= lot.lapses_at:
            replacement = _replace(draft, lot, movement, sold, occasion)
    return replacement


def _replace(draft: Draft, lapsed: Lot, movement: Movement, sold: Sold, occasion: Occasion) -> str:
    now = occasion.effective_at
    day = local_date(now, sold.home_time_zone) + timedelta(days=REPLACEMENT_DAYS)
    new = rules.goodwill_lot(sold.id, lapsed.services, lapsed.item, now, day, sold.home_time_zone)
    draft.move(lapsed.id, Bucket.AVAILABLE, Bucket.MOVED, movement.sessions, occasion, movement.carried)
    draft.issue(new, movement.sessions, movement.carried, occasion)
    return new.id
