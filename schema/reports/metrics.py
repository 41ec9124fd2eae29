"""`packageMetrics`: by definition, what sells, is used, lapses, is bought again, and how fast."""

import strawberry

from domain.packages import reading
from domain.reports import metrics
from domain.reports.figures import span
from schema.catalog.loaders import DEFINITION
from schema.catalog.types import PackageDefinition
from schema.connections import Connection, connection, page
from schema.context import Info
from schema.packages.types import Package, package_of
from schema.percent import percent_of
from schema.reports.arguments import WHO, AsOf, AtBranch, From, To, refuse_unless_possible
from schema.reports.figure import Figure, figure_of
from schema.scalars import Decimal


@strawberry.type(description="A number of packages, and which ones these are.")
class PackageCount:
    """Packages that are counted."""

    count: int = strawberry.field(description="How many.")
    ids: strawberry.Private[tuple[str, ...]]
    whose: strawberry.Private[str]

    @strawberry.field(description="The packages, by their ids, which is by their age.")
    async def packages(self, info: Info, first: int | None = None, after: str | None = None) -> Connection[Package]:
        asked = page(first, after, "packages counted", self.whose)
        behind = asked.after[0] if asked.after else ""
        ids = [each for each in self.ids if each > behind][: asked.size + 1]
        found = await reading.by_ids(info.context.actor, ids)
        views = [found[each] for each in ids if each in found]
        return connection(views, asked, package_of, lambda view: [view.id])


def _count(ids: tuple[str, ...], whose: str) -> PackageCount:
    return PackageCount(count=len(ids), ids=ids, whose=whose)


@strawberry.type(description="A part of a whole: 100 x part / whole per cent.")
class FigureRatio:
    """A ratio of two figures."""

    percent: Decimal | None = strawberry.field(
        description="Per cent with two digits, rounded half up; null unless the whole is above zero."
    )
    part: Figure = strawberry.field(description="The part.")
    whole: Figure = strawberry.field(description="The whole.")


@strawberry.type(description="Some packages of others: 100 x part / whole per cent.")
class PackageRatio:
    """A ratio of packages."""

    percent: Decimal | None = strawberry.field(
        description="Per cent with two digits, rounded half up; null of no packages."
    )
    part: PackageCount = strawberry.field(description="The part.")
    whole: PackageCount = strawberry.field(description="The whole.")


@strawberry.type(description="How many days packages lasted from the sale to the last use.")
class DaysToExhaust:
    """The time in which packages are used up."""

    median: Decimal | None = strawberry.field(
        description="As many took longer as took less; null where there are no such packages."
    )
    mean: Decimal | None = strawberry.field(
        description="All days by all packages, with one digit, rounded half up; null where there are none."
    )
    packages: PackageCount = strawberry.field(
        description="The packages that ended in the period with every session used."
    )


@strawberry.type(
    description="The metrics of the packages of a definition, or of all. A package ends when the last of its sessions "
    "is gone: used, lapsed, taken away or moved on. Sales that were void do not count."
)
class PackageMetricsFigures:
    """The metrics of one row, or of all."""

    sold: PackageCount = strawberry.field(
        description="Packages sold in the period, those that an upgrade opened too, without those whose sale is void "
        "by now, or by the instant asked for."
    )
    ended: PackageCount = strawberry.field(description="Packages that ended in the period, whenever they were sold.")
    utilisation_of_sold: FigureRatio = strawberry.field(
        description="Of the packages sold in the period: sessions used by now, or as of the instant asked for, by "
        "sessions issued."
    )
    utilisation_of_ended: FigureRatio = strawberry.field(
        description="Of the packages that ended in the period: sessions used by sessions issued."
    )
    lapse_rate: FigureRatio = strawberry.field(
        description="Of the packages that ended in the period: sessions lapsed by sessions issued."
    )
    renewal_rate: PackageRatio = strawberry.field(
        description="Of the packages that ended in the period: those whose holder bought the same definition again, "
        "after this package was bought and at most 60 days after its end. Where the 60 days are not over it may rise."
    )
    days_to_exhaust: DaysToExhaust = strawberry.field(
        description="Of the packages that ended in the period with every session used: days from the sale to the end."
    )
    contribution: FigureRatio = strawberry.field(
        description="Revenue of sessions used in the period: the part is that of these packages, the whole all revenue "
        "there was, charges for single sessions included. Where it was performed counts, and breakage does not."
    )


