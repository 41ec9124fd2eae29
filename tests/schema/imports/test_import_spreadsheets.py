"""Small spreadsheets are imported over the graph: by an owner, into the own chain, once under each key."""

from typing import Any

import pytest

from domain.imports import import_spreadsheets
from domain.imports.files import Sheet
from domain.kernel.db import rows
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.graph import Graph, graph
from tests.fixtures.imported import promised, promised_figures
from tests.fixtures.imported_graph import IMPORT, graph_figures, report_sums
from tests.fixtures.races import at_once
from tests.fixtures.spreadsheets import SMALL
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

HEADER = "code,name,timezone,currency,city,country"
UNPRICED = "code,name,category,duration_min,group_class\n"
MANY = "".join(f"S{number},S,,1,no\n" for number in range(10_001))
FILES = {sheet: (SMALL / sheet).read_text() for sheet in Sheet}


def sent(key: str = "first import", dry_run: bool = False, **changes: Any) -> dict[str, Any]:
    """The input with the small example, some of its sheets changed or, when None, left out."""
    contents = {sheet.name: changes.get(sheet.name, content) for sheet, content in FILES.items()}
    files = [{"sheet": name, "content": content} for name, content in contents.items() if content is not None]
    return {"files": files, "idempotencyKey": key, "dryRun": dry_run}


async def assert_refused(client: Graph, house: Harbour, input: dict[str, Any], code: str) -> Any:
    """The refusal, typed, and nothing written."""
    async with unchanged():
        answer = await client.act(house.owner, IMPORT, input=input)
    assert answer["code"] == code
    return answer


async def test_spreadsheets_are_imported_into_the_owners_chain(db: str) -> None:
    house = await harbour(db)
    async with graph() as client:
        answer = await client.act(house.owner, IMPORT, input=sent())
        assert answer["replayed"] is False
        assert await graph_figures(client, house.owner) == promised_figures(SMALL)
    [operation] = await rows("SELECT act, principal_id FROM operation WHERE id = $1", answer["operationId"])
    assert operation == {"act": "import_spreadsheets", "principal_id": house.owner.id}


async def test_the_report_names_every_bad_row_and_every_double(db: str) -> None:
    house = await harbour(db)
    async with graph() as client:
        report = (await client.act(house.owner, IMPORT, input=sent()))["report"]
    expected, figures = promised(SMALL), promised_figures(SMALL)
    assert report["customers"] == 37
    assert report["duplicateGroups"] == expected["customers"]["duplicate_groups"]
    assert report_sums(report["packages"]) == figures.total
    by_branch = {part["branchCode"]: report_sums(part["sums"]) for part in report["bySellingBranch"]}
    assert by_branch == figures.by_selling_branch
    packs = report["sheets"][4]
    assert (packs["sheet"], packs["rows"], packs["good"]) == ("PACKS", 60, 52)
    assert [[row["line"], row["reference"], row["code"]] for row in packs["refusedRows"]] == [
        list(row.values()) for row in expected["files"]["packs.csv"]["bad_rows"]
    ]


async def test_the_same_key_and_files_have_one_effect(db: str) -> None:
    house = await harbour(db)
    async with graph() as client:
        first = await client.act(house.owner, IMPORT, input=sent())
        async with unchanged():
            again = await client.act(house.owner, IMPORT, input=sent())
    assert again == first | {"replayed": True}


async def test_a_definition_that_the_chain_has_on_other_terms_is_named_and_its_rows_are_good(db: str) -> None:
    house = await harbour(db)
    stricter = FILES[Sheet.DEFINITIONS].replace("14,selling,no,pro_rata", "14,selling,no,none", 1)
    async with graph() as client:
        first = (await client.act(house.owner, IMPORT, input=sent()))["report"]
        assert [each["publishedName"] for each in first["differingDefinitions"]] == [
            "Package PHY10",
            "Package MASB3F1",
            "Package MIX42",
        ]
        for dry_run in (True, False):
            files = sent(f"other, {dry_run}", dry_run=dry_run, DEFINITIONS=stricter)
            told = (await client.act(house.owner, IMPORT, input=files))["report"]
            warning = told["differingDefinitions"].pop(2)
            assert (warning["code"], warning["name"]) == ("REF10", "Reformer 10-pack")
            assert (warning["publishedName"], warning["publishedVersion"]) == ("Reformer 10-pack", 1)
            assert told == first, "its rows are good all the same"


async def test_the_same_key_with_other_files_is_a_mismatch(db: str) -> None:
    house = await harbour(db)
    async with graph() as client:
        await client.act(house.owner, IMPORT, input=sent())
        async with unchanged():
            other = sent(PACKS=FILES[Sheet.PACKS] + "NEW-1,C-00001,PHY10,2026-01-01,LIS,450,450,10,0,2026-06-30,\n")
            assert await client.errors(house.owner, IMPORT, input=other) == ["IDEMPOTENCY_MISMATCH"]


async def test_of_two_imports_at_once_under_one_key_the_other_writes_nothing(db: str) -> None:
    house = await harbour(db)
    new = "{},C-00001,PHY10,2026-01-01,LIS,450,450,10,0,2026-06-30,\n"
    inputs = [sent(PACKS=FILES[Sheet.PACKS] + new.format(reference)) for reference in ("NEW-1", "NEW-2")]
    async with graph() as client:
        answers = await at_once(*(client.post(house.owner, IMPORT, input=each) for each in inputs))
    errors = [[error["extensions"]["code"] for error in answer.json().get("errors", ())] for answer in answers]
    assert sorted(errors) == [[], ["IDEMPOTENCY_MISMATCH"]]
    written = f"NEW-{errors.index([]) + 1}"
    assert await rows("SELECT reference FROM package WHERE reference LIKE 'NEW-%'") == [{"reference": written}]


