"""Pure rules of upgrades: what the old package counts for, what is due or credited, and how many sessions there are."""

from dataclasses import dataclass

from domain.catalog.terms import UpgradeMethod
from domain.kernel.money import round_half_up, to_decimal_string
from domain.kernel.quotes import DerivationStep


@dataclass(frozen=True, slots=True)
class Old:
    """The package that is closed, amounts with tax: its price, what is unpaid of it, and its paid sessions.

    What is no longer there of the paid sessions counts as used: lapsed, refunded and handed on ones too. `used_of_all`
    counts free sessions besides, for usage that is carried; the same unless given.
    """

    price_minor: int
    outstanding_minor: int
    sessions: int
    used: int
    used_of_all: int | None = None

    @property
    def carried_usage(self) -> int:
        """The sessions that stay used in the new package, where usage is carried."""
        return self.used if self.used_of_all is None else self.used_of_all


@dataclass(frozen=True, slots=True)
class New:
    """The package that is opened: its price with tax, and all its sessions."""

    price_minor: int
    sessions: int


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


def unused_value(old: Old) -> int:
    """What is unused of the old package, by the straight line over its paid sessions."""
    used = round_half_up(old.price_minor * old.used, old.sessions) if old.sessions else 0
    return old.price_minor - used


def quote(method: UpgradeMethod, old: Old, new: New, currency: str) -> Quote:
    """What is to be paid for the new package: its price less what the old one counts for, plus what was unpaid of that.

    Below zero it is credit. Not asked where more was used than the new package holds.
    """
    assert used_beyond(method, old, new) == 0, "the new package does not hold what was used"
    carried = method is UpgradeMethod.CARRY_USAGE
    counts_for = old.price_minor if carried else unused_value(old)
    difference = new.price_minor - counts_for
    owed = difference + old.outstanding_minor
    after = new.sessions - old.carried_usage if carried else new.sessions
    return Quote(
        method=method,
        currency=currency,
        unused_value_minor=unused_value(old),
        difference_minor=difference,
        outstanding_carried_minor=old.outstanding_minor,
        due_minor=max(0, owed),
        credit_minor=max(0, -owed),
        sessions_after=after,
        steps=(*_counts(method, old, currency), *_owed(old, new, counts_for, owed, currency), _left(old, new, after)),
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


def _counts(method: UpgradeMethod, old: Old, currency: str) -> list[DerivationStep]:
    price = _money(old.price_minor, currency)
    if method is UpgradeMethod.CARRY_USAGE:
        return [DerivationStep("Price of the old package", price, old.price_minor)]
    unused, used = unused_value(old), old.price_minor - unused_value(old)
    exact = used * old.sessions == old.price_minor * old.used
    part = f"{price} × {old.used} / {old.sessions} {'=' if exact else '≈'} {_money(used, currency)}"  # noqa: RUF001
    told = f"{price} - {_money(used, currency)} = {_money(unused, currency)}"
    return [
        DerivationStep("Used of the old package", part, used, old.used),
        DerivationStep("Unused value of the old package", told, unused, old.sessions - old.used),
    ]


def _owed(old: Old, new: New, counts_for: int, owed: int, currency: str) -> list[DerivationStep]:
    difference = new.price_minor - counts_for
    price, credited = _money(new.price_minor, currency), _money(counts_for, currency)
    told = f"{price} - {credited} = {_money(difference, currency)}"
    steps = [DerivationStep("Price of the new package, less what the old one counts for", told, difference)]
    if old.outstanding_minor:
        told = f"{_money(difference, currency)} + {_money(old.outstanding_minor, currency)} = {_money(owed, currency)}"
        steps.append(DerivationStep("With what was unpaid of the old package", told, owed))
    label = "Credit of the customer" if owed < 0 else "To be paid"
    return [*steps, DerivationStep(label, _money(abs(owed), currency), abs(owed))]


def _left(old: Old, new: New, after: int) -> DerivationStep:
    told = str(after) if after == new.sessions else f"{new.sessions} - {old.carried_usage} = {after}"
    return DerivationStep("Sessions in the new package", told, sessions=after)


def _money(minor: int, currency: str) -> str:
    return to_decimal_string(minor, currency)