@strawberry.type(description="The metrics of one definition.")
class PackageMetricsRow:
    """A row of the report."""

    figures: PackageMetricsFigures = strawberry.field(description="Its metrics.")
    definition_id: strawberry.Private[str]

    @strawberry.field(description="The definition.")
    async def definition(self, info: Info) -> PackageDefinition | None:
        return await info.context.load(DEFINITION, self.definition_id)


@strawberry.type(description="What sells, is used, lapses, is bought again, and how fast.")
class PackageMetrics:
    """The report."""

    rows: list[PackageMetricsRow] = strawberry.field(
        description="By definition: those of which anything was sold, ended or recognised in the period."
    )
    totals: PackageMetricsFigures = strawberry.field(description="All packages together.")


async def resolve(
    info: Info, from_: From, to: To, branch_id: AtBranch = None, as_of: AsOf = None
) -> PackageMetrics | None:
    """Ask for the report."""
    within = span(from_, to, as_of)
    await refuse_unless_possible(info, "package metrics", branch_id, as_of=as_of)
    found = await metrics.package_metrics(info.context.actor, within, branch_id)
    about = repr((within, branch_id))
    return PackageMetrics(
        rows=[
            PackageMetricsRow(figures=_figures(row, found.currency, about), definition_id=str(row.definition_id))
            for row in found.rows
        ],
        totals=_figures(found.totals, found.currency, about),
    )


def _figures(row: metrics.Metrics, currency: str, about: str) -> PackageMetricsFigures:
    def named(name: str) -> str:
        return f"{name} {row.definition_id} {about}"

    renewed, exhausted = row.renewal_rate, row.days_to_exhaust
    return PackageMetricsFigures(
        sold=_count(row.sold, named("sold")),
        ended=_count(row.ended, named("ended")),
        utilisation_of_sold=_ratio(row.utilisation_of_sold, currency),
        utilisation_of_ended=_ratio(row.utilisation_of_ended, currency),
        lapse_rate=_ratio(row.lapse_rate, currency),
        renewal_rate=PackageRatio(
            percent=_percent(renewed.basis_points),
            part=_count(renewed.part, named("renewed")),
            whole=_count(renewed.whole, named("ended")),
        ),
        days_to_exhaust=DaysToExhaust(
            median=_tenths(exhausted.median_tenths),
            mean=_tenths(exhausted.mean_tenths),
            packages=_count(exhausted.packages, named("exhausted")),
        ),
        contribution=_ratio(row.contribution, currency),
    )


def _ratio(ratio: metrics.Ratio, currency: str) -> FigureRatio:
    part, whole = figure_of(ratio.part, currency), figure_of(ratio.whole, currency)
    return FigureRatio(percent=_percent(ratio.basis_points), part=part, whole=whole)


def _percent(basis_points: int | None) -> Decimal | None:
    if basis_points is None:
        return None
    sign = "-" if basis_points < 0 else ""
    return Decimal(f"{sign}{percent_of(abs(basis_points))}")


def _tenths(tenths: int | None) -> Decimal | None:
    return None if tenths is None else Decimal(f"{tenths // 10}.{tenths % 10}")


QUERY = strawberry.field(
    resolver=resolve,
    description="Package metrics of a period by definition, of the packages that the branches sold: how many were "
    "sold, what share of their sessions is used and lapses, how many are bought again, how long they last, and what "
    f"they contribute to revenue. {WHO}",
)
