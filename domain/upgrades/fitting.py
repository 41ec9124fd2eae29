"""Bookings that move along: which of them the new package can take over, and what they hold of it."""

from datetime import datetime

from domain.bookings.booked import Booked
from domain.bookings.carrying import Carrying
from domain.catalog.terms import Sharing
from domain.kernel.errors import Refusal
from domain.ledger.draft import Draft, Occasion
from domain.ledger.rules import Bucket, Lot
from domain.packages import rules
from domain.packages.errors import BadVisitTime, PersonMayNotUse
from domain.packages.sold import Place, Shortfall, Sold
from domain.upgrades.quote import Coming, Misfit

_BEGUN = "The visit has begun, and belongs to the package that it began on. Complete it or mark it a no-show."


def taken_up(new: Sold, draft: Draft, going: Carrying, old_sharing: Sharing, now: datetime) -> list[Misfit]:
    """Hold sessions of the new package for each visit, soonest first; tells which cannot have theirs, and why.

    A visit that has begun stays with the package that it was begun on. Who is no holder must share the new one, too:
    named persons do not follow.
    """
    misfits: list[Misfit] = []
    ordered = sorted(going.bookings, key=lambda booked: (booked.starts_at, booked.id))
    first = next((booked.starts_at for booked in ordered if booked.starts_at > now), now)
    starts_on = rules.first_use(new, draft.after, first)
    for booked in ordered:
        if booked.starts_at <= now:
            misfits.append(Misfit(booked.id, booked.starts_at, BadVisitTime.code, _BEGUN))
            continue
        try:
            _refuse_stranger(new, booked, old_sharing)
            lots = draft.after if starts_on is None else rules.started(draft.after, new, starts_on, [])
            _hold(new, draft, lots, booked, now)
        except Refusal as refusal:
            misfits.append(Misfit(booked.id, booked.starts_at, refusal.code, refusal.message))
    return misfits


def coming(going: Carrying, misfits: list[Misfit]) -> list[Coming]:
    """The visits that fit."""
    without = {misfit.booking_id for misfit in misfits}
    ordered = sorted(going.bookings, key=lambda booked: (booked.starts_at, booked.id))
    return [
        Coming(booked.id, booked.starts_at, booked.sessions - booked.charged)
        for booked in ordered
        if booked.id not in without
    ]


def _refuse_stranger(new: Sold, booked: Booked, old_sharing: Sharing) -> None:
    household = new.sharing is Sharing.HOUSEHOLD and old_sharing is Sharing.HOUSEHOLD
    if booked.customer_id != new.holder_id and not household:
        raise PersonMayNotUse(new.id, booked.customer_id)


def _hold(new: Sold, draft: Draft, lots: list[Lot], booked: Booked, now: datetime) -> None:
    sessions = booked.sessions - booked.charged
    if sessions == 0:
        return
    place = Place(
        booked.branch_id, booked.time_zone, None, 0, 0, Shortfall.REFUSE, practitioner_id=booked.practitioner_id
    )
    chosen = rules.lots_to_use(
        new, lots, place, booked.service_id, sessions, booked.starts_at, booked_at=booked.booked_at
    )
    occasion = Occasion(now, booked.service_id, booked.branch_id, booked.practitioner_id, booked.id)
    for lot, count in chosen:
        draft.move(lot.id, Bucket.AVAILABLE, Bucket.HELD, count, occasion)
