"""Pure rules of upgrades: what the old package counts for, what is due or credited, and how many sessions there are."""

from dataclasses import dataclass

from domain.catalog.terms import UpgradeMethod
from domain.kernel.quotes import DerivationStep
from domain.upgrades.standing import New as New
from domain.upgrades.standing import Old as Old
from domain.upgrades.telling import steps


@dataclass(frozen=True, slots=True)
class Quote:
    """What an upgrade comes to; the difference is negative where the old package is worth more."""

    method: UpgradeMethod
    currency: str
    unused_value_minor: int
    difference_minor: int
    outstanding_carried_minor: int
    due_minor: int
    credit_minor: int
    sessions_after: int
    steps: tuple[DerivationStep, ...]


def used_beyond(method: UpgradeMethod, old: Old, new: New) -> int:
    """By how many sessions more was used than the new package holds, where used sessions stay used; else none."""
    return max(0, old.carried_usage - new.sessions) if method is UpgradeMethod.CARRY_USAGE else 0


def sessions_after(method: UpgradeMethod, old: Old, new: New) -> int:
    """How many sessions of the new package are left to be used."""
    return new.sessions - old.carried_usage if method is UpgradeMethod.CARRY_USAGE else new.sessions


def quote(method: UpgradeMethod, old: Old, new: New, currency: str) -> Quote:
    """What is to be paid for the new package: its price less what the old one counts for, plus what was unpaid of that.

    Below zero it is credit. Not asked where more was used than the new package holds.
    """
    assert used_beyond(method, old, new) == 0, "the new package does not hold what was used"
    carried = method is UpgradeMethod.CARRY_USAGE
    unused = old.unused_value(currency)
    counts_for = old.counted_minor if carried else unused
    difference = new.price_minor - counts_for
    owed = difference + old.outstanding_minor
    after = sessions_after(method, old, new)
    return Quote(
        method=method,
        currency=currency,
        unused_value_minor=unused,
        difference_minor=difference,
        outstanding_carried_minor=old.outstanding_minor,
        due_minor=max(0, owed),
        credit_minor=max(0, -owed),
        sessions_after=after,
        steps=steps(method, old, new, owed, after, currency),
    )


@dataclass(frozen=True, slots=True)
class NewValue:
    """What the new sessions carry, without tax due at sale; `concession_minor` of the credit had no value left."""

    value_minor: int
    concession_minor: int = 0


def new_value(method: UpgradeMethod, new_net_minor: int, old_value_minor: int, difference_net_minor: int) -> NewValue:
    """The net price where unused sessions are credited; where usage is carried, what the old ones carry plus the rest.

    A smaller package may credit more than the old sessions still carry, for they were dearer when they were used. What
    was recognised stays, so that the excess is given up.
    """
    if method is UpgradeMethod.CREDIT_UNUSED:
        return NewValue(new_net_minor)
    value = old_value_minor + difference_net_minor
    return NewValue(max(0, value), max(0, -value))
