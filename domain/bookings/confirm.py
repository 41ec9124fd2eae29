"""Confirming visits: the package is chosen and locked, a session held for each person and date, nothing or all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.bookings import rules, store
from domain.bookings.booked import Attachment, Booked, ExternalRef, Offered
from domain.bookings.errors import (
    BookingOverlaps,
    DateProblem,
    DatesDoNotFit,
    ExternalRefTaken,
    ServiceNotOffered,
)
from domain.bookings.rules import Span, State
from domain.bookings.starting import as_started, first_day
from domain.kernel.access import Principal
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work
from domain.kernel.errors import NotFound, Refusal
from domain.kernel.ids import new_id
from domain.ledger import store as ledger
from domain.ledger.draft import Draft, Movement, Occasion
from domain.ledger.post import Posting, post
from domain.ledger.rules import Bucket, Lot
from domain.packages import rules as packages_rules
from domain.packages import store as packages
from domain.packages.errors import NotEnoughSessions, PersonMayNotUse
from domain.packages.sold import Place, Shortfall, Sold


@dataclass(frozen=True, slots=True)
class Visit:
    """What is to be booked, but for when."""

    place: Place
    offered: Offered
    service_id: str
    customer_id: str
    companion_ids: tuple[str, ...]
    sessions: int
    package_id: str | None
    external: ExternalRef | None
    attachments: tuple[Attachment, ...]
    told_at: datetime | None = None

    @property
    def persons(self) -> tuple[str, ...]:
        """Everybody who comes and is known by name."""
        return (self.customer_id, *self.companion_ids)


@dataclass(frozen=True, slots=True)
class LotHeld:
    """How many sessions are held in which lot."""

    lot_id: str
    sessions: int


@dataclass(frozen=True, slots=True)
class BookingMade:
    """One visit that was booked: what it holds, and how many of its sessions go to the customer's account."""

    booking_id: str
    starts_at: datetime
    ends_at: datetime
    held: tuple[LotHeld, ...]
    charged: int


@dataclass(frozen=True, slots=True)
class SessionBooked:
    """The visits, and what remains of the package with them and why."""

    package_id: str | None
    service_id: str
    branch_id: str
    series_id: str | None
    bookings: tuple[BookingMade, ...]
    remaining: int
    remaining_of_service: int
    why: str


@dataclass(frozen=True, slots=True)
class _Held:
    """The package with the sessions held, in a draft; `short` are the sessions of each visit that it did not have."""

    sold: Sold | None
    draft: Draft
    short: tuple[int, ...]
    movements: tuple[tuple[Movement, ...], ...]


async def visit_at(place: Place, service_id: str, **rest: object) -> Visit:
    """A visit at a branch that offers the service."""
    offered = await store.offered(service_id, place.branch_id)
    if offered is None:
        raise ServiceNotOffered(service_id, place.branch_id)
    return Visit(place=place, offered=offered, service_id=service_id, **rest)  # type: ignore[arg-type]


async def confirm(work: Work, visit: Visit, spans: Sequence[Span], reason: str) -> SessionBooked:
    """Book the visit at each of these times, in their order.

    Refuses persons who are expected elsewhere, who may not use the package, and whatever keeps the package from being
    used then; of several dates all that do not fit, with the reason for each.
    """
    await store.lock_persons(work, visit.persons)
    await _refuse_known(work, visit)
    ids = [new_id("bkg") for _ in spans]
    problems = await _overlaps(visit, spans)
    held = await _held(work, visit, spans, ids, problems)
    bookings = _bookings(work, visit, spans, ids, held)
    made = _outcome(visit, bookings, held, work.now)
    await store.insert_bookings(work, bookings, visit.persons)
    await post(work, _posting(visit, held, work.now), _recorded(visit, held.sold, made, reason))
    await store.note_changes([(work.operation_id, booked, "BOOKED", "") for booked in bookings])
    return made


async def _refuse_known(work: Work, visit: Visit) -> None:
    if visit.external is None:
        return
    known = await store.referred(work.chain_id, visit.external)
    if known is not None:
        raise ExternalRefTaken(visit.external.source, visit.external.reference, known.id)


