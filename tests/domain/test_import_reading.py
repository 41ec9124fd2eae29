"""A directory of spreadsheets is read to the row and to the cent, or refused in one sentence."""

import csv
import json
import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from domain.imports.errors import (
    ChainUnnamed,
    ColumnRepeated,
    ColumnsMissing,
    DirectoryMissing,
    NoRoomToImport,
    NotUtf8,
    SpreadsheetsMissing,
    SpreadsheetUnreadable,
    TooManyRows,
)
from domain.imports.figures import draw_up
from domain.imports.files import Sheet, chain_name
from domain.imports.read import Step, open_workbook
from domain.imports.report import report_json
from domain.imports.rules.faults import Fault
from domain.imports.scratch import Scratch, scratch_database
from domain.imports.workbook import RefusedRow
from tests.fixtures.spreadsheets import HARBOUR, SMALL, append, ignore, refused, small_directory

EXPORTED = {"faker", "exported_on"}
PACK = "NEW-1,C-00001,PHY10,2026-01-01,LIS,450,450,10,0,2026-06-30,"


@pytest.mark.parametrize("directory", [HARBOUR, SMALL], ids=["full", "small"])
def test_the_report_of_harbour_wellness_is_as_expected(directory: Path) -> None:
    with open_workbook(directory, ignore) as workbook:
        report = json.loads(report_json(draw_up(workbook, "Harbour Wellness", date(2026, 11, 1))))
    expected = json.loads((directory / "expected.json").read_text())
    # The rest of `expected` tells of how the example was made, not of what is in it.
    del expected["packs"]["slash_dates_that_differ_if_read_month_first"]
    expected["about"] = {key: value for key, value in expected["about"].items() if key not in EXPORTED}
    assert report == expected


def test_a_person_who_is_there_twice_comes_once_under_all_references() -> None:
    with open_workbook(SMALL, ignore) as workbook:
        persons = list(workbook.persons())
    assert len(persons) == 37
    assert [person.refs for person in persons if len(person.refs) > 1] == [
        ("C-00011", "C-00034"),
        ("C-00012", "C-00030", "C-00040"),
    ]


