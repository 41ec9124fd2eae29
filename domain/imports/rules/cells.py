"""The cells of one line, read as short text, whole numbers, choices, dates and money."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.imports.rules.dates import parse_date
from domain.imports.rules.faults import Fault, RowRefused
from domain.imports.rules.money import parse_money
from domain.kernel.checks import Checks
from domain.kernel.errors import InvalidInput

CODE = 20
_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Cells:
    """One line of a spreadsheet: column name → text without the blanks around it."""

    line: int
    texts: Mapping[str, str]

    def text(self, column: str, most: int) -> str:
        """The cell, at most so many characters; may be blank."""
        text = self.texts[column]
        if len(text) > most:
            raise RowRefused(Fault.TOO_LONG)
        return text

    def required(self, column: str, most: int) -> str:
        """The cell, at most so many characters and not blank."""
        text = self.text(column, most)
        if not text:
            raise RowRefused(Fault.BLANK)
        return text

    def code(self, column: str) -> str:
        """A code such as the desk could have given: capital letters, digits and hyphens."""
        text, checks = self.required(column, CODE), Checks()
        checks.code(text, column)
        _refuse(checks, Fault.BAD_CODE)
        return text

    def email(self, column: str) -> str:
        """An e-mail address in the form in which it is looked up; may be blank."""
        checks = Checks()
        email = checks.email(self.text(column, 254), column)
        _refuse(checks, Fault.BAD_EMAIL)
        return email or ""

    def number(self, column: str, least: int, most: int) -> int:
        """A whole number within both bounds."""
        text = self.texts[column]
        if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
            raise RowRefused(Fault.BAD_NUMBER)
        return int(text)

    def choice(self, column: str, *choices: str) -> str:
        """One of the given texts, exactly."""
        text = self.texts[column]
        if text not in choices:
            raise RowRefused(Fault.BAD_CHOICE)
        return text

    def day(self, column: str) -> date:
        """A date in one of the three accepted forms."""
        return parse_date(self.texts[column])

    def money(self, column: str, currency: str) -> int:
        """An amount of either sign in minor units of the currency."""
        return parse_money(self.texts[column], currency)

    def price(self, column: str, currency: str) -> int:
        """An amount in minor units that is not negative."""
        amount = self.money(column, currency)
        if amount < 0:
            raise RowRefused(Fault.NEGATIVE_PRICE)
        return amount


def _refuse(checks: Checks, fault: Fault) -> None:
    """What an act would refuse, the row is refused for."""
    try:
        checks.passed()
    except InvalidInput:
        raise RowRefused(fault) from None
