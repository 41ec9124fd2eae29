"""Package metrics as a table: a row for each definition, and of each rate its part, its whole and the per cent."""

from decimal import Decimal

from domain.kernel.access import Actor
from domain.kernel.csv import Cell
from domain.kernel.money import Money
from domain.reports.metrics import Metrics, PackageRatio, Ratio, package_metrics
from domain.reports.tables.codes import definition_codes
from domain.reports.tables.table import Asked, Rows, of_books

_RATES = ("utilisation_of_sold", "utilisation_of_ended", "lapse_rate", "renewal_rate", "contribution")
_COLUMNS = (
    "definition",
    "sold",
    "ended",
    *(f"{rate}_{part}" for rate in _RATES for part in ("part", "whole", "percent")),
    *(f"days_to_exhaust_{part}" for part in ("packages", "median", "mean")),
    "currency",
)


async def _rows(actor: Actor, asked: Asked) -> Rows:
    found = await package_metrics(actor, asked.span, asked.branch_id)
    codes = await definition_codes(actor, (row.definition_id or "" for row in found.rows))
    by_code = {codes[row.definition_id or ""]: row for row in found.rows}
    yield [_row(code, by_code[code], found.currency) for code in sorted(by_code)]


def _row(code: str, row: Metrics, currency: str) -> list[Cell]:
    days = row.days_to_exhaust
    return [
        code,
        len(row.sold),
        len(row.ended),
        *(cell for rate in _RATES for cell in _rate(getattr(row, rate), currency if rate == "contribution" else None)),
        len(days.packages),
        _shifted(days.median_tenths, 1),
        _shifted(days.mean_tenths, 1),
        currency,
    ]


def _rate(rate: Ratio | PackageRatio, currency: str | None) -> list[Cell]:
    """Amounts where there is a currency, else sessions or packages."""
    counts = (
        (len(rate.part), len(rate.whole)) if isinstance(rate, PackageRatio) else (rate.part.value, rate.whole.value)
    )
    shown = (Money(count, currency) if currency else count for count in counts)
    return [*shown, _shifted(rate.basis_points, 2)]


def _shifted(value: int | None, digits: int) -> Decimal | None:
    """Basis points as per cent, tenths as wholes."""
    return None if value is None else Decimal(value).scaleb(-digits)


PACKAGE_METRICS = of_books("package metrics", _COLUMNS, _rows)
