"""The accounting systems beside the demo: what they have answered is on the disk, and they misbehave when told to."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp

from carnet.demo.chart import ERPNEXT, FAKED, ODOO, Books
from domain.accounting.connectors.opening import Opening, open_connector
from domain.accounting.connectors.protocol import Answer, Outcome, Problem
from domain.ledger.accounts import Account
from tests.fakes.serving import served
from tests.fakes.together import together
from tests.fixtures.calling import IMPATIENT, calling
from tests.fixtures.documents import document, number

pytestmark = pytest.mark.anyio


def beside(folder: Path) -> ASGIApp:
    """The systems as the demo starts them."""
    told = {
        "chart": {books.system.lower(): books.accounts() for books in FAKED},
        "branches": {books.system.lower(): list(books.branches({"brn_1": "Lisbon"}).values()) for books in FAKED},
        "webhook_secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "hook": {"path": "/hooks/1", "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"},
        "booking": {},
    }
    return together({"api": "http://localhost", "beside": told}, folder)


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with served(beside(tmp_path)) as address:
        yield address


async def sent(url: str, to: Books, n: int) -> Answer:
    """What the system answers to a document."""
    settings: dict[str, Any] = {name: value.replace("{url}", url) for name, value in to.settings.items()}
    chart = to.accounts()
    what = document(n, {chart[Account.CASH]: 100, chart[Account.REVENUE]: -100})
    async with calling(IMPATIENT) as http:
        opening = Opening(settings, to.credentials, http, lambda _: None)  # type: ignore[arg-type, return-value]
        connector = open_connector(to.system, opening)
        return await connector.send(what.id, connector.render(what))


async def told(url: str, to: Books, **words: str) -> Any:
    """What the system says of how it behaves, once it was told."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        return (await client.post(f"{url}/{to.system.lower()}/behaviour", data=words)).json()


async def booked(url: str, to: Books) -> list[str]:
    """Our documents in its books, the newest first."""
    async with httpx2.AsyncClient(trust_env=False) as client:
        books = (await client.get(f"{url}/{to.system.lower()}/books")).json()
    return [one["documentId"] for one in books["newest"]]


@pytest.mark.parametrize("to", [ERPNEXT, ODOO], ids=lambda books: books.name)
async def test_what_was_answered_is_there_after_the_fakes_were_killed(url: str, tmp_path: Path, to: Books) -> None:
    assert (await sent(url, to, 1)).outcome is Outcome.SUCCESS
    async with served(beside(tmp_path)) as again:
        assert await booked(again, to) == [number(1)]

    await told(url, to, next="DROPPED_AFTER")
    assert (await sent(url, to, 2)).outcome is Outcome.UNCERTAIN
    async with served(beside(tmp_path)) as again:
        assert (await sent(again, to, 2)).outcome is Outcome.SUCCESS
        assert await booked(again, to) == [number(2), number(1)]


@pytest.mark.parametrize("to", [ERPNEXT, ODOO], ids=lambda books: books.name)
async def test_a_fake_is_told_to_misbehave_and_to_let_everything_go_well_again(url: str, to: Books) -> None:
    how = await told(url, to, next="TOO_MANY", times="2", retryAfter="3")
    assert how["next"] == ["TOO_MANY", "TOO_MANY"]
    for _ in range(2):
        answer = await sent(url, to, 1)
        assert (answer.problem, answer.retry_after) == (Problem.TOO_MANY_CALLS, timedelta(seconds=3))

    await told(url, to, lockedUntil="2026-03-31")
    answer = await sent(url, to, 1)
    assert (answer.problem, answer.locked_until) == (Problem.LOCKED_DAY, date(2026, 3, 31))

    assert (await told(url, to, access="REVOKED"))["credentials"] is None
    assert (await sent(url, to, 1)).problem is Problem.UNAUTHORISED

    how = await told(url, to)
    [credentials] = how.pop("credentials").values()
    assert credentials == to.credentials
    assert how == {"next": [], "lockedUntil": None, "retryAfter": "3", "delay": 0}
    assert (await sent(url, to, 1)).outcome is Outcome.SUCCESS


async def test_a_word_that_says_nothing_to_a_fake_is_answered_with_what_would(url: str) -> None:
    assert (await told(url, ODOO, next="NONSENSE"))["error"].startswith("next is one of ERROR_BEFORE, ERROR_AFTER, ")
    assert await told(url, ODOO, lockedUntil="May") == {"error": "lockedUntil is a day such as 2026-03-31."}
    assert await told(url, ODOO, delay="60") == {"error": "delay is a number up to 20."}
    said = await told(url, ODOO, mishap="TOO_MANY")
    assert said == {"error": "mishap says nothing; access, delay, lockedUntil, next, retryAfter, times would."}


async def test_a_browser_has_a_form_for_each_and_is_led_back_to_it(url: str) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        page = (await client.get(f"{url}/behaviour")).text
        for books in FAKED:
            assert f"action=/{books.system.lower()}/behaviour" in page
        browser = {"accept": "text/html,*/*"}
        filled = {"next": "", "times": "1", "lockedUntil": "2026-03-31", "access": "EXPIRED"}
        done = await client.post(f"{url}/xero/behaviour", data=filled, headers=browser)
        assert (done.status_code, done.headers["location"]) == (303, "/behaviour")
        how = (await client.get(f"{url}/xero/behaviour")).json()
    assert (how["next"], how["lockedUntil"], how["credentials"]["oauth"]["refreshToken"]) == (
        [],
        "2026-03-31",
        "refresh-0",
    )
