"""All accounting systems of the demo under one address, each with a page of its books, and who hears of its events."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from tests.fakes import erpnext, odoo, quickbooks, xero
from tests.fakes.exactly import answer
from tests.fakes.keeping import Keeping
from tests.fakes.listening import Listener, Scheduler
from tests.fakes.page import page
from tests.fakes.steering import Steering


def together(told: Mapping[str, Any], folder: Path) -> Starlette:
    """The fakes with the accounts and branches that the demo maps, and with what they kept in the folder."""
    beside = told["beside"]
    fakes = _fakes(beside["chart"], beside["branches"])
    keeping = {name: Keeping(fake, folder / name) for name, fake in fakes.items()}
    steering = Steering(fakes, keeping)
    listener = Listener(beside["webhook_secret"])
    scheduler = Scheduler(told["api"] + beside["hook"]["path"], beside["hook"]["secret"], beside["booking"])

    async def side_by_side(_request: Request) -> Response:
        return HTMLResponse(page(beside["chart"], {name: fake.books for name, fake in fakes.items()}, listener.heard))

    async def books(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in fakes:
            return answer({"error": f"There is no {name} here."}, 404)
        return answer(_told(fakes[name].books))

    routes = [
        Route("/", side_by_side),
        Route("/webhook", listener.hear, methods=["POST"]),
        Route("/webhook", listener.tell),
        Route("/scheduler", scheduler.book, methods=["POST"]),
        Route("/behaviour", steering.show),
        Route("/{name}/books", books),
        *(Route(f"/{name}/behaviour", steering.change(name), methods=["GET", "POST"]) for name in fakes),
        *(Mount(f"/{name}", app) for name, app in keeping.items()),
    ]
    return Starlette(routes=routes)


def _fakes(chart: Mapping[str, Mapping[str, str]], branches: Mapping[str, list[str]]) -> dict[str, Any]:
    accounts = {name: set(called.values()) for name, called in chart.items()}
    return {
        "xero": xero.FakeXero(accounts=accounts["xero"], tracking={"Branch": set(branches["xero"])}),
        "quickbooks": quickbooks.FakeQuickBooks(accounts=accounts["quickbooks"], locations=set(branches["quickbooks"])),
        "erpnext": erpnext.FakeErpNext(accounts=accounts["erpnext"], cost_centers=set(branches["erpnext"])),
        "odoo": odoo.FakeOdoo(
            accounts=set(map(int, accounts["odoo"])), analytic_accounts=set(map(int, branches["odoo"]))
        ),
    }


def _told(books: Any) -> dict[str, object]:
    """How many journals, what each account comes to in minor units, and the newest ones."""
    standing = books.standing()
    newest = [{"documentId": one.document_id, "day": one.day, "journal": one.told} for one in standing[:-6:-1]]
    return {"journals": len(standing), "balancesMinor": books.balances(), "newest": newest}
