"""The steps of a refund in words and numbers."""

from collections.abc import Iterator, Sequence

from domain.kernel.money import to_decimal_string
from domain.kernel.quotes import DerivationStep
from domain.refunds.rules.penalty import Penalty
from domain.refunds.rules.standing import Counted, Standing
from domain.refunds.rules.used_value import Valued


def steps(standing: Standing, value: Valued, penalty: Penalty, nothing: bool, waived: bool) -> Iterator[DerivationStep]:
    """What was paid, what of it is used, what is kept, and what comes back."""
    yield from value.shared
    yield _paid(standing)
    yield _used(standing, value, nothing)
    kept = 0 if waived else penalty.amount_minor
    if penalty.amount_minor and waived:
        yield DerivationStep("Penalty waived for hardship", f"{penalty.formula}, waived", 0)
    elif penalty.amount_minor:
        yield DerivationStep("Penalty by the terms", penalty.formula, kept)
    if not standing.giving_back:
        yield DerivationStep("Refund, as no session is given back", _money(standing, 0), 0, 0)
        return
    most = standing.left_minor(waived=waived)
    whole = standing.net_paid_minor - value.amount_minor - kept - standing.pending_minor
    if most is not None and whole > most:
        yield _at_most(standing, most, waived)
    yield _comes_back(standing, value.amount_minor, kept, most)


def cleared(standing: Standing, cleared_minor: int) -> DerivationStep:
    """What of the price is owed no more; what was used beyond what is paid for stays owed."""
    owed = standing.outstanding_minor
    beyond = owed - cleared_minor
    formula = _difference(standing, owed, beyond, cleared_minor) if beyond else _money(standing, cleared_minor)
    return DerivationStep("Owed no more", formula, cleared_minor)


def _paid(standing: Standing) -> DerivationStep:
    paid, back = standing.paid_minor, standing.refunded_minor
    net = standing.net_paid_minor
    beyond = ": more was used of the package before than was paid for it" if paid < 0 else ""
    if not back:
        return DerivationStep(f"Paid{beyond}", _money(standing, net), net)
    return DerivationStep(f"Paid, less earlier refunds{beyond}", _difference(standing, paid, back, net), net)


def _used(standing: Standing, value: Valued, nothing: bool) -> DerivationStep:
    used, kept = sum(kind.used for kind in standing.kinds), sum(kind.kept for kind in standing.kinds)
    if nothing:
        return DerivationStep("Nothing is refunded: all of the price counts as used", value.formula, value.amount_minor)
    label = f"Value of {gone(standing.kinds, kept)}"
    return DerivationStep(label, value.formula, value.amount_minor, used + kept)


def gone(kinds: Sequence[Counted], kept: int = 0) -> str:
    """How many sessions were used, and how many count as though they were: lapsed, moved on, or kept."""
    lapsed, moved = sum(kind.lapsed for kind in kinds), sum(kind.moved for kind in kinds)
    used = sum(kind.used for kind in kinds) - lapsed - moved
    told = [(lapsed, "lapsed"), (moved, "moved on"), (kept, "kept")]
    parts = [f"{_sessions(used)} used", *(f"{count} {what}" for count, what in told if count)]
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]


def _comes_back(standing: Standing, used_minor: int, kept_minor: int, most_minor: int | None) -> DerivationStep:
    parts = [standing.net_paid_minor, used_minor, kept_minor, standing.pending_minor]
    whole = parts[0] - sum(parts[1:])
    told = [_money(standing, parts[0]), *(_money(standing, each) for each in parts[1:] if each)]
    pending = f" (of it {_money(standing, parts[3])} asked for already)" if parts[3] else ""
    formula = f"{' - '.join(told)} = {_money(standing, whole)}" if len(told) > 1 else told[0]
    back = max(0, whole)
    if whole < 0:
        formula += f", no less than {_money(standing, 0)}"
    elif most_minor is not None and whole > most_minor:
        back = max(0, most_minor)
        formula += f", at most {_money(standing, back)}"
    return DerivationStep("Refund", formula + pending, back, standing.giving_back)


def _at_most(standing: Standing, most_minor: int, waived: bool) -> DerivationStep:
    """An upgrade does not bring back what the terms of the package before would have kept."""
    brought = (standing.brought_minor or 0) + (standing.brought_kept_minor if waived else 0)
    told = f"{_money(standing, brought)} + {_money(standing, standing.paid_since_minor)}"
    less = standing.refunded_minor + standing.pending_minor
    formula = f"{told}{f' - {_money(standing, less)}' if less else ''} = {_money(standing, most_minor)}"
    if most_minor < 0:
        formula += f", no less than {_money(standing, 0)}"
    label = "At most what the package before would have brought, and what was paid since"
    return DerivationStep(label, formula, max(0, most_minor))


def _difference(standing: Standing, first: int, second: int, result: int) -> str:
    terms = f"{_money(standing, first)} - {_money(standing, second)} = {_money(standing, first - second)}"
    return terms if result == first - second else f"{terms}, no less than {_money(standing, result)}"


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"


def _money(standing: Standing, minor: int) -> str:
    return to_decimal_string(minor, standing.currency)
