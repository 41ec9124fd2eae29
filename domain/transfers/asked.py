"""What is asked for when sessions are handed on, and what it comes to."""

from dataclasses import dataclass
from enum import StrEnum

from domain.kernel.checks import Checks

MOST_SESSIONS = 100_000


class State(StrEnum):
    """How far a transfer has come."""

    REQUESTED = "REQUESTED"
    DONE = "DONE"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    UNDONE = "UNDONE"


class FeePayer(StrEnum):
    """On whose account the fee is put."""

    SENDER = "SENDER"
    RECIPIENT = "RECIPIENT"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sessions of a package go to whom; all that can where no number is given, with what bookings hold or not."""

    package_id: str
    recipient_id: str
    sessions: int | None = None
    with_bookings: bool = False
    into_package_id: str | None = None
    branch_id: str | None = None

    def check(self, checks: Checks) -> None:
        """Note what nobody can ask for: of a part it is not known which bookings would go with it."""
        if self.sessions is not None:
            checks.between(self.sessions, 1, MOST_SESSIONS, "sessions")
        whole = self.sessions is None or not self.with_bookings
        checks.that(whole, "Bookings go along with the whole package: leave sessions out.", "withBookings")


@dataclass(frozen=True, slots=True)
class PackageTransferred:
    """What was handed on, or is to be once it is approved; then there is no package that it went into yet."""

    transfer_id: str
    package_id: str
    into_package_id: str | None
    state: str
    sessions: int
    value_minor: int
    fee_minor: int
    currency: str
    booking_ids: tuple[str, ...] = ()
