"""Holding: the package of a visit is chosen and locked, and a session taken for each person and date, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.bookings.errors import DateProblem, DatesDoNotFit
from domain.bookings.rules import Span
from domain.bookings.starting import as_started, first_day
from domain.bookings.visit import Visit
from domain.kernel.access import Principal
from domain.kernel.commands import Work
from domain.kernel.errors import NotFound, Refusal
from domain.ledger import store as ledger
from domain.ledger.draft import Draft, Movement, Occasion
from domain.ledger.rules import Bucket, Lot
from domain.packages import rules as packages_rules
from domain.packages import store as packages
from domain.packages.blocked_then import refuse_blocked_then
from domain.packages.errors import NotEnoughSessions, PackageExpired
from domain.packages.lapsed import as_they_were, bring_back, lapsed_of, lapsed_since
from domain.packages.sharers import Sharers, sharers_of
from domain.packages.sold import Shortfall, Sold

_LACKING = {NotEnoughSessions.code, PackageExpired.code}


@dataclass(frozen=True, slots=True)
class Held:
    """The package with the sessions held, in a draft; `short` are the sessions of each visit that it did not have."""

    sold: Sold | None
    draft: Draft
    short: tuple[int, ...]
    movements: tuple[tuple[Movement, ...], ...]


@dataclass(frozen=True, slots=True)
class Dates:
    """The times of the visits in their order, their ids, and why some of them do not fit."""

    spans: Sequence[Span]
    ids: Sequence[str]
    problems: dict[int, Refusal]

    @property
    def first(self) -> datetime:
        """When the first visit starts of those that may fit."""
        fit = (span for index, span in enumerate(self.spans) if index not in self.problems)
        return next(fit, self.spans[-1]).starts_at

    def refuse(self, also: dict[int, Refusal]) -> None:
        """Refuse one date for its own reason, of several all that do not fit."""
        problems = also | self.problems
        if problems and len(self.spans) == 1:
            raise problems[0]
        if problems:
            raise DatesDoNotFit(
                [
                    DateProblem(self.spans[index].starts_at, refusal.code, refusal.message)
                    for index, refusal in sorted(problems.items())
                ]
            )


async def hold(work: Work, visit: Visit, dates: Dates) -> Held:
    """Hold sessions of the package that is named, or else of the first of the customer's that has what is asked for."""
    if visit.package_id is None:
        return await _hold_best(work, visit, dates)
    sold = await packages.lock(work, visit.package_id)
    _refuse_strangers(work, visit, dates, sold, await sharers_of(work.chain_id, [sold], visit.persons))
    return await _hold(visit, sold, await ledger.lots_of([sold.id]), dates, work.now)


async def _hold_best(work: Work, visit: Visit, dates: Dates) -> Held:
    asked_at = min(work.now, dates.first)
    found = await packages.lock_usable_by(work, visit.customer_id, visit.service_id, asked_at)
    sharers = await sharers_of(work.chain_id, found, visit.persons)
    usable = [sold for sold in found if sharers.may_use(sold, visit.customer_id)]
    lots = await ledger.lots_of([sold.id for sold in usable])
    refusals: list[Refusal] = []
    for strict in _passes(visit):
        refusals = []  # what counts is why not even a part would do
        for sold in _in_order(visit, usable, lots, dates.first):
            own = [lot for lot in lots if lot.package_id == sold.id]
            try:
                _refuse_strangers(work, visit, dates, sold, sharers)
                held = await _hold(visit, sold, own, dates, work.now, strict=strict)
            except Refusal as refusal:
                refusals.append(refusal)
            else:
                return replace(held, sold=await packages.lock(work, sold.id))
    return _without_package(visit, dates, refusals)


def _passes(visit: Visit) -> tuple[bool, ...]:
    """Where a shortfall is charged, a package that has everything still comes before one that has a part."""
    return (True, False) if visit.place.shortfall is Shortfall.CHARGE else (True,)


def _in_order(visit: Visit, usable: Sequence[Sold], lots: Sequence[Lot], at: datetime) -> list[Sold]:
    """In the order in which their lots would be used then; last those that only a visit before it keeps until then."""
    own = [lot for lot in lots if visit.service_id in lot.services and lot.available + lot.expired]
    alive = [lot for lot in own if at < lot.lapses_at]
    ordered = [
        sold for part in (alive, own) for sold in packages_rules.packages_in_order(visit.customer_id, usable, part)
    ]
    once = {sold.id: sold for sold in ordered}.values()
    return sorted(once, key=lambda sold: sold.holder_id != visit.customer_id)


