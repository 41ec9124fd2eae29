"""Why a chain or a branch cannot be as asked."""

from datetime import date

from domain.kernel.errors import Refusal


class BranchCodeTaken(Refusal):
    """Another branch of the chain has this code."""

    code = "BRANCH_CODE_TAKEN"

    def __init__(self, branch_code: str, branch_id: str) -> None:
        self.branch_code, self.branch_id = branch_code, branch_id

    @property
    def message(self) -> str:
        return f"The code {self.branch_code!r} belongs to another branch. Choose another one."

    @property
    def path(self) -> tuple[str, ...]:
        return ("code",)


class WrongCurrency(Refusal):
    """The money is in another currency than the chain's."""

    code = "WRONG_CURRENCY"

    def __init__(self, currency: str, expected: str, *path: str) -> None:
        self.currency, self.expected, self._path = currency, expected, path

    @property
    def message(self) -> str:
        return f"The currency is {self.currency}, and {self.expected} is expected. Use that one."

    @property
    def path(self) -> tuple[str, ...]:
        return self._path


class ChainFounded(Refusal):
    """There is a chain of this name already."""

    code = "CHAIN_FOUNDED"

    def __init__(self, name: str, chain_id: str) -> None:
        self.name, self.chain_id = name, chain_id

    @property
    def message(self) -> str:
        return f"The chain {self.name!r} exists. Choose another name."


class BooksClosed(Refusal):
    """The day lies in books that the chain has closed."""

    code = "BOOKS_CLOSED"

    def __init__(self, day: date, open_from: date, *path: str) -> None:
        self.day, self.open_from, self._path = day, open_from, path

    @property
    def message(self) -> str:
        return f"The books of {self.day} are closed. Choose a day from {self.open_from} on."

    @property
    def path(self) -> tuple[str, ...]:
        return self._path
