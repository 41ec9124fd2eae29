"""Reverse a redemption: the sessions go back to the lots they came from, the money exactly the way it came."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.kernel.errors import NotFound
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.accounts import Charged, Event
from domain.ledger.charges import owed_by, taken_back
from domain.ledger.draft import Draft, Movement
from domain.ledger.post import Posting, post
from domain.ledger.rules import Lot
from domain.packages import rules, store
from domain.packages.errors import AlreadyReversed, ReversalTooLate
from domain.packages.lapsed import bring_back, lapsed_of, lapsed_since, reinstated
from domain.packages.replacement import lost, replace_lapsed
from domain.packages.sold import Redemption, Sold


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
    """What came back, what remains, and the lots that stand in for those that had lapsed."""

    redemption_id: str
    package_id: str
    sessions: int
    remaining: int
    replacement_lot_ids: tuple[str, ...] = ()

    @property
    def replacement_lot_id(self) -> str | None:
        """The one lot that carries on, where there is one."""
        return self.replacement_lot_ids[0] if self.replacement_lot_ids else None


@act
async def reverse_redemption(work: Work, command: ReverseRedemption) -> RedemptionReversed:
    """Return the sessions in reverse order with the value they took, and mirror the journal entry and any charge.

    Where another share was expected to lapse since, what was recognised is caught up with the uses that stay.

    What ended a booking and used its sessions is reversed the same way; the booking stays as it ended.

    By the branch that redeemed, within the chain's reversal hours; later only by a manager. Where a lot has lapsed
    meanwhile and the fault was the business's, a goodwill lot of 30 days carries on with the original value instead.
    Refuses a second reversal, and a package that is closed for good.
    """
    redemption = await _redemption(work, command)
    work.authorise(redemption.branch_id)
    command = _checked(command)
    sold = await store.lock(work, redemption.package_id)
    await _refuse_second(work, command)
    rules.refuse_ended(sold)
    await _refuse_late(work, command, redemption)
    movements = await ledger.uses_of(command.redemption_id)
    charges = await ledger.charges_of(command.redemption_id)
    lots = await ledger.lots_of([sold.id])
    undoes_start = _undoes_start(sold, lots, movements)
    draft = Draft(lots)
    if undoes_start:
        await _not_started(draft, sold, work.now)
    given_back = RedemptionReversed(
        redemption_id=command.redemption_id,
        package_id=sold.id,
        sessions=sum(use.sessions for use in movements) + sum(charge.sessions for charge in charges),
        replacement_lot_ids=_give_back(draft, movements, command.fault, sold, work.now),
        remaining=rules.remaining(draft.after, work.now),
    )
    posting = await _posting(command, sold, draft, charges, work.now)
    await post(work, posting, _recorded(command, sold, redemption, given_back))
    if undoes_start:
        await store.note_first_use(sold.id, None)
    return given_back


def _undoes_start(sold: Sold, lots: list[Lot], movements: list[Movement]) -> bool:
    """Whether the first use that started validity is undone: nothing that was sold stays used.

    A package whose sessions were received after their validity had started has no last day to start.
    """
    of_sale = {lot.id for lot in lots if lot.origin in rules.SOLD}
    used = sum(lot.consumed for lot in lots if lot.id in of_sale)
    given_back = sum(movement.sessions for movement in movements if movement.lot_id in of_sale)
    started = sold.first_used_on is not None and sold.start_by is not None
    return started and given_back > 0 and used == given_back


async def _not_started(draft: Draft, sold: Sold, now: datetime) -> None:
    """Let the last day to start count again; what had lapsed since the start and lives by that day comes back."""
    draft.redate(rules.not_started(sold, draft.after))
    lapsed = lapsed_since(draft.after, await lapsed_of(draft.after), now)
    dated = [lot.id for lot in draft.after if lot.origin in rules.STARTED]
    bring_back(draft, sold, dated, lapsed, now)


def _checked(command: ReverseRedemption) -> ReverseRedemption:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _redemption(work: Work, command: ReverseRedemption) -> Redemption:
    found = await store.redemption(work.chain_id, command.redemption_id)
    if found is None:
        raise NotFound("redemption", command.redemption_id, "redemptionId")
    return found


async def _refuse_second(work: Work, command: ReverseRedemption) -> None:
    """Asked under the lock of the package: a reversal that came first is visible only now."""
    found = await _redemption(work, command)
    if found.reversal_id is not None and found.reversed_at is not None:
        raise AlreadyReversed(command.redemption_id, found.reversal_id, found.reversed_at)


async def _refuse_late(work: Work, command: ReverseRedemption, redemption: Redemption) -> None:
    place = await store.place(work, redemption.branch_id)
    until = redemption.recorded_at + timedelta(hours=place.reversal_hours)
    if work.now > until and not work.actor.manages(redemption.branch_id):
        raise ReversalTooLate(command.redemption_id, until)


def _give_back(draft: Draft, movements: list[Movement], fault: Fault, sold: Sold, now: datetime) -> tuple[str, ...]:
    """Return each movement to its lot, and move on what would be lost in a lapsed one; names the lots it went to."""
    replacements: list[str] = []
    for movement in reversed(movements):
        occasion = replace(movement.occasion, effective_at=now)
        lot = draft.lots[movement.lot_id]
        draft.give_back(lot.id, movement.sessions, movement.carried, occasion, sold.breakage_bp)
        if fault is Fault.BUSINESS and lost(sold, lot, now):
            replacements.append(replace_lapsed(draft, lot.id, movement.sessions, sold, occasion, movement.carried))
    return tuple(replacements)


async def _posting(
    command: ReverseRedemption, sold: Sold, draft: Draft, charges: list[Charged], now: datetime
) -> Posting:
    used = await ledger.lines_of(command.redemption_id, (Event.SESSION, Event.CHARGE))
    mirrors, mirror = await _taken_back(charges), accounts.mirror(Event.REVERSAL, used)
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=local_date(now, sold.home_time_zone),
        draft=draft,
        entries=(
            *reinstated(sold, draft, now),
            mirror,
            *accounts.followed_home(sold.id, sold.home_branch_id, [mirror]),
            *map(accounts.credited, mirrors),
        ),
        charges=mirrors,
    )


async def _taken_back(charges: list[Charged]) -> tuple[Charged, ...]:
    """What was charged along with the redemption, all of it to one customer."""
    if not charges:
        return ()
    await store.lock_customer(charges[0].customer_id)
    return taken_back(charges, await owed_by(charges[0].customer_id))


def _recorded(
    command: ReverseRedemption, sold: Sold, redemption: Redemption, given_back: RedemptionReversed
) -> Recorded:
    return Recorded(
        given_back,
        branch_id=redemption.branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
        reverses=command.redemption_id,
    )
