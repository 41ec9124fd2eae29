"""Why a settlement cannot be run, decided or paid; each refusal carries what the next screen needs."""

from datetime import date

from domain.kernel.errors import Refusal
from domain.settlements.states import DisputeState, SettlementState


class SettlementPeriodNotOver(Refusal):
    """The last day of the settlement is not over at every branch."""

    code = "SETTLEMENT_PERIOD_NOT_OVER"

    def __init__(self, last_day: date, today: date) -> None:
        self.last_day, self.today = last_day, today

    @property
    def message(self) -> str:
        return f"It is still {self.today} at one of the branches. Settle up to a day before that."

    @property
    def path(self) -> tuple[str, ...]:
        return ("period", "until")


class EarlierUnsettled(Refusal):
    """Something of days before the period is not settled yet."""

    code = "EARLIER_UNSETTLED"

    def __init__(self, first_day: date, unsettled_from: date) -> None:
        self.first_day, self.unsettled_from = first_day, unsettled_from

    @property
    def message(self) -> str:
        return f"What is due since {self.unsettled_from} is not settled. Begin the period on that day or before."

    @property
    def path(self) -> tuple[str, ...]:
        return ("period", "from")


class NothingToSettle(Refusal):
    """Nothing is due between branches in the period that is not settled already."""

    code = "NOTHING_TO_SETTLE"

    def __init__(self, settled_until: date | None, last_settlement_id: str | None) -> None:
        self.settled_until, self.last_settlement_id = settled_until, last_settlement_id

    @property
    def message(self) -> str:
        if self.settled_until is None:
            return "No branch owes another one anything in this period. Choose a later last day."
        return (
            f"Nothing is left to settle in this period: the last settlement reaches {self.settled_until}. What comes "
            "later for those days is taken up by a settlement until that day or a later one."
        )


class SettlementOpen(Refusal):
    """Another settlement is still a draft."""

    code = "SETTLEMENT_OPEN"

    def __init__(self, settlement_id: str, draft_until: date) -> None:
        self.settlement_id, self.draft_until = settlement_id, draft_until

    @property
    def message(self) -> str:
        return f"The settlement until {self.draft_until} is still a draft. Approve it or cancel it first."


class SettlementDecided(Refusal):
    """The settlement is no draft any more: nothing of it changes."""

    code = "SETTLEMENT_DECIDED"

    def __init__(self, settlement_id: str, state: SettlementState) -> None:
        self.settlement_id, self.state = settlement_id, state

    @property
    def message(self) -> str:
        done = "cancelled" if self.state is SettlementState.CANCELLED else "approved"
        return f"The settlement was {done} before, and nothing of it changes any more. Look at the newest one."


class SettlementNotApproved(Refusal):
    """The settlement is not approved, so nothing is paid for it."""

    code = "SETTLEMENT_NOT_APPROVED"

    def __init__(self, settlement_id: str, state: SettlementState) -> None:
        self.settlement_id, self.state = settlement_id, state

    @property
    def message(self) -> str:
        if self.state is SettlementState.CANCELLED:
            return "The settlement was cancelled, so nothing is paid for it. Look at the newest one."
        return "The settlement is a draft still. Let another person approve it first."


class AlreadyPaid(Refusal):
    """What is to be confirmed was paid before."""

    code = "SETTLEMENT_ALREADY_PAID"

    def __init__(self, settlement_id: str, line_id: str | None = None, was_paid_on: date | None = None) -> None:
        self.settlement_id, self.line_id, self.was_paid_on = settlement_id, line_id, was_paid_on

    @property
    def message(self) -> str:
        if self.line_id is None:
            return "Everything of this settlement is paid already. There is nothing to confirm."
        return f"The line {self.line_id!r} was paid on {self.was_paid_on} already. Leave it out."

    @property
    def path(self) -> tuple[str, ...]:
        return ("lineIds",) if self.line_id else ()


class BadSettlementDay(Refusal):
    """A settlement is not paid before it was run, nor in the future."""

    code = "BAD_SETTLEMENT_DAY"

    def __init__(self, paid_on: date, run_on: date, today: date) -> None:
        self.paid_on, self.run_on, self.today = paid_on, run_on, today

    @property
    def message(self) -> str:
        return f"{self.paid_on} is no day on which it can be paid. Choose one from {self.run_on} to {self.today}."

    @property
    def path(self) -> tuple[str, ...]:
        return ("paidOn",)


class EntryPutAside(Refusal):
    """The entry is put aside from this settlement already."""

    code = "ENTRY_PUT_ASIDE"

    def __init__(self, settlement_id: str, entry_id: str) -> None:
        self.settlement_id, self.entry_id = settlement_id, entry_id

    @property
    def message(self) -> str:
        return "The entry is disputed and out of this settlement already. Wait until somebody resolves that."

    @property
    def path(self) -> tuple[str, ...]:
        return ("entryId",)


class DisputeClosed(Refusal):
    """The dispute is not open any more."""

    code = "SETTLEMENT_DISPUTE_CLOSED"

    def __init__(self, dispute_id: str, state: DisputeState) -> None:
        self.dispute_id, self.state = dispute_id, state

    @property
    def message(self) -> str:
        if self.state is DisputeState.DROPPED:
            return "The settlement was cancelled, and with it the dispute: the next settlement has the entry again."
        return "The dispute was resolved before: the next settlement takes the entry up, or has taken it up."
