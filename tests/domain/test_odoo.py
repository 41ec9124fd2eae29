"""The connector to Odoo, over a real socket, against an Odoo of our own that misbehaves when told to."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta

import httpx2
import pytest
from starlette.applications import Starlette

from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.odoo import Odoo, OdooSettings
from domain.accounting.connectors.protocol import Answer, Booked, Document, Outcome, Problem
from tests.fakes.behaviour import Mishap
from tests.fakes.odoo import API_KEY, JOURNAL, FakeOdoo
from tests.fakes.serving import served
from tests.fixtures.calling import IMPATIENT, calling
from tests.fixtures.documents import FIFTH, document, number

pytestmark = pytest.mark.anyio

SOLD = {"11": 54000, "21": -45000, "31": -9000}
CREATE, WRITE, POST = (("POST", f"/json/2/account.move/{method}") for method in ("create", "write", "action_post"))


@dataclass
class House:
    """An Odoo, and a connector to it."""

    fake: FakeOdoo
    odoo: Odoo

    async def send(self, what: Document) -> Answer:
        return await self.odoo.send(what.id, self.odoo.render(what))

    async def probe(self, what: Document) -> Answer:
        return await self.odoo.probe(what.id, self.odoo.render(what))

    async def booked(self, first: date = FIFTH, last: date = FIFTH) -> list[Booked]:
        return [entry async for entry in self.odoo.booked(first, last)]

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [call for call in self.fake.behaviour.calls if not call[1].endswith("search_read")]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    fake = FakeOdoo()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(fake.app))
        http = await stack.enter_async_context(calling(IMPATIENT))
        yield House(fake, Odoo(http, API_KEY, OdooSettings(url, JOURNAL, "EUR", "harbour")))


def test_a_document_is_an_entry_with_our_id_as_its_reference_and_an_analytic_account_of_each_plan() -> None:
    odoo = Odoo(None, API_KEY, OdooSettings("", JOURNAL, "EUR"))  # type: ignore[arg-type]
    plans = {"branch": "12", "project": "7", "partner": "58"}
    sale = document(amounts={"11": 54001, "21": -54001}, dimensions=plans, memo="Porto & Lisbon")
    assert odoo.render(sale) == (
        b'{"vals_list":[{"move_type":"entry","journal_id":3,"ref":"syd_01kjz000000000000000000001",'
        b'"date":"2026-03-05","narration":"Porto &amp; Lisbon","line_ids":['
        b'[0,0,{"account_id":11,"name":"Line of 11","debit":540.01,"credit":0.00,'
        b'"analytic_distribution":{"7,12":100},"partner_id":58}],'
        b'[0,0,{"account_id":21,"name":"Line of 21","debit":0.00,"credit":540.01,'
        b'"analytic_distribution":{"7,12":100},"partner_id":58}]]}]}'
    )
    with pytest.raises(ValueError, match="keeps its books in EUR, and this is in USD"):
        odoo.render(replace(sale, currency="USD"))
    with pytest.raises(ValueError, match="Cash is no id of Odoo, which are numbers"):
        odoo.render(document(amounts={"Cash": 1, "21": -1}))


async def test_a_call_that_our_odoo_does_not_understand_is_told_so() -> None:
    transport = httpx2.ASGITransport(FakeOdoo().app)
    headers = {"authorization": f"bearer {API_KEY}"}
    search = '{"domain": [["%s", "%s", 1]], "fields": ["%s"]}'
    async with httpx2.AsyncClient(transport=transport, base_url="http://odoo.test", headers=headers) as client:
        for path, body in (
            ("account.move/create", "{"),
            ("res.partner/create", '{"vals_list": [{}]}'),
            ("account.move/create", '{"vals_list": []}'),
            ("account.move/action_post", '{"ids": [7]}'),
            ("res.nobody/search_read", search % ("id", "=", "name")),
            ("res.partner/search_read", search % ("id", "like", "name")),
            ("res.partner/search_read", search % ("colour", "=", "name")),
            ("res.partner/search_read", search % ("id", "!=", "colour")),
        ):
            assert (await client.post(f"/json/2/{path}", content=body.encode())).status_code == 422, (path, body)


async def test_what_is_sent_is_booked_found_and_read_back(house: House) -> None:
    answer = await house.send(document(amounts=SOLD, dimensions={"branch": "12"}))
    assert (answer.outcome, answer.remote_id) == (Outcome.SUCCESS, "1")
    assert (await house.probe(document(amounts=SOLD))).remote_id == "1"
    assert await house.booked() == [Booked("1", number(1), FIFTH, SOLD)]
    assert house.fake.books.balances() == {"11": 54000, "21": -45000, "31": -9000}
    assert await house.odoo.accounts() == ["11", "21", "31", "41"]
    lacking = [("branch", "58"), ("branch", "Porto"), ("partner", "12")]
    assert await house.odoo.lacks([("branch", "12"), ("partner", "58"), ("room", "7"), *lacking]) == lacking


@pytest.mark.parametrize(
    "mishap",
    [
        Mishap.ERROR_BEFORE,
        Mishap.ERROR_AFTER,
        Mishap.DROPPED_BEFORE,
        Mishap.DROPPED_AFTER,
        Mishap.SILENT_BEFORE,
        Mishap.SILENT_AFTER,
    ],
)
@pytest.mark.parametrize("lost", [CREATE, POST])
async def test_whichever_of_the_two_calls_is_lost_it_is_booked_once_in_the_end(
    house: House, lost: tuple[str, str], mishap: Mishap
) -> None:
    sale = document(amounts=SOLD)
    if lost == POST:
        house.fake.behaviour.spared = [*house.fake.behaviour.spared, CREATE[1]]
    house.fake.behaviour.then(mishap)
    answer = await house.send(sale)
    assert (answer.outcome, answer.problem) == (Outcome.UNCERTAIN, Problem.NO_ANSWER)
    assert house.writes[-1] == lost
    booked = lost == POST and mishap.name.endswith("AFTER")
    assert (await house.probe(sale)).outcome is (Outcome.SUCCESS if booked else Outcome.LATER)
    again = await house.send(sale)
    assert (again.outcome, again.remote_id) == (Outcome.SUCCESS, "1")
    assert house.fake.books.times() == {number(1): 1}
    assert len(house.fake.moves) == 1


async def test_what_cannot_be_looked_for_is_not_sent(house: House) -> None:
    house.fake.behaviour.spared = ()
    house.fake.behaviour.then(Mishap.ERROR_BEFORE, Mishap.TOO_MANY, Mishap.DROPPED_BEFORE)
    for problem in (Problem.NO_ANSWER, Problem.TOO_MANY_CALLS, Problem.NO_ANSWER):
        answer = await house.send(document(amounts=SOLD))
        assert (answer.outcome, answer.problem) == (Outcome.LATER, problem)
    assert house.writes == []
    house.fake.behaviour.then(Mishap.DROPPED_BEFORE)
    assert (await house.probe(document(amounts=SOLD))).outcome is Outcome.UNCERTAIN


async def test_too_many_calls_are_answered_with_how_long_to_rest(house: House) -> None:
    house.fake.behaviour.then(Mishap.TOO_MANY)
    answer = await house.send(document(amounts=SOLD))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.TOO_MANY_CALLS)
    assert answer.retry_after == timedelta(seconds=7)


@pytest.mark.parametrize("in_english", [True, False])
async def test_a_locked_day_leaves_a_draft_which_is_written_anew_and_posted_on_an_open_day(
    house: House, in_english: bool
) -> None:
    house.fake.behaviour.locked_until, house.fake.says_when_locked = date(2026, 3, 31), in_english
    sale = document(amounts=SOLD)
    for _ in range(2):
        answer = await house.send(sale)
        assert (answer.outcome, answer.problem) == (Outcome.REJECTED, Problem.LOCKED_DAY)
        assert answer.locked_until == date(2026, 3, 31)
    shifted = document(amounts={"11": 54000, "21": -54000}, day=date(2026, 4, 1))
    assert (await house.send(shifted)).outcome is Outcome.SUCCESS
    assert await house.booked(date(2026, 3, 1), date(2026, 4, 30)) == [
        Booked("1", number(1), date(2026, 4, 1), {"11": 54000, "21": -54000})
    ]
    assert house.writes == [CREATE, POST, WRITE, POST, WRITE, POST]


async def test_what_odoo_does_not_take_is_rejected_in_its_words(house: House) -> None:
    answer = await house.send(document(1, {"11": 100, "99": -100}))
    assert (answer.outcome, answer.problem, answer.status) == (Outcome.REJECTED, Problem.UNKNOWN_ACCOUNT, 404)
    assert "(Record: account.account(99,))" in answer.message
    answer = await house.send(document(2, {"11": 100, "21": -99}))
    assert (answer.outcome, answer.problem) == (Outcome.REJECTED, Problem.INVALID)
    assert answer.message == "The accounting system did not take it: The entry is not balanced."
    assert house.fake.moves == {}


async def test_what_somebody_has_set_back_to_draft_is_left_to_them(house: House) -> None:
    sale = document(amounts=SOLD)
    await house.send(sale)
    house.fake.set_back(number(1))
    answer = await house.send(sale)
    assert (answer.outcome, answer.problem) == (Outcome.REJECTED, Problem.INVALID)
    assert answer.message == "The accounting system did not take it: somebody set its entry 1 back to draft."
    assert house.writes == [CREATE, POST]
    assert await house.booked() == []


async def test_a_key_that_is_good_no_more_stops(house: House) -> None:
    house.fake.api_key = "another"
    answer = await house.send(document(amounts=SOLD))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.UNAUTHORISED)
    assert answer.message == "The accounting system lets Carnet in no more: Invalid apikey."
    probed = await house.probe(document(amounts=SOLD))
    assert (probed.outcome, probed.problem) == (Outcome.UNCERTAIN, Problem.UNAUTHORISED)


async def test_all_pages_are_read_without_what_was_cancelled_or_is_not_ours(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.accounting.connectors.odoo_calls._PAGE", 2)
    for n in range(1, 8):
        assert (await house.send(document(n, SOLD, day=date(2026, 3, n)))).outcome is Outcome.SUCCESS
    house.fake.moves[2]["state"] = "cancel"
    house.fake.moves[4]["ref"] = "Rent"
    read = await house.booked(date(2026, 3, 1), date(2026, 3, 6))
    assert [entry.document_id for entry in read] == [number(1), number(3), number(5), number(6)]
    assert {tuple(entry.amounts.items()) for entry in read} == {tuple(SOLD.items())}
    assert (await house.probe(document(2, SOLD))).outcome is Outcome.LATER


async def test_another_address_than_that_of_odoo_takes_nothing() -> None:
    async with served(Starlette()) as url, calling() as http:
        odoo = Odoo(http, API_KEY, OdooSettings(url, JOURNAL, "EUR"))
        answer = await odoo.send(number(1), odoo.render(document(1, SOLD)))
        assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.UNREACHABLE)
        with pytest.raises(NotRead, match="this is not the address of an Odoo from 19 on"):
            await odoo.accounts()
