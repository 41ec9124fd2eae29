"""Pure rules of bookings: when a visit is, what cancelling or missing it does to the sessions it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.bookings.errors import NoSuchLocalTime
from domain.catalog.terms import Cancellation, Missed
from domain.ledger.rules import Bucket, Lot


class State(StrEnum):
    """What has become of a booking."""

    CONFIRMED = "CONFIRMED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    LATE_CANCELLED = "LATE_CANCELLED"
    NO_SHOW = "NO_SHOW"
    CANCELLED_BY_BUSINESS = "CANCELLED_BY_BUSINESS"


class Cause(StrEnum):
    """Why the business cancels a visit."""

    STAFF = "STAFF"
    CLOSURE = "CLOSURE"
    WEATHER = "WEATHER"


class AttachmentKind(StrEnum):
    """What is attached to a booking."""

    FORM = "FORM"
    CONTRACT = "CONTRACT"
    NOTE = "NOTE"


@dataclass(frozen=True, slots=True)
class Start:
    """When a visit starts: an instant, or a date and time of the branch's clock; exactly one of them."""

    at: datetime | None = None
    local: datetime | None = None

    @property
    def wall(self) -> datetime | None:
        """The reading of the clock that it is given by: its own, or that of the branch."""
        return self.at.replace(tzinfo=None) if self.at else self.local


@dataclass(frozen=True, slots=True)
class Span:
    """The time of a visit."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether the two have an instant in common; one may begin where the other ends."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Ending:
    """How a booking ends: its state, how many of its sessions count as used, and whether the business is to blame."""

    state: State
    used: int
    by_business: bool = False


NO_TERMS = Cancellation(late=Missed.RETURN, no_show=Missed.RETURN)
"""What holds for a visit without a package: nothing was agreed, so nothing is taken."""


def instant(start: Start, time_zone: str) -> datetime:
    """The instant of a start; of a local time that comes twice the first.

    Refuses a local time that the clocks are put forward over.
    """
    if start.at is not None:
        return start.at.astimezone(UTC)
    assert start.local is not None
    zone = ZoneInfo(time_zone)
    found = start.local.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != start.local:
        local = start.local.isoformat(timespec="seconds" if start.local.second else "minutes")
        raise NoSuchLocalTime(local, time_zone, _put_forward(start.local, zone))
    return found


def _put_forward(skipped: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which the clocks are put forward over this local time, to the second, by bisection."""
    readings = (skipped.replace(tzinfo=zone, fold=fold, microsecond=0).astimezone(UTC) for fold in (1, 0))
    before, after = readings
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) // 2).replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) < skipped:
            before = middle
        else:
            after = middle
    return after


def span(start: Start, time_zone: str, minutes: int) -> Span:
    """The time of a visit that lasts so many minutes."""
    starts_at = instant(start, time_zone)
    return Span(starts_at, starts_at + timedelta(minutes=minutes))


def repeated(start: Start, every_days: int, times: int) -> list[Start]:
    """The same time of day, by the branch's clock or by the instant, so many times."""
    steps = (timedelta(days=every_days * n) for n in range(times))
    return [
        Start(at=start.at + step) if start.at is not None else Start(local=start.local + step if start.local else None)
        for step in steps
    ]


def free_until(cancellation: Cancellation, starts_at: datetime, time_zone: str) -> datetime:
    """Until when cancelling is free: so many hours before the start by the branch's own clock.

    24 hours before Sunday at ten is Saturday at ten, also when the clocks change in that night. Where that time does
    not exist or comes twice the customer gets the later instant.
    """
    zone = ZoneInfo(time_zone)
    local = starts_at.astimezone(zone).replace(tzinfo=None) - timedelta(hours=cancellation.free_until_hours)
    return max(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))


def cancelled(cancellation: Cancellation, starts_at: datetime, time_zone: str, at: datetime, sessions: int) -> Ending:
    """What a cancellation by the customer at the instant comes to."""
    if at <= free_until(cancellation, starts_at, time_zone):
        return Ending(State.CANCELLED, 0)
    return Ending(State.LATE_CANCELLED, sessions if cancellation.late is Missed.CONSUME else 0)


def missed(cancellation: Cancellation, sessions: int) -> Ending:
    """What a no-show comes to."""
    return Ending(State.NO_SHOW, sessions if cancellation.no_show is Missed.CONSUME else 0)


def completed(cancellation: Cancellation, sessions: int, attended: int) -> Ending:
    """What a visit comes to that only some of the persons attended: the others are no-shows."""
    return Ending(State.COMPLETED, attended + missed(cancellation, sessions - attended).used)


def split(held: dict[str, int], used: int) -> list[tuple[str, int, int]]:
    """Of the sessions held of each lot, how many are used and how many go back; the first are used first."""
    parts = []
    for lot_id, count in held.items():
        taken = min(count, used)
        used -= taken
        parts.append((lot_id, taken, count - taken))
    return parts


def why(lots: Sequence[Lot], at: datetime) -> str:
    """Where the sessions of a package are, as a sum in one sentence: what came in, where it went, what remains.

    What has lapsed counts as expired whether that has been posted or not.
    """
    lapsed = sum(lot.available for lot in lots if at >= lot.lapses_at)
    places = (Bucket.CONSUMED, Bucket.HELD, Bucket.EXPIRED, Bucket.REFUNDED, Bucket.MOVED)
    counts = {bucket: sum(lot.count(bucket) for lot in lots) for bucket in places}
    counts[Bucket.EXPIRED] += lapsed
    parts = [f"- {count} {bucket.value.lower()}" for bucket, count in counts.items() if count]
    issued, available = sum(lot.issued for lot in lots), sum(lot.available for lot in lots) - lapsed
    return f"{' '.join([f'{issued} issued', *parts])} = {available} available"
