"""The report of an import: what was refused and why, who is who twice, and the figures that must come out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

import orjson

from domain.imports.files import Sheet
from domain.imports.rules.openings import Standing
from domain.imports.workbook import RefusedRow


@dataclass(frozen=True, slots=True)
class About:
    """Whose spreadsheets these are, and on which day the packs' standing was taken."""

    chain: str
    currency: str
    as_of: date
    line: str = "1-based line of the file; the header is line 1"
    money: str = "whole minor units (cents)"


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of the rows of one file."""

    rows: int
    good: int
    bad: int
    bad_by_code: Mapping[str, int]
    bad_rows: tuple[RefusedRow, ...]


@dataclass(frozen=True, slots=True)
class CustomerFigures:
    """Good customer rows, and the persons they describe."""

    distinct_persons: int
    duplicate_rows: int
    duplicate_groups: tuple[tuple[str, ...], ...]
    same_phone_but_different_persons: tuple[tuple[str, ...], ...]
    same_name_but_different_persons: tuple[tuple[str, ...], ...]
    without_email: int
    without_phone: int
    with_birthday: int
    with_household: int
    whatsapp_consent: Mapping[str, int]
    by_home_branch: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over good packs."""

    packs: int = 0
    sessions_left: int = 0
    value_left_minor: int = 0


@dataclass(frozen=True, slots=True)
class PriceSums:
    """Sums over good packs, with what was agreed for them and what of it is unpaid."""

    packs: int = 0
    sessions_left: int = 0
    value_left_minor: int = 0
    price_minor: int = 0
    outstanding_minor: int = 0

    def __add__(self, other: "PriceSums") -> "PriceSums":
        return PriceSums(
            self.packs + other.packs,
            self.sessions_left + other.sessions_left,
            self.value_left_minor + other.value_left_minor,
            self.price_minor + other.price_minor,
            self.outstanding_minor + other.outstanding_minor,
        )


@dataclass(frozen=True, slots=True)
class AsOf:
    """How the packs stand on a day."""

    date: date
    total: Mapping[Standing, Sums]
    by_selling_branch: Mapping[str, Mapping[Standing, Sums]]


@dataclass(frozen=True, slots=True)
class PackFigures:
    """Sums over all good packs, expired ones too."""

    total: PriceSums
    by_selling_branch: Mapping[str, PriceSums]
    by_definition: Mapping[str, PriceSums]
    as_of: AsOf
    bundle_left_by_service: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UsedMismatch:
    """A pack whose count of used sessions differs from its visits; the count is believed."""

    old_ref: str
    used: int
    consumed_visits: int


@dataclass(frozen=True, slots=True)
class GoodPackVisits:
    """Visits of good packs, and those among them that consumed a session."""

    rows: int
    consumed: int


@dataclass(frozen=True, slots=True)
class RefusedPackVisits:
    """Visits that were not imported because their pack was refused."""

    rows: int
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VisitFigures:
    """Good visit rows, by what became of them and of their packs."""

    by_status: Mapping[str, int]
    consumed: int
    of_good_packs: GoodPackVisits
    of_rejected_packs: RefusedPackVisits
    used_mismatches: tuple[UsedMismatch, ...]


@dataclass(frozen=True, slots=True)
class DifferingDefinition:
    """A definition of the spreadsheets that is not what the chain has under its code."""

    code: str
    name: str
    published_name: str
    published_version: int

    @property
    def told(self) -> str:
        """The warning."""
        return (
            f"{self.code}: {self.name} of the spreadsheets is not the same as {self.published_name}, version "
            f"{self.published_version}, of the chain. That stays as it is; the packages get the terms of the "
            "spreadsheets."
        )


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that an import has to say about its spreadsheets."""

    about: About
    files: Mapping[Sheet, FileReport]
    customers: CustomerFigures
    packs: PackFigures
    visits: VisitFigures
    differing: tuple[DifferingDefinition, ...] = ()


def report_json(report: Report) -> bytes:
    """The report as an indented JSON document; the field names above are its keys."""
    document = asdict(report)
    for file in document["files"].values():
        if not file["bad"]:
            del file["bad_by_code"]
    if not report.differing:
        del document["differing"]
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(document, option=options)