async def _overlaps(visit: Visit, spans: Sequence[Span]) -> dict[int, Refusal]:
    """The dates at which one of the persons is expected elsewhere, or at another date of the series."""
    whole = Span(spans[0].starts_at, max(span.ends_at for span in spans))
    busy = await store.busy(visit.persons, whole)
    problems: dict[int, Refusal] = {}
    for index, span in enumerate(spans):
        clash = next((other for other in busy if span.overlaps(other.span)), None)
        if clash is not None:
            problems[index] = BookingOverlaps(
                clash.customer_id, clash.span.starts_at, clash.span.ends_at, clash.booking_id
            )
        elif index and span.overlaps(spans[index - 1]):
            before = spans[index - 1]
            problems[index] = BookingOverlaps(visit.customer_id, before.starts_at, before.ends_at, None)
    return problems


async def _held(
    work: Work, visit: Visit, spans: Sequence[Span], ids: Sequence[str], problems: dict[int, Refusal]
) -> _Held:
    """Hold sessions of the package that is named, or else of the first of the customer's that has what is asked for."""
    if visit.package_id is not None:
        sold = await packages.lock(work, visit.package_id)
        await _refuse_strangers(work, visit, sold)
        return await _hold(visit, sold, await ledger.lots_of([sold.id]), spans, ids, work.now, problems)
    usable = await packages.lock_usable_by(work, visit.customer_id, visit.service_id, spans[0].starts_at)
    lots = await ledger.lots_of([sold.id for sold in usable])
    refused: Refusal | None = None
    for strict in (True, False):  # one that has everything comes before one with which a part is charged
        for sold in packages_rules.packages_in_order(visit.customer_id, usable, lots):
            own = [lot for lot in lots if lot.package_id == sold.id]
            try:
                await _refuse_strangers(work, visit, sold)
                held = await _hold(visit, sold, own, spans, ids, work.now, dict(problems), strict=strict)
            except Refusal as refusal:
                refused = refused or refusal
            else:
                return replace(held, sold=await packages.lock(work, sold.id))
    return _without_package(visit, spans, refused, problems)


def _without_package(
    visit: Visit, spans: Sequence[Span], refused: Refusal | None, problems: dict[int, Refusal]
) -> _Held:
    """Everything goes to the customer's account, where the chain wants that and only sessions are lacking."""
    lacking = refused is None or isinstance(refused, NotEnoughSessions)
    if not lacking or visit.place.shortfall is not Shortfall.CHARGE:
        raise refused or NotEnoughSessions(None, visit.sessions * len(spans), 0)
    _refuse(spans, problems)
    return _Held(None, Draft(), (visit.sessions,) * len(spans), ((),) * len(spans))


async def _refuse_strangers(work: Work, visit: Visit, sold: Sold) -> None:
    """Everybody who comes holds the package or shares it; to a customer one that is neither does not exist."""
    others = [person for person in visit.persons if person != sold.holder_id]
    if not others:
        return
    strangers = others
    if sold.sharing.value == "HOUSEHOLD":
        strangers = await store.strangers(work.chain_id, sold.holder_id, others)
    if strangers and visit.customer_id in strangers and work.actor.kind is Principal.CUSTOMER:
        raise NotFound("package", sold.id, "packageId")
    if strangers:
        raise PersonMayNotUse(sold.id, strangers[0])


async def _hold(
    visit: Visit,
    sold: Sold,
    lots: Sequence[Lot],
    spans: Sequence[Span],
    ids: Sequence[str],
    now: datetime,
    problems: dict[int, Refusal],
    strict: bool = False,
) -> _Held:
    """Take the sessions date by date; where the chain charges what is lacking, fewer than are asked for will do."""
    draft = Draft(lots)
    starts_on = await first_day(sold, spans[0].starts_at)
    short, movements = [], []
    for index, span in enumerate(spans):
        chosen: list[tuple[Lot, int]] = []
        lacking = 0
        try:
            chosen, lacking = _choose(visit, sold, draft, span, now, starts_on, strict)
        except Refusal as refusal:
            problems.setdefault(index, refusal)
        occasion = Occasion(
            now, visit.service_id, visit.place.branch_id, visit.place.practitioner_id, booking_id=ids[index]
        )
        movements.append(
            tuple(draft.move(lot.id, Bucket.AVAILABLE, Bucket.HELD, count, occasion) for lot, count in chosen)
        )
        short.append(lacking)
    _refuse(spans, problems)
    return _Held(sold, draft, tuple(short), tuple(movements))


