"""The steps of a refund in words and numbers."""

from collections.abc import Iterator

from domain.kernel.money import to_decimal_string
from domain.kernel.quotes import DerivationStep
from domain.refunds.rules.penalty import Penalty
from domain.refunds.rules.standing import Standing
from domain.refunds.rules.used_value import Valued


def steps(standing: Standing, value: Valued, penalty: Penalty, nothing: bool, waived: bool) -> Iterator[DerivationStep]:
    """What was paid, what of it is used, what is kept, and what comes back."""
    yield _paid(standing)
    yield _used(standing, value, nothing)
    kept = 0 if waived else penalty.amount_minor
    if penalty.amount_minor and waived:
        yield DerivationStep("Penalty waived for hardship", f"{penalty.formula}, waived", 0)
    elif penalty.amount_minor:
        yield DerivationStep("Penalty by the terms", penalty.formula, kept)
    yield _comes_back(standing, value.amount_minor, kept)


def cleared(standing: Standing, used_value_minor: int, cleared_minor: int) -> DerivationStep:
    """What of the price is owed no more; what was used beyond what is paid for stays owed."""
    owed, beyond = standing.outstanding_minor, max(0, used_value_minor - standing.net_paid_minor)
    formula = _difference(standing, owed, beyond, cleared_minor) if beyond else _money(standing, cleared_minor)
    return DerivationStep("Owed no more", formula, cleared_minor)


def _paid(standing: Standing) -> DerivationStep:
    paid, back = standing.paid_minor, standing.refunded_minor
    net = standing.net_paid_minor
    if not back:
        return DerivationStep("Paid", _money(standing, net), net)
    return DerivationStep("Paid, less earlier refunds", _difference(standing, paid, back, net), net)


def _used(standing: Standing, value: Valued, nothing: bool) -> DerivationStep:
    used, kept = sum(kind.used for kind in standing.kinds), sum(kind.kept for kind in standing.kinds)
    if nothing:
        return DerivationStep("Nothing is refunded: all of the price counts as used", value.formula, value.amount_minor)
    label = f"Value of {_sessions(used)} used"
    if kept:
        label += f" and {kept} kept"
    return DerivationStep(label, value.formula, value.amount_minor, used + kept)


def _comes_back(standing: Standing, used_minor: int, kept_minor: int) -> DerivationStep:
    parts = [standing.net_paid_minor, used_minor, kept_minor, standing.pending_minor]
    whole = parts[0] - sum(parts[1:])
    told = [_money(standing, parts[0]), *(_money(standing, each) for each in parts[1:] if each)]
    pending = f" (of it {_money(standing, parts[3])} asked for already)" if parts[3] else ""
    formula = f"{' - '.join(told)} = {_money(standing, whole)}" if len(told) > 1 else told[0]
    if whole < 0:
        formula += f", no less than {_money(standing, 0)}"
    return DerivationStep("Refund", formula + pending, max(0, whole), standing.giving_back)


def _difference(standing: Standing, first: int, second: int, result: int) -> str:
    terms = f"{_money(standing, first)} - {_money(standing, second)} = {_money(standing, first - second)}"
    return terms if result == first - second else f"{terms}, no less than {_money(standing, result)}"


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"


def _money(standing: Standing, minor: int) -> str:
    return to_decimal_string(minor, standing.currency)