def _without_package(visit: Visit, dates: Dates, refusals: Sequence[Refusal]) -> Held:
    """Everything goes to the customer's account, where the chain wants that and no package has a session now.

    One that has decides, though the visit lies after its time: a charge is no way round its last day.
    """
    if refusals or visit.place.shortfall is not Shortfall.CHARGE:
        other = [refusal for refusal in refusals if not _codes(refusal) <= _LACKING]
        lacking = next(iter(refusals), NotEnoughSessions(None, visit.sessions * len(dates.spans), 0))
        raise next(iter(other), lacking)
    dates.refuse({})
    return Held(None, Draft(), (visit.sessions,) * len(dates.spans), ((),) * len(dates.spans))


def _codes(refusal: Refusal) -> set[str]:
    return {date.code for date in refusal.dates} if isinstance(refusal, DatesDoNotFit) else {refusal.code}


def _refuse_strangers(work: Work, visit: Visit, dates: Dates, sold: Sold, sharers: Sharers) -> None:
    """Everybody who comes holds the package or shares it; to a customer one that is neither does not exist.

    Each companion takes one session of each date, who booked the others.
    """
    if work.actor.kind is Principal.CUSTOMER and not sharers.shares(sold, visit.customer_id):
        raise NotFound("package", sold.id, "packageId")
    sessions = dict.fromkeys(visit.persons, 1) | {visit.customer_id: visit.sessions - len(visit.companion_ids)}
    sharers.refuse(sold, {person: count * len(dates.spans) for person, count in sessions.items()})


async def _hold(
    visit: Visit, sold: Sold, lots: Sequence[Lot], dates: Dates, now: datetime, strict: bool = False
) -> Held:
    """Take the sessions date by date; where the chain charges what is lacking, fewer than are asked for will do.

    A visit that is told late finds the sessions that lapsed after it.
    """
    await refuse_blocked_then(sold, dates.first, now)
    draft = Draft(lots)
    starts_on = await first_day(sold, lots, dates.first)
    lapsed = lapsed_since(lots, await lapsed_of(lots), dates.first)
    problems: dict[int, Refusal] = {}
    short, movements = [], []
    for index, span in enumerate(dates.spans):
        there = as_started(_unless_gone(as_they_were(draft.after, lapsed), sold, dates.first, now), sold, starts_on)
        chosen: list[tuple[Lot, int]] = []
        lacking = 0
        try:
            if index not in dates.problems:  # such a date is left out, and so takes nothing from the others
                chosen, lacking = _choose(visit, sold, there, span.starts_at, now, strict)
        except Refusal as refusal:
            problems[index] = refusal
        gone = {lot.id for lot, _ in chosen if draft.lots[lot.id].expired}
        bring_back(draft, sold, gone, lapsed, now)
        movements.append(_moves(visit, draft, chosen, dates.ids[index], now))
        short.append(lacking)
    dates.refuse(problems)
    return Held(sold, draft, tuple(short), tuple(movements))


def _unless_gone(lots: Sequence[Lot], sold: Sold, at: datetime, now: datetime) -> list[Lot]:
    """What has lapsed by now, and before the visit, is as gone as if that had been posted already."""
    return [
        replace(lot, available=0, expired=lot.expired + lot.available)
        if at >= lot.lapses_at and packages_rules.is_due(lot, sold.disputed_at, now)
        else lot
        for lot in lots
    ]


def _choose(
    visit: Visit, sold: Sold, lots: Sequence[Lot], at: datetime, now: datetime, strict: bool
) -> tuple[list[tuple[Lot, int]], int]:
    """The lots for one date, and how many sessions are lacking."""
    asked = (sold, lots, visit.place, visit.service_id, visit.sessions, at, now)
    return (packages_rules.lots_to_use(*asked), 0) if strict else packages_rules.lots_and_shortfall(*asked)


def _moves(
    visit: Visit, draft: Draft, chosen: Sequence[tuple[Lot, int]], booking_id: str, now: datetime
) -> tuple[Movement, ...]:
    place = visit.place
    occasion = Occasion(now, visit.service_id, place.branch_id, place.practitioner_id, booking_id)
    return tuple(draft.move(lot.id, Bucket.AVAILABLE, Bucket.HELD, count, occasion) for lot, count in chosen)
