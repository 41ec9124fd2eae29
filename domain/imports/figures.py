"""Drawing up the report: one stream over the packs, and the counts that the scratch database gives."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.imports.files import Sheet
from domain.imports.report import (
    About,
    AsOf,
    CustomerFigures,
    FileReport,
    GoodPackVisits,
    PackFigures,
    PriceSums,
    RefusedPackVisits,
    Report,
    Sums,
    UsedMismatch,
    VisitFigures,
)
from domain.imports.rules.catalogue import Catalogue
from domain.imports.rules.openings import Opening, Standing, open_pack, standing
from domain.imports.rules.packs import PackRow, VisitRow, VisitStatus
from domain.imports.workbook import Workbook


def draw_up(workbook: Workbook, chain: str, as_of: date) -> Report:
    """The report of a directory that was read; packs are live, in grace or expired on the day `as_of`."""
    tally = _Tally(workbook.catalogue, as_of)
    for pack, visits in workbook.packs():
        tally.add(pack, visits)
    return Report(
        about=About(chain, workbook.catalogue.currency, as_of),
        files={sheet: _file(workbook, sheet) for sheet in Sheet},
        customers=_customers(workbook),
        packs=tally.packs(),
        visits=_visits(workbook, tally),
    )


def _file(workbook: Workbook, sheet: Sheet) -> FileReport:
    refused = tuple(workbook.refused(sheet))
    rows = workbook.rows.get(sheet, 0)
    by_code = dict(Counter(row.code.value for row in refused))
    return FileReport(rows, rows - len(refused), len(refused), by_code, refused)


def _customers(workbook: Workbook) -> CustomerFigures:
    counts = workbook.customer_counts()
    by_branch = dict.fromkeys(workbook.catalogue.branches, 0) | dict(workbook.customers_by_home_branch())
    return CustomerFigures(
        distinct_persons=counts.persons,
        duplicate_rows=counts.rows - counts.persons,
        duplicate_groups=tuple(workbook.same_person()),
        same_phone_but_different_persons=tuple(workbook.same_phone()),
        same_name_but_different_persons=tuple(workbook.same_name()),
        without_email=counts.without_email,
        without_phone=counts.without_phone,
        with_birthday=counts.with_birthday,
        with_household=counts.with_household,
        whatsapp_consent={"yes": counts.consenting, "no": counts.refusing, "blank": counts.unasked},
        by_home_branch=by_branch,
    )


def _visits(workbook: Workbook, tally: "_Tally") -> VisitFigures:
    by_status = {status.value: 0 for status in VisitStatus} | dict(workbook.visits_by_status())
    orphans = tuple(workbook.visits_of_refused_packs())
    return VisitFigures(
        by_status=by_status,
        consumed=sum(by_status.values()) - by_status[VisitStatus.CANCELLED],
        of_good_packs=GoodPackVisits(tally.visits, tally.consumed),
        of_rejected_packs=RefusedPackVisits(len(orphans), orphans),
        used_mismatches=tuple(tally.mismatches),
    )


@dataclass(slots=True)
class _Tally:
    """Running sums over the packs: one for each branch, definition and standing, never one for each pack."""

    catalogue: Catalogue
    as_of: date
    sums: dict[tuple[str, str, Standing], PriceSums] = field(default_factory=dict)
    bundle_left: Counter[str] = field(default_factory=Counter)
    visits: int = 0
    consumed: int = 0
    mismatches: list[UsedMismatch] = field(default_factory=list)

    def add(self, pack: PackRow, visits: Sequence[VisitRow]) -> None:
        """Count one more pack with its visits."""
        definition = self.catalogue.definition(pack.definition)
        opening = open_pack(pack, definition, visits)
        group = pack.branch, pack.definition, standing(pack, definition.grace_days, self.as_of)
        self.sums[group] = self.sums.get(group, PriceSums()) + _sums(pack, opening)
        if definition.is_bundle:
            for lot in opening.lots:
                self.bundle_left[lot.service] += lot.left
        self._compare(pack, visits)

    def packs(self) -> PackFigures:
        """The figures of all packs added."""
        branches, definitions = self.catalogue.branches, self.catalogue.definitions
        bundled = (item.service for each in definitions.values() if each.is_bundle for item in each.items)
        return PackFigures(
            total=self._total(),
            by_selling_branch={code: self._total(branch=code) for code in branches},
            by_definition={code: self._total(definition=code) for code in definitions},
            as_of=AsOf(self.as_of, self._standings(), {code: self._standings(code) for code in branches}),
            bundle_left_by_service=dict.fromkeys(bundled, 0) | dict(self.bundle_left),
        )

    def _compare(self, pack: PackRow, visits: Sequence[VisitRow]) -> None:
        consumed = sum(visit.consumes for visit in visits)
        self.visits += len(visits)
        self.consumed += consumed
        if consumed != pack.sessions_used:
            self.mismatches.append(UsedMismatch(pack.ref, pack.sessions_used, consumed))

    def _standings(self, branch: str | None = None) -> dict[Standing, Sums]:
        totals = {each: self._total(branch=branch, standing=each) for each in Standing}
        return {each: Sums(sums.packs, sums.sessions_left, sums.value_left_minor) for each, sums in totals.items()}

    def _total(
        self, branch: str | None = None, definition: str | None = None, standing: Standing | None = None
    ) -> PriceSums:
        wanted = (branch, definition, standing)
        picked = (
            sums
            for group, sums in self.sums.items()
            if all(want in (None, have) for want, have in zip(wanted, group, strict=True))
        )
        return sum(picked, PriceSums())


def _sums(pack: PackRow, opening: Opening) -> PriceSums:
    left = pack.sessions_total - pack.sessions_used
    return PriceSums(1, left, opening.value_left_minor, pack.price_minor, opening.outstanding_minor)
