"""The steps of an upgrade in words and numbers."""

from domain.catalog.terms import UpgradeMethod
from domain.kernel.money import to_decimal_string
from domain.kernel.quotes import DerivationStep
from domain.upgrades.standing import New, Old


def steps(
    method: UpgradeMethod, old: Old, new: New, owed: int, after: int, currency: str
) -> tuple[DerivationStep, ...]:
    """What the old package counts for, what that leaves to be paid or credited, and how many sessions there are."""
    counts_for = new.price_minor + old.outstanding_minor - owed
    return (*_counts(method, old, currency), *_owed(old, new, counts_for, owed, currency), _left(old, new, after))


def _counts(method: UpgradeMethod, old: Old, currency: str) -> list[DerivationStep]:
    price = _money(old.price_minor, currency)
    if method is UpgradeMethod.CARRY_USAGE:
        steps = [DerivationStep("Price of the old package", price, old.price_minor)]
        if old.given_back_minor:
            told = f"{price} - {_money(old.given_back_minor, currency)} = {_money(old.counted_minor, currency)}"
            steps.append(DerivationStep("Less what was given back of it", told, old.counted_minor))
        return steps
    used, unused = old.used_value(currency), old.unused_value(currency)
    parts = [price, _money(used.amount_minor, currency)]
    if old.given_back_minor:
        parts.append(_money(old.given_back_minor, currency))
    label = "Unused value of the old package" + (", less what was given back" if old.given_back_minor else "")
    floor = ", no less than" if old.counted_minor < used.amount_minor else " ="
    told = f"{' - '.join(parts)}{floor} {_money(unused, currency)}"
    return [
        *used.shared,
        DerivationStep(
            f"Used of the old package{f': {old.gone}' if old.gone else ''}", used.formula, used.amount_minor, old.used
        ),
        DerivationStep(label, told, unused, old.left),
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
