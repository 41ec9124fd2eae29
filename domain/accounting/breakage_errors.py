"""Why breakage is not recognised as asked; each refusal carries what the next screen needs."""

from datetime import date

from domain.branches.settings import BreakageMethod
from domain.kernel.errors import Refusal


class MidPeriod(Refusal):
    """The method of breakage changes at the start of a period only, before any breakage is posted in it."""

    code = "MID_PERIOD"

    def __init__(self, open_from: date | None) -> None:
        self.open_from = open_from

    @property
    def message(self) -> str:
        if self.open_from is None:
            return "The books were never closed, and the method changes at the start of a period. Close a period first."
        return (
            f"Breakage was posted in the period that is open from {self.open_from}. Close that period, and change the "
            "method before any is posted in the next one."
        )


class BreakageMethodInForce(Refusal):
    """The chain recognises breakage by this method already."""

    code = "BREAKAGE_METHOD_IN_FORCE"

    def __init__(self, method: BreakageMethod) -> None:
        self.method = method

    @property
    def path(self) -> tuple[str, ...]:
        return ("method",)

    @property
    def message(self) -> str:
        return f"The chain goes by {self.method} already. Nothing has to be changed."
