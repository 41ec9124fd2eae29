"""Cancel by the business: one visit, or all that are still to come at a branch, with a practitioner or on some days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.bookings import locking, rules, store
from domain.bookings.booked import Booked
from domain.bookings.errors import BookingEnded, NothingToCancel, TooManyBookings
from domain.bookings.rules import Cause, State
from domain.bookings.settling import give_back
from domain.kernel.calendar import end_of_day, local_date, start_of_day
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record
from domain.ledger import store as ledger
from domain.ledger.draft import Draft
from domain.ledger.post import Posted, Posting, post_together
from domain.ledger.rules import Lot
from domain.packages import store as packages
from domain.packages.sold import Sold

MOST_BOOKINGS = 2_000


@dataclass(frozen=True, slots=True)
class CancelBookingByBusiness:
    """One booking by its id, or all that are still to come and match: branch, practitioner, local days from and to."""

    cause: Cause
    booking_id: str | None = None
    branch_id: str | None = None
    practitioner_id: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BookingReturned:
    """A booking that was cancelled: whose it was, what went back, and the lots that stand in for lapsed ones."""

    booking_id: str
    package_id: str | None
    customer_id: str
    starts_at: datetime
    returned: int
    replacement_lot_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookingsCancelled:
    """What was cancelled, by start."""

    bookings: tuple[BookingReturned, ...]


@act
async def cancel_booking_by_business(work: Work, command: CancelBookingByBusiness) -> BookingsCancelled:
    """Return every session that the bookings hold; where a lot has lapsed a goodwill lot stands in for it.

    A single booking may have started; of several, only those still to come are cancelled. Refuses when there is none,
    more than 2,000 at once, and a single one that has ended.
    """
    command = _checked(command)
    chosen = await _chosen(work, command)
    opened = await _opened(work, chosen, command)
    done, postings = await _give_back(work, opened, command)
    outcome = BookingsCancelled(tuple(done))
    if not any(posted.work is work for posted in postings):
        bookings = [booked for booked, _ in opened]
        await record(work, _recorded(outcome, bookings, command))
    await post_together(postings)
    await _write_down(work, opened, postings, command)
    return outcome


def _checked(command: CancelBookingByBusiness) -> CancelBookingByBusiness:
    checks = Checks()
    many = (command.branch_id, command.practitioner_id, command.first_day, command.last_day)
    one = command.booking_id is not None
    checks.that(
        one != any(each is not None for each in many), "Name a booking, or a branch, practitioner or days.", "bookingId"
    )
    first, last = command.first_day, command.last_day
    checks.that(first is None or last is None or first <= last, "The last day is before the first.", "lastDay")
    for day, name in ((first, "firstDay"), (last, "lastDay")):
        checks.that(day is None or 1970 <= day.year <= 2200, f"{name} is no day of business.", name)
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, reason=reason)


async def _chosen(work: Work, command: CancelBookingByBusiness) -> list[Booked]:
    if command.booking_id is not None:
        return [await locking.found(work, command.booking_id)]
    if command.branch_id is not None:
        work.authorise(command.branch_id)
    found: list[Booked] = []
    for time_zone in await store.time_zones(work.chain_id, command.branch_id):
        found += await _expected(work, command, time_zone, MOST_BOOKINGS + 1 - len(found))
    found = _matching(work, found, command)
    if not found:
        raise NothingToCancel
    if len(found) > MOST_BOOKINGS:
        raise TooManyBookings(MOST_BOOKINGS)
    return found


async def _expected(work: Work, command: CancelBookingByBusiness, time_zone: str, limit: int) -> list[Booked]:
    """Those that match where this clock goes: exactly these, so that none is lost behind the limit."""
    first = start_of_day(command.first_day, time_zone) if command.first_day else work.now
    return await store.expected(
        work.chain_id,
        time_zone,
        max(work.now, first),
        end_of_day(command.last_day, time_zone) if command.last_day else None,
        limit,
        command.branch_id,
        command.practitioner_id,
    )


def _matching(work: Work, bookings: Sequence[Booked], command: CancelBookingByBusiness) -> list[Booked]:
    """Those that are confirmed, still to come and match; by the clock of the branch of each."""
    matching = [booked for booked in bookings if booked.starts_at >= work.now and _matches(booked, command)]
    for branch_id in sorted({booked.branch_id for booked in matching}):
        work.authorise(branch_id)
    return matching


def _matches(booked: Booked, command: CancelBookingByBusiness) -> bool:
    day = local_date(booked.starts_at, booked.time_zone)
    return (
        booked.state is State.CONFIRMED
        and command.branch_id in (None, booked.branch_id)
        and command.practitioner_id in (None, booked.practitioner_id)
        and (command.first_day is None or command.first_day <= day)
        and (command.last_day is None or day <= command.last_day)
    )


async def _opened(
    work: Work, chosen: Sequence[Booked], command: CancelBookingByBusiness
) -> list[tuple[Booked, Sold | None]]:
    """The bookings that are still to be cancelled now that they are locked, after their packages; by start."""
    await store.lock_packages(_packages_of(chosen))
    if command.booking_id is not None:
        still = [await _single(work, chosen[0])]
    else:
        still = _matching(work, await store.lock(work.chain_id, [booked.id for booked in chosen]), command)
    if not still:
        raise NothingToCancel
    sold = {each.id: each for each in await packages.lock_together(work, _packages_of(still))}
    still = sorted(still, key=lambda booked: (booked.starts_at, booked.id))
    return [(booked, sold[booked.package_id] if booked.package_id else None) for booked in still]


async def _single(work: Work, booked: Booked) -> Booked:
    locked = await locking.locked(work, booked)
    if locked.state is not State.CONFIRMED:
        raise BookingEnded(locked.id, locked.state.value, locked.ended_at or work.now)
    return locked


def _packages_of(bookings: Sequence[Booked]) -> list[str]:
    return sorted({booked.package_id for booked in bookings if booked.package_id})


async def _give_back(
    work: Work, opened: Sequence[tuple[Booked, Sold | None]], command: CancelBookingByBusiness
) -> tuple[list[BookingReturned], list[Posted]]:
    """What each booking held goes back; an operation for each package."""
    sold = {each.id: each for _, each in opened if each}
    lots: dict[str, list[Lot]] = {package_id: [] for package_id in sorted(sold)}
    for lot in await ledger.lots_of(list(lots)):
        lots[lot.package_id].append(lot)
    held = await ledger.held_for([booked.id for booked, _ in opened])
    drafts = {package_id: Draft(its) for package_id, its in lots.items()}
    done: dict[str | None, list[tuple[Booked, BookingReturned]]] = {}
    for booked, each in opened:
        gone = _returned(booked, each, drafts[each.id] if each else Draft(), held[booked.id], work.now)
        done.setdefault(booked.package_id, []).append((booked, gone))
    alone = len(done) == 1 and None not in done  # then the act's own operation is the package's
    postings = [
        _posted(work if alone else work.another(), command, sold[package_id], draft, done[package_id])
        for package_id, draft in drafts.items()
    ]
    returned = [each for its in done.values() for _, each in its]
    return sorted(returned, key=lambda each: (each.starts_at, each.booking_id)), postings


def _returned(booked: Booked, sold: Sold | None, draft: Draft, held: dict[str, int], now: datetime) -> BookingReturned:
    parts = rules.split(held, 0)
    replaced = give_back(draft, booked, sold, parts, by_business=True, now=now) if sold else ()
    return BookingReturned(
        booked.id, booked.package_id, booked.customer_id, booked.starts_at, sum(held.values()), replaced
    )


def _posted(
    work: Work,
    command: CancelBookingByBusiness,
    sold: Sold,
    draft: Draft,
    done: Sequence[tuple[Booked, BookingReturned]],
) -> Posted:
    mine = BookingsCancelled(tuple(each for _, each in done))
    posting = Posting(sold.id, sold.version, sold.currency, local_date(work.now, sold.home_time_zone), draft)
    recorded = _recorded(mine, [booked for booked, _ in done], command)
    recorded = replace(
        recorded,
        branch_id=recorded.branch_id or sold.home_branch_id,
        package_id=sold.id,
        package_version=sold.version,
        customer_id=recorded.customer_id or sold.holder_id,
    )
    return Posted(work, posting, recorded)


def _recorded(outcome: BookingsCancelled, bookings: Sequence[Booked], command: CancelBookingByBusiness) -> Recorded:
    """The branch and the customer, where it is one."""
    branches, customers = {booked.branch_id for booked in bookings}, {booked.customer_id for booked in bookings}
    return Recorded(
        outcome,
        branch_id=branches.pop() if len(branches) == 1 else None,
        customer_id=customers.pop() if len(customers) == 1 else None,
        reason=command.reason,
    )


async def _write_down(
    work: Work,
    opened: Sequence[tuple[Booked, Sold | None]],
    postings: Sequence[Posted],
    command: CancelBookingByBusiness,
) -> None:
    cancelled_by = {posted.posting.package_id: posted.work.operation_id for posted in postings}
    ended = [replace(booked, state=State.CANCELLED_BY_BUSINESS, ended_at=work.now) for booked, _ in opened]
    await store.end_together([each.id for each in ended], State.CANCELLED_BY_BUSINESS, work.now)
    await store.note_changes(
        [
            (cancelled_by.get(each.package_id, work.operation_id), each, each.state.value, command.reason)
            for each in ended
        ],
        command.cause,
    )
