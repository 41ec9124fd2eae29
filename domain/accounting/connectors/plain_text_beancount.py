"""Documents and balances as beancount reads them."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from domain.accounting.connectors.plain_text_dialects import WRITTEN, Account, Balances, facts_of
from domain.accounting.connectors.protocol import Document
from domain.accounting.plain_text.words import plain, quoted
from domain.kernel.money import exponent, parse_decimal_string, to_decimal_string

_ACCOUNT = re.compile(r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+")
_OWN = re.compile(r"  own: (-?[\d.]+) ([A-Z]{3})")
_BALANCE = re.compile(r"\S+ balance (\S+)  (-?[\d.]+) ~ 0 ([A-Z]{3})")


def check_account(name: str) -> None:
    """Raises ValueError for what beancount would not read as an account."""
    if not _ACCOUNT.fullmatch(name):
        raise ValueError(f"{name} is no account of beancount, such as Assets:Cash:Lisbon")


class BeancountFiles:
    """A Dialect; beancount asserts an account with all that is below it, so what is its own is told besides."""

    suffix = "beancount"
    preface = WRITTEN

    def transaction(self, document: Document) -> str:
        """A transaction with our id, each line with what is told of it."""
        text = f"\n{document.day} * {quoted(plain(document.memo))}\n  carnet: {quoted(document.id)}\n"
        for line in document.lines:
            check_account(line.remote_account)
            amount = to_decimal_string(line.amount_minor, document.currency)
            text += f"  {line.remote_account}  {amount} {document.currency}\n"
            text += "".join(f"    {key}: {quoted(plain(value))}\n" for key, value in facts_of(line))
        return text

    def closing(self, day: date, balances: Balances) -> str:
        """At the beginning of the next day; `~ 0` lets no unit pass."""
        text, whole = "", _with_those_below(balances)
        for (account, currency), own in sorted(balances.items()):
            amount = to_decimal_string(whole[account, currency], currency)
            text += f"{day + timedelta(days=1)} balance {account}  {amount} ~ 0 {currency}\n"
            if own != whole[account, currency]:
                text += f"  own: {to_decimal_string(own, currency)} {currency}\n"
        return text

    def asserted(self, closing: str) -> Balances:
        """What is an account's own."""
        balances: dict[Account, int] = {}
        last = ""
        for line in closing.splitlines():
            if found := _BALANCE.fullmatch(line):
                last = found[1]
                balances[last, found[3]] = parse_decimal_string(found[2], found[3])
            elif found := _OWN.fullmatch(line):
                balances[last, found[2]] = parse_decimal_string(found[1], found[2])
        return balances

    def head(self, accounts: Iterable[Account]) -> str:
        """Currencies, accounts, and the files of the days."""
        known = sorted(accounts)
        currencies = sorted({currency for _, currency in known})
        text = WRITTEN + 'option "title" "Carnet"\n'
        text += "".join(f'option "operating_currency" "{currency}"\n' for currency in currencies)
        for currency in currencies:
            text += f"1970-01-01 commodity {currency}\n  precision: {exponent(currency)}\n"
        text += "".join(f"1970-01-01 open {name}\n" for name in dict.fromkeys(name for name, _ in known))
        return f'{text}include "days/*.beancount"\n'


def _with_those_below(balances: Balances) -> Balances:
    sums: dict[Account, int] = {}
    for (account, currency), own in balances.items():
        parts = account.split(":")
        for length in range(1, len(parts) + 1):
            above = ":".join(parts[:length]), currency
            sums[above] = sums.get(above, 0) + own
    return sums