async def test_an_import_that_was_cut_short_goes_on_under_its_key_and_only_with_its_files(
    db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = await harbour(db)
    async with graph() as client:
        with monkeypatch.context() as cut:
            cut.setattr(import_spreadsheets, "write", None)
            await client.post(house.owner, IMPORT, input=sent())
        assert await rows("SELECT id FROM package") == []
        async with unchanged():
            assert await client.errors(house.owner, IMPORT, input=sent(VISITS="")) == ["IDEMPOTENCY_MISMATCH"]
        answer = await client.act(house.owner, IMPORT, input=sent())
        assert answer["replayed"] is True
        assert await graph_figures(client, house.owner) == promised_figures(SMALL)


async def test_another_key_imports_only_what_is_new(db: str) -> None:
    house = await harbour(db)
    async with graph() as client:
        await client.act(house.owner, IMPORT, input=sent())
        more = FILES[Sheet.PACKS] + "NEW-1,C-00001,PHY10,2026-01-01,LIS,450,450,10,0,2026-06-30,\n"
        answer = await client.act(house.owner, IMPORT, input=sent("second import", PACKS=more))
    assert (answer["replayed"], answer["report"]["packages"]["packages"]) == (False, 53)
    assert len(await rows("SELECT id FROM package")) == 53


async def test_a_dry_run_judges_and_writes_nothing(db: str) -> None:
    house = await harbour(db)
    async with graph() as client, unchanged():
        answer = await client.act(house.owner, IMPORT, input=sent(dry_run=True))
    assert (answer["operationId"], answer["replayed"]) == (None, False)
    assert answer["report"]["packages"]["packages"] == 52


async def test_nobody_but_an_owner_imports(db: str) -> None:
    house = await harbour(db)
    async with graph() as client:
        for actor in (house.manager_lis, house.desk_lis, house.practitioner_lis, house.accountant):
            async with unchanged():
                assert await client.errors(actor, IMPORT, input=sent()) == ["FORBIDDEN"]
                assert await client.errors(actor, IMPORT, input=sent(dry_run=True)) == ["FORBIDDEN"]


async def test_another_chains_owner_imports_into_their_own(db: str) -> None:
    house = await harbour(db)
    async with graph() as client:
        async with unchanged():
            assert (await client.act(house.other_owner, IMPORT, input=sent()))["code"] == "WRONG_CURRENCY"
        in_pounds: dict[str, Any] = {
            sheet.name: content.replace("EUR", "GBP").replace("€", "£") for sheet, content in FILES.items()
        }
        answer = await client.act(house.other_owner, IMPORT, input=sent(**in_pounds))
    assert answer["report"]["packages"]["packages"] == 52
    assert await rows("SELECT chain_id FROM package GROUP BY chain_id") == [{"chain_id": house.other_owner.chain_id}]


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"VISITS": None}, "SPREADSHEETS_MISSING", "The input lacks visits.csv. All six spreadsheets are needed."),
        ({"PACKS": ""}, "COLUMNS_MISSING", "packs.csv has no column old_ref, customer_ref, definition_code"),
        ({"BRANCHES": HEADER + ",code\n"}, "COLUMN_REPEATED", "branches.csv has the column code twice."),
        ({"BRANCHES": HEADER, "SERVICES": UNPRICED}, "BRANCHES_MISSING", "branches.csv has no good row"),
        ({"BRANCHES": HEADER, "SERVICES": UNPRICED + MANY}, "TOO_MANY_ROWS", "services.csv has more than 10000 rows."),
        ({"key": "short"}, "INVALID_INPUT", "idempotencyKey is 8 to 255 printable characters."),
    ],
)
async def test_spreadsheets_that_cannot_be_read_are_refused(
    db: str, changes: dict[str, Any], code: str, message: str
) -> None:
    house = await harbour(db)
    async with graph() as client:
        for dry_run in (False, True):
            answer = await assert_refused(client, house, sent(dry_run=dry_run, **changes), code)
            assert answer["message"].startswith(message)


async def test_a_sheet_that_is_sent_twice_is_refused(db: str) -> None:
    house = await harbour(db)
    doubled = sent()
    doubled["files"].append(doubled["files"][4])
    async with graph() as client:
        answer = await assert_refused(client, house, doubled, "INVALID_INPUT")
    assert answer["path"] == ["files", "6", "sheet"]


async def test_characters_that_cannot_be_written_are_a_bad_row(db: str) -> None:
    house = await harbour(db)
    spoilt = FILES[Sheet.PACKS] + "NEW-1,C-00001,PHY10,2026-01-01,LIS,450,450,10,0,2026-06-30,\x1b[2J\n"
    async with graph() as client:
        report = (await client.act(house.owner, IMPORT, input=sent(PACKS=spoilt)))["report"]
    assert report["sheets"][4]["refusedRows"][-1] == {"line": 62, "reference": "", "code": "BAD_TEXT"}


async def test_a_character_that_no_text_holds_is_refused_at_the_door(db: str) -> None:
    house = await harbour(db)
    async with graph() as client, unchanged():
        assert await client.errors(house.owner, IMPORT, input=sent(VISITS="\0")) == ["BAD_USER_INPUT"]
