"""Book: a visit, or a series of them, for which sessions are held until it has taken place or is called off."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.bookings import rules
from domain.bookings.booked import Attachment, ExternalRef
from domain.bookings.checking import MOST_DAYS, MOST_MINUTES, MOST_SESSIONS, attachments_of, check_start, check_time
from domain.bookings.confirm import SessionBooked, confirm
from domain.bookings.errors import BookingInPast, NoSuchLocalTime
from domain.bookings.holding import Dates
from domain.bookings.rules import Span, Start
from domain.bookings.visit import visit_at
from domain.kernel.access import Principal
from domain.kernel.checks import Checks
from domain.kernel.commands import Work, act
from domain.kernel.errors import NotFound, Refusal
from domain.kernel.ids import new_id
from domain.packages import store as packages
from domain.packages.sold import Place, Shortfall

MOST_DATES = 200


@dataclass(frozen=True, slots=True)
class BookSession:
    """Who comes when and where for which service, of a named package or of the best one the customer may use.

    Several starts, or one that is repeated every so many days, are a series. `sessions` are the persons who come: the
    customer, the companions that are known by name, and others. The duration is the service's unless given.
    """

    service_id: str
    branch_id: str
    customer_id: str
    starts: tuple[Start, ...]
    every_days: int | None = None
    times: int = 1
    package_id: str | None = None
    sessions: int = 1
    companion_ids: tuple[str, ...] = ()
    practitioner_id: str | None = None
    minutes: int | None = None
    external: ExternalRef | None = None
    attachments: tuple[Attachment, ...] = ()
    reason: str = ""


@act
async def book_session(work: Work, command: BookSession) -> SessionBooked:
    """Hold a session for each person and date on lots that can be used when the visit starts; all dates or none.

    Where the package has too few, the chain's policy decides: refuse, or charge the rest to the customer's account
    when the visit has taken place; a customer who books is refused. Refuses a start that is over or does not exist, a
    customer who is expected elsewhere, and whatever the terms, the blocks or the clock forbid then.
    """
    work.authorise(command.branch_id, command.customer_id)
    command = _checked(command, work)
    await _refuse_strangers(work, command)
    place = await packages.place(
        work, command.branch_id, command.service_id, command.practitioner_id, command.customer_id
    )
    visit = await visit_at(
        _settled(work, place),
        command.service_id,
        customer_id=command.customer_id,
        companion_ids=command.companion_ids,
        sessions=command.sessions,
        package_id=command.package_id,
        external=command.external,
        attachments=command.attachments,
    )
    dates = _dates(command, place.time_zone, command.minutes or visit.offered.duration_minutes, work.now)
    if len(dates.problems) == len(dates.spans):
        dates.refuse({})
    return await confirm(work, visit, dates, command.reason)


def _settled(work: Work, place: Place) -> Place:
    """Nobody but the business puts anything on a customer's account."""
    return replace(place, shortfall=Shortfall.REFUSE) if work.actor.kind is Principal.CUSTOMER else place


async def _refuse_strangers(work: Work, command: BookSession) -> None:
    """To a customer only the own household exists: who else is expected where is not to be found out by booking."""
    if work.actor.kind is not Principal.CUSTOMER:
        return
    for index, companion_id in enumerate(command.companion_ids):
        if not await packages.share_household(work.chain_id, command.customer_id, companion_id):
            raise NotFound("customer", companion_id, "companionIds", str(index))


def _checked(command: BookSession, work: Work) -> BookSession:
    checks = Checks()
    checks.between(command.sessions, 1, MOST_SESSIONS, "sessions")
    _check_persons(checks, command)
    _check_starts(checks, command, work.now)
    if command.minutes is not None:
        checks.between(command.minutes, 1, MOST_MINUTES, "minutes")
    external = _external(checks, command, work.actor.kind)
    attachments = attachments_of(checks, command.attachments)
    reason = checks.text(command.reason, 500, "reason", lines=True)
    checks.passed()
    return replace(command, external=external, attachments=attachments, reason=reason)


def _check_persons(checks: Checks, command: BookSession) -> None:
    named = (command.customer_id, *command.companion_ids)
    checks.that(len(set(named)) == len(named), "A person is named twice.", "companionIds")
    room = max(1, command.sessions)
    checks.that(len(named) <= room, "There are more companions than sessions for them.", "companionIds")


def _check_starts(checks: Checks, command: BookSession, now: datetime) -> None:
    dates = len(command.starts) * command.times
    checks.that(bool(command.starts), "Name at least one start.", "starts")
    checks.that(dates <= MOST_DATES, f"A series holds at most {MOST_DATES} dates.", "starts")
    repeats = command.every_days is not None
    checks.that(repeats == (command.times > 1), "Repeating needs both a number of days and of times.", "repeat")
    checks.that(command.times >= 1, "times must be at least one.", "repeat", "times")
    if command.every_days is not None:
        checks.between(command.every_days, 1, 366, "repeat", "everyDays")
    checks.that(not repeats or len(command.starts) == 1, "Repeat one start, or name them all.", "starts")
    latest = now + timedelta(days=MOST_DAYS)
    for index, start in enumerate(command.starts):
        check_start(checks, start, latest, "starts", str(index))
        days = (command.every_days or 0) * (command.times - 1)
        if start.wall is not None and 0 < days <= MOST_DATES * 366:
            check_time(checks, start.wall + timedelta(days=days), latest, "repeat")
    checks.that(command.external is None or dates == 1, "A series cannot have one reference.", "externalRef")


def _external(checks: Checks, command: BookSession, principal: Principal) -> ExternalRef | None:
    """A reference may come only from the business: a customer could take one that a scheduler is going to use."""
    if command.external is None:
        return None
    checks.that(principal is not Principal.CUSTOMER, "A reference is given by the business.", "externalRef")
    source = checks.required(command.external.source, 40, "externalRef", "source")
    return ExternalRef(source, checks.required(command.external.reference, 120, "externalRef", "reference"))


def _dates(command: BookSession, time_zone: str, minutes: int, now: datetime) -> Dates:
    """The dates in their order; those that never come, or are over, with that as their problem."""
    starts = command.starts
    if command.every_days is not None:
        starts = tuple(rules.repeated(starts[0], command.every_days, command.times))
    found = sorted((_date(start, time_zone, minutes, now) for start in starts), key=lambda date: date[0].starts_at)
    problems = {index: refusal for index, (_, refusal) in enumerate(found) if refusal is not None}
    return Dates([span for span, _ in found], [new_id("bkg") for _ in found], problems)


def _date(start: Start, time_zone: str, minutes: int, now: datetime) -> tuple[Span, Refusal | None]:
    try:
        span = rules.span(start, time_zone, minutes)
    except NoSuchLocalTime as refusal:
        return rules.span(Start(at=refusal.next_instant), time_zone, minutes), refusal
    return span, BookingInPast(span.starts_at, now) if span.starts_at < now else None
