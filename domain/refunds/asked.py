"""What is asked for when sessions are given back, and how far a refund has come."""

from dataclasses import dataclass
from enum import StrEnum

from domain.kernel.checks import Checks

MOST_SESSIONS = 100_000
MOST_BOOKINGS = 1_000
MOST_PARTS = 1_000


class State(StrEnum):
    """How far a refund has come; what is approved is owed, and completed once all of it is paid out."""

    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    COMPLETED = "COMPLETED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sessions of a package are given back, all that can be where no number is given, and how.

    Bookings named are called off and what they hold is given back; what others hold is kept. With a reason of hardship
    no penalty is kept; goodwill is refunded besides what the contract gives, in the currency named or the package's
    own. `to_credit` is the customer's consent to have credit instead of money.
    """

    package_id: str
    sessions: int | None = None
    booking_ids: tuple[str, ...] = ()
    hardship: str = ""
    goodwill_minor: int = 0
    to_credit: bool = False
    currency: str | None = None

    def check(self, checks: Checks) -> None:
        """Note what nobody can ask for."""
        if self.sessions is not None:
            checks.between(self.sessions, 1, MOST_SESSIONS, "sessions")
        checks.text(self.hardship, 500, "hardship", lines=True)
        checks.that(self.goodwill_minor >= 0, "goodwill is an amount of money, none or more.", "goodwill")
        few = len(self.booking_ids) <= MOST_BOOKINGS and len(set(self.booking_ids)) == len(self.booking_ids)
        checks.that(few, f"releaseBookingIds names at most {MOST_BOOKINGS} bookings, each once.", "releaseBookingIds")
