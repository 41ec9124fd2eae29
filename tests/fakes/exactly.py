"""JSON in the fakes: amounts are decimals from the request to the answer."""

from decimal import Decimal

import orjson
from starlette.responses import Response


def answer(told: object, status: int = 200) -> Response:
    """A response of JSON."""
    return Response(orjson.dumps(told, default=_number), status, media_type="application/json")


def minor(amount: Decimal | int) -> int:
    """Cents; an amount with more digits is a mistake of the test."""
    cents = Decimal(amount) * 100
    assert cents == int(cents), f"{amount} has more digits than a euro has cents"
    return int(cents)


def _number(value: object) -> object:
    assert isinstance(value, Decimal)
    return orjson.Fragment(str(value))