def test_people_without_a_phone_are_never_the_same(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    nameless = ",Ana,Reis,,,PT,,,,LIS,,2025-01-01"
    append(directory, Sheet.CUSTOMERS, "N-1" + nameless, "N-2" + nameless)
    with open_workbook(directory, ignore) as workbook:
        assert {("N-1",), ("N-2",)} <= {person.refs for person in workbook.persons()}


def test_visits_come_with_their_pack_in_the_order_of_time(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    # The same minute of the clock is an hour later on the Azores.
    visit = "W-{},NEW-1,2026-02-0{},{},PHY45,Rita,attended"
    append(directory, Sheet.PACKS, PACK)
    append(directory, Sheet.VISITS, visit.format(1, "2 10:00", "PDL"), visit.format(2, "2 10:30", "LIS"))
    append(directory, Sheet.VISITS, visit.format(3, "1 10:00", "MAD"))
    with open_workbook(directory, ignore) as workbook:
        visits = {pack.ref: visits for pack, visits in workbook.packs()}["NEW-1"]
    assert [visit.ref for visit in visits] == ["W-3", "W-2", "W-1"]


def test_reading_a_byte_order_mark_and_windows_line_ends_changes_nothing(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    for sheet in Sheet:
        text = (directory / sheet).read_bytes()
        (directory / sheet).write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    with open_workbook(directory, ignore) as spoilt, open_workbook(SMALL, ignore) as workbook:
        assert draw_up(spoilt, "", date(2026, 11, 1)) == draw_up(workbook, "", date(2026, 11, 1))


def test_columns_may_stand_in_any_order_among_others(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    with (SMALL / Sheet.PACKS).open(newline="", encoding="utf-8") as file:
        rows = [{"colour": "blue", **row} for row in csv.DictReader(file)]
    with (directory / Sheet.PACKS).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, sorted(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    with open_workbook(directory, ignore) as shuffled, open_workbook(SMALL, ignore) as workbook:
        assert list(shuffled.packs()) == list(workbook.packs())


def test_blank_lines_are_no_rows_but_are_counted_as_lines(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    append(directory, Sheet.PACKS, "", " , ,,,,,,,,,", PACK.replace("C-00001", "nobody"))
    with open_workbook(directory, ignore) as workbook:
        assert workbook.rows[Sheet.PACKS] == 61
        assert list(workbook.refused(Sheet.PACKS))[-1] == RefusedRow(64, "NEW-1", Fault.UNKNOWN_CUSTOMER)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (PACK + "\0", Fault.BAD_TEXT),
        (PACK + "\x1b[2J", Fault.BAD_TEXT),
        (PACK + '"never closed', Fault.BAD_ROW),
        ("NEW-1,C-00001", Fault.BAD_ROW),
        (PACK + ",one more", Fault.BAD_ROW),
        (PACK + "x" * 200_000, Fault.TOO_LONG),
        (PACK + "x" * 4_001, Fault.TOO_LONG),
    ],
)
def test_a_broken_line_is_reported_and_the_next_one_read(tmp_path: Path, line: str, fault: Fault) -> None:
    directory = small_directory(tmp_path)
    append(directory, Sheet.PACKS, line, PACK.replace("NEW-1", "NEW-2"))
    with open_workbook(directory, ignore) as workbook:
        last = list(workbook.refused(Sheet.PACKS))[-1]
        assert (last.line, last.code) == (62, fault)
        assert [pack.line for pack, _ in workbook.packs()][-1] == 63


def test_the_second_row_with_a_reference_is_refused_even_where_the_first_was(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    append(directory, Sheet.PACKS, PACK.replace("2026-01-01", "someday"), PACK)
    assert refused(directory, Sheet.PACKS)[-2:] == [
        RefusedRow(62, "NEW-1", Fault.BAD_DATE),
        RefusedRow(63, "NEW-1", Fault.DUPLICATE_REF),
    ]


@pytest.mark.parametrize("sheet", [Sheet.BRANCHES, Sheet.SERVICES, Sheet.DEFINITIONS, Sheet.CUSTOMERS, Sheet.VISITS])
def test_every_sheet_refuses_the_second_row_with_a_reference(tmp_path: Path, sheet: Sheet) -> None:
    directory = small_directory(tmp_path)
    first = (SMALL / sheet).read_text().splitlines()[1]
    append(directory, sheet, first)
    lines = len((directory / sheet).read_text().splitlines())
    assert refused(directory, sheet) == [RefusedRow(lines, first.split(",")[0], Fault.DUPLICATE_REF)]


def test_a_visit_of_a_pack_that_no_row_mentions_is_refused(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    append(directory, Sheet.VISITS, "V-9,LIS-99999,2026-01-01 10:00,LIS,MAS60,Rita,attended")
    assert refused(directory, Sheet.VISITS) == [RefusedRow(152, "V-9", Fault.UNKNOWN_PACK)]


def test_a_directory_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nowhere"
    assert _sentence(path, DirectoryMissing) == f"{path} is not a directory. Give the one that holds the spreadsheets."
    assert "is not a directory" in _sentence(SMALL / Sheet.PACKS, DirectoryMissing)


def test_missing_files_are_named(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    for sheet in (Sheet.PACKS, Sheet.VISITS):
        (directory / sheet).unlink()
    sentence = _sentence(directory, SpreadsheetsMissing)
    assert sentence == f"{directory} lacks packs.csv, visits.csv. All six spreadsheets are needed."


def test_missing_columns_are_named_with_their_file(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    _spoil(directory, Sheet.PACKS, b"old_ref,customer_ref", b"ref;customer")
    sentence = _sentence(directory, ColumnsMissing)
    assert sentence.startswith("packs.csv has no column old_ref, customer_ref.")


def test_a_service_needs_a_price_column_for_every_branch(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    _spoil(directory, Sheet.SERVICES, b"list_price_MAD", b"price in Madrid")
    assert _sentence(directory, ColumnsMissing).startswith("services.csv has no column list_price_MAD.")


def test_an_empty_file_lacks_all_columns(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    (directory / Sheet.BRANCHES).write_bytes(b"")
    assert "branches.csv has no column code, name, timezone" in _sentence(directory, ColumnsMissing)


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    directory = small_directory(tmp_path)
    _spoil(directory, Sheet.PACKS, b"notes", b"price")
    _spoil(directory, Sheet.PACKS, b"expires_on,price", b"expires_on,notes,price")
    assert _sentence(directory, ColumnRepeated) == "packs.csv has the column price twice. Keep one."


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_refused_with_the_line(tmp_path: Path, encoding: str) -> None:
    directory = small_directory(tmp_path)
    text = "code,name,timezone,currency,city,country\nLIS,São Bento,Europe/Lisbon,EUR,Lisboa,PT\n"
    (directory / Sheet.BRANCHES).write_bytes(text.encode(encoding))
    line = 1 if encoding == "utf-16" else 2
    sentence = _sentence(directory, NotUtf8)
    assert sentence == f"branches.csv is not UTF-8 text (see line {line}). Save it as CSV UTF-8."


def test_a_catalogue_that_is_none_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.imports.read.MOST_CATALOGUE_ROWS", 7)
    assert _sentence(small_directory(tmp_path), TooManyRows).startswith("services.csv has more than 7 rows.")


def test_a_file_that_may_not_be_read_is_named_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(path: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", forbidden)
    assert _sentence(SMALL, SpreadsheetUnreadable) == "branches.csv cannot be read: Permission denied."


def test_a_full_disk_is_said_in_one_sentence() -> None:
    def fill_a_disk_of_two_pages() -> None:
        with scratch_database() as connection:
            connection.execute("PRAGMA max_page_count = 2")
            Scratch(connection)

    with pytest.raises(NoRoomToImport) as raised:
        fill_a_disk_of_two_pages()
    assert str(raised.value).startswith("There is no room for temporary files.")


def test_the_chain_is_called_what_the_readme_is_titled(tmp_path: Path) -> None:
    assert chain_name(HARBOUR) == "Harbour Wellness"
    with pytest.raises(ChainUnnamed):
        chain_name(SMALL)
    (tmp_path / "README.md").write_text("no title")
    with pytest.raises(ChainUnnamed):
        chain_name(tmp_path)


def test_progress_ends_at_the_size_of_each_file() -> None:
    steps: list[Step] = []
    with open_workbook(HARBOUR, steps.append):
        pass
    ends = {step.what: step for step in steps}
    assert list(ends) == list(Sheet)
    assert all(step.done == step.total == (HARBOUR / step.what).stat().st_size for step in ends.values())
    assert [step.done for step in steps if step.what == Sheet.VISITS] == sorted(
        step.done for step in steps if step.what == Sheet.VISITS
    )


def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    short, long = _peak(tmp_path / "short", 100), _peak(tmp_path / "long", 1_500)
    # The interpreter keeps up to 2,000 freed tuples of each size; the rows themselves would take three times this.
    assert long - short < 1_000_000


def _peak(directory: Path, packs: int) -> int:
    """The most memory that Python held while reading so many packs, each with its customer and three visits."""
    directory.mkdir()
    small_directory(directory)
    sheets = directory / "sheets"
    append(sheets, Sheet.CUSTOMERS, *(f"N-{i},Ana {i},Reis,9{i:08},,PT,,,,LIS,,2025-01-01" for i in range(packs)))
    append(sheets, Sheet.PACKS, *(PACK.replace("NEW-1,C-00001", f"NEW-{i},N-{i}") for i in range(packs)))
    visit = "W-{0}-{1},NEW-{1},2026-02-0{0} 10:00,LIS,PHY45,Rita,cancelled"
    append(sheets, Sheet.VISITS, *(visit.format(day, i) for day in (1, 2, 3) for i in range(packs)))
    tracemalloc.start()
    try:
        with open_workbook(sheets, ignore) as workbook:
            assert draw_up(workbook, "", date(2026, 11, 1)).packs.total.packs == 52 + packs
            assert sum(1 for _ in workbook.persons()) == 37 + packs
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _sentence(directory: Path, refusal: type[Exception]) -> str:
    with pytest.raises(refusal) as raised, open_workbook(directory, ignore):
        pass
    return str(raised.value)


def _spoil(directory: Path, sheet: Sheet, old: bytes, new: bytes) -> None:
    text = (directory / sheet).read_bytes()
    assert old in text
    (directory / sheet).write_bytes(text.replace(old, new, 1))
