"""What Odoo says: its exceptions by name, and until when it is locked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import goes_on_once, rejected
from domain.accounting.connectors.http import Response
from domain.accounting.connectors.protocol import Answer, Problem

LOCKS = ("user_fiscalyear_lock_date", "user_hard_lock_date")
"""The dates that bind the user of the connection, with all that is excepted; tax and sales have further ones."""
_NEVER = date.min
_NO_VERDICT = frozenset({401, 403, 408, 409, 425, 429})
_CLOSED = ("prior to and inclusive of", "lock date")


def rejects(response: Response) -> bool:
    """Whether it has looked at what was sent, and said no; a model that is not there looks at nothing."""
    if not 400 <= response.status < 500 or response.status in _NO_VERDICT:
        return False
    return response.status != 404 or _kind(response) == "MissingError"


def words_of(response: Response) -> str:
    """What it complains of, or nothing."""
    return " ".join(exact.text(exact.told(response.body), "message").split())


def locked(response: Response, until: date | None, day: date) -> Answer | None:
    """The answer where the day is locked: by its words, which are translated, or by the dates that were read."""
    words = words_of(response)
    said_so = any(closed in words.lower() for closed in _CLOSED)
    if not said_so and (until is None or until < day):
        return None
    hint = goes_on_once("Set back the lock date in Odoo")
    return replace(rejected(Problem.LOCKED_DAY, words, hint, response.status), locked_until=until)


def refusal(response: Response) -> Answer:
    """Why it said no, and what a person can do."""
    words = words_of(response) or f"it answered {response.status}"
    if _kind(response) == "MissingError":
        hint = "Map its accounts and dimensions to ids that Odoo has and that are active, and retry."
        return rejected(Problem.UNKNOWN_ACCOUNT, words, hint, response.status)
    hint = "Change what it complains of, there or in the mapping, and retry."
    return rejected(Problem.INVALID, words, hint, response.status)


def latest(company: Mapping[str, object]) -> date | None:
    """The later of its lock dates; where there is none, Odoo tells a day of long ago."""
    told = [exact.day(exact.text(company, name)) for name in LOCKS]
    return max((day for day in told if day and day != _NEVER), default=None)


def _kind(response: Response) -> str:
    return exact.text(exact.told(response.body), "name").rpartition(".")[2]
