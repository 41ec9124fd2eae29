"""Reads the numbers that clients write as text, and refuses all that are wrong at once."""

from domain.kernel.errors import FieldProblem, InvalidInput
from domain.kernel.money import parse_decimal_string
from schema.percent import basis_points_of
from schema.scalars import Decimal, MoneyInput


class Amounts:
    """What was read so far, in which currencies, and what was wrong with it."""

    def __init__(self) -> None:
        self.currencies: list[str] = []
        self._problems: list[FieldProblem] = []

    def minor(self, text: Decimal, currency: str, *path: str) -> int:
        """The amount in minor units; 0 in place of what is none."""
        try:
            return parse_decimal_string(text, currency)
        except ValueError as error:
            self.wrong(f"{error}.", *path)
            return 0

    def minor_if_given(self, text: Decimal | None, currency: str, *path: str) -> int | None:
        """The amount in minor units, if there is one."""
        return None if text is None else self.minor(text, currency, *path)

    def money(self, money: MoneyInput, *path: str) -> int:
        """The amount in minor units of its own currency, which is noted."""
        self.currencies.append(money.currency)
        return self.minor(money.amount, money.currency, *path, "amount")

    def money_if_given(self, money: MoneyInput | None, *path: str) -> int | None:
        """The amount in minor units of its own currency, if there is one."""
        return None if money is None else self.money(money, *path)

    def basis_points(self, percent: Decimal, *path: str) -> int:
        """The per cent as basis points; 0 in place of what is none."""
        found = basis_points_of(percent)
        if found is None:
            self.wrong(f"{percent!r} is not per cent from 0 to 100.00, such as 23.00.", *path)
        return found or 0

    def wrong(self, message: str, *path: str) -> None:
        """Note what else was wrong."""
        self._problems.append(FieldProblem(path, message))

    def passed(self) -> None:
        """Refuse the input unless nothing was wrong with it."""
        if self._problems:
            raise InvalidInput(*self._problems)
