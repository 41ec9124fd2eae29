"""What Carnet says when it cannot or will not: refusals carry facts, one place renders them."""

from dataclasses import dataclass
from typing import ClassVar

from domain.kernel.words import quoted


class Refusal(Exception):
    """A typed business "no": nothing was written; the attributes are the facts an app needs next."""

    code: ClassVar[str]

    @property
    def message(self) -> str:
        """One sentence that says what is so and what to do."""
        raise NotImplementedError

    @property
    def path(self) -> tuple[str, ...]:
        """The input fields the refusal is about, outermost first."""
        return ()

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One bad field of an input: where it is and what is wrong with it."""

    path: tuple[str, ...]
    message: str


class InvalidInput(Refusal):
    """One or several fields of the input cannot be what they are."""

    code = "INVALID_INPUT"

    def __init__(self, *problems: FieldProblem) -> None:
        self.problems = problems

    @property
    def message(self) -> str:
        return " ".join(problem.message for problem in self.problems)

    @property
    def path(self) -> tuple[str, ...]:
        return self.problems[0].path if len(self.problems) == 1 else ()


class NotFound(Refusal):
    """No such thing in this chain, or none that this principal may see: the two are never told apart."""

    code = "NOT_FOUND"

    def __init__(self, noun: str, id: str, *path: str) -> None:
        self.noun, self.id, self._path = noun, id, path

    @property
    def message(self) -> str:
        return f"There is no {self.noun} {quoted(self.id)} that you may see. Check the id."

    @property
    def path(self) -> tuple[str, ...]:
        return self._path


class Forbidden(Refusal):
    """The principal's roles do not allow the act, or not at that branch."""

    code = "FORBIDDEN"

    def __init__(self, act: str, needs: str) -> None:
        self.act, self.needs = act, needs
        self.noted = False

    @property
    def message(self) -> str:
        if " " in self.act:  # what is read is said in words, and an act by its name in the graph
            return f"You may not {self.act} here; it needs {self.needs}."
        first, *rest = self.act.split("_")
        return f"You may not do that here: {first}{''.join(map(str.capitalize, rest))} needs {self.needs}."


class ApproverIsRequester(Refusal):
    """Whoever asked for something does not approve it too."""

    code = "APPROVER_IS_REQUESTER"

    def __init__(self, requested_by: str, *, by_key: bool = False) -> None:
        self.requested_by, self._by_key = requested_by, by_key

    @property
    def message(self) -> str:
        who = "You made the API key that asked for this" if self._by_key else "You asked for this yourself"
        return f"{who}, and who asks does not approve. Let another person approve it."


class IdempotencyMismatch(Exception):
    """The idempotency key was used before with another input."""

    def __init__(self, key: str) -> None:
        super().__init__(f"The idempotency key {key!r} was used with another input. Send a new key for a new act.")


class Unauthenticated(Exception):
    """The credentials are missing, malformed, expired, revoked or of nobody known."""


class Unavailable(Exception):
    """Something Carnet stands on (the database) does not answer; nothing was written, try again."""


class OtherThanQuoted(Refusal):
    """What it would come to by now is not what was quoted; the refusal brings the new quote."""

    code = "QUOTE_CHANGED"

    @property
    def path(self) -> tuple[str, ...]:
        return ("quoteHash",)
