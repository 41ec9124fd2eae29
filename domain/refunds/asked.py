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
    own, also while no session is given back. `to_credit` is the customer's consent to have credit instead of money.
    """

    package_id: str
    sessions: int | None = None
    booking_ids: tuple[str, ...] = ()
    hardship: str = ""
    goodwill_minor: int = 0
    to_credit: bool = False
    currency: str | None = None

    @property
    def keeps_all(self) -> bool:
        """Whether no session is given back, and an amount is refunded as goodwill."""
        return self.sessions == 0

    def check(self, checks: Checks) -> None:
        """Note what nobody can ask for."""
        if self.keeps_all:
            checks.that(self.goodwill_minor > 0, "Without goodwill at least 1 session is given back.", "sessions")
            checks.that(
                not self.booking_ids, "Nothing is released where no session is given back.", "releaseBookingIds"
            )
        elif self.sessions is not None:
            within = 1 <= self.sessions <= MOST_SESSIONS
            checks.that(
                within,
                f"sessions lies between 1 and {MOST_SESSIONS}, or is 0 where goodwill alone is given.",
                "sessions",
            )
        checks.text(self.hardship, 500, "hardship", lines=True)
        checks.that(self.goodwill_minor >= 0, "goodwill is an amount of money, none or more.", "goodwill")
        few, once = len(self.booking_ids) <= MOST_BOOKINGS, len(set(self.booking_ids)) == len(self.booking_ids)
        checks.that(few, f"releaseBookingIds names at most {MOST_BOOKINGS} bookings.", "releaseBookingIds")
        checks.that(once, "releaseBookingIds names a booking twice.", "releaseBookingIds")
