"""What is kept when a package is given back: fixed, in per cent, within bounds, and the fee for the work."""

from dataclasses import dataclass

from domain.catalog.terms import PenaltyOf, Refunding
from domain.kernel.money import round_half_up, to_decimal_string
from domain.refunds.rules.standing import Standing


@dataclass(frozen=True, slots=True)
class Penalty:
    """What the terms let the business keep, and how it comes about."""

    amount_minor: int
    formula: str


def penalty(refunding: Refunding, standing: Standing, used_value_minor: int) -> Penalty:
    """Fixed plus per cent of the remainder or of the price, at least and at most so much, then the admin fee.

    Where nothing was used another bound may count besides. The fee comes on top of the bounds. What went back in
    cooling-off went back for good: no share is taken of it.
    """
    currency, price = standing.currency, standing.price_minor
    of_price = refunding.penalty_of is PenaltyOf.PRICE
    base = max(0, price - (0 if of_price else used_value_minor) - standing.free_before_minor)
    share = round_half_up(base * refunding.penalty_bp, 10_000)
    whole = refunding.penalty_fixed_minor + share
    bounded, told = _bounded(refunding, whole, unused=not any(kind.used for kind in standing.kinds), currency=currency)
    total = bounded + refunding.admin_fee_minor
    parts = [_money(refunding.penalty_fixed_minor, currency)] if refunding.penalty_fixed_minor else []
    if refunding.penalty_bp:
        parts.append(f"{_money(base, currency)} × {_per_cent(refunding.penalty_bp)} %")  # noqa: RUF001
    formula = (" + ".join(parts) or _money(0, currency)) + told
    if refunding.admin_fee_minor:
        fee = _money(refunding.admin_fee_minor, currency)
        formula = f"{formula} + {fee} fee" if bounded or told else f"{fee} fee"
    exact = base * refunding.penalty_bp % 10_000 == 0
    sign = "=" if exact or bounded != whole else "≈"
    result = _money(total, currency)
    return Penalty(total, formula if formula == result else f"{formula} {sign} {result}")


def _bounded(refunding: Refunding, whole: int, unused: bool, currency: str) -> tuple[int, str]:
    """Within its bounds, and which of them counted; the most counts before the least."""
    least = refunding.penalty_at_least_minor
    mosts = [refunding.penalty_at_most_minor, refunding.penalty_unused_at_most_minor if unused else None]
    most = min((each for each in mosts if each is not None), default=None)
    if most is not None and max(whole, least or 0) > most:
        return most, f", at most {_money(most, currency)}"
    if least is not None and whole < least:
        return least, f", at least {_money(least, currency)}"
    return whole, ""


def _per_cent(bp: int) -> str:
    return f"{bp // 100}.{bp % 100:02d}"


def _money(minor: int, currency: str) -> str:
    return to_decimal_string(minor, currency)
