"""Pure: which settlement rate counts for a visit, and what the branch that performs sessions earns by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.kernel.money import round_half_up

WHOLE_BP = 10_000


class Basis(StrEnum):
    """What a session of another branch's package earns."""

    SESSION_VALUE = "SESSION_VALUE"
    LIST_PERCENT = "LIST_PERCENT"


@dataclass(frozen=True, slots=True)
class Rate:
    """What counts between two branches from a day on; a branch left out stands for any."""

    id: str
    home_id: str | None
    performing_id: str | None
    basis: Basis
    percent_bp: int | None
    starts_on: date


def counting(rates: Iterable[Rate], home_id: str, performing_id: str, day: date) -> Rate | None:
    """The rate that counts on a day: the narrowest, of these the one that starts last, of these the newest.

    Both branches named are narrower than the home branch alone, and that is narrower than the performing one alone.
    """
    there = [
        rate
        for rate in rates
        if rate.starts_on <= day and rate.home_id in (None, home_id) and rate.performing_id in (None, performing_id)
    ]
    return max(there, key=_narrowest_then_newest, default=None)


def _narrowest_then_newest(rate: Rate) -> tuple[bool, bool, date, str]:
    return rate.home_id is not None, rate.performing_id is not None, rate.starts_on, rate.id


def earned(rate: Rate | None, list_price_minor: int | None, sessions: int) -> int | None:
    """What the sessions earn; None where that is what they are worth, for lack of a rate or of a list price too.

    Each session is rounded by itself, so that one and one come to the same as two.
    """
    if rate is None or rate.percent_bp is None or list_price_minor is None:
        return None
    return sessions * round_half_up(list_price_minor * rate.percent_bp, WHOLE_BP)
