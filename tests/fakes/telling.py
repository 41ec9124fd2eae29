"""Tells a fake of the demo to misbehave, by the words of a form, and says how it behaves now."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from tests.fakes import erpnext, odoo
from tests.fakes.behaviour import Behaviour, Mishap
from tests.fakes.oauth import CLIENT_ID, CLIENT_SECRET

_MOST_TIMES = 1000
_LONGEST_DELAY = 20
"""Seconds; Carnet waits for half a minute, and a call that is looked at later is what SILENT_AFTER is for."""


class Access(StrEnum):
    """Whether Carnet is let in."""

    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    GRANTED = "GRANTED"


class NotUnderstood(ValueError):
    """A word that says nothing to a fake, and what would."""


def tell(fake: Any, words: Mapping[str, str]) -> None:
    """Behave so from now on: each word changes one thing, and no word at all that everything goes well.

    Raises NotUnderstood.
    """
    if not words:
        fake.behaviour.behave()
        _access(fake, Access.GRANTED)
    for word, value in words.items():
        if word == "access":
            _access(fake, Access(_one_of(word, value, Access)))
        elif word in _WORDS:
            _WORDS[word](fake.behaviour, value, words)
        elif word != "times":
            raise NotUnderstood(f"{word} says nothing; {', '.join(sorted({*_WORDS, 'access', 'times'}))} would.")


def how(fake: Any) -> dict[str, object]:
    """How it behaves, and with which credentials it would let Carnet in; none while it lets nobody in."""
    its: Behaviour = fake.behaviour
    return {
        "next": [str(mishap) for mishap in its.mishaps],
        "lockedUntil": its.locked_until,
        "retryAfter": its.retry_after,
        "delay": its.delay,
        "credentials": _credentials(fake),
    }


def _mishaps(behaviour: Behaviour, value: str, words: Mapping[str, str]) -> None:
    times = int(_number("times", words.get("times", "1"), _MOST_TIMES))
    behaviour.then(*[Mishap(_one_of("next", value, Mishap))] * times)


def _locked(behaviour: Behaviour, value: str, _words: Mapping[str, str]) -> None:
    try:
        behaviour.locked_until = date.fromisoformat(value)
    except ValueError as error:
        raise NotUnderstood("lockedUntil is a day such as 2026-03-31.") from error


def _rest(behaviour: Behaviour, value: str, _words: Mapping[str, str]) -> None:
    behaviour.retry_after = str(int(_number("retryAfter", value, 86_400)))


def _delay(behaviour: Behaviour, value: str, _words: Mapping[str, str]) -> None:
    behaviour.delay = _number("delay", value, _LONGEST_DELAY)


_WORDS: Mapping[str, Callable[[Behaviour, str, Mapping[str, str]], None]] = {
    "next": _mishaps,
    "lockedUntil": _locked,
    "retryAfter": _rest,
    "delay": _delay,
}


def _access(fake: Any, access: Access) -> None:
    """Access that was lent is refreshed when it has expired; a key that expired is good no more."""
    lets_in = access is Access.GRANTED
    if isinstance(fake, erpnext.FakeErpNext):
        fake.token = erpnext.TOKEN if lets_in else ""
    elif isinstance(fake, odoo.FakeOdoo):
        fake.api_key = odoo.API_KEY if lets_in else ""
    elif access is Access.EXPIRED:
        fake.lender.expire()
    elif lets_in:
        fake.lender.revoked = False
    else:
        fake.lender.revoke()


def _credentials(fake: Any) -> Mapping[str, Mapping[str, str]] | None:
    """As `resumeConnection` takes them."""
    if isinstance(fake, erpnext.FakeErpNext):
        key, _, secret = fake.token.partition(":")
        return {"keyPair": {"apiKey": key, "apiSecret": secret}} if fake.token else None
    if isinstance(fake, odoo.FakeOdoo):
        return {"key": {"apiKey": fake.api_key}} if fake.api_key else None
    lent = {"clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "refreshToken": fake.lender.refresh}
    return None if fake.lender.revoked else {"oauth": lent}


def _one_of(word: str, value: str, choices: type[StrEnum]) -> str:
    if value not in list(choices):
        raise NotUnderstood(f"{word} is one of {', '.join(choices)}.")
    return value


def _number(word: str, value: str, largest: int) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1
    if not 0 <= number <= largest:
        raise NotUnderstood(f"{word} is a number up to {largest}.")
    return number
