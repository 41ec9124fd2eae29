"""`carnet export` as the operator meets it: to a file, down a pipe, and one sentence when it cannot be done."""

import json
import sqlite3
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from carnet.exporting import REPORTS
from carnet.options import Export
from domain.reports.tables.registry import TABLES
from tests.fixtures.command_line import commanded as carnet
from tests.fixtures.hledger import hledger_check_text
from tests.fixtures.plain_text import asserted, bean_check
from tests.fixtures.reports import read_csv
from tests.fixtures.spreadsheets import SMALL

ROOT = Path(__file__).parents[2]


def command(home: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "carnet", *options, "--home", str(home)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small example in it."""
    directory = tmp_path_factory.mktemp("home")
    done = carnet(directory, "import", str(SMALL), "--chain", "Harbour Wellness")
    assert done.returncode == 0, done.stderr
    return directory


def test_the_journal_goes_to_standard_output_and_beancount_takes_it(home: Path, tmp_path: Path) -> None:
    """This one is a process of its own, as those of operators are."""
    whole = command(home, "export", "beancount")
    done = subprocess.run(whole, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith('option "title" "Harbour Wellness"\n')
    assert done.stdout.count('* "Package taken over from the system before"') == 37
    assert asserted(done.stdout)["Liabilities:DeferredRevenue:LIS"] == "-2697.15"
    assert asserted(done.stdout)["Assets:Receivable:LIS"] == "208.75"
    assert bean_check(done.stdout, tmp_path) == ""


def test_the_same_journal_goes_out_for_hledger(home: Path, tmp_path: Path) -> None:
    done = carnet(home, "export", "hledger")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(" * Package taken over from the system before\n") == 37
    assert "    Liabilities:DeferredRevenue:LIS  0.00 EUR = -2697.15 EUR\n" in done.stdout
    assert hledger_check_text(done.stdout, tmp_path) == ""


def test_a_file_holds_the_same_and_its_progress_is_shown(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "harbour.beancount"
    done = carnet(home, "export", "beancount", "--chain", "Harbour Wellness", "--output", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert file.read_text() == carnet(home, "export", "beancount").stdout
    assert f"beancount: {file.read_text().count(chr(10)):,} lines" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["harbour.beancount"]


def test_days_before_everything_hold_nothing_and_days_after_it_the_balances(home: Path, tmp_path: Path) -> None:
    before = carnet(home, "export", "beancount", "--until", "2020-01-01").stdout
    after = carnet(home, "export", "beancount", "--from", "2100-01-01").stdout
    assert " * " not in before
    assert after.count(" * ") == after.count('2099-12-31 * "Balances brought forward"') == 1
    assert asserted(after) == asserted(carnet(home, "export", "beancount").stdout)
    assert bean_check(after, tmp_path) == ""


def test_a_reader_who_has_seen_enough_ends_it_quietly(home: Path) -> None:
    with subprocess.Popen(
        command(home, "export", "beancount"), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_of_several_chains_one_has_to_be_named(tmp_path: Path) -> None:
    assert carnet(tmp_path, "migrate").returncode == 0
    none = carnet(tmp_path, "export", "beancount")
    assert (none.returncode, none.stderr) == (2, "carnet: There is no chain in this database.\n")
    for name in ("Harbour Wellness", "Thames Clinics"):
        assert carnet(tmp_path, "import", str(SMALL), "--chain", name).returncode == 0
    several = carnet(tmp_path, "export", "beancount")
    assert (several.returncode, several.stdout) == (2, "")
    assert several.stderr == (
        "carnet: There are 2 chains in this database (Harbour Wellness, Thames Clinics): name one with --chain.\n"
    )
    one = carnet(tmp_path, "export", "beancount", "--chain", "Thames Clinics")
    assert one.stdout.startswith('option "title" "Thames Clinics"\n')


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--chain", "Nowhere Spa"], "There is no chain 'Nowhere Spa' in this database."),
        (
            ["--from", "2026-02-01", "--until", "2026-01-31"],
            "2026-02-01 comes after 2026-01-31: give --from an earlier day.",
        ),
        (["--output", "/"], "/ is not a file: choose another --output."),
        (["--output", "/nowhere/j"], "/nowhere/j cannot be written: No such file or directory. Nothing was exported."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(home: Path, options: list[str], sentence: str) -> None:
    done = carnet(home, "export", "beancount", *options)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"carnet: {sentence}\n")


def test_a_report_is_csv_of_the_same_books(home: Path) -> None:
    done = carnet(home, "export", "trial-balance")
    lisbon = carnet(home, "export", "trial-balance", "--branch", "LIS")
    assert (done.returncode, done.stderr, lisbon.returncode) == (0, "", 0)
    assert lisbon.stdout == (
        "branch,account,debit,credit,balance,currency\n"
        "LIS,DEFERRED_REVENUE,0.00,2697.15,-2697.15,EUR\n"
        "LIS,OPENING_BALANCE,2697.15,208.75,2488.40,EUR\n"
        "LIS,RECEIVABLE,208.75,0.00,208.75,EUR\n"
    )
    assert [row for row in read_csv(done.stdout) if row["branch"] == "LIS"] == read_csv(lisbon.stdout)
    assert sum(Decimal(row["balance"]) for row in read_csv(done.stdout)) == 0


def test_the_journal_as_csv_comes_to_the_trial_balance(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "journal.csv"
    done = carnet(home, "export", "journal", "--chain", "Harbour Wellness", "--output", str(file))
    found = read_csv(file.read_bytes().decode())
    assert (done.returncode, done.stdout) == (0, "")
    assert f"journal: {len(found) + 1:,} lines" in done.stderr
    balance = read_csv(carnet(home, "export", "trial-balance").stdout)
    for side in ("debit", "credit"):
        assert sum(Decimal(row[side]) for row in found) == sum(Decimal(row[side]) for row in balance)
    assert len({row["entry_id"] for row in found}) == 37


def test_what_was_taken_over_is_brought_in_as_deferred_revenue(home: Path) -> None:
    everything = read_csv(carnet(home, "export", "deferred-revenue").stdout)
    physio = read_csv(carnet(home, "export", "deferred-revenue", "--definition", "PHY10", "--branch", "LIS").stdout)
    assert sum(Decimal(row["brought_in"]) for row in everything if row["branch"] == "LIS") == Decimal("2697.15")
    assert physio == [row for row in everything if (row["branch"], row["definition"]) == ("LIS", "PHY10")] != []
    *_, difference = read_csv(carnet(home, "export", "reconciliation").stdout)
    assert (difference["kind"], difference["amount"]) == ("DIFFERENCE", "0.00")
    assert carnet(home, "export", "collections", "--method", "bank-transfer").stdout == (
        "day,branch,method,collected,refunded,currency\n"
    )


def test_the_profit_of_packages_is_grouped_as_asked(home: Path) -> None:
    head, *rows = carnet(home, "export", "package-profit", "--group-by", "month").stdout.splitlines()
    assert head.startswith("package_id,definition,branch,month,revenue,") and rows == []  # nothing was used here yet


def test_days_and_an_instant_limit_a_report(home: Path) -> None:
    head = carnet(home, "export", "journal", "--until", "2020-01-01").stdout
    assert len(head.splitlines()) == 1
    assert carnet(home, "export", "journal", "--as-of", "2020-01-01T01:00:00+01:00").stdout == head
    assert carnet(home, "export", "journal", "--from", "2100-01-01").stdout == head


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["journal", "--branch", "XXX"], "There is no branch 'XXX' in this chain: give --branch its code."),
        (
            ["journal", "--as-of", "2100-01-01T00:00Z"],
            "What will be known later cannot be told yet: give --as-of an instant that is past.",
        ),
        (
            ["journal", "--from", "2026-02-01", "--until", "2026-01-31"],
            "2026-02-01 comes after 2026-01-31: give --from an earlier day.",
        ),
        (
            ["deferred-revenue", "--definition", "XXX"],
            "There is no package definition 'XXX' in this chain: give --definition its code.",
        ),
        (["journal", "--method", "cash"], "The export journal has no --method: leave it out."),
        (["trial-balance", "--from", "2026-01-01"], "The export trial-balance has no --from: leave it out."),
        (["beancount", "--branch", "LIS"], "The export beancount has no --branch: leave it out."),
        (["beancount", "--as-of", "2026-01-01T00:00Z"], "The export beancount has no --as-of: leave it out."),
    ],
)
def test_what_a_report_cannot_be_asked_is_said_in_one_sentence(home: Path, options: list[str], sentence: str) -> None:
    done = carnet(home, "export", *options)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"carnet: {sentence}\n")


def test_the_help_shows_every_report_and_examples(home: Path) -> None:
    help_text = " ".join(carnet(home, "export", "--help").stdout.split())
    assert 'carnet export beancount --chain "Harbour Wellness" --from 2026-01-01 --output 2026.beancount' in help_text
    assert "carnet export trial-balance --until 2026-03-31 --branch LIS" in help_text


def test_a_day_that_is_none_and_a_report_that_is_none_are_refused(home: Path) -> None:
    for options in (["beancount", "--until", "31.12.2026"], ["ledger"]):
        done = carnet(home, "export", *options)
        assert (done.returncode, done.stdout) == (2, "")
        assert options[-1] in done.stderr


def test_every_report_that_is_offered_can_be_written() -> None:
    assert set(REPORTS) == set(Export) - {Export.BEANCOUNT, Export.HLEDGER, Export.CUSTOMER}
    assert set(REPORTS.values()) == set(TABLES)


def test_everything_about_a_customer_is_written_as_json(home: Path, tmp_path: Path) -> None:
    with sqlite3.connect(home / "carnet.db") as database:
        ((customer_id, name),) = database.execute("SELECT id, first_name FROM customer ORDER BY id LIMIT 1")
    file = tmp_path / "customer.json"
    done = carnet(home, "export", "customer", customer_id, "--output", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads(file.read_text())["customers"][0]["first_name"] == name
    for asked, told in (
        (("customer",), "Say which customer: give the id (cus_…) behind the word."),
        (("customer", "cus_nobody"), "There is no customer 'cus_nobody' that you may see. Check the id."),
        (("journal", customer_id), "The export journal has no id of a customer: leave it out."),
    ):
        done = carnet(home, "export", *asked)
        assert (done.returncode, done.stderr) == (2, f"carnet: {told}\n")
