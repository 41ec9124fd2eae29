"""Why sessions cannot be added to a package as asked."""

from collections.abc import Sequence

from domain.kernel.errors import OtherThanQuoted, Refusal
from domain.kernel.money import Money
from domain.topups.quote import TopUpQuote


class TopUpNotAllowed(Refusal):
    """The terms let no sessions be added, or by the list price, and there is none."""

    code = "TOP_UP_NOT_ALLOWED"

    def __init__(self, package_id: str, *, by_terms: bool = False) -> None:
        self.package_id, self.by_terms = package_id, by_terms

    @property
    def message(self) -> str:
        if self.by_terms:
            return "Sessions are added at today's list price, and the service has none. Price the service first."
        return "The terms of the package let no sessions be added. Sell another package."

    @property
    def path(self) -> tuple[str, ...]:
        return ("packageId",)


class _OtherNumber(Refusal):
    def __init__(self, package_id: str, asked: int, least: int, most: int | None, added: int) -> None:
        self.package_id, self.sessions, self.least, self.most, self.added = package_id, asked, least, most, added

    @property
    def path(self) -> tuple[str, ...]:
        return ("sessions",)


class TopUpBeyondMaximum(_OtherNumber):
    """More sessions than the terms still let be added, with those that were added before."""

    code = "TOP_UP_BEYOND_MAXIMUM"

    @property
    def message(self) -> str:
        said = f"{_sessions(self.added)} added before, and {_sessions(self.sessions)} asked for."
        most = self.most or 0
        if most >= self.least:
            return f"{said} At most {most} can be added now. Add fewer."
        few = f" by the terms {most} would be left to add, and at least {self.least} are added at once." if most else ""
        return f"{said} No more can be added{':' if few else '.'}{few} Sell another package."


class TopUpBelowMinimum(_OtherNumber):
    """Fewer sessions than the terms let be added at once."""

    code = "TOP_UP_BELOW_MINIMUM"

    @property
    def message(self) -> str:
        return f"{_sessions(self.sessions)} asked for, and at least {self.least} are added at once. Add more."


class ServiceNotInPackage(Refusal):
    """The package has no sessions of this service, or several kinds, of which none is named."""

    code = "SERVICE_NOT_IN_PACKAGE"

    def __init__(self, package_id: str, service_id: str | None, services: Sequence[str]) -> None:
        self.package_id, self.service_id, self.services = package_id, service_id, tuple(services)

    @property
    def message(self) -> str:
        if self.service_id is None:
            return "The package has several kinds of sessions. Name a service of those that are to be added."
        return "The package has no sessions of this service. Name one of the services listed."

    @property
    def path(self) -> tuple[str, ...]:
        return ("serviceId",)


class TopUpNotPaid(Refusal):
    """Customers add sessions themselves where their credit pays all of it, and here it does not."""

    code = "TOP_UP_NOT_PAID"

    def __init__(self, amount: Money, credit: Money) -> None:
        self.amount, self.credit = amount, credit

    @property
    def message(self) -> str:
        if not self.amount.amount_minor:
            return "What costs nothing is added by the desk. Ask there."
        return (
            f"It comes to {self.amount}, and {self.credit} of credit would be used. Pay all of it from credit, or ask "
            "the desk."
        )

    @property
    def path(self) -> tuple[str, ...]:
        return ("payments",)


class TopUpQuoteChanged(OtherThanQuoted):
    """What the sessions would cost, or until when they could be used, is not what was quoted."""

    def __init__(self, quote: TopUpQuote) -> None:
        self.quote, self.quote_hash, self.last_day = quote, quote.quote_hash, quote.last_day
        self.amount = Money(quote.amount_minor, quote.currency)

    @property
    def message(self) -> str:
        what = "1 session" if self.quote.sessions == 1 else f"{self.quote.sessions} sessions"
        return (
            f"This is not what was quoted. As things stand it is {what} for {self.amount}, usable until "
            f"{self.last_day}. Show the new quote, and send its hash."
        )


def _sessions(count: int) -> str:
    return "1 session was" if count == 1 else f"{count} sessions were"
