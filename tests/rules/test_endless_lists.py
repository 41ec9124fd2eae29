"""A system that never comes to the end of what it tells is read no further than there is room for."""

import orjson
import pytest

from domain.accounting.connectors import answers
from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.http import LARGE, Request, Response
from domain.accounting.connectors.opening import Opening, open_connector
from domain.accounting.connectors.protocol import System
from tests.fixtures.documents import FIFTH
from tests.fixtures.synced_systems import opening_of

pytestmark = pytest.mark.anyio

_PAGES = {
    System.XERO: {"ManualJournals": [{"Status": "POSTED"}] * 1000},
    System.QUICKBOOKS: {"QueryResponse": {"JournalEntry": [{}] * 1000}},
    System.ERPNEXT: {"data": [{}] * 500},
    System.ODOO: [{}] * 500,
}


class Endless:
    """Http that has the same page for every call, and Tokens of which each is good."""

    def __init__(self, page: object) -> None:
        self._answer = Response(200, {}, orjson.dumps(page))
        self.calls = 0

    async def call(self, request: Request) -> Response:
        """One more page."""
        self.calls += 1
        assert request.largest == LARGE
        return self._answer

    async def current(self) -> str:
        """One that is good."""
        return "good"

    async def renewed(self, refused: str) -> str:
        """Never asked for."""
        raise AssertionError(refused)


@pytest.mark.parametrize(("limit", "most"), [("MOST_ROWS", 3000), ("MOST_BYTES", 9000)])
@pytest.mark.parametrize("system", list(_PAGES))
async def test_a_list_without_an_end_is_given_up(
    monkeypatch: pytest.MonkeyPatch, system: System, limit: str, most: int
) -> None:
    monkeypatch.setattr(answers, limit, most)
    endless = Endless(_PAGES[system])
    opening = Opening(*opening_of(system, "https://books.example.com"), endless, lambda _: endless)
    with pytest.raises(NotRead, match="it tells more than Carnet reads at a time, compare fewer days"):
        async for _ in open_connector(system, opening).booked(FIFTH, FIFTH):
            pass
    assert 0 < endless.calls < 12
