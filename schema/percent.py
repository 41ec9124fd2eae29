"""Per cent as text with two digits; the domain keeps basis points."""

import re

from schema.scalars import Decimal

_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?")


def percent_of(basis_points: int) -> Decimal:
    """2300 basis points are `23.00` per cent."""
    whole, hundredths = divmod(basis_points, 100)
    return Decimal(f"{whole}.{hundredths:02d}")


def basis_points_of(percent: Decimal) -> int | None:
    """`23`, `23.0` and `23.00` per cent are 2300 basis points; None when it is no such text."""
    match = _PERCENT.fullmatch(percent)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None
