"""Why sessions cannot be handed on, or not be taken back again, as asked."""

from datetime import datetime

from domain.catalog.terms import TransferTo
from domain.kernel.errors import OtherThanQuoted, Refusal
from domain.kernel.money import Money
from domain.transfers.quote import TransferQuote


class TransferNotAllowed(Refusal):
    """The terms of the package do not let it go to this customer."""

    code = "TRANSFER_NOT_ALLOWED"

    def __init__(self, package_id: str, allowed: TransferTo) -> None:
        self.package_id, self.allowed = package_id, allowed

    @property
    def message(self) -> str:
        if self.allowed is TransferTo.NONE:
            return "The terms of the package let nobody hand it on. Sell the other person a package."
        return "The terms let the package go to the holder's household only. Choose a member of it."


class TransferToOneself(Refusal):
    """The recipient holds the package already."""

    code = "TRANSFER_TO_ONESELF"

    def __init__(self, package_id: str, recipient_id: str) -> None:
        self.package_id, self.recipient_id = package_id, recipient_id

    @property
    def message(self) -> str:
        return "The recipient is the holder of the package. Choose another customer."

    @property
    def path(self) -> tuple[str, ...]:
        return ("recipientId",)


class PartialTransferNotAllowed(Refusal):
    """The terms let the package be handed on as a whole only."""

    code = "PARTIAL_TRANSFER_NOT_ALLOWED"

    def __init__(self, package_id: str, asked: int, remaining: int) -> None:
        self.package_id, self.asked, self.remaining = package_id, asked, remaining

    @property
    def message(self) -> str:
        return f"The terms let the package go as a whole only, and {self.remaining} can be handed on. Hand on all."

    @property
    def path(self) -> tuple[str, ...]:
        return ("sessions",)


class TransferLimitReached(Refusal):
    """Sessions of the package were handed on as often as its terms allow."""

    code = "TRANSFER_LIMIT_REACHED"

    def __init__(self, package_id: str, limit: int) -> None:
        self.package_id, self.limit = package_id, limit

    @property
    def message(self) -> str:
        times = "once" if self.limit == 1 else f"{self.limit} times"
        return f"The package can be handed on {times}, and has been. Sell the other person a package."


class NothingToHandOn(Refusal):
    """All that can be handed on was asked for, and nothing can."""

    code = "NOTHING_TO_HAND_ON"

    def __init__(self, package_id: str, held: int) -> None:
        self.package_id, self.held = package_id, held

    @property
    def message(self) -> str:
        if self.held:
            return (
                "Bookings hold what is left of the package. Hand it on along with visits to come, or cancel them first."
            )
        return "Nothing is left of the package that could be handed on. Sell the other person a package."


class TransferPending(Refusal):
    """The whole of a package is asked for while another transfer of it waits to be decided, or the other way round."""

    code = "TRANSFER_PENDING"

    def __init__(self, package_id: str, transfer_id: str, requested_at: datetime) -> None:
        self.package_id, self.transfer_id, self.requested_at = package_id, transfer_id, requested_at

    @property
    def message(self) -> str:
        return (
            f"Another transfer of the package waits since {self.requested_at:%Y-%m-%d %H:%M} UTC, and the whole goes "
            "only once. Have that one approved or refused, or withdraw it first."
        )


class PackagesDiffer(Refusal):
    """The recipient's package is not one that the sessions could be part of."""

    code = "PACKAGES_DIFFER"

    def __init__(self, package_id: str, into_package_id: str) -> None:
        self.package_id, self.into_package_id = package_id, into_package_id

    @property
    def message(self) -> str:
        return (
            "The recipient's package was sold on other terms, has another home branch, or began on another day. "
            "Leave it out, and a package is opened for them."
        )

    @property
    def path(self) -> tuple[str, ...]:
        return ("intoPackageId",)


class QuoteChanged(OtherThanQuoted):
    """What would be handed on, what would stay, or the fee, is not what was quoted."""

    def __init__(self, quote: TransferQuote) -> None:
        self.quote, self.quote_hash, self.sessions = quote, quote.quote_hash, quote.sessions
        self.value, self.fee = Money(quote.value_minor, quote.currency), Money(quote.fee_minor, quote.currency)

    @property
    def message(self) -> str:
        sessions = "1 session" if self.sessions == 1 else f"{self.sessions} sessions"
        return (
            f"By now it is {sessions} worth {self.value}, for a fee of {self.fee}, and {self.quote.stays} would stay. "
            "Show the new quote, and send its hash."
        )


_AGAIN = "Ask for a new one if need be."
_TOLD = {
    "REQUESTED": ("waits to be decided since", "Approve, refuse or withdraw it."),
    "DONE": ("was done at", "Undo it, or let the recipient hand the sessions back."),
    "REFUSED": ("was refused at", _AGAIN),
    "WITHDRAWN": ("was withdrawn at", _AGAIN),
    "UNDONE": ("was undone at", _AGAIN),
}
"""What has become of a transfer, and what can be done."""


class WrongTransferState(Refusal):
    """The transfer is not in the state in which that can be done."""

    code = "WRONG_TRANSFER_STATE"

    def __init__(self, transfer_id: str, state: str, since: datetime) -> None:
        self.transfer_id, self.state, self.since = transfer_id, state, since

    @property
    def message(self) -> str:
        what, then = _TOLD[self.state]
        return f"The transfer {what} {self.since:%Y-%m-%d %H:%M} UTC. {then}"


class UndoTooLate(Refusal):
    """The time in which a transfer can be undone is over."""

    code = "UNDO_TOO_LATE"

    def __init__(self, transfer_id: str, until: datetime) -> None:
        self.transfer_id, self.until = transfer_id, until

    @property
    def message(self) -> str:
        return f"It could be undone until {self.until:%Y-%m-%d %H:%M} UTC. Let the recipient hand the sessions back."


class TransferUsed(Refusal):
    """Of what was handed on something was used, promised, handed on or lapsed since."""

    code = "TRANSFER_USED"

    def __init__(self, transfer_id: str, into_package_id: str, sessions: int, remaining: int) -> None:
        self.transfer_id, self.into_package_id = transfer_id, into_package_id
        self.sessions, self.remaining = sessions, remaining

    @property
    def message(self) -> str:
        return (
            f"{self.sessions} sessions were handed on, and {self.remaining} of them are there untouched. "
            "Let the recipient hand on what is left."
        )
