"""The connector to a webhook, over a real socket, against a receiver that believes only signatures."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.opening import problems
from domain.accounting.connectors.protocol import Answer, Document, Outcome, Problem, System
from domain.accounting.connectors.webhook import KIND, WebhookReceiver
from tests.fakes.behaviour import Mishap
from tests.fakes.receiver import SECRET, FakeReceiver
from tests.fakes.serving import served
from tests.fixtures.calling import IMPATIENT, calling
from tests.fixtures.documents import FIFTH, document, number

pytestmark = pytest.mark.anyio

SOLD = {"1000": 54000, "3000": -54000}


@dataclass
class House:
    """A receiver, and a connector to it."""

    fake: FakeReceiver
    webhook: WebhookReceiver

    async def send(self, what: Document) -> Answer:
        return await self.webhook.send(what.id, self.webhook.render(what))

    async def probe(self, what: Document) -> Answer:
        return await self.webhook.probe(what.id, self.webhook.render(what))


@pytest.fixture
async def house() -> AsyncIterator[House]:
    fake = FakeReceiver()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(fake.app))
        http = await stack.enter_async_context(calling(IMPATIENT))
        yield House(fake, WebhookReceiver(http, f"{url}/documents", SECRET))


async def test_a_document_is_handed_over_signed_and_taken_once(house: House) -> None:
    sale = document(amounts=SOLD, dimensions={"branch": "LIS"})
    assert house.webhook.render(sale) == (
        b'{"type":"accounting.document","id":"syd_01kjz000000000000000000001","day":"2026-03-05","currency":"EUR",'
        b'"memo":"Porto, 5 March 2026","lines":['
        b'{"account":"1000","amountMinor":54000,"description":"Line of 1000",'
        b'"dimensions":{"branch":"LIS"},"taxCode":null},'
        b'{"account":"3000","amountMinor":-54000,"description":"Line of 3000",'
        b'"dimensions":{"branch":"LIS"},"taxCode":null}'
        b"]}"
    )
    for _ in range(2):
        answer = await house.send(sale)
        assert (answer.outcome, answer.remote_id) == (Outcome.SUCCESS, number(1))
    assert house.fake.deliveries == [number(1)] * 2
    assert house.fake.books.times() == {number(1): 1}


@pytest.mark.parametrize(
    "mishap",
    [Mishap.ERROR_BEFORE, Mishap.ERROR_AFTER, Mishap.DROPPED_BEFORE, Mishap.DROPPED_AFTER, Mishap.SILENT_AFTER],
)
async def test_what_may_have_arrived_is_handed_over_again_and_taken_once(house: House, mishap: Mishap) -> None:
    house.fake.behaviour.then(mishap)
    answer = await house.send(document(amounts=SOLD))
    assert (answer.outcome, answer.problem) == (Outcome.UNCERTAIN, Problem.NO_ANSWER)
    assert (await house.probe(document(amounts=SOLD))).outcome is Outcome.SUCCESS
    assert house.fake.books.times() == {number(1): 1}


@pytest.mark.parametrize(
    ("status", "outcome", "problem"),
    [
        (422, Outcome.REJECTED, Problem.INVALID),
        (429, Outcome.LATER, Problem.TOO_MANY_CALLS),
        (404, Outcome.LATER, Problem.UNREACHABLE),
        (410, Outcome.LATER, Problem.UNAUTHORISED),
        (302, Outcome.LATER, Problem.UNREACHABLE),
        (503, Outcome.UNCERTAIN, Problem.NO_ANSWER),
    ],
)
async def test_what_a_status_means(house: House, status: int, outcome: Outcome, problem: Problem) -> None:
    house.fake.answers = status
    answer = await house.send(document(amounts=SOLD))
    assert (answer.outcome, answer.problem) == (outcome, problem)
    probed = await house.probe(document(amounts=SOLD))
    assert probed.outcome is (Outcome.LATER if status == 422 else Outcome.UNCERTAIN)
    if status == 422:
        assert answer.message == "The accounting system did not take it: The month is not what it seems."
    assert house.fake.books.times() == {}


async def test_another_secret_is_not_believed_and_what_is_none_opens_nothing(house: House) -> None:
    wrong = WebhookReceiver(house.webhook._http, house.webhook._url, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    answer = await wrong.send(number(1), wrong.render(document(amounts=SOLD)))
    assert (answer.outcome, answer.problem) == (Outcome.LATER, Problem.UNAUTHORISED)
    with pytest.raises(ValueError, match="base64"):
        WebhookReceiver(house.webhook._http, house.webhook._url, "whsec_not/base64!")
    [problem] = problems(System.WEBHOOK, {"url": "https://books.example/carnet"}, {"secret": "short"})
    assert problem.path == ("credentials", "secret")
    assert problem.message == "secret is not what WEBHOOK takes. Look it up there again."


async def test_a_receiver_is_not_asked_what_it_has_booked(house: House) -> None:
    assert not KIND.reads_back
    with pytest.raises(NotRead):
        [entry async for entry in house.webhook.booked(FIFTH, FIFTH)]
    assert list(await house.webhook.accounts()) == []