def _choose(
    visit: Visit, sold: Sold, draft: Draft, span: Span, now: datetime, starts_on: date | None, strict: bool
) -> tuple[list[tuple[Lot, int]], int]:
    """The lots for one date, and how many sessions are lacking."""
    lots = as_started(draft.after, sold, starts_on)
    asked = (sold, lots, visit.place, visit.service_id, visit.sessions, span.starts_at, now)
    return (packages_rules.lots_to_use(*asked), 0) if strict else packages_rules.lots_and_shortfall(*asked)


def _refuse(spans: Sequence[Span], problems: dict[int, Refusal]) -> None:
    if not problems:
        return
    if len(spans) == 1:
        raise problems[0]
    raise DatesDoNotFit(
        [
            DateProblem(spans[index].starts_at, refusal.code, refusal.message)
            for index, refusal in sorted(problems.items())
        ]
    )


def _bookings(work: Work, visit: Visit, spans: Sequence[Span], ids: Sequence[str], held: _Held) -> list[Booked]:
    series_id = new_id("ser") if len(spans) > 1 else None
    return [
        Booked(
            id=booking_id,
            branch_id=visit.place.branch_id,
            time_zone=visit.place.time_zone,
            service_id=visit.service_id,
            practitioner_id=visit.place.practitioner_id,
            customer_id=visit.customer_id,
            package_id=held.sold.id if held.sold else None,
            series_id=series_id,
            source=visit.external.source if visit.external else None,
            external_ref=visit.external.reference if visit.external else None,
            told_at=visit.told_at,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            sessions=visit.sessions,
            charged=charged,
            state=State.CONFIRMED,
            version=1,
            reschedules=0,
            booked_at=work.now,
            ended_at=None,
            flagged_at=None,
            attachments=visit.attachments,
        )
        for booking_id, span, charged in zip(ids, spans, held.short, strict=True)
    ]


def _outcome(visit: Visit, bookings: Sequence[Booked], held: _Held, now: datetime) -> SessionBooked:
    lots = held.draft.after
    made = tuple(
        BookingMade(
            booked.id,
            booked.starts_at,
            booked.ends_at,
            tuple(LotHeld(movement.lot_id, movement.sessions) for movement in movements),
            booked.charged,
        )
        for booked, movements in zip(bookings, held.movements, strict=True)
    )
    return SessionBooked(
        package_id=held.sold.id if held.sold else None,
        service_id=visit.service_id,
        branch_id=visit.place.branch_id,
        series_id=bookings[0].series_id,
        bookings=made,
        remaining=packages_rules.remaining(lots, now),
        remaining_of_service=packages_rules.remaining(lots, now, visit.service_id),
        why=rules.why(lots),
    )


def _posting(visit: Visit, held: _Held, now: datetime) -> Posting:
    zone = held.sold.home_time_zone if held.sold else visit.place.time_zone
    return Posting(
        package_id=held.sold.id if held.sold else None,
        package_version=held.sold.version if held.sold else None,
        currency=held.sold.currency if held.sold else visit.offered.currency,
        posted_on=local_date(now, zone),
        draft=held.draft,
    )


def _recorded(visit: Visit, sold: Sold | None, made: SessionBooked, reason: str) -> Recorded:
    return Recorded(
        made,
        branch_id=visit.place.branch_id,
        package_id=sold.id if sold else None,
        package_version=sold.version if sold else None,
        customer_id=visit.customer_id,
        reason=reason,
    )
