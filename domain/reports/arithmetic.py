"""Pure arithmetic of reports: figures from sums of accounts, and formulas that show it in amounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.kernel.money import to_decimal_string
from domain.ledger.accounts import Account, Event
from domain.reports.figures import Figure, Lines, Parts, Side, Span
from domain.reports.sums_store import Sum


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change of some accounts that reports show as one figure.

    `credits` says that it is more by credits; no events mean all. Without accounts it is one that nothing has yet.
    """

    label: str
    words: str
    accounts: tuple[Account, ...] = ()
    events: tuple[Event, ...] = ()
    side: Side | None = None
    credits: bool = True

    @property
    def sign(self) -> int:
        """With which sign the lines count that the figure is the sum of; those of one side are never below zero."""
        return -1 if self.credits and self.side is None else 1

    def value(self, sums: Iterable[Sum]) -> int:
        """What the sums of a span come to."""
        return self.sign * sum(
            _amount(each, self.side)
            for each in sums
            if each.account in self.accounts and (not self.events or each.event in self.events)
        )

    def figure(
        self,
        sums: Iterable[Sum],
        span: Span,
        branch_ids: tuple[str, ...] = (),
        definition_id: str | None = None,
        of_packages: bool = False,
    ) -> Figure:
        """The figure over sums that have all been taken of these branches and this definition, or of packages only."""
        if not self.accounts:
            return Figure(self.label, 0, self.words, Parts(()))
        lines = Lines(span, self.accounts, self.events, self.side, branch_ids, definition_id, of_packages=of_packages)
        return Figure(self.label, self.value(sums), self.words, lines, self.sign)


def _amount(each: Sum, side: Side | None) -> int:
    if side is None:
        return each.net_minor
    return each.debit_minor if side is Side.DEBIT else each.credit_minor


@dataclass(frozen=True, slots=True)
class Term:
    """A figure with the sign that it has in a sum."""

    sign: int
    figure: Figure


def summed(terms: Sequence[Term]) -> int:
    """What the terms come to."""
    return sum(term.sign * term.figure.value for term in terms)


def as_parts(terms: Sequence[Term]) -> Parts:
    """The terms as the source of a figure: those with a minus count the other way round."""
    return Parts(
        tuple(
            replace(term.figure, value=term.sign * term.figure.value, sign=term.sign * term.figure.sign)
            for term in terms
        )
    )


def formula(terms: Sequence[Term], currency: str) -> str:
    """`100.00 + 450.00 - 45.00 = 505.00`, without the terms that are zero."""
    total = summed(terms)
    text = ""
    for term in terms:
        if term.figure.value:
            sign = "-" if term.sign < 0 else "+"
            text += f" {sign} {_shown(term.figure.value, currency)}"
    text = text.removeprefix(" + ").lstrip()
    result = to_decimal_string(total, currency)
    return f"{text} = {result}" if text and text != result else result


def _shown(value: int, currency: str) -> str:
    """Amounts below zero in brackets: two signs in a row are read as one."""
    text = to_decimal_string(value, currency)
    return f"({text})" if value < 0 else text
