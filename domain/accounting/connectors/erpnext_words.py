"""What ERPNext says: its messages, wrapped in JSON and HTML, and what they mean."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from html import unescape

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import goes_on_once, rejected, unanswered
from domain.accounting.connectors.http import Response
from domain.accounting.connectors.protocol import Answer, Problem

_REJECTS = range(400, 500)
_NO_VERDICT = frozenset({401, 403, 408, 409, 425, 429})
_TAG = re.compile(r"<[^<>]*>")
_CLOSED = ("closedaccountingperiod", "books have been closed", "to add or update entries before")
_TAKEN = ("DuplicateEntryError", "UniqueValidationError")


def rejects(response: Response) -> bool:
    """Whether it has looked at what was sent, and said no; a page that is not there looks at nothing."""
    if response.status not in _REJECTS or response.status in _NO_VERDICT:
        return False
    return response.status != 404 or bool(words_of(response))


def words_of(response: Response) -> str:
    """What it complains of, or nothing."""
    told = exact.table(exact.told(response.body))
    messages = exact.told(exact.text(told, "_server_messages").encode())
    words = [_words(each) for each in messages] if isinstance(messages, list) else []
    if not any(words):
        words = [exact.text(told, "exception").rpartition("Error: ")[2], exact.text(told, "message")]
    plain = (unescape(_TAG.sub(" ", each)) for each in words)
    return "; ".join(dict.fromkeys(" ".join(each.split()) for each in plain if each.strip()))


def locked(response: Response, until: date | None, day: date) -> Answer | None:
    """The answer where the day is one of a period that takes nothing more: by its words, which are translated, or by
    the dates that were read."""
    words = words_of(response)
    said = f"{_kind(response)} {words}".lower()
    is_closed = any(closed in said for closed in _CLOSED) or (until is not None and until >= day)
    if not is_closed or _kind(response) in _TAKEN:
        return None
    hint = goes_on_once("Open the period in ERPNext")
    return replace(rejected(Problem.LOCKED_DAY, words, hint, response.status), locked_until=until)


def refusal(response: Response) -> Answer:
    """Why it said no, and what a person can do."""
    kind, status = _kind(response), response.status
    words = words_of(response) or f"it answered {status}"
    if kind in _TAKEN:
        return unanswered(f"it has one with this id, {words}", status)
    if kind in ("LinkValidationError", "DoesNotExistError") or status == 404:
        hint = "Map its accounts and dimensions to names that ERPNext has and that are active, and retry."
        return rejected(Problem.UNKNOWN_ACCOUNT, words, hint, status)
    return rejected(Problem.INVALID, words, "Change what it complains of, there or in the mapping, and retry.", status)


def latest(days: Iterable[str]) -> date | None:
    """The last of the days that are told."""
    return max(filter(None, map(exact.day, days)), default=None)


def _kind(response: Response) -> str:
    return exact.text(exact.told(response.body), "exc_type")


def _words(message: object) -> str:
    """Each message is itself a text of JSON."""
    told = exact.told(message.encode()) if isinstance(message, str) else message
    return exact.text(told, "message") if isinstance(told, dict) else str(message)
