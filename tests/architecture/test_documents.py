"""The documents say what is so: settings, commands, links, words, and what the README tells a newcomer to paste."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from graphql import parse, validate
from typer.core import TyperGroup
from typer.main import get_command

from carnet.cli import app
from carnet.settings import Settings
from domain.kernel.db.config import sqlite_path
from domain.ledger.accounts import Account, Event
from schema.graph import schema
from tests.architecture.test_house import PACKAGES, ROOT, modules
from tests.outsiders.node_packages import absent

DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")})
README = (ROOT / "README.md").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()


def table_rows(text: str) -> Iterator[list[str]]:
    """The cells of each row of the tables, but for headings and rules."""
    for line in re.findall(r"^\|(.+)\|$", text, re.MULTILINE):
        cells = [cell.strip() for cell in line.split("|")]
        if not set(cells[0]) <= set("- "):
            yield cells


def test_the_settings_table_has_every_setting_with_its_default() -> None:
    told = {row[0].strip("`"): row[1] for row in table_rows(OPERATIONS) if row[0].startswith("`CARNET_")}

    assert set(told) == {f"CARNET_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default = str(field.default)
        if default and "*" not in default:
            assert told[f"CARNET_{name.upper()}"] == f"`{default}`"


def test_the_figures_to_watch_are_the_figures_there_are() -> None:
    source = "".join(path.read_text() for path in modules("carnet", "workers"))
    made = re.findall(r'(Counter|Gauge|Histogram)\("(carnet_\w+)"', source)

    assert set(re.findall(r"`(carnet_\w+)`", OPERATIONS)) == {
        f"{name}_total" if kind == "Counter" else name for kind, name in made
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", document.read_text())
    missing = [target for target in targets if "://" not in target and not (document.parent / target).exists()]

    assert missing == []


def test_every_command_that_is_named_exists() -> None:
    run = (ROOT / "run").read_text()
    programs = get_command(app)
    assert isinstance(programs, TyperGroup)
    checks = {"check", "test", "bench", "lock", *re.findall(r'^    "(\w+)": \[', run, re.MULTILINE)}
    named = {name for path in DOCUMENTS for name in re.findall(r"(?:\./run|bin/carnet) (\w+)", path.read_text())}

    assert named - set(programs.commands) - checks == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_named_exists(document: Path) -> None:
    named = re.findall(r"`((?:carnet|domain|schema|workers|tests|migrations)/[\w./]+)`", document.read_text())

    assert [name for name in named if not (ROOT / name).exists()] == []


def words(column: int) -> set[str]:
    """What the glossary names in one column, dotted names taken apart."""
    cells = [row[column] for row in table_rows(GLOSSARY) if len(row) == 5 and row[0] != "word"]
    named = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
    return {part for name in named if "/" not in name for part in re.findall(r"\w+", name)}


def test_the_words_of_the_glossary_are_in_the_tables(sqlite_url: str) -> None:
    with closing(sqlite3.connect(sqlite_path(sqlite_url))) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {row[1] for table in tables for row in connection.execute(f"PRAGMA table_info({table})")}

    known = {*tables, *columns, "_minor", *Account, *Event}
    assert words(2) - known == set()


def test_the_words_of_the_glossary_are_in_the_code_and_in_the_graph() -> None:
    code = set(re.findall(r"\w+", "".join(path.read_text() for path in modules("domain"))))
    graph = set(re.findall(r"\w+", re.sub(r'"""(.|\n)*?"""', "", schema.as_str())))

    assert words(3) - code == set()
    assert words(4) - graph == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_query_that_is_shown_may_be_asked(document: Path) -> None:
    for block in re.findall(r"```graphql\n(.*?)```", document.read_text(), re.DOTALL):
        assert validate(schema._schema, parse(block)) == []


def test_decisions_are_numbered_and_each_is_titled_as_its_file() -> None:
    files = sorted((ROOT / "docs" / "adr").glob("*.md"))
    numbers = [int(path.name[:4]) for path in files]

    assert numbers == list(range(1, len(files) + 1))
    for number, path in zip(numbers, files, strict=True):
        assert path.read_text().startswith(f"# {number}. "), path.name


def test_the_image_holds_every_package_and_no_image_is_the_latest() -> None:
    dockerfile, compose = (ROOT / "Dockerfile").read_text(), (ROOT / "compose.yaml").read_text()
    let_in = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))

    assert set(PACKAGES) == set(re.findall(r"^COPY (\w+) /src/\1$", dockerfile, re.MULTILINE))
    assert set(PACKAGES) <= let_in
    images = re.findall(r"^(?:FROM|    image:|  image:) (\S+)", f"{dockerfile}\n{compose}", re.MULTILINE)
    assert len(images) == 5
    assert all(re.search(r":\d", image) and "latest" not in image for image in images)


def test_what_the_readme_says_to_paste_does_what_it_says(tmp_path: Path, sqlite_told_once: Path) -> None:
    """The demo runs in a directory of its own, on a port of its own; nothing else in the commands is changed."""
    (tmp_path / ".carnet").mkdir(mode=0o700)
    shutil.copy(sqlite_told_once, tmp_path / ".carnet" / "carnet.db")
    if not shutil.which("curl"):
        absent("curl is not installed")
    query, mutation, quote = [block for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "ask " in block]
    with demo(tmp_path) as url:
        pasted = f"{query}\necho\n{mutation}\necho\n{mutation}\necho\n{quote}"
        script = pasted.replace("http://127.0.0.1:8000/graphql", url)
        done = subprocess.run(
            ["/bin/sh", "-ec", script], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True
        )

    asked, used, again, quoted = (json.loads(line)["data"] for line in done.stdout.splitlines() if line)
    assert asked["viewer"]["packages"]["nodes"][0]["balance"]["remaining"] == 7
    assert used["redeemSession"] == {**PAYLOAD, "replayed": False}
    assert again["redeemSession"] == {**PAYLOAD, "replayed": True}
    told = quoted["refundQuote"]
    assert (told["total"], told["needsApproval"]) == ({"amount": "270.00", "currency": "EUR"}, True)
    assert [each["by"] for each in told["reckonings"] if each["binding"]] == ["PAID_SESSIONS"]


PAYLOAD = {"__typename": "RedeemSessionPayload", "package": {"balance": {"remaining": 6}}}


@contextmanager
def demo(directory: Path) -> Iterator[str]:
    """The demo as `./run demo` starts it, in `.carnet` of this directory; gives the address of its graph."""
    command = [sys.executable, "-m", "carnet", "demo", "--home", str(directory / ".carnet"), "--port", "0"]
    contract = directory / ".carnet" / "demo.json"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
        try:
            until = time.monotonic() + 30
            while not contract.exists() and process.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            yield json.loads(contract.read_text())["url"]
        finally:
            process.terminate()
            process.wait(20)
