"""Why a sale cannot be void, or a dispute not be lost, as things stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.kernel.errors import Refusal


class SaleUsed(Refusal):
    """Something of it was used, has lapsed, moved on, was given back or added later: it is no mere mistake any more."""

    code = "SALE_USED"

    def __init__(self, package_id: str, used: int, lapsed: int, moved: int, refunded: int, added: int = 0) -> None:
        self.package_id, self.used, self.lapsed, self.moved, self.refunded = package_id, used, lapsed, moved, refunded
        self.added = added

    @property
    def message(self) -> str:
        added = f" {self.added} were added by top-ups." if self.added else ""
        return (
            f"Of the package {self.used} sessions are used, {self.lapsed} have lapsed, {self.moved} moved on and "
            f"{self.refunded} were taken back.{added} Reverse the use first, or let the sale stand."
        )


class SaleRenewed(Refusal):
    """Sessions of another package have come into this one: renewed by the sale, or handed on by another customer."""

    code = "SALE_RENEWED"

    def __init__(self, package_id: str, sessions: int) -> None:
        self.package_id, self.sessions = package_id, sessions

    @property
    def message(self) -> str:
        return f"{self.sessions} sessions of other packages have come into it. Its sale stays as it is."


class NoSaleToVoid(Refusal):
    """The package was not sold in this system, or opened by an upgrade, so that no sale could be void."""

    code = "NO_SALE_TO_VOID"

    def __init__(self, package_id: str, upgraded_from_id: str | None = None) -> None:
        self.package_id, self.upgraded_from_package_id = package_id, upgraded_from_id

    @property
    def message(self) -> str:
        if self.upgraded_from_package_id is not None:
            return (
                "The package was opened by an upgrade, which stays as it is, and not by a sale of its own. "
                "Refund what is left of it, or change it for another one."
            )
        return "The package was taken over from elsewhere and has no sale here. It stays as it is."


class VoidTooLate(Refusal):
    """The time in which the desk may declare a sale void is over; from then on it takes a manager."""

    code = "VOID_TOO_LATE"

    def __init__(self, package_id: str, until: datetime) -> None:
        self.package_id, self.until = package_id, until

    @property
    def message(self) -> str:
        return f"The desk could do this until {self.until:%Y-%m-%d %H:%M} UTC. Ask a manager to do it."


@dataclass(frozen=True, slots=True)
class PromisedVisit:
    """A confirmed booking on a package."""

    booking_id: str
    starts_at: datetime


class PackageBooked(Refusal):
    """Confirmed bookings count on sessions that would be taken away."""

    code = "PACKAGE_BOOKED"

    def __init__(self, package_id: str, bookings: Sequence[PromisedVisit]) -> None:
        self.package_id, self.bookings = package_id, tuple(bookings)

    @property
    def message(self) -> str:
        count = len(self.bookings)
        are = "1 confirmed booking counts" if count == 1 else f"{count} confirmed bookings count"
        return f"{are} on sessions that would be taken away. Cancel what is listed first."
