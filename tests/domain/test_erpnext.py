"""The connector to ERPNext, over a real socket, against an ERPNext of our own that misbehaves when told to."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.erpnext import ErpNext, ErpNextSettings
from domain.accounting.connectors.protocol import Answer, Booked, Document, Outcome, Problem
from tests.fakes.behaviour import Mishap
from tests.fakes.erpnext import COMPANY, TOKEN, FakeErpNext
from tests.fakes.serving import served
from tests.fixtures.calling import IMPATIENT, calling
from tests.fixtures.documents import FIFTH, document, number

pytestmark = pytest.mark.anyio

SOLD = {"Cash - HW": 54000, "Deferred - HW": -45000, "VAT - HW": -9000}
FIRST = "ACC-JV-2026-00001"


@dataclass
class House:
    """An ERPNext, and a connector to it."""

    fake: FakeErpNext
    erpnext: ErpNext

    async def send(self, what: Document) -> Answer:
        return await self.erpnext.send(what.id, self.erpnext.render(what))

    async def probe(self, what: Document) -> Answer:
        return await self.erpnext.probe(what.id, self.erpnext.render(what))

    async def booked(self, first: date = FIFTH, last: date = FIFTH) -> list[Booked]:
        return [entry async for entry in self.erpnext.booked(first, last)]


@pytest.fixture(params=["custom_carnet_id", "cheque_no"])
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    """With a field of its own for our id, and with the reference number for it."""
    fake = FakeErpNext(id_field=request.param)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(fake.app))
        http = await stack.enter_async_context(calling(IMPATIENT))
        yield House(fake, ErpNext(http, TOKEN, ErpNextSettings(url, COMPANY, "EUR", request.param)))


def test_a_document_is_an_entry_that_is_submitted_at_once_with_our_id_and_its_cost_center() -> None:
    erpnext = ErpNext(None, TOKEN, ErpNextSettings("", COMPANY, "EUR", "custom_carnet_id"))  # type: ignore[arg-type]
    sale = document(amounts={"Cash - HW": 54001, "Sales - HW": -54001}, dimensions={"cost_center": "Porto - HW"})
    assert erpnext.render(sale) == (
        b'{"docstatus":1,"voucher_type":"Journal Entry","company":"Harbour Wellness","posting_date":"2026-03-05",'
        b'"custom_carnet_id":"syd_01kjz000000000000000000001","user_remark":"Porto, 5 March 2026","accounts":['
        b'{"account":"Cash - HW","debit_in_account_currency":540.01,"user_remark":"Line of Cash - HW",'
        b'"cost_center":"Porto - HW"},'
        b'{"account":"Sales - HW","credit_in_account_currency":540.01,"user_remark":"Line of Sales - HW",'
        b'"cost_center":"Porto - HW"}]}'
    )
    with pytest.raises(ValueError, match="keeps its books in EUR, and this is in USD"):
        erpnext.render(replace(sale, currency="USD"))
    for name in ("credit_in_account_currency", "account", "Cost Center"):
        with pytest.raises(ValueError, match=f"{name} is no field"):
            erpnext.render(document(amounts=SOLD, dimensions={name: "x"}))


async def test_what_is_sent_is_booked_found_and_read_back(house: House) -> None:
    answer = await house.send(document(amounts=SOLD, dimensions={"cost_center": "Porto - HW"}))
    assert (answer.outcome, answer.remote_id) == (Outcome.SUCCESS, FIRST)
    assert (await house.probe(document(amounts=SOLD))).remote_id == FIRST
    assert await house.booked() == [Booked(FIRST, number(1), FIFTH, SOLD)]
    assert house.fake.books.balances() == {"Cash - HW": 54000, "Deferred - HW": -45000, "VAT - HW": -9000}
    assert await house.erpnext.accounts() == ["Cash - HW", "Deferred - HW", "Sales - HW", "VAT - HW"]


async def test_dimensions_are_asked_for_as_far_as_its_lists_may_be_read(house: House) -> None:
    there = [("cost_center", "Porto - HW"), ("project", "Opening"), ("room", "Blue"), ("party", "Ana")]
    lacking = [("cost_center", "Main - HW"), ("cost_center", "Nowhere - HW"), ("project", "Closing"), ("room", "Red")]
    weather = ("weather", "rain")  # no field of a line, and would be lost there without a word
    assert await house.erpnext.lacks([*there, *lacking]) == lacking
    assert await house.erpnext.lacks([*there, ("desk", "North"), ("shelf", "3"), weather]) == [weather]
    for hidden in ("Custom Field", "Accounting Dimension"):
        house.fake.hidden = {hidden}
        assert await house.erpnext.lacks([*there, weather]) == []
    house.fake.hidden |= {"Project"}
    assert await house.erpnext.lacks([*there, *lacking]) == lacking[:2]


async def test_a_call_that_our_erpnext_does_not_understand_is_told_so() -> None:
    transport = httpx2.ASGITransport(FakeErpNext().app)
    headers = {"authorization": f"token {TOKEN}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://erpnext.test", headers=headers) as client:
        for query in ("", "?filters=[", '?filters=[["name","like","x"]]', "?filters=[1]"):
            assert (await client.get(f"/api/resource/Account{query}")).status_code == 417, query
        for body in (b"{", b"[]", b"{}"):
            assert (await client.post("/api/resource/Journal Entry", content=body)).status_code == 417, body


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
async def test_an_answer_that_is_lost_leaves_it_uncertain_and_sending_it_again_books_nothing_twice(
    house: House, mishap: Mishap, booked: bool
) -> None:
    sale = document(amounts=SOLD)
    house.fake.behaviour.then(mishap)
    answer = await house.send(sale)
    assert (answer.outcome, answer.problem) == (Outcome.UNCERTAIN, Problem.NO_ANSWER)
    assert (await house.probe(sale)).outcome is (Outcome.SUCCESS if booked else Outcome.LATER)
    again = await house.send(sale)
    assert (again.outcome, again.remote_id) == (Outcome.SUCCESS, FIRST)
    assert house.fake.books.times() == {number(1): 1}
    assert set(house.fake.behaviour.bodies) == {house.erpnext.render(sale)}
    assert len(house.fake.behaviour.bodies) == (1 if booked else 2)


async def test_what_cannot_be_looked_for_is_not_sent(house: House) -> None:
    house.fake.behaviour.reads_too = True
    house.fake.behaviour.then(Mishap.ERROR_BEFORE, Mishap.TOO_MANY, Mishap.DROPPED_BEFORE)
    for problem in (Problem.NO_ANSWER, Problem.TOO_MANY_CALLS, Problem.NO_ANSWER):
        answer = await house.send(document(amounts=SOLD))
        assert (answer.outcome, answer.problem) == (Outcome.LATER, problem)
    assert house.fake.behaviour.bodies == []
    house.fake.behaviour.then(Mishap.DROPPED_BEFORE)
    assert (await house.probe(document(amounts=SOLD))).outcome is Outcome.UNCERTAIN


async def test_a_draft_with_our_id_is_not_booked_and_is_written_anew_and_submitted_when_it_is_sent(
    house: House,
) -> None:
    sale = document(amounts={"Cash - HW": 54000, "Sales - HW": -54000})
    await house.send(sale)
    entry = house.fake.books.entries.pop()
    house.fake.drafts.append({**entry.told, "name": "ACC-JV-2026-00099"})
    assert (await house.probe(sale)).outcome is Outcome.LATER
    assert await house.booked() == []
    mapped_anew = document(amounts=SOLD, day=date(2026, 3, 6))
    assert (await house.send(mapped_anew)).outcome is Outcome.SUCCESS
    assert house.fake.drafts == []
    assert house.fake.books.times() == {number(1): 1}
    assert [(one.day, one.amounts) for one in await house.booked(last=date(2026, 3, 6))] == [(date(2026, 3, 6), SOLD)]


async def test_too_many_calls_are_answered_with_how_long_to_rest(house: House) -> None:
    house.fake.behaviour.then(Mishap.TOO_MANY)
    answer = await house.send(document(amounts=SOLD))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.TOO_MANY_CALLS)
    assert answer.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("in_english", [True, False])
async def test_frozen_days_say_until_when_whatever_language_it_speaks(house: House, in_english: bool) -> None:
    house.fake.behaviour.locked_until, house.fake.says_when_locked = date(2026, 3, 31), in_english
    sale = document(amounts=SOLD)
    answer = await house.send(sale)
    assert (answer.outcome, answer.problem) == (Outcome.REJECTED, Problem.LOCKED_DAY)
    assert answer.hint == (
        "Open the period in ERPNext: Carnet tries again every day, and at once when the connection is resumed. "
        "Never book it by hand, or it is there twice."
    )
    assert answer.locked_until == date(2026, 3, 31)
    assert (await house.send(replace(sale, day=date(2026, 4, 1)))).outcome is Outcome.SUCCESS


async def test_what_erpnext_does_not_take_is_rejected_in_its_words_without_their_html(house: House) -> None:
    answer = await house.send(document(1, {"Cash - HW": 100, "Nowhere - HW": -100}))
    assert (answer.outcome, answer.problem, answer.status) == (Outcome.REJECTED, Problem.UNKNOWN_ACCOUNT, 417)
    assert answer.message == ("The accounting system did not take it: Could not find Row #1: Account: Nowhere - HW.")
    answer = await house.send(document(2, {"Cash - HW": 100, "Sales - HW": -99}))
    assert (answer.outcome, answer.problem) == (Outcome.REJECTED, Problem.INVALID)
    assert house.fake.books.times() == {}


async def test_what_was_cancelled_there_comes_back_where_its_id_may_and_else_a_person_is_told(house: House) -> None:
    sale = document(amounts=SOLD)
    await house.send(sale)
    house.fake.books.remove(number(1))
    answer = await house.send(sale)
    if house.fake.id_field == "cheque_no":
        assert (answer.outcome, answer.remote_id) == (Outcome.SUCCESS, "ACC-JV-2026-00002")
    else:
        assert (answer.outcome, answer.problem) == (Outcome.REJECTED, Problem.INVALID)
        assert answer.message == f"The accounting system did not take it: its entry {FIRST} was cancelled."


async def test_a_token_that_is_good_no_more_stops(house: House) -> None:
    house.fake.token = "another"
    answer = await house.send(document(amounts=SOLD))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.UNAUTHORISED)
    probed = await house.probe(document(amounts=SOLD))
    assert (probed.outcome, probed.problem) == (Outcome.UNCERTAIN, Problem.UNAUTHORISED)


async def test_all_pages_are_read_without_what_was_cancelled_or_is_not_ours(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.accounting.connectors.erpnext_site._PAGE", 2)
    for n in range(1, 8):
        assert (await house.send(document(n, SOLD, day=date(2026, 3, n)))).outcome is Outcome.SUCCESS
    house.fake.books.remove(number(2))
    foreign: dict[str, Any] = house.fake.books.entries[3].told
    foreign[house.fake.id_field], foreign["accounts"][0]["debit_in_account_currency"] = "Cheque 17", 540.00001
    read = await house.booked(date(2026, 3, 1), date(2026, 3, 6))
    assert [entry.document_id for entry in read] == [number(1), number(3), number(5), number(6)]
    assert {tuple(entry.amounts.items()) for entry in read} == {tuple(SOLD.items())}
    assert (await house.probe(document(2, SOLD))).outcome is Outcome.LATER


async def test_another_address_than_that_of_erpnext_takes_nothing() -> None:
    async with served(Starlette()) as url, calling() as http:
        erpnext = ErpNext(http, TOKEN, ErpNextSettings(url, COMPANY, "EUR", "cheque_no"))
        answer = await erpnext.send(number(1), erpnext.render(document(1, SOLD)))
        assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.UNREACHABLE)
        with pytest.raises(NotRead, match="this is not the address of ERPNext"):
            await erpnext.accounts()
