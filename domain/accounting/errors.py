"""Why a period cannot be closed or reopened; each refusal carries what the next screen needs."""

from datetime import date

from domain.kernel.errors import Refusal


class PeriodClosed(Refusal):
    """The books of that day are closed already."""

    code = "PERIOD_CLOSED"

    def __init__(self, last_day: date, open_from: date) -> None:
        self.last_day, self.open_from = last_day, open_from

    @property
    def message(self) -> str:
        return f"The books of {self.last_day} are closed already. Choose a day from {self.open_from} on."

    @property
    def path(self) -> tuple[str, ...]:
        return ("lastDay",)


class PeriodNotOver(Refusal):
    """The day is not over at every branch."""

    code = "PERIOD_NOT_OVER"

    def __init__(self, last_day: date, today: date) -> None:
        self.last_day, self.today = last_day, today

    @property
    def message(self) -> str:
        return f"It is still {self.today} at one of the branches. Close up to a day before that."

    @property
    def path(self) -> tuple[str, ...]:
        return ("lastDay",)


class PeriodUnfinished(Refusal):
    """Carnet is still posting what belongs to the period."""

    code = "PERIOD_UNFINISHED"

    def __init__(self, last_day: date, lapses: bool) -> None:
        self.last_day, self.lapses = last_day, lapses

    @property
    def message(self) -> str:
        what = "Sessions that lapsed" if self.lapses else "New estimates of breakage"
        return f"{what} until {self.last_day} are still being posted. Try again in a minute."


class NothingClosed(Refusal):
    """No period is closed."""

    code = "NOTHING_CLOSED"

    @property
    def message(self) -> str:
        return "The books are open from their beginning. There is no period to reopen."
