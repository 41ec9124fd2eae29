"""What the sessions used are worth, by each basis, with the arithmetic of it; rounded half up, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from domain.catalog.terms import RefundBasis
from domain.kernel.money import round_half_up, to_decimal_string
from domain.kernel.quotes import DerivationStep
from domain.ledger.allocation import Weighed, allocate
from domain.ledger.rules import BonusValue
from domain.refunds.rules.standing import Bought, Standing


@dataclass(frozen=True, slots=True)
class Valued:
    """A value, the formula with the numbers that it comes from, and how prices were shared over items before."""

    amount_minor: int
    formula: str
    shared: tuple[DerivationStep, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """Sessions spent of those that share a price."""

    price_minor: int
    spent: int
    sessions: int
    list_price_minor: int

    @property
    def exact(self) -> Fraction:
        return Fraction(self.price_minor * self.spent, self.sessions)


def used_value(standing: Standing, basis: RefundBasis) -> Valued:
    """The value of the sessions used by a basis; of those kept in a partial refund as though they were used.

    A price for several items is shared over them as at the sale, so that the dear ones cannot be used first and paid
    for like the cheap ones.
    """
    match basis:
        case RefundBasis.PAID_SESSIONS:
            return straight_line(standing, BonusValue.ZERO)
        case RefundBasis.ALL_SESSIONS:
            return straight_line(standing, BonusValue.POOLED)
        case RefundBasis.LIST_PRICE:
            return _at_list_price(standing)
    price = standing.price_minor
    return Valued(price, _money(price, standing.currency))


def straight_line(standing: Standing, bonus_value: BonusValue) -> Valued:
    """Each price by its sessions, those that are paid for or all: price x spent / sessions."""
    apart = [_parts(each, bonus_value) for each in standing.bought]
    parts = [part for each in apart for part in each]
    exact = sum((part.exact for part in parts), Fraction())
    value = round_half_up(exact.numerator, exact.denominator)
    told = [part for part in parts if part.spent] or parts[:1]
    terms = " + ".join(_told(part, standing.currency) for part in told)
    each_apart = zip(standing.bought, apart, strict=True)
    shared = tuple(step for each, own in each_apart for step in _shared(each, own, standing.currency))
    return Valued(value, _equals(terms, exact == value, value, standing.currency), shared)


def _shared(bought: Bought, parts: Sequence[_Part], currency: str) -> list[DerivationStep]:
    """How a price for several items is shared over them, where it is: by list price, or else by sessions."""
    if len(parts) < 2:
        return []
    listed = any(part.list_price_minor for part in parts)
    weights = [
        f"{part.sessions} × {_money(part.list_price_minor, currency)}" if listed else str(part.sessions)  # noqa: RUF001
        for part in parts
    ]
    shares = " + ".join(_money(part.price_minor, currency) for part in parts)
    formula = f"{_money(bought.price_minor, currency)} as {' : '.join(weights)} = {shares}"
    label = f"Price shared over {len(parts)} items by {'list price' if listed else 'their sessions'}"
    return [DerivationStep(label, formula, bought.price_minor)]


def _parts(bought: Bought, bonus_value: BonusValue) -> list[_Part]:
    pooled = bonus_value is BonusValue.POOLED
    weighed = [Weighed(item.list_price_minor, item.paid.sessions, item.bonus.sessions) for item in bought.items]
    shares = allocate(bought.price_minor, weighed, bonus_value) if any(_counts(bought, pooled)) else []
    parts = []
    for item, share in zip(bought.items, shares, strict=bool(shares)):
        kinds = (item.paid, item.bonus) if pooled else (item.paid,)
        spent, sessions = sum(kind.spent for kind in kinds), sum(kind.sessions for kind in kinds)
        if sessions:
            parts.append(_Part(share.allocated, spent, sessions, item.list_price_minor))
    return parts


def _counts(bought: Bought, pooled: bool) -> Sequence[int]:
    return [item.paid.sessions + (item.bonus.sessions if pooled else 0) for item in bought.items]


def _at_list_price(standing: Standing) -> Valued:
    """What is spent at list price, bonus sessions included; never more than the price."""
    items, currency = [item for item in standing.items if item.listed_minor], standing.currency
    listed = sum(item.listed_minor for item in items)
    terms = " + ".join(
        _money(item.listed_minor, currency)
        if item.list_used_minor is not None
        else f"{sum(kind.spent for kind in (item.paid, item.bonus))} × {_money(item.list_price_minor, currency)}"  # noqa: RUF001
        for item in items
    )
    formula = _equals(terms or _money(0, currency), True, listed, currency)
    if listed <= standing.price_minor:
        return Valued(listed, formula)
    return Valued(standing.price_minor, f"{formula}, at most the price {_money(standing.price_minor, currency)}")


def _told(part: _Part, currency: str) -> str:
    return f"{_money(part.price_minor, currency)} × {part.spent} / {part.sessions}"  # noqa: RUF001


def _equals(terms: str, exact: bool, value: int, currency: str) -> str:
    result = _money(value, currency)
    return result if terms in ("", result) else f"{terms} {'=' if exact else '≈'} {result}"


def _money(minor: int, currency: str) -> str:
    return to_decimal_string(minor, currency)
