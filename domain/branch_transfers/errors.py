"""Why a package cannot move to another home branch as asked; each refusal carries what the next screen needs."""

from datetime import datetime

from domain.kernel.errors import Refusal


class AlreadyAtHome(Refusal):
    """The package is at home at the branch that it would move to."""

    code = "ALREADY_AT_HOME"

    def __init__(self, package_id: str, branch_id: str) -> None:
        self.package_id, self.branch_id = package_id, branch_id

    @property
    def message(self) -> str:
        return "The package is at home at this branch already. Choose another branch."

    @property
    def path(self) -> tuple[str, ...]:
        return ("toBranchId",)


class NothingToMove(Refusal):
    """No session is left of the package, and nothing of it is unpaid."""

    code = "NOTHING_TO_MOVE"

    def __init__(self, package_id: str) -> None:
        self.package_id = package_id

    @property
    def message(self) -> str:
        return "Nothing is left of the package that could move. Leave it where it is."


class BranchTransferPending(Refusal):
    """Another transfer of the package waits to be decided."""

    code = "BRANCH_TRANSFER_PENDING"

    def __init__(self, package_id: str, branch_transfer_id: str, lapses_at: datetime) -> None:
        self.package_id, self.branch_transfer_id, self.lapses_at = package_id, branch_transfer_id, lapses_at

    @property
    def message(self) -> str:
        until = f"{self.lapses_at:%Y-%m-%d %H:%M} UTC"
        return f"Another transfer of the package can be accepted until {until}. Withdraw that one first."


class BranchTransferEnded(Refusal):
    """The transfer was decided before, or nobody decided it in time."""

    code = "BRANCH_TRANSFER_ENDED"

    def __init__(self, branch_transfer_id: str, state: str, ended_at: datetime) -> None:
        self.branch_transfer_id, self.state, self.ended_at = branch_transfer_id, state, ended_at

    @property
    def message(self) -> str:
        what = {"LAPSED": "lapsed", "ACCEPTED": "was accepted", "REFUSED": "was refused", "WITHDRAWN": "was withdrawn"}
        return f"The transfer {what[self.state]} on {self.ended_at:%Y-%m-%d %H:%M} UTC. Ask for a new one if need be."


class ClosingGoesOn(Refusal):
    """The branch is being closed, and its packages are on their way."""

    code = "CLOSING_GOES_ON"

    def __init__(self, branch_id: str, branch_closing_id: str) -> None:
        self.branch_id, self.branch_closing_id = branch_id, branch_closing_id

    @property
    def message(self) -> str:
        return "The packages of the branch are being moved already. Wait until that is finished."
