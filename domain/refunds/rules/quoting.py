"""The quote of a refund: every basis side by side with its arithmetic, and the one that binds marked."""

from dataclasses import dataclass, replace
from enum import StrEnum

from domain.catalog.terms import RefundBasis, Refunding
from domain.kernel.quotes import DerivationStep
from domain.ledger.rules import BonusValue
from domain.refunds.rules import telling
from domain.refunds.rules.penalty import Penalty, penalty
from domain.refunds.rules.standing import Standing
from domain.refunds.rules.used_value import Valued, straight_line, used_value


class Reckoned(StrEnum):
    """How a refund is reckoned: by one of the bases, or by the rule of cooling-off."""

    PAID_SESSIONS = "PAID_SESSIONS"
    ALL_SESSIONS = "ALL_SESSIONS"
    LIST_PRICE = "LIST_PRICE"
    NONE = "NONE"
    COOLING_OFF = "COOLING_OFF"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What one basis comes to; `withheld_minor` is as much of the penalty as the money at hand covers."""

    by: Reckoned
    binding: bool
    used_value_minor: int
    remainder_minor: int
    penalty_minor: int
    withheld_minor: int
    refund_minor: int
    left_minor: int
    """What is left of what was paid; below zero it is what was used, or would be kept, beyond that."""
    steps: tuple[DerivationStep, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What giving sessions back comes to; `waived_minor` would have been kept but for hardship."""

    currency: str
    sessions: int
    cooling_off: bool
    waived_minor: int
    reckonings: tuple[Reckoning, ...]
    cleared_minor: int
    fee_minor: int
    """What is kept now: the penalty without what earlier refunds kept; negative where a waiver gives that back."""

    @property
    def binding(self) -> Reckoning:
        """The reckoning that counts."""
        return next(each for each in self.reckonings if each.binding)

    @property
    def refund_minor(self) -> int:
        """What comes back."""
        return self.binding.refund_minor

    @property
    def credit_minor(self) -> int:
        """What the sessions given back are worth by contract: it comes back, is kept, or is owed no more."""
        return self.refund_minor + self.fee_minor + self.cleared_minor


def quote(
    standing: Standing, refunding: Refunding, cooling_off: bool = False, waived: bool = False, in_words: bool = True
) -> Quote:
    """The refund of the sessions given back, by every basis; in cooling-off that rule binds, else the terms' basis.

    Of some of the sessions left, those kept are paid for as though they were used. So a part is never worth more than
    it would be within the whole, more sessions never bring less, and several parts bring what the whole would have.
    An upgrade makes no better terms of what was paid before it, and where no session is given back nothing comes back.
    Not in words it is reckoned only as it binds, and has no steps.
    """
    binding = Reckoned.COOLING_OFF if cooling_off else Reckoned(refunding.basis)
    every = [*map(Reckoned, RefundBasis), *([Reckoned.COOLING_OFF] if cooling_off else [])] if in_words else [binding]
    found = tuple(_reckoning(standing, refunding, by, by is binding, waived, in_words) for by in every)
    bound = next(each for each in found if each.binding)
    cleared = _cleared(standing, bound, waived)
    final = tuple(_with_cleared(each, standing, cleared) if each.binding and in_words else each for each in found)
    return Quote(
        currency=standing.currency,
        sessions=standing.giving_back,
        cooling_off=cooling_off,
        waived_minor=_kept(standing, refunding, binding, bound.used_value_minor).amount_minor if waived else 0,
        reckonings=final,
        cleared_minor=cleared,
        fee_minor=bound.withheld_minor - standing.kept_before_minor if standing.giving_back else 0,
    )


def _reckoning(
    standing: Standing, refunding: Refunding, by: Reckoned, binding: bool, waived: bool, in_words: bool
) -> Reckoning:
    value = _value(standing, by)
    due = _kept(standing, refunding, by, value.amount_minor)
    amount = 0 if waived else due.amount_minor
    at_hand = max(0, standing.net_paid_minor - value.amount_minor) if standing.giving_back else 0
    back = max(0, at_hand - amount - standing.pending_minor)
    left = standing.net_paid_minor - value.amount_minor - (amount if standing.giving_back else 0)
    most = standing.left_minor(waived=waived)
    return Reckoning(
        by=by,
        binding=binding,
        used_value_minor=value.amount_minor,
        remainder_minor=standing.price_minor - value.amount_minor,
        penalty_minor=amount,
        withheld_minor=min(amount, at_hand),
        refund_minor=back if most is None else max(0, min(back, most)),
        left_minor=left if most is None else min(left, most),
        steps=tuple(telling.steps(standing, value, due, by is Reckoned.NONE, waived)) if in_words else (),
    )


def _value(standing: Standing, by: Reckoned) -> Valued:
    """In cooling-off every session counts alike, the free ones too."""
    if by is Reckoned.COOLING_OFF:
        return straight_line(standing, BonusValue.POOLED)
    return used_value(standing, RefundBasis(by))


def _kept(standing: Standing, refunding: Refunding, by: Reckoned, used_value_minor: int) -> Penalty:
    """Cooling-off knows no penalty, and where nothing comes back there is nothing to keep one from."""
    keeps_all = not standing.giving_back and any(kind.left for kind in standing.kinds)
    if keeps_all or by in (Reckoned.NONE, Reckoned.COOLING_OFF):
        return Penalty(0, "")
    return penalty(refunding, standing, used_value_minor)


def _cleared(standing: Standing, bound: Reckoning, waived: bool) -> int:
    """What is owed no more: all that is outstanding, but for what was used beyond what is paid for.

    After an upgrade what the terms of the package before would have asked for stays owed, too.
    """
    if not standing.giving_back:
        return 0
    beyond = max(0, bound.used_value_minor - standing.net_paid_minor, -(standing.left_minor(waived=waived) or 0))
    return max(0, standing.outstanding_minor - beyond)


def _with_cleared(bound: Reckoning, standing: Standing, cleared_minor: int) -> Reckoning:
    if not (standing.outstanding_minor and standing.giving_back):
        return bound
    step = telling.cleared(standing, cleared_minor)
    return replace(bound, steps=(step, *bound.steps))
