"""Why a package cannot be sold, used or corrected as asked; each refusal carries what the next screen needs."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from domain.kernel.calendar import between
from domain.kernel.errors import Refusal
from domain.kernel.money import Money

_MINUTE = timedelta(minutes=1)


class NotEnoughSessions(Refusal):
    """Fewer sessions can be used, or handed on, than were asked for."""

    code = "NOT_ENOUGH_SESSIONS"

    def __init__(self, package_id: str | None, asked: int, remaining: int, *, for_use: bool = True) -> None:
        self.package_id, self.asked, self.remaining, self._for_use = package_id, asked, remaining, for_use

    @property
    def message(self) -> str:
        asked = "1 session was" if self.asked == 1 else f"{self.asked} sessions were"
        if not self._for_use:
            return f"{asked} asked for and {self.remaining} can be handed on. Hand on at most that."
        return f"{asked} asked for and {self.remaining} can be used. Sell or top up a package first."


class PackageExpired(Refusal):
    """All sessions left for the service have lapsed."""

    code = "PACKAGE_EXPIRED"

    def __init__(self, package_id: str, expired_on: date, lapsed_at: datetime) -> None:
        self.package_id, self.expired_on, self.lapsed_at = package_id, expired_on, lapsed_at

    @property
    def message(self) -> str:
        return (
            f"The last day of the package is {self.expired_on}, and its time is over then. "
            "A manager may extend or reinstate it."
        )


class GraceForBookedOnly(Refusal):
    """The package is in grace, and its terms let grace be used for booked sessions only."""

    code = "GRACE_FOR_BOOKED_ONLY"

    def __init__(self, package_id: str, expired_on: date, lapses_at: datetime) -> None:
        self.package_id, self.expired_on, self.lapses_at = package_id, expired_on, lapses_at

    @property
    def message(self) -> str:
        return f"The package expired on {self.expired_on}; until it lapses only sessions booked before may be used."


_CLOSED = {
    "VOIDED": "Its sale was void",
    "CHARGED_BACK": "Its payment was charged back",
    "UPGRADED": "It was closed for another package",
    "REFUNDED": "All that was left of it was given back",
}


class PackageClosed(Refusal):
    """The package was closed for good: void, charged back, closed for another package, or given back."""

    code = "PACKAGE_CLOSED"

    def __init__(
        self, package_id: str, closed_as: str, closed_at: datetime, upgraded_to_id: str | None = None, *, for_use: bool
    ) -> None:
        self.package_id, self.closed_as, self.closed_at, self._for_use = package_id, closed_as, closed_at, for_use
        self.upgraded_to_package_id = upgraded_to_id

    @property
    def message(self) -> str:
        then = "Sell a new one." if self._for_use else "Nothing of it changes any more."
        if self.upgraded_to_package_id is not None:
            then = f"What was left of it is in package {self.upgraded_to_package_id}. Take that one."
        return f"The package is closed. {_CLOSED[self.closed_as]} on {self.closed_at:%Y-%m-%d}. {then}"


class PackagePending(Refusal):
    """The package waits for the payment that activates it."""

    code = "PACKAGE_PENDING"

    def __init__(self, package_id: str, outstanding: Money) -> None:
        self.package_id, self.outstanding = package_id, outstanding

    @property
    def message(self) -> str:
        return f"The package is not active before it is paid; {self.outstanding} is outstanding. Record the payment."


class PackageFrozen(Refusal):
    """The package is frozen at the time asked for."""

    code = "PACKAGE_FROZEN"

    def __init__(self, package_id: str, frozen_from: datetime, thaws_at: datetime, thaws_on: date) -> None:
        self.package_id, self.frozen_from, self.thaws_at, self.thaws_on = package_id, frozen_from, thaws_at, thaws_on

    @property
    def message(self) -> str:
        return f"The package is frozen until {self.thaws_on}. Come back then, or unfreeze it first."


class PackageDisputed(Refusal):
    """A payment for the package is disputed, and it stays frozen until that is settled."""

    code = "PACKAGE_DISPUTED"

    def __init__(self, package_id: str, disputed_at: datetime, *, for_use: bool) -> None:
        self.package_id, self.disputed_at, self._for_use = package_id, disputed_at, for_use

    @property
    def message(self) -> str:
        then = "It can be used again when the dispute is won." if self._for_use else "Settle the dispute first."
        return f"A payment for the package is disputed. {then}"


class NotPaidFor(Refusal):
    """This would use, hand on or credit more than is paid for."""

    code = "NOT_PAID_FOR"

    def __init__(self, package_id: str, paid: Money, outstanding: Money, *, would: str = "use") -> None:
        self.package_id, self.paid, self.outstanding, self._would = package_id, paid, outstanding, would

    @property
    def message(self) -> str:
        return (
            f"{self.paid} is paid and {self.outstanding} is outstanding; this would {self._would} more than is paid "
            "for. Record a payment first."
        )


class WrongBranch(Refusal):
    """The terms do not let the package be used at this branch."""

    code = "WRONG_BRANCH"

    def __init__(self, package_id: str, branch_id: str, usable_at: Sequence[str]) -> None:
        self.package_id, self.branch_id, self.usable_at = package_id, branch_id, tuple(usable_at)

    @property
    def message(self) -> str:
        return "The package cannot be used at this branch. Use it at one of the branches listed."


class BranchClosed(Refusal):
    """The branch has been closed."""

    code = "BRANCH_CLOSED"

    def __init__(self, branch_id: str, closed_at: datetime, *, left: bool = True) -> None:
        self.branch_id, self.closed_at, self._left = branch_id, closed_at, left

    @property
    def message(self) -> str:
        if not self._left:
            return f"The branch closed on {self.closed_at:%Y-%m-%d}, and no package is left to move. All is done."
        return f"The branch closed on {self.closed_at:%Y-%m-%d}. Choose an open branch."


class WrongService(Refusal):
    """No session of the package is for this service."""

    code = "WRONG_SERVICE"

    def __init__(self, package_id: str, service_id: str, services: Sequence[str]) -> None:
        self.package_id, self.service_id, self.services = package_id, service_id, tuple(services)

    @property
    def message(self) -> str:
        return "The package holds no session for this service. Choose one of the services listed."


class WrongPractitioner(Refusal):
    """The terms tie the package to other practitioners."""

    code = "WRONG_PRACTITIONER"

    def __init__(self, package_id: str, practitioner_ids: Sequence[str]) -> None:
        self.package_id, self.practitioner_ids = package_id, tuple(practitioner_ids)

    @property
    def message(self) -> str:
        return "The package cannot be used with this practitioner. Choose one of those listed."


class PersonMayNotUse(Refusal):
    """The person neither holds the package nor shares it."""

    code = "PERSON_MAY_NOT_USE"

    def __init__(self, package_id: str, person_id: str) -> None:
        self.package_id, self.person_id = package_id, person_id

    @property
    def message(self) -> str:
        return "This person neither holds the package nor shares it. Use a package of their own."


class ShareLimitReached(Refusal):
    """The person may use a part of the shared package, and has used it or has it booked."""

    code = "SHARE_LIMIT_REACHED"

    def __init__(self, package_id: str, person_id: str, limit: int, used: int, asked: int) -> None:
        self.package_id, self.person_id, self.limit, self.used, self.asked = package_id, person_id, limit, used, asked

    @property
    def message(self) -> str:
        most = "1 session" if self.limit == 1 else f"{self.limit} sessions"
        return (
            f"This person may use {most} of the shared package and has used or booked {self.used}; {self.asked} more "
            "cannot be. Use a package of their own, or let the holder raise the limit."
        )


class BadVisitTime(Refusal):
    """The instant of the visit is in the future, too far back, or before the package was sold."""

    code = "BAD_VISIT_TIME"

    def __init__(self, visited_at: datetime, earliest: datetime, latest: datetime) -> None:
        self.visited_at, self.earliest, self.latest = visited_at, earliest, latest

    @property
    def message(self) -> str:
        return f"The visit must be {between(self.earliest, self.latest)}."


class AlreadyReversed(Refusal):
    """The redemption has been reversed before; a second reversal would double the session."""

    code = "ALREADY_REVERSED"

    def __init__(self, redemption_id: str, reversal_id: str, reversed_at: datetime, what: str = "redemption") -> None:
        self.redemption_id, self.reversal_id, self.reversed_at = redemption_id, reversal_id, reversed_at
        self._what = what

    @property
    def message(self) -> str:
        return f"The {self._what} was reversed on {self.reversed_at:%Y-%m-%d %H:%M} UTC. There is nothing left to do."


class ReversalTooLate(Refusal):
    """The time in which the desk may reverse is over; from then on it takes a manager."""

    code = "REVERSAL_TOO_LATE"

    def __init__(self, redemption_id: str, until: datetime) -> None:
        self.redemption_id, self.until = redemption_id, until

    @property
    def message(self) -> str:
        return f"The desk could reverse this until {self.until:%Y-%m-%d %H:%M} UTC. Ask a manager to do it."


class NotOnSale(Refusal):
    """The definition has no published version, or its fixed last day has passed."""

    code = "NOT_ON_SALE"

    def __init__(self, definition_id: str) -> None:
        self.definition_id = definition_id

    @property
    def message(self) -> str:
        return "The package definition is not on sale: it has no published version, or its last day is over."


class LimitPerCustomerReached(Refusal):
    """The customer has bought as many packages of this definition as its terms allow."""

    code = "LIMIT_PER_CUSTOMER_REACHED"

    def __init__(self, definition_id: str, limit: int) -> None:
        self.definition_id, self.limit = definition_id, limit

    @property
    def message(self) -> str:
        return f"A customer may buy {self.limit} of this package, and this one has. Sell another package."


class DuplicateSale(Refusal):
    """The same package was sold to the same customer just before, and this may be that sale."""

    code = "DUPLICATE_SALE"

    def __init__(self, sold_package_id: str | None, sold_at: datetime, now: datetime) -> None:
        self.sold_package_id, self.sold_at = sold_package_id, sold_at
        self.minutes = max(0, (now - sold_at) // _MINUTE)

    @property
    def message(self) -> str:
        when = {0: "just now", 1: "1 minute ago"}.get(self.minutes, f"{self.minutes} minutes ago")
        return f"This package was sold to this customer {when}. Confirm that another one is to be sold."

    @property
    def path(self) -> tuple[str, ...]:
        return ("confirmDuplicate",)


class InstalmentsDiffer(Refusal):
    """The instalments come to another sum than what is owed."""

    code = "INSTALMENTS_DIFFER"

    def __init__(self, outstanding: Money, planned: Money) -> None:
        self.outstanding, self.planned = outstanding, planned

    @property
    def message(self) -> str:
        return f"The instalments come to {self.planned} and {self.outstanding} is owed. Plan exactly that."

    @property
    def path(self) -> tuple[str, ...]:
        return ("instalments",)


class ReferenceTaken(Refusal):
    """Another package of the chain has this reference."""

    code = "REFERENCE_TAKEN"

    def __init__(self, reference: str, taken_by_package_id: str | None) -> None:
        self.reference, self.taken_by_package_id = reference, taken_by_package_id

    @property
    def message(self) -> str:
        return f"The reference {self.reference!r} belongs to another package. Choose another one."


class PaymentExceedsOutstanding(Refusal):
    """More money than is outstanding on the package."""

    code = "PAYMENT_EXCEEDS_OUTSTANDING"

    def __init__(self, outstanding: Money, offered: Money, *, keepable: bool = False) -> None:
        self.outstanding, self.offered, self._keepable = outstanding, offered, keepable

    @property
    def message(self) -> str:
        keep = ", or keep the rest as credit with keepExcess" if self._keepable else ""
        said = f"{self.offered} was offered and {self.outstanding} is outstanding."
        return f"{said} Record at most what is outstanding{keep}."


class PaymentAboveLimit(Refusal):
    """More money in one payment than the chain takes."""

    code = "PAYMENT_ABOVE_LIMIT"

    def __init__(self, limit: Money, offered: Money, *path: str) -> None:
        self.limit, self.offered, self._path = limit, offered, path

    @property
    def message(self) -> str:
        return f"{self.offered} was offered, and one payment is {self.limit} at most. Check the amount."

    @property
    def path(self) -> tuple[str, ...]:
        return self._path


class NotEnoughCredit(Refusal):
    """The customer has less credit than is to be used."""

    code = "NOT_ENOUGH_CREDIT"

    def __init__(self, customer_id: str, available: Money, asked: Money, *path: str) -> None:
        self.customer_id, self.available, self.asked, self._path = customer_id, available, asked, path

    @property
    def message(self) -> str:
        return f"{self.asked} of credit was asked for and {self.available} is there. Use at most that."

    @property
    def path(self) -> tuple[str, ...]:
        return self._path


class CustomerMerged(Refusal):
    """The customer was merged into another one, who holds everything from then on."""

    code = "CUSTOMER_MERGED"

    def __init__(self, customer_id: str, merged_into_id: str, *path: str) -> None:
        self.customer_id, self.merged_into_id, self._path = customer_id, merged_into_id, path

    @property
    def message(self) -> str:
        return f"The customer was merged into {self.merged_into_id}. Use that one, or undo the merge first."

    @property
    def path(self) -> tuple[str, ...]:
        return self._path
