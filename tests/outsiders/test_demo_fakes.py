"""The demo with accounting systems beside it: its journal arrives in each of them, and is there after another start."""

import json
import signal
import socket
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
import pytest

from carnet import fakes
from carnet.failures import CannotStart
from carnet.home import Home
from carnet.settings import Settings
from tests.fixtures.demo_process import SELL, DemoProcess, Wares, demo_in, running_demo
from tests.fixtures.waiting import until

CONNECTIONS = "{ accountingConnections { nodes { id name state } } }"


def books(home: Path, system: str) -> Any:
    """What the fake says of its books."""
    contract = json.loads((home / "demo.json").read_text())
    return httpx2.get(f"{contract['fakes']}/{system}/books", timeout=60).json()


def there(home: Path, system: str) -> dict[str, int]:
    """What each role comes to in the fake."""
    chart = json.loads((home / "fakes" / "told.json").read_text())["beside"]["chart"][system]
    roles = {called: role for role, called in chart.items()}
    return {roles[account]: minor for account, minor in books(home, system)["balancesMinor"].items()}


def here(demo: DemoProcess, days_over_only: bool = False) -> dict[str, int]:
    """What each role comes to by the trial balance; or by those days only that are over at their branch, and summed."""
    found = demo.ask("{ branches { nodes { id timeZone } } trialBalance { lines { account balance { amount } } } }")
    if not days_over_only:
        return _summed(found["trialBalance"]["lines"])
    lines = []
    for branch in found["branches"]["nodes"]:
        day = (datetime.now(UTC) - timedelta(minutes=5)).astimezone(ZoneInfo(branch["timeZone"])).date() - timedelta(
            days=1
        )
        asked = "{ trialBalance(until: %s) { lines { account branch { id } balance { amount } } } }"
        told = demo.ask(asked % json.dumps(str(day)))["trialBalance"]["lines"]
        lines += [line for line in told if line["branch"]["id"] == branch["id"]]
    return _summed(lines)


def _summed(lines: list[Any]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line["account"]] += int(line["balance"]["amount"].replace(".", ""))
    return {role: minor for role, minor in sums.items() if minor}


def all_agree(demo: DemoProcess, home: Path) -> bool:
    """Each system has what the trial balance has, some as soon as days are over."""
    entries, days = here(demo), here(demo, days_over_only=True)
    by_entry = [there(home, "quickbooks"), there(home, "erpnext")]
    return by_entry == [entries] * 2 and [there(home, "xero"), there(home, "odoo")] == [days] * 2


def test_the_journal_arrives_in_every_system_and_is_there_after_another_start(tmp_path: Path) -> None:
    home, command = tmp_path / "home", [*demo_in(tmp_path / "home"), "--with-fakes"]
    with running_demo(command, tmp_path / "log") as demo:
        until(lambda: all_agree(demo, home))
        journals = books(home, "quickbooks")["journals"]
        sale = demo.ask(SELL, **Wares.of(demo).sale("beside"))["sellPackage"]
        until(lambda: books(home, "quickbooks")["journals"] > journals)
        url = json.loads((home / "demo.json").read_text())["fakes"]
        until(lambda: "package.sold" in {event["type"] for event in httpx2.get(f"{url}/webhook", timeout=60).json()})
        assert httpx2.post(f"{url}/scheduler", timeout=60).json()["status"] == 200
        until(lambda: "booking.synced" in {event["type"] for event in httpx2.get(f"{url}/webhook", timeout=60).json()})
        until(lambda: all_agree(demo, home))
        before = demo.ask(CONNECTIONS)
        demo.process.send_signal(signal.SIGINT)
        assert demo.process.wait(30) == 0
    assert sale["packageId"]

    with running_demo(command, tmp_path / "log") as again:
        assert json.loads((home / "demo.json").read_text())["fakes"] == url
        until(lambda: all_agree(again, home))
        after = again.ask(CONNECTIONS)["accountingConnections"]["nodes"]
        assert [each["id"] for each in after] == [each["id"] for each in before["accountingConnections"]["nodes"]]
        assert {each["state"] for each in after} == {"ACTIVE"}
        journals = books(home, "xero")["journals"], books(home, "erpnext")["journals"]
        again.ask(SELL, **Wares.of(again).sale("beside, again"))
        until(lambda: books(home, "erpnext")["journals"] > journals[1])
        assert books(home, "xero")["journals"] == journals[0]
    assert list((home / "plain-text").glob("con_*/carnet.beancount")) != []


def test_the_command_line_may_call_the_fakes_beside_the_demo_of_its_home_and_of_no_other(tmp_path: Path) -> None:
    mine = Settings(home=tmp_path)
    for told, allowed in (({}, ""), ({"fakes": "http://127.0.0.1:4711"}, "127.0.0.1")):
        assert mine.beside_fakes().allowed_addresses == ""
        (tmp_path / "demo.json").write_text(json.dumps({"url": "http://127.0.0.1:8000", **told}))
        assert mine.beside_fakes().allowed_addresses == allowed
    elsewhere = Settings(home=tmp_path, database_url="postgresql://carnet@db.example/carnet")
    assert elsewhere.beside_fakes().allowed_addresses == ""


def test_without_the_tests_there_are_no_fakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fakes, "_CLONE", tmp_path)

    with pytest.raises(
        CannotStart, match=r"^The fakes come with the tests: start `\./run demo --with-fakes` in a clone"
    ):
        fakes.found(Home.at(tmp_path / "home"))


def test_the_port_that_the_books_lead_to_has_to_be_free(tmp_path: Path) -> None:
    found = fakes.found(Home.at(tmp_path))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", found.port))
        taken.listen()
        with pytest.raises(CannotStart, match=f"^Port {found.port} is in use: "):
            fakes.found(Home.at(tmp_path))

    assert fakes.found(Home.at(tmp_path)) == found
