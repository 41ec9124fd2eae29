"""The demo as its user meets it: soon ready, unmoved when a part of it dies, and gone without a trace when it ends."""

import json
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]
import pytest

from tests.fixtures.children import ROOT
from tests.fixtures.command_line import commanded
from tests.fixtures.demo_process import POSITIONS, REDEEM, SELL, DemoProcess, Wares, demo_in, running_demo
from tests.fixtures.waiting import until

SECONDS = 30
"""Within which it is ready, on a machine that does other things too."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@contextmanager
def soon_ready(home: Path) -> Iterator[DemoProcess]:
    """A demo in this home that was quick to be usable."""
    started = time.monotonic()
    with running_demo(demo_in(home), home.parent / "log") as demo:
        assert demo.is_ready()
        contract = json.loads((home / "demo.json").read_text())
        assert (contract["url"], contract["tokens"]["owner"]) == (demo.url, demo.token)
        assert time.monotonic() - started < SECONDS
        yield demo


def sell_and_use(demo: DemoProcess, wares: Wares, key: str) -> list[str]:
    """The operations by which ten sessions are sold and one of them is used."""
    sold = demo.ask(SELL, **wares.sale(key))["sellPackage"]
    used = demo.ask(REDEEM, **wares.use(sold["packageId"], key))["redeemSession"]
    assert used["redemption"]["remaining"] == 9
    return [sold["operationId"], used["redemption"]["id"]]


def sealed(demo: DemoProcess, operations: list[str]) -> bool:
    """Both operations stand in the sealed order, one behind the other; those of sweeps may be between them."""
    positions = {each["id"]: each["position"] for each in demo.ask(POSITIONS)["operations"]["nodes"]}
    before, after = (positions[operation] for operation in operations)
    return after is not None and before < after


def dead(family: list[psutil.Process]) -> bool:
    """None of them runs any more; one that does must not outlive the test."""
    _, alive = psutil.wait_procs(family, timeout=SECONDS)
    for orphan in alive:
        orphan.kill()
    return not alive


def test_it_sells_and_redeems_while_a_part_is_dead_and_the_part_comes_back(home: Path) -> None:
    with soon_ready(home) as demo:
        wares = Wares.of(demo)
        for part in ("valkey-server", "worker"):
            survive_the_death_of(part, demo, wares, home / "carnet.db")
        end_well_by(signal.SIGTERM, demo, home)


def survive_the_death_of(part: str, demo: DemoProcess, wares: Wares, database: Path) -> None:
    """It is stopped before it is killed, so that it is surely away while we sell; Carnet has a new one too soon."""
    victim = demo.child(part)
    until(lambda: stopped_without_a_lock(victim, database))
    operations = sell_and_use(demo, wares, part)
    assert demo.is_ready()
    victim.kill()
    until(lambda: sealed(demo, operations))
    assert demo.child(part) != victim


def stopped_without_a_lock(victim: psutil.Process, database: Path) -> bool:
    """Stop it, but let it go on if it holds the database just then: the dead hold nothing, and the stopped do."""
    victim.suspend()
    until(lambda: victim.status() == psutil.STATUS_STOPPED)
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            victim.resume()
            return False
        connection.execute("ROLLBACK")
        return True


def test_a_killed_demo_leaves_no_process_and_starts_again_with_all_its_data(home: Path, sqlite_told_once: Path) -> None:
    """Here it was started before, so that its history need not be told again."""
    home.mkdir(mode=0o700)
    shutil.copy(sqlite_told_once, home / "carnet.db")
    with soon_ready(home) as demo:
        family = demo.family()
        assert len(family) == 3
        operations = sell_and_use(demo, Wares.of(demo), "before")
        demo.process.kill()
        assert demo.process.wait() == -signal.SIGKILL
        assert dead(family)

    with soon_ready(home) as again:
        newest = again.ask("{ operations(first: 100) { nodes { id act } } }")["operations"]["nodes"]
        told = [each["id"] for each in newest if each["act"] in ("sell_package", "redeem_session")]
        assert told[:2] == operations[::-1]
        nobody_else_starts_in(home, again)
        end_well_by(signal.SIGINT, again, home)
    assert "Traceback" not in (home.parent / "log").read_text()

    audit = commanded(home, "audit")
    assert (audit.returncode, audit.stdout) == (0, "The ledgers agree, and every seal is whole.\n")


def nobody_else_starts_in(home: Path, demo: DemoProcess) -> None:
    """One home, one demo."""
    second = subprocess.run(demo_in(home), capture_output=True, text=True, check=False, cwd=ROOT)
    assert second.returncode == 2
    assert second.stderr == (
        f"carnet: Carnet already runs in {home} (process {demo.process.pid}): stop it or choose another --home.\n"
    )


def end_well_by(number: signal.Signals, demo: DemoProcess, home: Path) -> None:
    """The signal ends all of it, and nothing goes wrong by that."""
    family, log = demo.family(), home.parent / "log"
    before = len(log.read_text())
    demo.process.send_signal(number)
    assert demo.process.wait(SECONDS) == 0
    assert dead(family)
    assert "Traceback" not in log.read_text()[before:]
