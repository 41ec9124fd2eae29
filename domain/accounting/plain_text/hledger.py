"""Writes the journal as hledger reads it: accounts, transactions, and the balances it must come to."""

from collections.abc import Iterator, Sequence
from datetime import date

from domain.accounting.plain_text.chart import NARRATIONS, account_name
from domain.accounting.plain_text.view import Leg, PostedEntry, facts_of
from domain.accounting.plain_text.words import commodity, described, tag
from domain.kernel.money import to_decimal_string

CLOSING = "Balances at the end of the day"


class Hledger:
    """The text of one chain's journal; it takes the entries in the order of their days, and keeps only balances."""

    def __init__(self, chain: str, currency: str) -> None:
        self._chain, self._currency = chain, currency
        self._balances: dict[str, int] = {}
        self._last: date | None = None

    def head(self) -> str:
        """What the file is about."""
        return f"; {described(self._chain)}\ndecimal-mark .\n{commodity(self._currency)}"

    def brought_forward(self, day: date, balances: Sequence[Leg]) -> str:
        """The balances of the books at the end of a day, where the journal begins later."""
        return "".join(self._transaction(day, "Balances brought forward", [], balances))

    def entry(self, entry: PostedEntry) -> str:
        """One transaction, after the balances of the month before where it is the first of another."""
        packages = {leg.package_id for leg in entry.legs}
        facts = [tag("entry", entry.id), tag("operation", entry.operation_id)]
        if entry.effective_on != entry.posted_on:
            facts.append(tag("effective", entry.effective_on.isoformat()))
        if len(packages) == 1:
            facts += [tag("package", package) for package in packages if package]
        narration = NARRATIONS[entry.event]
        return "".join(self._transaction(entry.posted_on, narration, facts, entry.legs, tell_package=len(packages) > 1))

    def end(self) -> str:
        """The balances after the last day."""
        return "".join(self._assertions())

    def _transaction(
        self, day: date, narration: str, facts: Sequence[str], legs: Sequence[Leg], tell_package: bool = False
    ) -> Iterator[str]:
        assert self._last is None or self._last <= day, "entries come in the order of their days"
        if self._last and (self._last.year, self._last.month) != (day.year, day.month):
            yield from self._assertions()
        self._last = day
        for leg in legs:
            yield from self._opened(leg)
        yield f"\n{day} * {described(narration)}\n"
        yield from (f"    ; {fact}\n" for fact in facts)
        for leg in legs:
            name = account_name(leg)
            self._balances[name] += leg.amount_minor
            told = [tag(key, value) for key, value in facts_of(leg, tell_package)]
            told += [tag("intercompany", "true")] if leg.intercompany else []
            yield f"    {name}  {self._amount(leg.amount_minor)}{'  ; ' if told else ''}{', '.join(told)}\n"

    def _opened(self, leg: Leg) -> Iterator[str]:
        name = account_name(leg)
        if name not in self._balances:
            self._balances[name] = 0
            yield f"\naccount {name}\n    ; {tag('role', leg.account)}, {tag('branch', leg.branch_id)}\n"

    def _assertions(self) -> Iterator[str]:
        """Every balance after the last posting of a day."""
        if self._last and self._balances:
            yield f"\n{self._last} * {CLOSING}\n"
            for name, balance in sorted(self._balances.items()):
                yield f"    {name}  {self._amount(0)} = {self._amount(balance)}\n"

    def _amount(self, minor: int) -> str:
        return f"{to_decimal_string(minor, self._currency)} {self._currency}"
