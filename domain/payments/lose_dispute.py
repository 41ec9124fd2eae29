"""Lose a dispute: the provider keeps the money, and the sessions that it had paid for are taken away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.expiry.rules import LotDated
from domain.kernel.calendar import local_date
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act
from domain.ledger import accounts
from domain.ledger import store as ledger
from domain.ledger.draft import Draft, Occasion
from domain.ledger.post import Posting, post
from domain.ledger.rules import Bucket
from domain.packages import closing_store, rules
from domain.packages import store as packages
from domain.packages.sold import Closing, Sold
from domain.payments import store, thawing
from domain.payments.charged_back import Taken, still_there, taken_away, tax_of
from domain.payments.closing_errors import PackageBooked, PromisedVisit
from domain.payments.errors import NotDisputed


@dataclass(frozen=True, slots=True)
class LoseDispute:
    """The dispute over a package is settled against the business."""

    package_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DisputeLost:
    """What is lost for good, what of that the sessions make up for that were taken away, and what is left."""

    package_id: str
    disputed_at: datetime
    amount_minor: int
    value_minor: int
    tax_minor: int
    currency: str
    sessions: int
    closed: bool
    thawed_on: date
    lots: tuple[LotDated, ...]
    remaining: int

    @property
    def bad_debt_minor(self) -> int:
        """What no session makes up for."""
        return self.amount_minor - self.value_minor - self.tax_minor


@act
async def lose_dispute(work: Work, command: LoseDispute) -> DisputeLost:
    """Take away as many sessions as the disputed amount is worth, post what never comes back, and end the freeze.

    The rest is bad debt. What remains gets the days back that it has lost; a package of which nothing remains is
    closed. Refuses a package that is not disputed, and sessions that confirmed bookings count on.
    """
    sold = await packages.lock(work, command.package_id)
    work.authorise(sold.home_branch_id)
    command = _checked(command)
    if sold.disputed_at is None:
        raise NotDisputed(sold.id)
    dispute, today = await store.open_dispute(sold.id), local_date(work.now, sold.home_time_zone)
    kept = await thawing.kept_back(dispute)
    draft = Draft(await ledger.lots_of([sold.id]))
    before = await closing_store.value_taken_away(sold.id)
    taken = taken_away(sold, draft.after, kept.amount_minor, before, work.now)
    await _refuse_booked(sold, taken)
    value = _take(draft, taken, Occasion(work.now, branch_id=sold.home_branch_id))
    days = await thawing.days_lost(sold, sold.disputed_at, dispute, draft, today)
    lost = DisputeLost(
        package_id=sold.id,
        disputed_at=sold.disputed_at,
        amount_minor=kept.amount_minor,
        value_minor=value,
        tax_minor=tax_of(sold, value, before),
        currency=sold.currency,
        sessions=sum(each.sessions for each in taken),
        closed=not any(still_there(lot, sold, work.now) for lot in draft.after),
        thawed_on=today,
        lots=thawing.lengthen(draft, sold, days),
        remaining=rules.remaining(draft.after, work.now),
    )
    await post(work, _posting(sold, lost, draft, kept.branch_id), _recorded(command, sold, lost))
    await thawing.thaw(work, sold, dispute, draft, days)
    if lost.closed and sold.closed_as is None:
        await closing_store.close(sold.id, Closing.CHARGED_BACK, work.now)
    return lost


def _checked(command: LoseDispute) -> LoseDispute:
    checks = Checks()
    reason = checks.required(command.reason, 500, "reason")
    checks.passed()
    return replace(command, reason=reason)


async def _refuse_booked(sold: Sold, taken: Sequence[Taken]) -> None:
    """Refuse where a booking holds what would have to go, and name every one that holds sessions of such a lot."""
    lacking = {each.lot_id for each in taken if each.held}
    if not lacking:
        return
    booked = await closing_store.confirmed_bookings(sold.id)
    held = await ledger.held_for(list(booked))
    raise PackageBooked(sold.id, [PromisedVisit(*each) for each in booked.items() if lacking & held[each[0]].keys()])


def _take(draft: Draft, taken: Sequence[Taken], occasion: Occasion) -> int:
    """Move the sessions away, and tell the value that they carried."""
    for each in taken:
        draft.move(each.lot_id, Bucket.AVAILABLE, Bucket.REFUNDED, each.sessions, occasion)
    return sum(movement.carried.value_minor for movement in draft.movements)


def _posting(sold: Sold, lost: DisputeLost, draft: Draft, kept_at_id: str) -> Posting:
    amounts = lost.amount_minor, lost.value_minor, lost.tax_minor
    entry = accounts.dispute_lost(kept_at_id, sold.id, *amounts, sold.selling_branch_id)
    return Posting(
        package_id=sold.id,
        package_version=sold.version,
        currency=sold.currency,
        posted_on=lost.thawed_on,
        draft=draft,
        entries=(entry,),
        refunded_minor=min(lost.amount_minor, max(0, sold.settled_minor - sold.refunded_minor)),
    )


def _recorded(command: LoseDispute, sold: Sold, lost: DisputeLost) -> Recorded:
    return Recorded(
        lost,
        branch_id=sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=sold.holder_id,
        reason=command.reason,
    )
