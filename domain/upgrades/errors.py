"""Why a package cannot be changed for another one as asked."""

from collections.abc import Sequence

from domain.kernel.errors import OtherThanQuoted, Refusal
from domain.kernel.money import Money
from domain.upgrades.quote import Misfit, UpgradeQuote


class UpgradeNotAllowed(Refusal):
    """The terms of the package do not let it be changed for one of this definition."""

    code = "UPGRADE_NOT_ALLOWED"

    def __init__(self, package_id: str, definition_id: str, allowed: Sequence[str]) -> None:
        self.package_id, self.definition_id, self.allowed = package_id, definition_id, tuple(allowed)

    @property
    def message(self) -> str:
        if not self.allowed:
            return "The terms of the package let it be changed for no other one. Sell a new one."
        return "The terms let the package be changed for those listed only. Choose one of them, or sell a new one."

    @property
    def path(self) -> tuple[str, ...]:
        return ("definitionId",)


class UsedBeyondNew(Refusal):
    """Used sessions stay used in the new package, and of so few nothing would be left."""

    code = "USED_BEYOND_NEW"

    def __init__(self, package_id: str, definition_id: str, used: int, sessions: int) -> None:
        self.package_id, self.definition_id, self.used, self.sessions = package_id, definition_id, used, sessions

    @property
    def message(self) -> str:
        return (
            f"{self.used} sessions are used, and the new package holds {self.sessions}: nothing would be left. "
            "Choose a larger one, or sell a new one."
        )

    @property
    def path(self) -> tuple[str, ...]:
        return ("definitionId",)


class BookingsDoNotFit(Refusal):
    """Visits that count on the package cannot move into the new one."""

    code = "BOOKINGS_DO_NOT_FIT"

    def __init__(self, package_id: str, bookings: Sequence[Misfit]) -> None:
        self.package_id, self.bookings = package_id, tuple(bookings)

    @property
    def message(self) -> str:
        count = "1 booking" if len(self.bookings) == 1 else f"{len(self.bookings)} bookings"
        return f"{count} of the package cannot move into the new one. Complete, move or cancel what is listed first."


class UpgradeQuoteChanged(OtherThanQuoted):
    """What the change would come to is not what was quoted, or the package has changed since."""

    def __init__(self, quote: UpgradeQuote) -> None:
        self.quote, self.quote_hash = quote, quote.quote_hash
        self.due, self.credit = Money(quote.due_minor, quote.currency), Money(quote.credit_minor, quote.currency)

    @property
    def message(self) -> str:
        owed = f"{self.credit} would be credited" if self.credit.amount_minor else f"{self.due} would be due"
        return f"This is not what was quoted. As things stand {owed}. Show the new quote, and send its hash."
