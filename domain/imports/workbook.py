"""A directory of spreadsheets that was read: catalogue, people, packs with their visits, and refused rows."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from domain.imports.files import Sheet
from domain.imports.rules.catalogue import Catalogue
from domain.imports.rules.customers import CustomerRow, Person, merge_person
from domain.imports.rules.faults import Fault
from domain.imports.rules.packs import PackRow, VisitRow, VisitStatus

_SAME_PERSON = """
SELECT person, ref FROM customer
WHERE person IN (SELECT person FROM customer GROUP BY person HAVING count(*) > 1) ORDER BY person, line"""

_SAME_PHONE = """
SELECT phone, ref, min(line) OVER (PARTITION BY phone) AS first FROM customer
WHERE phone IN (
    SELECT phone FROM customer WHERE phone <> '' GROUP BY phone HAVING count(DISTINCT folded_name) > 1)
ORDER BY first, line"""

_SAME_NAME = """
SELECT folded_name, ref, min(line) OVER (PARTITION BY folded_name) AS first FROM customer
WHERE folded_name IN (
    SELECT folded_name FROM customer GROUP BY folded_name HAVING count(DISTINCT phone) > 1)
ORDER BY first, line"""

_CUSTOMER_COUNTS = """
SELECT count(*) AS rows, count(DISTINCT person) AS persons,
    count(*) FILTER (WHERE email = '') AS without_email, count(*) FILTER (WHERE phone = '') AS without_phone,
    count(birthday) AS with_birthday, count(*) FILTER (WHERE household_ref <> '') AS with_household,
    count(*) FILTER (WHERE whatsapp_consent = 1) AS consenting,
    count(*) FILTER (WHERE whatsapp_consent = 0) AS refusing,
    count(*) FILTER (WHERE whatsapp_consent IS NULL) AS unasked
FROM customer"""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not imported: where it stands, its reference in the old system, and the one reason."""

    line: int
    old_ref: str
    code: Fault


@dataclass(frozen=True, slots=True)
class CustomerCounts:
    """How many good customer rows there are of each kind."""

    rows: int
    persons: int
    without_email: int
    without_phone: int
    with_birthday: int
    with_household: int
    consenting: int
    refusing: int
    unasked: int


@dataclass(frozen=True, slots=True)
class Workbook:
    """Everything good in the six files, streamed in the order of their lines as often as asked."""

    connection: sqlite3.Connection
    catalogue: Catalogue
    rows: Mapping[Sheet, int]

    def refused(self, sheet: Sheet) -> Iterator[RefusedRow]:
        """The refused rows of a sheet."""
        sql = "SELECT line, ref, fault FROM refused WHERE sheet = ? ORDER BY line"
        for line, ref, fault in self.connection.execute(sql, (sheet,)):
            yield RefusedRow(line, ref, Fault(fault))

    def persons(self) -> Iterator[Person]:
        """Each person once, described by all rows that are the same person."""
        rows = self.connection.execute("SELECT * FROM customer ORDER BY person, line")
        for _, twins in groupby(rows, key=lambda row: row["person"]):
            yield merge_person([_customer(row) for row in twins])

    def packs(self) -> Iterator[tuple[PackRow, tuple[VisitRow, ...]]]:
        """Each pack with its visits in the order of time."""
        sql = "SELECT * FROM visit WHERE pack_ref = ? ORDER BY starts_at, line"
        for row in self.connection.execute("SELECT * FROM pack ORDER BY line"):
            pack = _pack(row)
            yield pack, tuple(_visit(visit) for visit in self.connection.execute(sql, (pack.ref,)))

    def pack_count(self) -> int:
        """How many good packs there are."""
        count: int = self.connection.execute("SELECT count(*) FROM pack").fetchone()[0]
        return count

    def practitioners(self) -> Iterator[tuple[str, str]]:
        """Every name that performed a visit, with each branch where it did."""
        sql = "SELECT DISTINCT practitioner, branch FROM visit WHERE practitioner <> '' ORDER BY practitioner, branch"
        return ((name, branch) for name, branch in self.connection.execute(sql))

    def visits_of_refused_packs(self) -> Iterator[int]:
        """The lines of good visits whose pack was refused."""
        sql = "SELECT line FROM visit WHERE pack_ref NOT IN (SELECT ref FROM pack) ORDER BY line"
        return (line for (line,) in self.connection.execute(sql))

    def visits_by_status(self) -> Iterator[tuple[VisitStatus, int]]:
        """How many good visits ended in each way."""
        for status, count in self.connection.execute("SELECT status, count(*) FROM visit GROUP BY status"):
            yield VisitStatus(status), count

    def customer_counts(self) -> CustomerCounts:
        """How many good customer rows there are of each kind."""
        return CustomerCounts(**self.connection.execute(_CUSTOMER_COUNTS).fetchone())

    def customers_by_home_branch(self) -> Iterator[tuple[str, int]]:
        """How many good customer rows name each branch as home."""
        yield from self.connection.execute("SELECT home_branch, count(*) FROM customer GROUP BY home_branch")

    def same_person(self) -> Iterator[tuple[str, ...]]:
        """References that stand for one person: same phone and same name."""
        return self._groups(_SAME_PERSON)

    def same_phone(self) -> Iterator[tuple[str, ...]]:
        """References that share a phone under different names."""
        return self._groups(_SAME_PHONE)

    def same_name(self) -> Iterator[tuple[str, ...]]:
        """References that share a name with different phones."""
        return self._groups(_SAME_NAME)

    def _groups(self, sql: str) -> Iterator[tuple[str, ...]]:
        for _, group in groupby(self.connection.execute(sql), key=lambda row: row[0]):
            yield tuple(row[1] for row in group)


def _customer(row: sqlite3.Row) -> CustomerRow:
    cells = dict(row)
    del cells["person"]
    cells["birthday"] = date.fromisoformat(row["birthday"]) if row["birthday"] else None
    cells["tags"] = tuple(row["tags"].split(";")) if row["tags"] else ()
    cells["whatsapp_consent"] = None if row["whatsapp_consent"] is None else bool(row["whatsapp_consent"])
    cells["created_on"] = date.fromisoformat(row["created_on"])
    return CustomerRow(**cells)


def _pack(row: sqlite3.Row) -> PackRow:
    cells = dict(row)
    cells["sold_on"] = date.fromisoformat(row["sold_on"])
    cells["expires_on"] = date.fromisoformat(row["expires_on"])
    return PackRow(**cells)


def _visit(row: sqlite3.Row) -> VisitRow:
    cells = dict(row)
    cells["starts_at"] = datetime.fromisoformat(row["starts_at"])
    cells["status"] = VisitStatus(row["status"])
    return VisitRow(**cells)
