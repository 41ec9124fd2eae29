"""The connector to QuickBooks, over a real socket, against a QuickBooks of our own that misbehaves when told to."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from domain.accounting.connectors.opening import Opening, open_connector, problems
from domain.accounting.connectors.protocol import Answer, Booked, Connector, Document, Outcome, Problem, System
from tests.fakes.behaviour import Mishap
from tests.fakes.oauth import CLIENT_ID, CLIENT_SECRET, KeptTokens
from tests.fakes.quickbooks import REALM, FakeQuickBooks
from tests.fakes.serving import served
from tests.fixtures.calling import IMPATIENT, calling
from tests.fixtures.documents import FIFTH, document, number

pytestmark = pytest.mark.anyio

SOLD = {"84": 54000, "79": -45000, "33": -9000}


@dataclass
class House:
    """A QuickBooks, and a connector to it."""

    fake: FakeQuickBooks
    books: Connector

    async def send(self, what: Document) -> Answer:
        return await self.books.send(what.id, self.books.render(what))

    async def probe(self, what: Document) -> Answer:
        return await self.books.probe(what.id, self.books.render(what))

    async def booked(self, first: date = FIFTH, last: date = FIFTH) -> list[Booked]:
        return [entry async for entry in self.books.booked(first, last)]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    fake = FakeQuickBooks()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(fake.app))
        http = await stack.enter_async_context(calling(IMPATIENT))
        settings = {"realmId": REALM, "currency": "EUR", "api": url, "tokenUrl": f"{url}/token"}
        secrets = {"clientId": CLIENT_ID, "clientSecret": CLIENT_SECRET, "refreshToken": fake.lender.refresh}
        assert not list(problems(System.QUICKBOOKS, settings, secrets))
        opening = Opening(settings, secrets, http, lambda client: KeptTokens(http, client, secrets["refreshToken"]))
        yield House(fake, open_connector(System.QUICKBOOKS, opening))


async def test_a_document_is_an_entry_of_debits_and_credits_with_our_id_in_note_and_number(house: House) -> None:
    sale = document(amounts={"84": 54001, "79": -54001}, dimensions={"class": "5000", "location": "2"})
    assert house.books.render(sale) == (
        b'{"DocNumber":"000000000000000000001","TxnDate":"2026-03-05",'
        b'"PrivateNote":"Porto, 5 March 2026 (Carnet syd_01kjz000000000000000000001)","Line":['
        b'{"Amount":540.01,"Description":"Line of 84","DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":'
        b'{"PostingType":"Debit","AccountRef":{"value":"84"},"ClassRef":{"value":"5000"},"DepartmentRef":{"value":"2"}}},'
        b'{"Amount":540.01,"Description":"Line of 79","DetailType":"JournalEntryLineDetail","JournalEntryLineDetail":'
        b'{"PostingType":"Credit","AccountRef":{"value":"79"},"ClassRef":{"value":"5000"},"DepartmentRef":{"value":"2"}}}]}'
    )
    foreign = house.books.render(document(amounts=SOLD, currency="USD"))
    assert b'"CurrencyRef":{"value":"USD"}' in foreign


async def test_what_is_sent_is_booked_found_and_read_back(house: House) -> None:
    answer = await house.send(document(amounts=SOLD, dimensions={"class": "5000", "customer": "58"}))
    assert (answer.outcome, answer.remote_id) == (Outcome.SUCCESS, "1")
    assert (await house.probe(document(amounts=SOLD))).remote_id == "1"
    assert await house.booked() == [Booked("1", number(1), FIFTH, SOLD)]
    assert house.fake.books.balances() == {"33": -9000, "79": -45000, "84": 54000}
    assert await house.books.accounts() == ["33", "35", "79", "84"]
    lacking = [("branch", "1"), ("class", "1"), ("customer", "59"), ("location", "77")]
    assert await house.books.lacks([("class", "5000"), ("customer", "58"), ("location", "2"), *lacking]) == lacking


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
    assert (again.outcome, again.remote_id) == (Outcome.SUCCESS, "1")
    assert house.fake.books.times() == {number(1): 1}
    sent = house.fake.behaviour.bodies[1:]
    assert sent[0] == sent[1] == house.books.render(sale)


async def test_too_many_calls_are_answered_with_how_long_to_rest(house: House) -> None:
    house.fake.behaviour.then(Mishap.TOO_MANY)
    answer = await house.send(document(amounts=SOLD))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.TOO_MANY_CALLS)
    assert answer.retry_after == timedelta(seconds=7)


async def test_a_closed_period_says_until_when_and_another_day_is_booked_with_new_bytes(house: House) -> None:
    house.fake.behaviour.locked_until = date(2026, 3, 31)
    sale = document(amounts=SOLD)
    answer = await house.send(sale)
    assert (answer.outcome, answer.problem) == (Outcome.REJECTED, Problem.LOCKED_DAY)
    assert answer.locked_until == date(2026, 3, 31)
    assert (await house.send(replace(sale, day=date(2026, 4, 1)))).outcome is Outcome.SUCCESS
    assert (await house.probe(sale)).outcome is Outcome.SUCCESS


async def test_what_quickbooks_does_not_take_is_rejected_in_its_words(house: House) -> None:
    answer = await house.send(document(1, {"84": 100, "999": -100}))
    assert (answer.outcome, answer.problem, answer.status) == (Outcome.REJECTED, Problem.UNKNOWN_ACCOUNT, 400)
    assert "AccountRef element id 999 not found" in answer.message
    answer = await house.send(document(2, {"84": 100, "79": -99}))
    assert (answer.outcome, answer.problem) == (Outcome.REJECTED, Problem.INVALID)
    assert house.fake.books.times() == {}


async def test_an_expired_token_is_refreshed_once_and_a_revoked_one_stops(house: House) -> None:
    assert (await house.send(document(1, SOLD))).outcome is Outcome.SUCCESS
    house.fake.lender.expire()
    assert (await house.send(document(2, SOLD))).outcome is Outcome.SUCCESS
    house.fake.lender.revoke()
    answer = await house.send(document(3, SOLD))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.UNAUTHORISED)
    probed = await house.probe(document(3, SOLD))
    assert (probed.outcome, probed.problem) == (Outcome.UNCERTAIN, Problem.UNAUTHORISED)


async def test_a_number_that_an_entry_without_our_id_has_is_told_to_a_person_and_not_asked_about_for_ever(
    house: House,
) -> None:
    sale = document(1, SOLD)
    await house.send(sale)
    house.fake.books.entries[0].told["PrivateNote"] = "By hand"
    house.fake.requests.clear()
    answer = await house.send(sale)
    assert (answer.outcome, answer.problem) == (Outcome.REJECTED, Problem.INVALID)
    assert "DocNumber 000000000000000000001 is taken by what does not name our id" in answer.message
    assert "000000000000000000001" in answer.hint
    house.fake.books.entries[0].told["PrivateNote"] = f"By hand (Carnet {sale.id})"
    assert (await house.send(sale)).outcome is Outcome.SUCCESS
    assert len(house.fake.books.entries) == 1


async def test_an_entry_whose_number_was_changed_by_hand_is_found_by_its_note(house: House) -> None:
    await house.send(document(1, SOLD))
    house.fake.books.entries[0].told["DocNumber"] = "2026-17"
    assert (await house.probe(document(1, SOLD))).outcome is Outcome.SUCCESS


async def test_all_pages_are_read_without_what_was_deleted_or_is_not_ours(house: House) -> None:
    house.fake.largest_page = 2
    for n in range(1, 8):
        assert (await house.send(document(n, SOLD, day=date(2026, 3, n)))).outcome is Outcome.SUCCESS
    house.fake.books.remove(number(2))
    house.fake.books.entries[3].told["PrivateNote"] = "By hand"
    read = await house.booked(date(2026, 3, 1), date(2026, 3, 6))
    assert [entry.document_id for entry in read] == [number(1), number(3), number(5), number(6)]
    assert (await house.probe(document(2, SOLD))).outcome is Outcome.LATER
