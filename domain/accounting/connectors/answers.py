"""What the ends of a call mean, the same for every system; what a system says in its own words its connector reads."""

from collections.abc import Awaitable
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import parsedate_to_datetime

from domain.accounting.connectors.exact import kept
from domain.accounting.connectors.http import Response, Unanswered, Unreached
from domain.accounting.connectors.oauth import Revoked
from domain.accounting.connectors.protocol import Answer, Outcome, Problem

MOST_ROWS, MOST_BYTES = 500_000, 256 * 1024 * 1024
_LONGEST = 1000
_UNSURE = frozenset({408, 409, 425})
"""It may be at work still, or was heard only in part."""
_LOOKS_FIRST = "Carnet looks there by itself whether it is booked before it sends anything again."
_BY_ITSELF = "Carnet tries again by itself."


class NotRead(Exception):
    """What is booked, or which accounts there are, could not be read; the answer says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.message)
        self.answer = answer


@dataclass(slots=True)
class Reading:
    """How much a list has told so far: one that does not end would take all memory there is."""

    rows: int = 0
    size: int = 0

    def page(self, rows: int, size: int) -> None:
        """One more page; raises NotRead where it is more than is read at a time."""
        self.rows, self.size = self.rows + rows, self.size + size
        if self.rows > MOST_ROWS or self.size > MOST_BYTES:
            raise NotRead(unanswered("it tells more than Carnet reads at a time, compare fewer days"))


async def asked(call: Awaitable[Response]) -> Response | Answer:
    """The response, or what it means that there is none."""
    try:
        return await call
    except Unreached as error:
        return unreached(str(error))
    except Unanswered as error:
        return unanswered(str(error))
    except Revoked as error:
        return unauthorised(str(error))


def unreached(words: str = "") -> Answer:
    """Nobody was reached."""
    message = _said("The accounting system was not reached, and nothing was sent", words)
    return Answer(Outcome.LATER, problem=Problem.UNREACHABLE, message=message, hint=_BY_ITSELF)


def unanswered(words: str = "", status: int | None = None) -> Answer:
    """It may have arrived, and nobody knows what became of it."""
    message = _said("No answer says whether it was booked", words)
    return Answer(Outcome.UNCERTAIN, problem=Problem.NO_ANSWER, status=status, message=message, hint=_LOOKS_FIRST)


def unauthorised(words: str = "", status: int | None = None) -> Answer:
    """It was surely not taken, and none will be before a person has let us in again."""
    message = _said("The accounting system lets Carnet in no more", words)
    hint = "Connect it again with new credentials, and resume the connection: it goes on where it stopped."
    return Answer(Outcome.LATER, problem=Problem.UNAUTHORISED, status=status, message=message, hint=hint)


def rejected(problem: Problem, words: str, hint: str, status: int | None = None) -> Answer:
    """It said no, in its own words."""
    message = _said("The accounting system did not take it", words)
    return Answer(Outcome.REJECTED, problem=problem, status=status, message=message, hint=hint)


def goes_on_once(opened: str) -> str:
    """What to do about a day that is locked; that nobody is to do Carnet's work is said too."""
    return (
        f"{opened}: Carnet tries again every day, and at once when the connection is resumed. Never book it by hand, "
        "or it is there twice."
    )


def meaning(response: Response, words: str = "") -> Answer | None:
    """What the status of a response says of a call that writes, where it says the same in every system.

    Nothing for a success and for what the system rejects: there its words matter.
    """
    status = response.status
    if status == 429:
        message = _said("The accounting system takes no more calls for now", words)
        return Answer(
            Outcome.LATER,
            problem=Problem.TOO_MANY_CALLS,
            status=status,
            message=message,
            hint=_BY_ITSELF,
            retry_after=retry_after(response),
        )
    if status in (401, 403):
        return unauthorised(words, status)
    if status >= 500 or status in _UNSURE:
        return replace(unanswered(words or f"it answered {status}", status), retry_after=retry_after(response))
    if not 200 <= status < 300 and status < 400:
        return replace(unreached(f"it answered {status}"), status=status)
    return None


def not_known(answer: Answer) -> Answer:
    """The same of a call that only looks: whatever kept it from looking, nobody knows whether the document is there."""
    return replace(answer, outcome=Outcome.UNCERTAIN)


def not_there() -> Answer:
    """It was looked for, and is surely not booked."""
    return Answer(Outcome.LATER, message="The accounting system does not have it.", hint=_BY_ITSELF)


def retry_after(response: Response) -> timedelta | None:
    """How long it asks to be left alone: seconds, or until a time by its own clock."""
    told = response.headers.get("retry-after", "")
    if told.isascii() and told.isdigit():
        return timedelta(seconds=min(int(told[:9]), 86_400))
    try:
        wait = parsedate_to_datetime(told) - parsedate_to_datetime(response.headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return min(max(wait, timedelta()), timedelta(days=1))


def _said(sentence: str, words: str) -> str:
    words = " ".join(kept(words).split()).rstrip(".")
    return (f"{sentence}: {words}" if words else sentence)[: _LONGEST - 1] + "."
