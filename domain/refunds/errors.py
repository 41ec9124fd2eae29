"""Why a package cannot be given back as asked; why it cannot be decided about stands in `deciding_errors.py`."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.kernel.errors import OtherThanQuoted, Refusal
from domain.kernel.money import Money
from domain.refunds.quote import RefundQuote
from domain.refunds.rules import Reckoned, Reckoning


@dataclass(frozen=True, slots=True)
class Came:
    """What the sessions asked for came to: nothing; and from how many on something would come back, if ever."""

    sessions: int
    least: int | None
    reckonings: tuple[Reckoning, ...]
    currency: str
    capped: bool = False
    """Whether something would, but for the terms of the package that an upgrade closed for this one."""

    @property
    def by_none(self) -> bool:
        """Whether the terms refund nothing at all."""
        return any(each.binding and each.by is Reckoned.NONE for each in self.reckonings)


class NothingToRefund(Refusal):
    """Nothing is left of the package that could be given back, or nothing would come back for it."""

    code = "NOTHING_TO_REFUND"

    def __init__(self, package_id: str, remaining: int, held: int, came: Came | None = None) -> None:
        self.package_id, self.remaining, self.held, self._came = package_id, remaining, held, came
        self.least_sessions = came.least if came else None
        self.reckoned = came.reckonings if came else ()
        self.currency = came.currency if came else ""

    @property
    def message(self) -> str:
        if self._came is not None:
            return self._comes_to_nothing(self._came)
        if self.held:
            return f"{_sessions(self.held)} left, and bookings hold that. Name the bookings to release."
        return "Nothing is left of the package that was paid for and not used. There is nothing to give back."

    def _comes_to_nothing(self, came: Came) -> str:
        if came.least is not None:
            few = _sessions(came.sessions, verb=False)
            return (
                f"By the terms nothing comes back for {few}: those kept are paid for as though they were used. "
                f"Give back {came.least} or more."
            )
        then = "Use them, or refund an amount as goodwill, for which no session has to be given back."
        if came.capped:
            return (
                f"{_sessions(self.remaining)} left, and nothing comes back for all of them: by the terms of the "
                f"package that an upgrade closed for this one, nothing is left of what was paid. {then}"
            )
        if came.by_none:
            return f"{_sessions(self.remaining)} left, and by the terms nothing is refunded. {then}"
        return (
            f"{_sessions(self.remaining)} left, and by the terms nothing comes back for all of them: what was used and "
            f"what is kept as penalty is as much as was paid. {then}"
        )


class RefundAboveRest(Refusal):
    """More sessions are to be given back than can be."""

    code = "REFUND_ABOVE_REST"

    def __init__(self, package_id: str, asked: int, refundable: int, held: int) -> None:
        self.package_id, self.asked, self.refundable, self.held = package_id, asked, refundable, held

    @property
    def message(self) -> str:
        held = f", and bookings hold {self.held} more" if self.held else ""
        return (
            f"{self.asked} are to be given back and {self.refundable} can be{held}. Give back at most that"
            f"{', or name bookings to release' if self.held else ''}."
        )

    @property
    def path(self) -> tuple[str, ...]:
        return ("sessions",)


class PackageHandedOn(Refusal):
    """What the package held was paid for with another one, or is in another one by now."""

    code = "PACKAGE_HANDED_ON"

    def __init__(self, package_id: str, *, came: bool, other_ids: Sequence[str] = ()) -> None:
        self.package_id, self.came = package_id, came
        self.from_package_ids = tuple(other_ids) if came else ()
        self.to_package_ids = () if came else tuple(other_ids)

    @property
    def message(self) -> str:
        if self.came:
            return (
                "Its sessions came from another package and were not paid for here, so nothing of it can be given "
                "back. Undo the transfer, and give back the package that they came from."
            )
        return (
            "All that was left of it has gone to another package, so nothing of it can be given back. "
            "Undo that first where it was a transfer."
        )


class GoodwillAboveRest(Refusal):
    """More is to be refunded, goodwill included, than is left of what was paid."""

    code = "GOODWILL_ABOVE_REST"

    def __init__(self, package_id: str, goodwill: Money, refund: Money, rest: Money) -> None:
        self.package_id, self.goodwill, self.refund, self.rest = package_id, goodwill, refund, rest

    @property
    def message(self) -> str:
        most = Money(self.rest.amount_minor - self.refund.amount_minor, self.rest.currency)
        return f"Of what was paid {self.rest} is left, and {self.refund} comes back anyway. Grant at most {most} more."

    @property
    def path(self) -> tuple[str, ...]:
        return ("goodwill",)


class CreditNotAgreed(Refusal):
    """A part of the refund was paid by no payment here, and goes back only as credit, if the customer agrees."""

    code = "CREDIT_NOT_AGREED"

    def __init__(self, package_id: str, credit: Money) -> None:
        self.package_id, self.credit = package_id, credit

    @property
    def message(self) -> str:
        return f"No payment here brought {self.credit} of it in. Ask whether the customer agrees to have it as credit."

    @property
    def path(self) -> tuple[str, ...]:
        return ("toCredit",)


class RefundQuoteChanged(OtherThanQuoted):
    """What would come back is not what was quoted, or the package has changed since."""

    def __init__(self, quote: RefundQuote) -> None:
        self.quote, self.quote_hash, self.sessions = quote, quote.quote_hash, quote.sessions
        self.total = Money(quote.total_minor, quote.currency)

    @property
    def message(self) -> str:
        return (
            f"This is not what was quoted. As things stand {self.total} would come back for "
            f"{_sessions(self.sessions, verb=False)}. Show the new quote, and send its hash."
        )


def _sessions(count: int, *, verb: bool = True) -> str:
    if count == 1:
        return "1 session is" if verb else "1 session"
    return f"{count} sessions{' are' if verb else ''}"
