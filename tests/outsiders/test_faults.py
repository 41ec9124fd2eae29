"""What is wrong around Carnet is told in one sentence and an exit code; a full disk loses nothing."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from carnet.home import Home
from tests.fixtures.children import ROOT, carnet
from tests.fixtures.demo_process import POSITIONS, SELL, DemoProcess, Wares, demo_in, running_demo
from tests.fixtures.postgres import Server
from tests.fixtures.small_disk import fill, on_a_disk, seen_by
from tests.fixtures.waiting import until

UNANSWERED = "PostgreSQL does not answer: check that it runs and that the database URL is right."


def fault(command: Sequence[str], **settings: str) -> str:
    """The one sentence with which the command ends."""
    ended = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=30,
        env={**os.environ, **settings},
    )
    assert (ended.returncode, ended.stdout) == (2, ""), ended
    [sentence] = ended.stderr.splitlines()
    assert sentence.startswith("carnet: ")
    return sentence.removeprefix("carnet: ")


def migrate_in(home: Path) -> list[str]:
    """The command that needs least, and meets every fault of a home that the others meet."""
    return carnet("migrate", "--home", str(home))


def test_a_home_on_a_read_only_disk(tmp_path: Path) -> None:
    home = tmp_path / "home"

    assert (
        fault(on_a_disk("ro", tmp_path, migrate_in(home))) == f"{home} is on a read-only disk: choose another --home."
    )


def test_a_home_on_a_full_disk(tmp_path: Path) -> None:
    command = on_a_disk("size=300k", tmp_path, demo_in(tmp_path / "home"))

    assert fault(command) == "The disk is full: free some space, then try again."


def test_a_home_without_permission(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    home = closed / "home"

    assert fault(without_privileges(migrate_in(home))) == (
        f"{home} may not be used by you: give permission or choose another --home."
    )


def test_a_home_that_may_not_even_be_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o000)
    sentence = "The database file cannot be opened: create its directory, writable by Carnet."

    assert fault(without_privileges(migrate_in(home))) == sentence


def without_privileges(command: list[str]) -> list[str]:
    """Root obeys no mode of a file, unless that capability is taken from him."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", *command]


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.touch()

    assert fault(migrate_in(home)) == f"{home} is a file, not a directory: choose another --home."


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs Linux's /proc, where no directory can be made")
def test_a_home_that_cannot_be_made() -> None:
    assert fault(migrate_in(Path("/proc/carnet"))) == "/proc/carnet cannot be made: choose another --home."


def test_a_home_with_a_name_too_long(tmp_path: Path) -> None:
    home = tmp_path / ("n" * 300)

    assert fault(migrate_in(home)) == f"{home} is too long a name: choose another --home."


@pytest.fixture
def deep(tmp_path: Path) -> Iterator[Home]:
    """A home whose path is longer than the name of a socket may be."""
    home = Home.at(tmp_path / ("deep" * 30))
    yield home
    shutil.rmtree(home.socket.parent)


def test_a_home_too_deep_for_a_socket_has_it_elsewhere(deep: Home, sqlite_told_once: Path) -> None:
    shutil.copy(sqlite_told_once, deep.path / "carnet.db")
    with running_demo(demo_in(deep.path), deep.path / "log") as demo:
        until(lambda: all(each["position"] for each in demo.ask(POSITIONS)["operations"]["nodes"]))

    assert deep.socket.parent.parent == Path(tempfile.gettempdir())


def test_a_place_for_the_socket_that_others_can_reach(deep: Home) -> None:
    private = deep.socket.parent
    private.chmod(0o777)

    sentence = fault(carnet("worker", "--home", str(deep.path)))

    private.chmod(0o700)
    assert sentence == f"{private} belongs to somebody else: choose a --home with a shorter path."


def test_a_database_file_that_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "carnet.db").write_text("Dear diary, " * 1000)

    assert fault(migrate_in(tmp_path)) == "The database file is not an SQLite database: check the database URL."


@pytest.mark.parametrize(("command", "option"), [("demo", "--port"), ("worker", "--metrics-port")])
def test_a_port_in_use(tmp_path: Path, command: str, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = carnet(command, "--home", str(tmp_path), option, str(port))

        assert fault(words) == f"Port {port} is in use: stop what uses it or choose another {option}."


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_database_server_that_is_not_there(tmp_path: Path, command: str) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # taken, and nobody listens
        url = f"postgresql://carnet@127.0.0.1:{silent.getsockname()[1]}/carnet"

        assert fault(carnet(command, "--home", str(tmp_path), "--database-url", url)) == UNANSWERED


def test_a_database_that_does_not_exist(tmp_path: Path, postgres_server: Server) -> None:
    command = carnet("serve", "--home", str(tmp_path), "--database-url", postgres_server.url_of("nowhere"))

    assert fault(command) == "PostgreSQL has no such database: create it or check the database URL."


@pytest.mark.parametrize("command", ["audit", "serve", "worker"])
def test_a_database_without_tables(tmp_path: Path, blank_database_url: str, command: str) -> None:
    options = ("--home", str(tmp_path), "--database-url", blank_database_url)

    assert fault(carnet(command, *options)) == "The database has no tables yet: run `carnet migrate`."


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        (
            "CARNET_DATABASE_URL",
            "mysql://db/carnet",
            "A database URL looks like sqlite:///carnet.db or postgresql://user:password@host/name.",
        ),
        (
            "CARNET_REDIS_URL",
            "localhost:6379",
            "The setting CARNET_REDIS_URL is wrong: it should look like redis://host:6379/0 or unix:///path.",
        ),
        (
            "CARNET_PORT",
            "70000",
            "The setting CARNET_PORT is wrong: Input should be less than or equal to 65535.",
        ),
    ],
)
def test_a_setting_that_makes_no_sense(tmp_path: Path, setting: str, value: str, sentence: str) -> None:
    assert fault(migrate_in(tmp_path), **{setting: value}) == sentence


def test_a_full_disk_makes_writing_unavailable_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    command = on_a_disk("size=12m", disk, demo_in(disk / "home"))
    with running_demo(command, tmp_path / "log") as demo:
        wares, home = Wares.of(demo), seen_by(demo.process.pid, disk / "home")
        before = newest(demo)[0]
        fill(home / "filler")
        refused = [demo.post(SELL, **wares.sale(f"on a full disk {number}")) for number in range(3)]
        assert (newest(demo)[0], demo.is_ready()) == (before, True)

        (home / "filler").unlink()
        sold = demo.ask(SELL, **wares.sale("on a full disk 0"))["sellPackage"]["operationId"]
        assert newest(demo)[:2] == [sold, before]
        until(lambda: all(each["position"] for each in demo.ask(POSITIONS)["operations"]["nodes"]))
        for file in home.glob("carnet.db*"):  # nobody writes any more
            shutil.copy(file, tmp_path)
    audit = subprocess.run(carnet("audit", "--home", str(tmp_path)), capture_output=True, check=False, cwd=ROOT)

    assert [answer.status_code for answer in refused] == [503, 503, 503]
    assert [answer.json()["errors"][0]["extensions"]["code"] for answer in refused] == ["UNAVAILABLE"] * 3
    assert (audit.returncode, audit.stderr) == (0, b"")


def newest(demo: DemoProcess) -> list[str]:
    """The sales that were recorded last, the last one first; sweeps record operations of their own."""
    found = demo.ask(POSITIONS)["operations"]["nodes"]
    return [each["id"] for each in found if each["act"] == "sell_package"]
