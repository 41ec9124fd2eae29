"""Documents and balances as hledger reads them."""

import re
from collections.abc import Iterable
from datetime import date

from domain.accounting.connectors.plain_text_dialects import WRITTEN, Account, Balances, facts_of
from domain.accounting.connectors.protocol import Document
from domain.accounting.plain_text.hledger import CLOSING
from domain.accounting.plain_text.words import commodity, described, tag
from domain.kernel.money import parse_decimal_string, to_decimal_string

_ACCOUNT = re.compile(r"[^\s;()\[\]*!\"=@][^\s;\"=@]*( [^\s;\"=@]+)*")
_BALANCE = re.compile(r"    (\S.*?)  [\d.]+ [A-Z]{3} = (-?[\d.]+) ([A-Z]{3})")


def check_account(name: str) -> None:
    """Raises ValueError for what hledger would not read as an account."""
    if not _ACCOUNT.fullmatch(name):
        raise ValueError(f"{name} is no account of hledger, such as assets:cash:Lisbon")


class HledgerFiles:
    """A Dialect; hledger asserts an account without what is below it."""

    suffix = "journal"
    preface = f"{WRITTEN}decimal-mark .\n"

    def transaction(self, document: Document) -> str:
        """A transaction with our id, each line with what is told of it."""
        text = f"\n{document.day} * {described(document.memo)}\n    ; {tag('carnet', document.id)}\n"
        for line in document.lines:
            check_account(line.remote_account)
            amount = to_decimal_string(line.amount_minor, document.currency)
            facts = ", ".join(tag(key, value) for key, value in facts_of(line))
            text += f"    {line.remote_account}  {amount} {document.currency}  ; {facts}\n"
        return text

    def closing(self, day: date, balances: Balances) -> str:
        """A transaction of nothing, after all others of the day."""
        text = f"{day} * {CLOSING}\n"
        for (account, currency), minor in sorted(balances.items()):
            nothing, whole = (to_decimal_string(each, currency) for each in (0, minor))
            text += f"    {account}  {nothing} {currency} = {whole} {currency}\n"
        return text

    def asserted(self, closing: str) -> Balances:
        """As they were asserted."""
        found = [match for line in closing.splitlines() if (match := _BALANCE.fullmatch(line))]
        return {(match[1], match[3]): parse_decimal_string(match[2], match[3]) for match in found}

    def head(self, accounts: Iterable[Account]) -> str:
        """Currencies, accounts, and the files of the days."""
        known = sorted(accounts)
        text = self.preface
        text += "".join(commodity(currency) for currency in sorted({currency for _, currency in known}))
        text += "".join(f"account {name}\n" for name in dict.fromkeys(name for name, _ in known))
        return f"{text}include days/*.journal\n"
