"""Scalars and the small types that every noun uses: money, currencies, instants, local days."""

import re
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from domain.kernel import money
from domain.kernel.money import is_currency, parse_decimal_string, to_decimal_string

Decimal = NewType("Decimal", str)
CurrencyCode = NewType("CurrencyCode", str)
LocalDateTime = NewType("LocalDateTime", datetime)

_LOCAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?", re.ASCII)


def _instant_out(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def instant(value: Any) -> datetime:
    """The instant of a text with its offset, in UTC; ValueError says what is wrong with it."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        raise ValueError("An instant is written like 2026-03-14T09:30:00Z, with its offset.")
    try:
        return found.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("The instant lies beyond the calendar.") from error


def _local_out(value: datetime) -> str:
    return value.replace(tzinfo=None).isoformat(timespec="seconds" if value.second else "minutes")


def _local_in(value: Any) -> LocalDateTime:
    try:
        if _LOCAL.fullmatch(value):
            return LocalDateTime(datetime.fromisoformat(value))
    except (TypeError, ValueError):
        pass
    raise ValueError("A time by a branch's clock is written like 2026-03-29T10:00, without an offset.")


def _day_in(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError("A day is written like 2026-03-14.") from error


def _decimal_in(value: Any) -> Decimal:
    if not isinstance(value, str):
        raise ValueError('An amount is a text such as "450.00", never a float.')
    return Decimal(value)


def _currency_in(value: Any) -> CurrencyCode:
    if not isinstance(value, str) or not is_currency(value):
        raise ValueError("A currency is an ISO 4217 code such as EUR.")
    return CurrencyCode(value)


SCALARS: dict[object, ScalarDefinition] = {
    Decimal: strawberry.scalar(
        name="Decimal",
        description='A decimal number as text, with exactly the digits of its currency: "450.00" EUR, "1200" JPY.',
        serialize=str,
        parse_value=_decimal_in,
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="An ISO 4217 currency code such as EUR.",
        serialize=str,
        parse_value=_currency_in,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant in UTC, written as RFC 3339: 2026-03-14T09:30:00Z. Any offset is accepted as input.",
        serialize=_instant_out,
        parse_value=instant,
    ),
    LocalDateTime: strawberry.scalar(
        name="LocalDateTime",
        description="A day and time by the clock of the branch concerned, with no offset, written as 2026-03-29T10:00, "
        "or as 2026-03-29T10:00:30 where there are seconds.",
        serialize=_local_out,
        parse_value=_local_in,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day by the clock of the branch concerned, written as 2026-03-14.",
        serialize=date.isoformat,
        parse_value=_day_in,
    ),
}


@strawberry.type(description="An amount of money, exact to the currency's minor unit.")
class Money:
    """Money as the graph shows it."""

    amount: Decimal = strawberry.field(description="The amount, with exactly the currency's digits.")
    currency: CurrencyCode = strawberry.field(description="The ISO 4217 currency.")


def money_of(amount_minor: int, currency: str) -> Money:
    """Minor units as the graph shows them."""
    return Money(amount=Decimal(to_decimal_string(amount_minor, currency)), currency=CurrencyCode(currency))


@strawberry.input(description="An amount of money. More digits than the currency has are refused, never rounded.")
class MoneyInput:
    """Money as a client sends it."""

    amount: Decimal = strawberry.field(description='The amount as text, such as "450.00".')
    currency: CurrencyCode = strawberry.field(description="The ISO 4217 currency.")

    def parsed(self) -> money.Money:
        """The amount in minor units; ValueError says what is wrong with it."""
        return money.Money(parse_decimal_string(self.amount, self.currency), self.currency)
