"""`carnet import` as the operator meets it: a report, a table, and one sentence when it cannot be done."""

import json
import shutil
from pathlib import Path

import pytest

from tests.fixtures.command_line import commanded as carnet
from tests.fixtures.spreadsheets import HARBOUR, SMALL


def imported(home: Path, *options: str) -> str:
    """What an import of the small example prints."""
    done = carnet(home, "import", str(SMALL), "--chain", "Harbour Wellness", *options)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_dry_run_reports_and_makes_no_database(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    printed = imported(tmp_path / "home", "--dry-run", "--report", str(report))
    assert "Dry run: nothing was written." in printed
    assert not (tmp_path / "home").exists()
    written, expected = json.loads(report.read_text()), json.loads((SMALL / "expected.json").read_text())
    assert written["files"] == expected["files"]
    assert written["customers"] == expected["customers"]
    assert written["packs"]["total"] == expected["packs"]["total"]
    assert written["packs"]["by_selling_branch"] == expected["packs"]["by_selling_branch"]


def test_an_import_makes_the_chain_and_a_second_one_nothing(tmp_path: Path) -> None:
    first, second = imported(tmp_path), imported(tmp_path)
    assert "LIS 27 69 2697.15 5654.30 208.75" in " ".join(first.split())
    assert "packs.csv: 1 x OVERPAID" in first
    assert "Imported 37 customers and 52 packages" in first
    assert "Imported 0 customers and 0 packages" in second
    assert carnet(tmp_path, "audit", "--chain", "Harbour Wellness").returncode == 0
    assert f'A token of its owner: ./run token "Harbour Wellness" --home {tmp_path}\n' in second
    assert carnet(tmp_path, "token", "Harbour Wellness").stdout.count(".") == 2
    nobody = carnet(tmp_path, "token", "Nowhere Spa")
    assert (nobody.returncode, nobody.stdout) == (2, "")
    assert "neither a person on the staff (stf_…) nor a customer (cus_…) nor the name of a chain" in nobody.stderr


def test_the_chain_is_called_what_the_readme_is_titled(tmp_path: Path) -> None:
    directory = Path(shutil.copytree(SMALL, tmp_path / "sheets"))
    shutil.copy(HARBOUR / "README.md", directory)
    done = carnet(tmp_path, "import", str(directory), "--dry-run")
    assert done.stdout.split("\n")[1] == "Harbour Wellness"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["/nowhere"], "/nowhere is not a directory. Give the one that holds the spreadsheets."),
        ([str(SMALL)], f"{SMALL} has no README.md with a title. Give the name of the chain."),
        (
            [str(HARBOUR), "--report", "/nowhere/report.json"],
            "The report cannot be written to /nowhere/report.json: No such file or directory. Nothing was imported.",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(tmp_path: Path, options: list[str], sentence: str) -> None:
    done = carnet(tmp_path / "home", "import", *options)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"carnet: {sentence}"
    assert not (tmp_path / "home").exists()
