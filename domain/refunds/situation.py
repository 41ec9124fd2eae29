"""What giving sessions back depends on: the package, its bookings and payments, earlier refunds, the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from domain.bookings import store as bookings
from domain.bookings.carrying import Carrying
from domain.catalog.terms import Refunding
from domain.kernel.calendar import local_date
from domain.kernel.commands import Work
from domain.kernel.errors import NotFound, Refusal
from domain.kernel.money import Money
from domain.ledger import store as ledger
from domain.ledger.rules import Lot
from domain.packages import quotable, reading
from domain.packages import store as packages
from domain.packages.sold import Sold
from domain.refunds import reckoning, refusing, rules
from domain.refunds import reckoning_store as store
from domain.refunds.asked import Asked
from domain.refunds.before import least
from domain.refunds.errors import CreditNotAgreed, NothingToRefund, PackageHandedOn
from domain.refunds.reckoning_store import Facts
from domain.refunds.rules import Moment, PaidBack, Quote, Settling, Standing
from domain.refunds.standing_json import Grounds


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that decides, as it is now; locked where it was read for an act.

    `given_back` is by lot. `released` has the bookings that are called off, locked, with what they hold, and `kept` all
    others. `version` is the one that a quote is bound to.
    """

    asked: Asked
    now: datetime
    sold: Sold
    version: int
    lots: tuple[Lot, ...]
    given_back: Mapping[str, int]
    released: Carrying
    kept: Carrying
    facts: Facts
    standing: Standing
    settling: Settling
    grounds: Grounds
    cooling_off: bool
    quote: Quote
    parts: tuple[PaidBack, ...]

    @property
    def refunding(self) -> Refunding:
        """The terms that decide."""
        return self.sold.terms.refund

    @property
    def total_minor(self) -> int:
        """What comes back, goodwill included."""
        return self.quote.refund_minor + self.asked.goodwill_minor

    @property
    def cooling_off_until(self) -> date | None:
        """The last local day of cooling-off; None where the terms have none."""
        grounds = self.grounds
        sold_on = local_date(grounds.sold_at, grounds.time_zone)
        return rules.last_day(self.refunding, sold_on, grounds.holidays, grounds.weekend)

    @property
    def approval_above_minor(self) -> int | None:
        """Above what its terms, or those of the packages before, let nobody agree alone; the least of them."""
        return least(self.refunding.approval_above_minor, self.facts.approval_above_minor)

    def refuse_credit(self) -> None:
        """Refuse what can only become credit, as no payment brought it in, unless the customer agrees to that."""
        amount = sum(part.amount_minor for part in self.parts if part.payment_id is None)
        if amount and not self.asked.to_credit:
            raise CreditNotAgreed(self.sold.id, Money(amount, self.sold.currency))


async def judged(work: Work, asked: Asked, *, lock: bool, approving: str | None = None) -> Situation:
    """The situation, unless something keeps the sessions from being given back; locks the package, then bookings.

    Without a lock nothing waits for anything, and what the actor may not see is not there. `approving` is a refund that
    was asked for and is now to be agreed: what it would bring is not pending.
    """
    sold = await packages.lock(work, asked.package_id) if lock else None
    facts = await store.facts(asked.package_id, quotable.condition(work, locked=lock), approving)
    if sold is None:
        [sold] = await packages.read(work, [asked.package_id])
    refusing.refuse_state(sold, facts, work.now)
    lots = await ledger.lots_of([sold.id])
    released, kept = await _bookings(work, asked, lock, approving is not None)
    payments = await store.payments(sold.id)
    own = reckoning.own_lots(lots, sold.terms, facts.opened)
    moment = Moment(work.now, sold.disputed_at)
    given_back = rules.given_back(own, sold.terms, released.of_lots, asked.sessions, moment)
    try:
        refusing.refuse_sessions(sold, asked, own, given_back, released, moment, facts.opened)
    except PackageHandedOn as handed:
        raise await _leading(work, handed) from None
    standing = reckoning.standing(sold, own, given_back, facts, moment)
    grounds = reckoning.grounds(sold, facts, standing, work.now, waived=bool(asked.hardship))
    quote = grounds.quoted(sold.terms.refund)
    refusing.refuse_amounts(sold, asked, standing, quote)
    if not asked.goodwill_minor:
        quoted = partial(reckoning.quoted, grounds, sold, own, released.of_lots, facts, moment)
        refusing.refuse_nothing(sold, standing, quote, quoted)
    there = reckoning.left_of(payments, facts.lost_minor)
    parts = rules.over_payments(quote.refund_minor + asked.goodwill_minor, there, sold.home_branch_id)
    return Situation(
        asked=asked,
        now=work.now,
        sold=sold,
        version=sold.version - 1 if lock else sold.version,
        lots=tuple(lots),
        given_back=given_back,
        released=released,
        kept=kept,
        facts=facts,
        standing=standing,
        settling=reckoning.settling(sold, lots, given_back, facts, work.now),
        grounds=grounds,
        cooling_off=quote.cooling_off,
        quote=quote,
        parts=tuple(rules.to_credit(parts, sold.home_branch_id) if asked.to_credit else parts),
    )


async def _leading(work: Work, handed: PackageHandedOn) -> Refusal:
    """The same with the packages that the sessions came from or went to, as far as the actor sees them.

    Where they went to none they were replaced within the package, and nothing is left that was paid for.
    """
    others = await store.handed(reading.visible(work.actor), handed.package_id, came=handed.came)
    if not others and not handed.came:
        return NothingToRefund(handed.package_id, 0, 0)
    return PackageHandedOn(handed.package_id, came=handed.came, other_ids=[other for other, seen in others if seen])


async def _bookings(work: Work, asked: Asked, lock: bool, approving: bool) -> tuple[Carrying, Carrying]:
    """The bookings that are called off and those that are kept; refuses what is no confirmed booking of the package.

    One that was confirmed when it was asked for and has ended since is nothing to call off any more.
    """
    if lock and asked.booking_ids:
        await bookings.lock(work.chain_id, asked.booking_ids)
    found = await store.confirmed(asked.package_id)
    known = {booked.id for booked in found.bookings}
    for index, booking_id in enumerate(asked.booking_ids):
        if booking_id not in known and not approving:
            raise NotFound("booking", booking_id, "releaseBookingIds", str(index))
    named = set(asked.booking_ids)
    return _of(found, named), _of(found, known - named)


def _of(found: Carrying, ids: set[str]) -> Carrying:
    chosen = tuple(booked for booked in found.bookings if booked.id in ids)
    return Carrying(chosen, {booked.id: (found.held or {})[booked.id] for booked in chosen})
