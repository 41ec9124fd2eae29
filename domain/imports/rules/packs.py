"""A row of packs.csv and a row of visits.csv."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.imports.rules.catalogue import MAX_SESSIONS, NAME, Catalogue
from domain.imports.rules.cells import Cells
from domain.imports.rules.customers import REFERENCE
from domain.imports.rules.dates import parse_wall_clock
from domain.imports.rules.faults import Fault, RowRefused

NOTES = 4_000


class VisitStatus(StrEnum):
    """What became of a visit; all but a cancelled one consume a session."""

    ATTENDED = "attended"
    NO_SHOW = "no-show"
    LATE_CANCEL = "late-cancel"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PackRow:
    """A sold pack; the row, not its definition, says what was agreed."""

    line: int
    ref: str
    customer_ref: str
    definition: str
    sold_on: date
    branch: str
    price_minor: int
    paid_minor: int
    sessions_total: int
    sessions_used: int
    expires_on: date
    notes: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit to be paid with a session of a pack."""

    line: int
    ref: str
    pack_ref: str
    starts_at: datetime
    branch: str
    service: str
    practitioner: str
    status: VisitStatus

    @property
    def consumes(self) -> bool:
        """Whether the visit used a session."""
        return self.status is not VisitStatus.CANCELLED


def parse_pack(cells: Cells, catalogue: Catalogue, is_customer: Callable[[str], bool]) -> PackRow:
    """A pack of a known customer and definition, whose dates, counts and sums are possible."""
    customer_ref = cells.text("customer_ref", REFERENCE)
    if not is_customer(customer_ref):
        raise RowRefused(Fault.UNKNOWN_CUSTOMER)
    definition = catalogue.definition(cells.texts["definition_code"])
    branch = catalogue.branch(cells.texts["sold_at_branch"])
    sold_on, expires_on = cells.day("sold_on"), cells.day("expires_on")
    if expires_on < sold_on:
        raise RowRefused(Fault.EXPIRES_BEFORE_SALE)
    price, paid = _price_and_paid(cells, branch.currency)
    total, used = _total_and_used(cells)
    return PackRow(
        line=cells.line,
        ref=cells.required("old_ref", REFERENCE),
        customer_ref=customer_ref,
        definition=definition.code,
        sold_on=sold_on,
        branch=branch.code,
        price_minor=price,
        paid_minor=paid,
        sessions_total=total,
        sessions_used=used,
        expires_on=expires_on,
        notes=cells.text("notes", NOTES),
    )


def _price_and_paid(cells: Cells, currency: str) -> tuple[int, int]:
    price, paid = cells.price("price", currency), cells.price("paid_so_far", currency)
    if paid > price:
        raise RowRefused(Fault.OVERPAID)
    return price, paid


def _total_and_used(cells: Cells) -> tuple[int, int]:
    total = cells.number("sessions_total", 1, MAX_SESSIONS)
    used = cells.number("sessions_used", 0, 999_999)
    if used > total:
        raise RowRefused(Fault.USED_EXCEEDS_TOTAL)
    return total, used


def parse_visit(cells: Cells, catalogue: Catalogue) -> VisitRow:
    """A visit at a branch of the chain, at an instant told by that branch's wall clock."""
    branch = catalogue.branch(cells.texts["branch"])
    service = cells.texts["service"]
    if service not in catalogue.services:
        raise RowRefused(Fault.UNKNOWN_SERVICE)
    return VisitRow(
        line=cells.line,
        ref=cells.required("visit_ref", REFERENCE),
        pack_ref=cells.required("pack_ref", REFERENCE),
        starts_at=parse_wall_clock(cells.texts["starts_at_local"], branch.time_zone),
        branch=branch.code,
        service=service,
        practitioner=cells.text("practitioner", NAME),
        status=VisitStatus(cells.choice("status", *VisitStatus)),
    )
