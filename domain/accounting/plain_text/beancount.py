"""Writes the journal as beancount reads it: accounts, transactions, and the balances it must come to."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from domain.accounting.plain_text.chart import NARRATIONS, account_name
from domain.accounting.plain_text.view import Leg, PostedEntry, facts_of
from domain.accounting.plain_text.words import quoted
from domain.kernel.money import exponent, to_decimal_string

_DAY = timedelta(days=1)


class Beancount:
    """The text of one chain's journal; it takes the entries in the order of their days, and keeps only balances."""

    def __init__(self, chain: str, currency: str) -> None:
        self._chain, self._currency = chain, currency
        self._balances: dict[str, int] = {}
        self._last: date | None = None

    def head(self) -> str:
        """What the file is about."""
        return (
            f'option "title" {quoted(self._chain)}\n'
            f'option "operating_currency" "{self._currency}"\n\n'
            f"1970-01-01 commodity {self._currency}\n"
            f"  precision: {exponent(self._currency)}\n"
        )

    def brought_forward(self, day: date, balances: Sequence[Leg]) -> str:
        """The balances of the books at the end of a day, where the journal begins later."""
        return "".join(self._transaction(day, "Balances brought forward", [], balances))

    def entry(self, entry: PostedEntry) -> str:
        """One transaction, after the balances of the month before where it is the first of another."""
        packages = {leg.package_id for leg in entry.legs}
        facts = [("entry", quoted(entry.id)), ("operation", quoted(entry.operation_id))]
        if entry.effective_on != entry.posted_on:
            facts.append(("effective", entry.effective_on.isoformat()))
        if len(packages) == 1:
            facts += [("package", quoted(package)) for package in packages if package]
        narration = NARRATIONS[entry.event]
        return "".join(self._transaction(entry.posted_on, narration, facts, entry.legs, tell_package=len(packages) > 1))

    def end(self) -> str:
        """The balances after the last day."""
        return "".join(self._assertions())

    def _transaction(
        self,
        day: date,
        narration: str,
        facts: Sequence[tuple[str, str]],
        legs: Sequence[Leg],
        tell_package: bool = False,
    ) -> Iterator[str]:
        assert self._last is None or self._last <= day, "entries come in the order of their days"
        if self._last and (self._last.year, self._last.month) != (day.year, day.month):
            yield from self._assertions()
        self._last = day
        for leg in legs:
            yield from self._opened(day, leg)
        yield f"\n{day} * {quoted(narration)}\n"
        yield from (f"  {key}: {value}\n" for key, value in facts)
        for leg in legs:
            name = account_name(leg)
            self._balances[name] += leg.amount_minor
            yield f"  {name}  {self._amount(leg.amount_minor)} {self._currency}\n"
            yield from (f"    {key}: {value}\n" for key, value in _told_of(leg, tell_package))

    def _opened(self, day: date, leg: Leg) -> Iterator[str]:
        name = account_name(leg)
        if name not in self._balances:
            self._balances[name] = 0
            yield f"\n{day} open {name} {self._currency}\n"
            yield f'  role: "{leg.account}"\n  branch: {quoted(leg.branch_id)}\n'

    def _assertions(self) -> Iterator[str]:
        """Every balance at the beginning of the day after the last one; beancount would let a small unit pass."""
        if self._last:
            day = self._last + _DAY
            yield "\n"
            for name, balance in sorted(self._balances.items()):
                yield f"{day} balance {name}  {self._amount(balance)} ~ 0 {self._currency}\n"

    def _amount(self, minor: int) -> str:
        return to_decimal_string(minor, self._currency)


def _told_of(leg: Leg, tell_package: bool) -> list[tuple[str, str]]:
    told = [(key, quoted(value)) for key, value in facts_of(leg, tell_package)]
    return [*told, ("intercompany", "TRUE")] if leg.intercompany else told
