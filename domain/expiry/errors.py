"""Why the last day of a package cannot be moved as asked; each refusal carries what the next screen needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.kernel.errors import Refusal


class BadLastDay(Refusal):
    """The new last day is over already, or lies further ahead than any date Carnet keeps."""

    code = "BAD_LAST_DAY"

    def __init__(self, last_day: date, earliest: date, latest: date) -> None:
        self.last_day, self.earliest, self.latest = last_day, earliest, latest

    @property
    def message(self) -> str:
        return f"The new last day would be {self.last_day}; it must lie between {self.earliest} and {self.latest}."


class NothingToExtend(Refusal):
    """No session is left whose last day could be moved."""

    code = "NOTHING_TO_EXTEND"

    def __init__(self, package_id: str) -> None:
        self.package_id = package_id

    @property
    def message(self) -> str:
        return "Nothing is left of it that could be extended. Sell a new package or grant goodwill."


class LastDayNotLater(Refusal):
    """The last day is no later than the ones that are in force; an extension never takes days away."""

    code = "LAST_DAY_NOT_LATER"

    def __init__(self, package_id: str, last_day: date, last_days: Sequence[date]) -> None:
        self.package_id, self.last_day, self.last_days = package_id, last_day, tuple(last_days)

    @property
    def message(self) -> str:
        return f"What is left can be used until {min(self.last_days)} or later already. Choose a day after that."


class ReinstatementTooLate(Refusal):
    """The time in which lapsed sessions may come back is over."""

    code = "REINSTATEMENT_TOO_LATE"

    def __init__(self, package_id: str, lapsed_at: datetime, until: datetime) -> None:
        self.package_id, self.lapsed_at, self.until = package_id, lapsed_at, until

    @property
    def message(self) -> str:
        return f"What lapsed could be reinstated until {self.until:%Y-%m-%d %H:%M} UTC. Grant goodwill instead."


class ReinstatementNeedsManager(Refusal):
    """All that is left has lapsed, and the front desk may not bring it back."""

    code = "REINSTATEMENT_NEEDS_MANAGER"

    def __init__(self, package_id: str, lapsed_at: datetime) -> None:
        self.package_id, self.lapsed_at = package_id, lapsed_at

    @property
    def message(self) -> str:
        return f"It lapsed on {self.lapsed_at:%Y-%m-%d %H:%M} UTC. Ask a manager to reinstate it."


class ExtensionBeyondRole(Refusal):
    """The front desk would extend the package by more days in all than the chain lets it."""

    code = "EXTENSION_BEYOND_ROLE"

    def __init__(self, package_id: str, days: int, most: int) -> None:
        self.package_id, self.days, self.most = package_id, days, most

    @property
    def message(self) -> str:
        return f"The front desk may add {self.most} more days to it, not {self.days}. Ask a manager."


class FreezeNotAllowed(Refusal):
    """The terms of the package allow no freeze."""

    code = "FREEZE_NOT_ALLOWED"

    def __init__(self, package_id: str) -> None:
        self.package_id = package_id

    @property
    def message(self) -> str:
        return "The terms of the package allow no freeze. Extend it instead."


class FreezeBeyondLimit(Refusal):
    """The freeze would be longer, or one more, than the terms of the package allow in all."""

    code = "FREEZE_BEYOND_LIMIT"

    def __init__(
        self, package_id: str, asked_days: int | None, days_left: int, times_left: int, latest_thaw: date | None
    ) -> None:
        self.package_id, self.asked_days = package_id, asked_days
        self.days_left, self.times_left, self.latest_thaw = days_left, times_left, latest_thaw

    @property
    def message(self) -> str:
        if self.latest_thaw is None:
            return "All the freezes that the terms allow have been used. Extend the package instead."
        return f"The terms leave {self.days_left} days to freeze. Let it thaw on {self.latest_thaw} at the latest."


class BadFreezePeriod(Refusal):
    """The freeze would begin in the past or after all has lapsed, or end before it begins."""

    code = "BAD_FREEZE_PERIOD"

    def __init__(self, starts_on: date, thaws_on: date | None, earliest: date, latest: date) -> None:
        self.starts_on, self.thaws_on, self.earliest, self.latest = starts_on, thaws_on, earliest, latest

    @property
    def message(self) -> str:
        return f"A freeze begins between {self.earliest} and {self.latest}, and ends on a later day than it begins."


class NothingToFreeze(Refusal):
    """No session is left that a freeze could keep."""

    code = "NOTHING_TO_FREEZE"

    def __init__(self, package_id: str) -> None:
        self.package_id = package_id

    @property
    def message(self) -> str:
        return "All sessions of the package are used up. There is nothing to freeze."


@dataclass(frozen=True, slots=True)
class BookingInTheWay:
    """A confirmed booking that starts while the package would be frozen."""

    booking_id: str
    starts_at: datetime


class BookingsInTheWay(Refusal):
    """Confirmed bookings of the package start while it would be frozen."""

    code = "BOOKINGS_IN_THE_WAY"

    def __init__(self, package_id: str, bookings: Sequence[BookingInTheWay]) -> None:
        self.package_id, self.bookings = package_id, tuple(bookings)

    @property
    def message(self) -> str:
        return f"{len(self.bookings)} confirmed bookings start while it would be frozen. Move or cancel them first."


class NotFrozen(Refusal):
    """No freeze holds and none is planned."""

    code = "NOT_FROZEN"

    def __init__(self, package_id: str) -> None:
        self.package_id = package_id

    @property
    def message(self) -> str:
        return "The package is not frozen, and no freeze is planned. There is nothing to end."
