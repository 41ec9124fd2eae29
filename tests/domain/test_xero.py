"""The connector to Xero, over a real socket, against a Xero of our own that misbehaves when told to."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from starlette.responses import PlainTextResponse

from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.oauth import Client
from domain.accounting.connectors.opening import Opening, open_connector, problems
from domain.accounting.connectors.protocol import Answer, Booked, Connector, Document, Outcome, Problem, System
from domain.accounting.connectors.xero import Xero, XeroSettings
from tests.fakes import xero
from tests.fakes.behaviour import Mishap
from tests.fakes.oauth import CLIENT_ID, CLIENT_SECRET, KeptTokens
from tests.fakes.serving import served
from tests.fakes.xero import TENANT, FakeXero
from tests.fixtures.calling import IMPATIENT, calling
from tests.fixtures.documents import FIFTH, document, number

pytestmark = pytest.mark.anyio

SOLD = {"610": 54000, "800": -45000, "820": -9000}


@dataclass
class House:
    """A Xero, and a connector to it."""

    fake: FakeXero
    xero: Connector

    async def send(self, what: Document) -> Answer:
        return await self.xero.send(what.id, self.xero.render(what))

    async def probe(self, what: Document) -> Answer:
        return await self.xero.probe(what.id, self.xero.render(what))

    async def booked(self, first: date = FIFTH, last: date = FIFTH) -> list[Booked]:
        return [entry async for entry in self.xero.booked(first, last)]


class _Known:
    """A token that is always good."""

    async def current(self) -> str:
        return "good"

    async def renewed(self, refused: str) -> str:
        return refused


@pytest.fixture
async def house() -> AsyncIterator[House]:
    fake = FakeXero()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(fake.app))
        http = await stack.enter_async_context(calling(IMPATIENT))
        settings = {"tenantId": TENANT, "currency": "EUR", "api": f"{url}/api.xro/2.0", "tokenUrl": f"{url}/token"}
        secrets = {"clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "refreshToken": fake.lender.refresh}
        assert not list(problems(System.XERO, settings, secrets))
        opening = Opening(settings, secrets, http, lambda client: KeptTokens(http, client, secrets["refreshToken"]))
        yield House(fake, open_connector(System.XERO, opening))


async def test_a_document_is_a_posted_journal_with_exact_signed_amounts_and_our_id(house: House) -> None:
    sale = document(amounts={"610": 54001, "200": 0, "800": -54001}, dimensions={"Branch": "Porto"})
    assert house.xero.render(sale) == (
        b'{"ManualJournals":[{"Narration":"Porto, 5 March 2026 (Carnet syd_01kjz000000000000000000001)",'
        b'"Date":"2026-03-05","Status":"POSTED","LineAmountTypes":"NoTax","JournalLines":['
        b'{"LineAmount":540.01,"AccountCode":"610","Description":"Line of 610",'
        b'"Tracking":[{"Name":"Branch","Option":"Porto"}]},'
        b'{"LineAmount":-540.01,"AccountCode":"800","Description":"Line of 800",'
        b'"Tracking":[{"Name":"Branch","Option":"Porto"}]}]}]}'
    )


async def test_what_is_sent_is_booked_found_and_read_back(house: House) -> None:
    answer = await house.send(document(amounts=SOLD, dimensions={"Branch": "Porto"}))
    assert (answer.outcome, answer.status) == (Outcome.SUCCESS, 200)
    assert (await house.probe(document(amounts=SOLD))).remote_id == answer.remote_id
    assert await house.booked() == [Booked(answer.remote_id or "", number(1), FIFTH, SOLD)]
    assert house.fake.books.balances() == SOLD
    assert await house.xero.accounts() == ["090", "200", "610", "800", "820"]
    lacking = [("Branch", "Closed"), ("Branch", "Nowhere"), ("Room", "Porto")]
    assert await house.xero.lacks([("Branch", "Porto"), *lacking]) == lacking


@pytest.mark.parametrize(
    ("mishap", "booked"),
    [
        (Mishap.ERROR_BEFORE, False),
        (Mishap.ERROR_AFTER, True),
        (Mishap.DROPPED_BEFORE, False),
        (Mishap.DROPPED_AFTER, True),
        (Mishap.SILENT_BEFORE, False),
        (Mishap.SILENT_AFTER, True),
    ],
)
async def test_an_answer_that_is_lost_leaves_it_uncertain_until_the_probe_knows(
    house: House, mishap: Mishap, booked: bool
) -> None:
    sale = document(amounts=SOLD)
    house.fake.behaviour.then(mishap)
    answer = await house.send(sale)
    assert (answer.outcome, answer.problem) == (Outcome.UNCERTAIN, Problem.NO_ANSWER)
    found = await house.probe(sale)
    assert found.outcome is (Outcome.SUCCESS if booked else Outcome.LATER)
    again = await house.send(sale)
    assert again.outcome is Outcome.SUCCESS
    assert house.fake.books.times() == {number(1): 1}
    sent = house.fake.behaviour.bodies[1:]
    assert sent[0] == sent[1] == house.xero.render(sale)


async def test_a_probe_that_cannot_look_knows_nothing(house: House) -> None:
    sale = document(amounts=SOLD)
    house.fake.behaviour.reads_too = True
    for mishap, problem in (
        (Mishap.DROPPED_BEFORE, Problem.NO_ANSWER),
        (Mishap.ERROR_BEFORE, Problem.NO_ANSWER),
        (Mishap.TOO_MANY, Problem.TOO_MANY_CALLS),
    ):
        house.fake.behaviour.then(mishap)
        answer = await house.probe(sale)
        assert (answer.outcome, answer.problem) == (Outcome.UNCERTAIN, problem)
    house.fake.lender.revoke()
    answer = await house.probe(sale)
    assert (answer.outcome, answer.problem) == (Outcome.UNCERTAIN, Problem.UNAUTHORISED)
    with pytest.raises(NotRead, match="lets Carnet in no more"):
        await house.booked()


async def test_a_success_that_is_none_of_xero_says_nothing() -> None:
    async with served(PlainTextResponse("Log in to the network of the hotel")) as url, calling() as http:
        xero = Xero(http, _Known(), XeroSettings(TENANT, "EUR", url))
        body = xero.render(document(1, SOLD))
        for answer in (await xero.send(number(1), body), await xero.probe(number(1), body)):
            assert (answer.outcome, answer.problem, answer.status) == (Outcome.UNCERTAIN, Problem.NO_ANSWER, 200)
        with pytest.raises(NotRead):
            await xero.accounts()


async def test_too_many_calls_are_answered_with_how_long_to_rest(house: House) -> None:
    house.fake.behaviour.allowance = 1
    assert (await house.send(document(1, SOLD))).outcome is Outcome.SUCCESS
    answer = await house.send(document(2, SOLD))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.TOO_MANY_CALLS)
    assert answer.retry_after == timedelta(seconds=7)
    assert house.fake.books.times() == {number(1): 1}


@pytest.mark.parametrize("says_when", [True, False])
async def test_a_locked_day_says_until_when_and_another_day_is_booked_with_new_bytes(
    house: House, says_when: bool
) -> None:
    house.fake.says_when_locked, house.fake.behaviour.locked_until = says_when, date(2026, 3, 31)
    sale = document(amounts=SOLD)
    answer = await house.send(sale)
    assert (answer.outcome, answer.problem) == (Outcome.REJECTED, Problem.LOCKED_DAY)
    assert answer.locked_until == date(2026, 3, 31)
    assert (await house.probe(sale)).outcome is Outcome.LATER
    shifted = replace(sale, day=date(2026, 4, 1))
    assert (await house.send(shifted)).outcome is Outcome.SUCCESS
    assert (await house.probe(sale)).outcome is Outcome.SUCCESS
    assert [entry.day for entry in await house.booked(last=date(2026, 4, 30))] == [date(2026, 4, 1)]


async def test_a_day_is_locked_also_where_it_cannot_be_read_until_when(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.fake.says_when_locked, house.fake.behaviour.locked_until = False, date(2026, 3, 31)
    monkeypatch.setattr("tests.fakes.xero.ticks", lambda _: "/Date(9999999999999)/ or so")
    answer = await house.send(document(amounts=SOLD))
    assert (answer.outcome, answer.problem, answer.locked_until) == (Outcome.REJECTED, Problem.LOCKED_DAY, None)


async def test_what_xero_does_not_take_is_rejected_in_its_words(house: House) -> None:
    refused = {
        "Account code '999' is not a valid code": document(1, {"610": 100, "999": -100}),
        "The total debits must equal": document(2, {"610": 100, "800": -99}),
        "The tracking of a line is not known": document(3, SOLD, dimensions={"Branch": "Faro"}),
    }
    for words, what in refused.items():
        answer = await house.send(what)
        unknown = "999" in words
        assert (answer.outcome, answer.status) == (Outcome.REJECTED, 400)
        assert answer.problem is (Problem.UNKNOWN_ACCOUNT if unknown else Problem.INVALID)
        assert words in answer.message
        assert answer.hint
    assert house.fake.books.times() == {}


async def test_what_xero_cannot_take_is_not_written(house: House) -> None:
    with pytest.raises(ValueError, match="keeps its books in EUR, and this is in USD"):
        house.xero.render(document(1, SOLD, currency="USD"))
    with pytest.raises(ValueError, match="two tracking categories at most"):
        house.xero.render(document(2, SOLD, dimensions={"Branch": "Porto", "Class": "A", "Desk": "1"}))


async def test_an_expired_token_is_refreshed_once_and_a_revoked_one_stops(house: House) -> None:
    assert (await house.send(document(1, SOLD))).outcome is Outcome.SUCCESS
    house.fake.lender.expire()
    assert (await house.send(document(2, SOLD))).outcome is Outcome.SUCCESS
    assert house.fake.lender.spent == ["refresh-0", "refresh-1"]
    house.fake.lender.revoke()
    answer = await house.send(document(3, SOLD))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.UNAUTHORISED)
    assert answer.message == "The accounting system lets Carnet in no more: invalid_grant."
    assert house.fake.books.times() == {number(1): 1, number(2): 1}


async def test_a_token_that_cannot_be_fetched_sends_nothing(house: House) -> None:
    house.fake.behaviour.spared = ()
    house.fake.behaviour.then(Mishap.DROPPED_AFTER)
    answer = await house.send(document(1, SOLD))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.UNREACHABLE)
    assert house.fake.behaviour.calls == [("POST", "/token")]
    assert (await house.send(document(1, SOLD))).outcome is Outcome.SUCCESS


async def test_nobody_there_is_surely_not_booked(house: House) -> None:
    async with served(house.fake.app) as gone:
        pass
    async with calling() as http:
        tokens = KeptTokens(http, Client(f"{gone}/token", CLIENT_ID, CLIENT_SECRET), "refresh-0")
        xero = Xero(http, tokens, XeroSettings(TENANT, "EUR", gone))
        answer = await xero.send(number(1), xero.render(document(1, SOLD)))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.UNREACHABLE)


async def test_all_pages_are_read_without_what_is_void_or_not_ours(house: House) -> None:
    house.fake.largest_page = 2
    for n in range(1, 8):
        assert (await house.send(document(n, SOLD, day=date(2026, 3, n)))).outcome is Outcome.SUCCESS
    house.fake.books.remove(number(2))
    house.fake.books.entries[3].told["Narration"] = "By hand"
    read = await house.booked(date(2026, 3, 1), date(2026, 3, 6))
    assert sorted(entry.document_id for entry in read) == [number(1), number(3), number(5), number(6)]
    assert (await house.probe(document(2, SOLD))).outcome is Outcome.LATER


async def test_pages_of_one_day_are_read_without_a_gap_or_not_at_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.fake.largest_page = 2
    for n in range(1, 8):
        assert (await house.send(document(n, SOLD))).outcome is Outcome.SUCCESS
    assert sorted(entry.document_id for entry in await house.booked()) == [number(n) for n in range(1, 8)]
    monkeypatch.setattr(xero, "_ordered", lambda entries, _, page: entries[::-1] if page % 2 else entries)
    with pytest.raises(NotRead, match=r"its pages have \d of 7 journals"):
        await house.booked()


async def test_a_memo_that_quotes_another_document_is_not_taken_for_it(house: House) -> None:
    await house.send(document(2, SOLD, memo=f"See (Carnet {number(1)})"))
    assert (await house.probe(document(1, SOLD))).outcome is Outcome.LATER
    assert [entry.document_id for entry in await house.booked()] == [number(2)]
