"""The address of downloads: what it is made of, what it costs, and who may keep it."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, patch

import httpx2
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from carnet import downloads
from carnet.app import create_app
from carnet.downloads import download_route, file_name
from carnet.settings import Settings
from domain.kernel.access import Actor, Principal
from domain.kernel.errors import Unavailable
from domain.ledger.accounts import PaymentMethod
from domain.reports.profit_store import GroupBy
from domain.reports.tables.registry import Report
from domain.reports.tables.table import Asked
from schema.http import MAX_COST
from schema.limits.rate import RateLimit
from schema.links import Download, LinkExpired, Links, LinkUnknown
from tests.fixtures.chain import harbour
from tests.fixtures.desk import MONDAY, on
from tests.fixtures.graph import SETTINGS, graph
from tests.fixtures.reports import linked, refusal
from tests.schema.http.serving import served

pytestmark = pytest.mark.anyio

HERE = "http://carnet.test/"
LINKS = Links(SETTINGS.link_secret)
WANTED = Download(
    Principal.INTEGRATION,
    "key_1",
    "chn_1",
    Report.JOURNAL,
    Asked(
        date(2026, 3, 1),
        date(2026, 3, 31),
        "brn_1",
        "def_1",
        PaymentMethod.CARD,
        GroupBy.MONTH,
        MONDAY + timedelta(microseconds=1),
    ),
)


def token(links: Links = LINKS, wanted: Download = WANTED) -> str:
    return links.made(wanted, HERE).url.rsplit("/", 1)[1]


def test_a_link_stands_for_what_it_was_made_of() -> None:
    assert LINKS.opened(token()) == WANTED
    nothing = Download(Principal.STAFF, "stf_1", "chn_1", Report.TRIAL_BALANCE, Asked())
    assert LINKS.opened(token(wanted=nothing)) == nothing


def test_a_link_ends_when_it_says() -> None:
    with on(MONDAY + timedelta(milliseconds=900)):
        link = LINKS.made(WANTED, HERE)
    assert link.expires_at == MONDAY + timedelta(minutes=15)
    with on(link.expires_at - timedelta(milliseconds=1)):
        assert LINKS.opened(link.url.rsplit("/", 1)[1]) == WANTED
    with on(link.expires_at), pytest.raises(LinkExpired):
        LINKS.opened(link.url.rsplit("/", 1)[1])


def test_another_secret_makes_other_links() -> None:
    for other in (Links(lambda: "another secret, also of 32 characters"), Links(lambda: "")):
        with pytest.raises(LinkUnknown):
            LINKS.opened(token(other))


def test_links_lead_to_the_public_address_where_one_is_set() -> None:
    assert LINKS.made(WANTED, HERE).url.startswith("http://carnet.test/downloads/")
    for public in ("https://books.example.com/carnet", "https://books.example.com/carnet/"):
        url = Links(SETTINGS.link_secret, public).made(WANTED, HERE).url
        assert url.startswith("https://books.example.com/carnet/downloads/")


def test_a_public_address_is_one_of_the_web() -> None:
    assert Settings(public_url="https://books.example.com").public_url == "https://books.example.com"
    with pytest.raises(ValueError, match="it should look like https"):
        Settings(public_url="books.example.com")


def test_links_are_signed_with_the_secret_of_the_home_where_no_other_is_set(tmp_path: Any) -> None:
    settings = Settings(home=tmp_path / "home", token_algorithm="RS256", token_jwks_url="https://issuer.test/jwks")
    links = Links(settings.link_secret)
    assert not (tmp_path / "home").exists()
    assert Links(settings.link_secret).opened(token(links)) == WANTED
    assert settings.link_secret() == (tmp_path / "home" / "secret").read_text()


@pytest.mark.parametrize(
    ("chain", "name"),
    [
        ("Harbour Wellness", "harbour-wellness_journal_2026-03-01_2026-03-31.csv"),
        ('Évora "Spa"\r\n; x=1', "evora-spa-x-1_journal_2026-03-01_2026-03-31.csv"),
        ("健康", "carnet_journal_2026-03-01_2026-03-31.csv"),
        ("../../etc", "etc_journal_2026-03-01_2026-03-31.csv"),
    ],
)
def test_a_file_is_named_after_the_chain_the_report_and_its_days(chain: str, name: str) -> None:
    assert file_name(chain, WANTED) == name


async def test_downloads_are_limited_for_each_principal(db: str) -> None:
    house = await harbour(db)
    app = Starlette(routes=[download_route(LINKS, RateLimit(capacity=2 * MAX_COST, restored_per_second=1))])
    async with graph() as real, _client(app) as http:
        url = await linked(real, house.owner, "JOURNAL")
        other = await linked(real, house.accountant, "JOURNAL")
        answers = [await http.get(url) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert int(answers[2].headers["retry-after"]) > MAX_COST - 60
        assert (await http.get(other)).status_code == 200


async def test_a_link_is_kept_out_of_the_log(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        url = await linked(app, house.owner, "JOURNAL")
        with capture_logs() as logs:
            await app.http.get(url)
            await app.http.get("/downloads/x")
    assert [(log["path"], log["status"]) for log in logs] == [("/downloads/…", 200), ("/downloads/…", 404)]
    assert all(log["request_id"] for log in logs)


async def test_a_database_that_is_gone_is_told_before_anything_is_sent(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        url = await linked(app, house.owner, "JOURNAL")
        with patch("domain.reports.tables.journal_store.rows", side_effect=Unavailable("10.0.0.7 does not answer")):
            response = await app.http.get(url)
    assert refusal(response)[0] == 503
    assert "10.0.0.7" not in response.text


async def test_what_was_begun_and_cannot_be_finished_does_not_end_as_if_it_were_whole(db: str) -> None:
    house = await harbour(db)

    async def broken(*_: object) -> AsyncIterator[str]:
        yield "entry_id\r\n"
        raise Unavailable("10.0.0.7 does not answer")

    async with graph() as app:
        url = await linked(app, house.owner, "JOURNAL")
        with patch("carnet.downloads.csv_report", broken), pytest.raises(Unavailable):
            await app.http.get(url)


async def test_a_long_report_is_compressed_as_it_goes(db: str) -> None:
    house = await harbour(db)
    ended = []

    async def long(*_: object) -> AsyncIterator[str]:
        for _page in range(50):
            yield "a line of a report\r\n" * 500
        ended.append(True)

    async with graph() as app:
        url = await linked(app, house.owner, "JOURNAL")
        with patch("carnet.downloads.csv_report", long):
            async with app.http.stream("GET", url, headers={"accept-encoding": "gzip"}) as response:
                sent = [chunk async for chunk in response.aiter_raw()]
                assert response.headers["content-encoding"] == "gzip"
    assert 0 < sum(map(len, sent)) < 50_000
    assert ended


def test_a_client_that_hangs_up_ends_the_reading() -> None:
    ended = threading.Event()

    async def endless(*_: object) -> AsyncIterator[str]:
        try:
            while True:
                yield "a line of a report\r\n" * 1000
                await asyncio.sleep(0)
        finally:
            ended.set()

    known = AsyncMock(return_value=Actor(Principal.INTEGRATION, "key_1", "chn_1"))
    chain = AsyncMock(return_value=SimpleNamespace(name="Harbour Wellness"))
    app = Starlette(routes=[download_route(LINKS)])
    with (
        patch.multiple(downloads, as_known_now=known, refuse_unless_possible=AsyncMock(), csv_report=endless),
        patch("domain.branches.store.chain", chain),
        served(app) as address,
        socket.create_connection(address, timeout=5) as client,
    ):
        client.sendall(f"GET /downloads/{token()} HTTP/1.1\r\nHost: carnet.test\r\n\r\n".encode())
        assert client.recv(4096).startswith(b"HTTP/1.1 200 OK\r\n")
        client.close()
        assert ended.wait(10)


def _client(app: Starlette) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://carnet.test")


def test_the_application_has_the_address() -> None:
    assert "/downloads/{token}" in {getattr(route, "path", "") for route in create_app(SETTINGS).routes}
