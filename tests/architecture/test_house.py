"""What holds for the whole house, and no single file could promise."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from domain.kernel.db import MODEL_MODULES

ROOT = Path(__file__).parents[2]
DATABASE = ROOT / "domain" / "kernel" / "db"
PACKAGES = ("carnet", "domain", "schema", "workers", "migrations")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def modules(*packages: str) -> Iterator[Path]:
    """The source files of some packages."""
    for package in packages:
        yield from sorted((ROOT / package).rglob("*.py"))


def named(path: Path) -> str:
    """How a file is called in a failure."""
    return str(path.relative_to(ROOT))


def lines_with(pattern: str, paths: Iterator[Path]) -> list[str]:
    """Every line that says what it must not, and where."""
    return [
        f"{named(path)}:{number}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_every_module_opens_with_a_sentence_on_what_it_is() -> None:
    silent = [
        named(path)
        for path in modules(*PACKAGES, "tests")
        if not (ast.get_docstring(ast.parse(path.read_text())) or "").split("\n")[0].rstrip().endswith((".", ":"))
    ]

    assert silent == [
        "migrations/0001_initial.py",
        "migrations/0003_time.py",
        "migrations/0005_money.py",
        "migrations/0008_branches_and_people.py",
        "migrations/0010_change_of_mind.py",
        "migrations/0012_integration.py",
    ]  # written by Tortoise


def test_transactions_are_opened_in_one_way_only() -> None:
    paths = (path for path in modules(*PACKAGES) if DATABASE not in path.parents)

    assert lines_with(r"in_transaction|tortoise\.transactions|\batomic\(", paths) == []


def test_only_the_clock_reads_the_clock() -> None:
    paths = (path for path in modules("domain", "schema") if path.name != "clock.py")

    assert lines_with(r"\bdatetime\.now\(|\bdate\.today\(|\butcnow\(|\btime\.time\(", paths) == []


def test_the_business_never_counts_in_floats() -> None:
    def is_float(node: ast.AST) -> bool:
        if isinstance(node, ast.Constant):
            return isinstance(node.value, float)
        return isinstance(node, ast.Name) and node.id in {"float", "round"}

    floats = [
        f"{named(path)}:{node.lineno}"
        for path in modules("domain")
        if DATABASE not in path.parents
        for node in ast.walk(ast.parse(path.read_text()))
        if is_float(node) and isinstance(node, ast.expr)
    ]

    assert floats == []


def test_every_table_is_known_to_the_database() -> None:
    tables = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules("domain") if path.name == "models.py"
    }

    assert tables == set(MODEL_MODULES)


def test_the_import_contract_of_the_kernel_names_every_noun() -> None:
    [contract] = [each for each in PYPROJECT["tool"]["importlinter"]["contracts"] if "kernel" in each["name"]]
    beside = {f"domain.{path.stem}" for path in (ROOT / "domain").iterdir() if not path.name.startswith("_")}

    assert set(contract["forbidden_modules"]) == beside - {"domain.kernel"}


def test_no_installed_distribution_ships_a_package_of_our_name() -> None:
    owners = packages_distributions()

    assert {name: set(owners.get(name, ["carnet"])) for name in (*PACKAGES, "tests")} == {
        name: {"carnet"} for name in (*PACKAGES, "tests")
    }


def test_there_is_no_other_top_level_package() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert found <= set(PACKAGES)
    assert set(PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(PACKAGES)


@pytest.mark.parametrize(("lock", "groups"), [("runtime", ["build"]), ("dev", ["build", "dev"])])
def test_the_lock_holds_what_the_project_asks_for(lock: str, groups: list[str]) -> None:
    asked = [*PYPROJECT["project"]["dependencies"]]
    for group in groups:
        asked += PYPROJECT["dependency-groups"][group]
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    locked = set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))

    assert {re.split(r"[=<>;\s\[]", each)[0].replace("_", "-").lower() for each in asked} <= locked
    assert text.count("--hash=sha256:") >= len(locked)
    assert not re.search(r"https?://|--index-url|--find-links|file:", text)


def test_everything_the_runtime_lock_holds_the_dev_lock_holds_at_the_same_version() -> None:
    pins = {
        lock: set(
            re.findall(r"^([\w.-]+==[^\s\\;]+)", (ROOT / "requirements" / f"{lock}.txt").read_text(), re.MULTILINE)
        )
        for lock in ("runtime", "dev")
    }

    assert pins["runtime"] - pins["dev"] == set()


def test_the_launcher_needs_nothing_but_python() -> None:
    tree = ast.parse((ROOT / "run").read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert imported - sys.stdlib_module_names == set()
    assert (ROOT / "run").stat().st_mode & 0o111
    assert "../run" in (ROOT / ".ci" / "run").read_text()


def test_an_old_python_is_told_what_it_needs_before_anything_else() -> None:
    """The launcher must still be readable to the Python that it refuses."""
    tree = ast.parse((ROOT / "run").read_text(), feature_version=(3, 7))
    first = next(node for node in tree.body if isinstance(node, ast.If))

    assert ast.unparse(first.test) == "sys.version_info < (3, 11)"
    assert tree.body.index(first) == 2
