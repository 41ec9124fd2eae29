"""Whether a refund has to be approved by another person, and whether somebody may agree to it at all."""

from dataclasses import dataclass
from datetime import datetime

from domain.kernel.access import POLICIES, Actor
from domain.kernel.calendar import local_date, start_of_day
from domain.kernel.checks import Checks
from domain.kernel.principals import Principal
from domain.packages.sold import Sold
from domain.refunds import limits_store
from domain.refunds.asked import Asked
from domain.refunds.rules.limits import Exceeded, Today, exceeded, must_wait, roles_at


@dataclass(frozen=True, slots=True)
class Counted:
    """What was refunded today besides, and the limit that this refund goes beyond, if any."""

    today: Today
    exceeded: Exceeded | None


def check_granted(checks: Checks, actor: Actor, asked: Asked) -> None:
    """Note what only the staff grants, where a customer or a key asks."""
    if actor.kind in (Principal.CUSTOMER, Principal.INTEGRATION):
        checks.that(not asked.hardship.strip(), "Hardship is for the staff to tell. Leave it out.", "hardship")
        checks.that(asked.goodwill_minor == 0, "Goodwill is for the staff to grant. Leave it out.", "goodwill")


async def approval_needed(
    actor: Actor, sold: Sold, asked: Asked, amount_minor: int, above_minor: int | None, now: datetime
) -> bool:
    """Whether another person has to approve if this actor asks; the amount is what comes back, goodwill included.

    `above_minor` is the amount of its terms, or of the packages that upgrades closed for it if that is less.
    Takes one statement, and none where it is so whatever the amount. Locks nothing.
    """
    beyond = bool(asked.hardship) or asked.goodwill_minor > 0
    if must_wait(actor, amount_minor, Today(), None, beyond):
        return True
    counted = await counted_for(actor, "request_refund", sold, amount_minor, now)
    return must_wait(actor, amount_minor, counted.today, above_minor, beyond) or counted.exceeded is not None


async def counted_for(
    actor: Actor, act: str, sold: Sold, amount_minor: int, now: datetime, but: str | None = None
) -> Counted:
    """What counts against the limits of the actor's roles on the local day of the home branch, without one refund."""
    home = sold.home_branch_id
    since = start_of_day(local_date(now, sold.home_time_zone), sold.home_time_zone)
    roles = roles_at(actor, home, POLICIES[act].roles)
    today, limits = await limits_store.counted(actor.chain_id, home, sold.id, actor.id, since, roles, but or "")
    return Counted(today, exceeded(amount_minor, today, roles, limits))


async def lock_decider(actor: Actor) -> None:
    """From here on nothing else is agreed to by this person, so that the day's total is counted as it will be."""
    if actor.kind is Principal.STAFF:
        await limits_store.lock_person(actor.id)
