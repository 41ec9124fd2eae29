"""Package metrics by definition: what sells, is used, lapses, is bought again, and how fast; void sales never count.

A package ends when the last of its sessions is gone: used, lapsed, taken away or moved on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.kernel.access import Actor
from domain.kernel.money import round_half_up
from domain.ledger.accounts import Account
from domain.reports.arithmetic import Kind
from domain.reports.figures import Figure, Lives, Span, Taken
from domain.reports.lives_store import Life, lives
from domain.reports.sums_store import Chosen, Sums, sums

RENEWED_WITHIN = timedelta(days=60)
_REVENUE = Kind("Revenue", "Sessions used, less those given back", (Account.REVENUE,))


@dataclass(frozen=True, slots=True)
class Ratio:
    """A part of a whole, in basis points; none of nothing."""

    part: Figure
    whole: Figure

    @property
    def basis_points(self) -> int | None:
        """Rounded half up, away from zero."""
        return _basis_points(self.part.value, self.whole.value)


@dataclass(frozen=True, slots=True)
class PackageRatio:
    """Some packages of others."""

    part: tuple[str, ...]
    whole: tuple[str, ...]

    @property
    def basis_points(self) -> int | None:
        """Rounded half up."""
        return _basis_points(len(self.part), len(self.whole))


def _basis_points(part: int, whole: int) -> int | None:
    if whole <= 0:
        return None
    return round_half_up(10_000 * part, whole) if part >= 0 else -round_half_up(-10_000 * part, whole)


@dataclass(frozen=True, slots=True)
class DaysToExhaust:
    """How long packages lasted of which every session was used, in tenths of days; None where there are none."""

    packages: tuple[str, ...]
    median_tenths: int | None
    mean_tenths: int | None


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics of one definition, or of all of them."""

    definition_id: str | None
    sold: tuple[str, ...]
    ended: tuple[str, ...]
    utilisation_of_sold: Ratio
    utilisation_of_ended: Ratio
    lapse_rate: Ratio
    renewal_rate: PackageRatio
    days_to_exhaust: DaysToExhaust
    contribution: Ratio


@dataclass(frozen=True, slots=True)
class PackageMetrics:
    """The report: a row for every definition of which anything was sold, ended or recognised, and all together."""

    currency: str
    rows: tuple[Metrics, ...]
    totals: Metrics


async def package_metrics(actor: Actor, span: Span, branch_id: str | None = None) -> PackageMetrics:
    """The metrics of the packages that the branches sold whose books the actor may read, in two statements."""
    found = [life for life in await lives(actor, span, branch_id) if is_sold(life, span) or has_ended(life, span)]
    revenue = await sums(actor, Chosen(span, _REVENUE.accounts, branch_id), "package metrics")
    definitions = {life.definition_id for life in found} | {each.definition_id for each in revenue.within}
    rows = [_metrics(found, revenue, span, branch_id, each) for each in sorted(definitions - {""})]
    return PackageMetrics(revenue.currency, tuple(rows), _metrics(found, revenue, span, branch_id, None))


def is_sold(life: Life, span: Span) -> bool:
    """Whether the package was sold within the span."""
    return (span.first_day is None or life.sold_on >= span.first_day) and life.sold_on <= span.last_day


def has_ended(life: Life, span: Span) -> bool:
    """Whether the package ended within the span."""
    if life.ended_on is None or life.ended_on > span.last_day:
        return False
    return span.first_day is None or life.ended_on >= span.first_day


def is_renewed(life: Life) -> bool:
    """Whether the customer bought the same again after this one, and at most 60 days after its end."""
    return life.ended_on is not None and life.next_on is not None and life.next_on - life.ended_on <= RENEWED_WITHIN


def days_to_exhaust(ended: Sequence[Life]) -> DaysToExhaust:
    """From the day of the sale to that of the last use, of packages of which every session was used."""
    exhausted = [life for life in ended if life.used == life.issued]
    days = sorted((life.ended_on - life.sold_on).days for life in exhausted if life.ended_on)
    ids = tuple(life.package_id for life in exhausted)
    if not days:
        return DaysToExhaust(ids, None, None)
    middle = days[(len(days) - 1) // 2] + days[len(days) // 2]
    return DaysToExhaust(ids, 5 * middle, round_half_up(10 * sum(days), len(days)))


def _metrics(
    found: Sequence[Life], revenue: Sums, span: Span, branch_id: str | None, definition_id: str | None
) -> Metrics:
    own = [life for life in found if definition_id in (None, life.definition_id)]
    sold = [life for life in own if is_sold(life, span)]
    ended = [life for life in own if has_ended(life, span)]
    renewed = [life for life in ended if is_renewed(life)]
    branch_ids = () if branch_id is None else (branch_id,)
    of_packages = [each for each in revenue.within if each.definition_id]  # charges for single sessions have none
    within = [each for each in of_packages if definition_id in (None, each.definition_id)]
    of_sold, of_ended = (f"{whose} {definition_id} {branch_id}" for whose in ("sold", "ended"))
    return Metrics(
        definition_id=definition_id,
        sold=_ids(sold),
        ended=_ids(ended),
        utilisation_of_sold=_ratio(sold, span, of_sold, Taken.USED),
        utilisation_of_ended=_ratio(ended, span, of_ended, Taken.USED),
        lapse_rate=_ratio(ended, span, of_ended, Taken.LAPSED),
        renewal_rate=PackageRatio(_ids(renewed), _ids(ended)),
        days_to_exhaust=days_to_exhaust(ended),
        contribution=Ratio(
            _REVENUE.figure(within, span, branch_ids, definition_id, of_packages=True),
            _REVENUE.figure(revenue.within, span, branch_ids),
        ),
    )


def _ids(packages: Sequence[Life]) -> tuple[str, ...]:
    return tuple(life.package_id for life in packages)


_WORDS = {
    Taken.ISSUED: ("Issued", "Sessions issued, free ones and those added later too"),
    Taken.USED: ("Used", "Sessions used, less those given back"),
    Taken.LAPSED: ("Lapsed", "Sessions lapsed, less those reinstated"),
}


def _ratio(packages: Sequence[Life], span: Span, whose: str, part: Taken) -> Ratio:
    def figure(taken: Taken) -> Figure:
        label, words = _WORDS[taken]
        value = sum(getattr(life, taken.value.lower()) for life in packages)
        return Figure(label, value, words, Lives(span, whose, taken, _ids(packages)))

    return Ratio(figure(part), figure(Taken.ISSUED))
