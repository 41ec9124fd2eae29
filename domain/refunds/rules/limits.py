"""How much of refunds who may agree to: counted over the day, so that many small ones are not less than a large one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.kernel.principals import Actor, Principal, Role


class Which(StrEnum):
    """Which of its two limits a role has reached."""

    AT_ONCE = "AT_ONCE"
    PER_DAY = "PER_DAY"


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that a role may agree to: of one package on a day, and of all that one person agrees to; None for any.

    Without a branch it counts wherever the role is held and the branch has none of its own.
    """

    role: Role
    branch_id: str | None
    at_once_minor: int | None
    per_day_minor: int | None


@dataclass(frozen=True, slots=True)
class Today:
    """What was refunded on the local day of the branch, without the refund in question.

    `of_package_minor` was agreed for the package by anybody; `agreed_minor` by this person at the branch, where limits
    count. `asked_minor` is what this person asked for at any branch, unless it came to nothing.
    """

    of_package_minor: int = 0
    agreed_minor: int = 0
    asked_minor: int = 0


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A limit that a refund goes beyond."""

    role: Role
    which: Which
    limit_minor: int
    already_minor: int


def roles_at(actor: Actor, branch_id: str, among: Iterable[Role]) -> list[Role]:
    """Those of the roles that are held at the branch, in the order of their names."""
    held = {grant.role for grant in actor.grants if grant.branch_id in (None, branch_id)}
    return sorted(held & frozenset(among))


def exceeded(amount_minor: int, today: Today, roles: Sequence[Role], limits: Sequence[Limit]) -> Exceeded | None:
    """The limit in the way: of the role that may the most. None where some role that is held may agree to it."""
    found = [_exceeded(amount_minor, today, _limit(role, limits)) for role in roles]
    if not found or None in found:
        return None
    return max((each for each in found if each), key=lambda each: each.limit_minor)


def _limit(role: Role, limits: Sequence[Limit]) -> Limit | None:
    """What a branch has of its own counts before what the chain has."""
    own = sorted((each for each in limits if each.role is role), key=lambda each: each.branch_id is None)
    return own[0] if own else None


def _exceeded(amount_minor: int, today: Today, limit: Limit | None) -> Exceeded | None:
    if limit is None:
        return None
    for which, most, already in (
        (Which.AT_ONCE, limit.at_once_minor, today.of_package_minor),
        (Which.PER_DAY, limit.per_day_minor, today.agreed_minor),
    ):
        if most is not None and already + amount_minor > most:
            return Exceeded(limit.role, which, most, already)
    return None


def must_wait(actor: Actor, amount_minor: int, today: Today, above_minor: int | None, beyond_contract: bool) -> bool:
    """Whether another person has to approve whatever the roles may: customers and keys do not agree to anything.

    `above_minor` is the amount of the terms, which neither the package nor who asks may pass on a day;
    `beyond_contract` is what nobody grants alone, as goodwill and hardship.
    """
    if actor.kind in (Principal.CUSTOMER, Principal.INTEGRATION) or beyond_contract:
        return True
    already = max(today.of_package_minor, today.asked_minor)
    return above_minor is not None and already + amount_minor > above_minor
