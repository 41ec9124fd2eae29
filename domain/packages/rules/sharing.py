"""Whether a person who does not hold a package may use it, and how much of it is left to them."""

from dataclasses import dataclass

from domain.catalog.terms import Sharing
from domain.packages.errors import PersonMayNotUse, ShareLimitReached
from domain.packages.sold import Sold


@dataclass(frozen=True, slots=True)
class Sharer:
    """A person as they stand to a package that somebody else holds.

    `used` are the sessions that they have used or that are held for them; it is counted only where there is a limit.
    """

    person_id: str
    member: bool
    named: bool
    most_sessions: int | None
    used: int


def shares(sharing: Sharing, sharer: Sharer) -> bool:
    """Whether the package is shared with the person, be it without a session."""
    return sharer.member if sharing is Sharing.HOUSEHOLD else sharing is Sharing.NAMED and sharer.named


def may_use(sharing: Sharing, sharer: Sharer) -> bool:
    """Whether the person may use any of the package at all."""
    return shares(sharing, sharer) and sharer.most_sessions != 0


def refuse_sharer(sold: Sold, sharer: Sharer, asked: int) -> None:
    """Refuse a person with whom the package is not shared, or not as far as what is asked for."""
    if not may_use(sold.sharing, sharer):
        raise PersonMayNotUse(sold.id, sharer.person_id)
    if sharer.most_sessions is not None and sharer.used + asked > sharer.most_sessions:
        raise ShareLimitReached(sold.id, sharer.person_id, sharer.most_sessions, sharer.used, asked)
