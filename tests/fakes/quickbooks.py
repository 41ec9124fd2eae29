"""A QuickBooks of our own: replays what it answered to a request id, closes its books, keeps what is booked."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.fakes.behaviour import Behaviour, Misbehaving
from tests.fakes.books import Books, Entry
from tests.fakes.exactly import answer, minor
from tests.fakes.oauth import Lender
from tests.fakes.quickbooks_shapes import ENTRY

REALM = "9130357992221046"
_OURS = re.compile(r"\(Carnet (\S+)\)$")
_SELECT = re.compile(r"SELECT \* FROM (\w+)(?: WHERE (.+) ORDERBY Id)? STARTPOSITION (\d+) MAXRESULTS (\d+)")
_CONDITION = re.compile(r"(DocNumber|TxnDate|Active) (=|>=|<=) '?([^']+?)'?")


@dataclass(slots=True)
class FakeQuickBooks:
    """One company, with its accounts, classes, locations, closing date and journal entries."""

    accounts: set[str] = field(default_factory=lambda: {"33", "35", "79", "84"})
    classes: set[str] = field(default_factory=lambda: {"5000"})
    locations: set[str] = field(default_factory=lambda: {"1", "2"})
    customers: set[str] = field(default_factory=lambda: {"58"})
    behaviour: Behaviour = field(default_factory=Behaviour)
    lender: Lender = field(default_factory=Lender)
    books: Books = field(default_factory=Books)
    largest_page: int = 1000
    requests: dict[str, dict[str, object]] = field(default_factory=dict)

    @property
    def app(self) -> ASGIApp:
        """What is served; its API is below /v3/company/…."""
        root = f"/v3/company/{REALM}"
        routes = [
            Route("/token", self.lender.token, methods=["POST"]),
            Route(f"{root}/journalentry", self._book, methods=["POST"]),
            Route(f"{root}/query", self._query, methods=["GET"]),
        ]
        return Misbehaving(Starlette(routes=routes), self.behaviour)

    async def _book(self, request: Request) -> Response:
        outside = self._outside(request)
        if outside is not None:
            return outside
        key = request.query_params.get("requestid", "")
        assert 0 < len(key) <= 50
        if key in self.requests:
            return answer(self.requests[key])
        entry = json.loads(await request.body(), parse_float=Decimal)
        fault = self._fault(entry)
        if fault is not None:
            return answer(_fault(*fault), 400)
        self.requests[key] = {"JournalEntry": self._booked(entry)}
        return answer(self.requests[key])

    def _fault(self, entry: Mapping[str, Any]) -> tuple[str, str] | None:
        for error in ENTRY.iter_errors(entry):
            return "2010", f"Request has invalid or unsupported property: {error.json_path} {error.message}"
        if any(entry["DocNumber"] == booked.told.get("DocNumber") for booked in self.books.standing()):
            return "6140", f"Duplicate Document Number Error: You must specify a different number: {entry['DocNumber']}"
        details = [line["JournalEntryLineDetail"] for line in entry["Line"]]
        known = {"AccountRef": self.accounts, "ClassRef": self.classes, "DepartmentRef": self.locations}
        for name, ids in known.items():
            for detail in details:
                if name in detail and detail[name]["value"] not in ids:
                    return "2500", f"Invalid Reference Id: {name} element id {detail[name]['value']} not found"
        closed = self.behaviour.locked_until
        if closed is not None and date.fromisoformat(entry["TxnDate"]) <= closed:
            return "6210", "The account period has closed and the account books cannot be updated."
        if sum(_signed(entry).values()):
            return "6000", "A business validation error has occurred: transaction is not balanced."
        return None

    def _booked(self, entry: dict[str, Any]) -> dict[str, object]:
        number, ours = str(len(self.books.entries) + 1), _OURS.search(entry["PrivateNote"])
        told = {**entry, "Id": number, "SyncToken": "0", "domain": "QBO"}
        day = date.fromisoformat(entry["TxnDate"])
        self.books.add(Entry(number, ours[1] if ours else "", day, _signed(entry), told))
        return told

    async def _query(self, request: Request) -> Response:
        outside = self._outside(request)
        if outside is not None:
            return outside
        select = _SELECT.fullmatch(request.query_params.get("query", ""))
        conditions = _conditions(select[2]) if select else None
        if select is None or conditions is None:
            return answer(_fault("4000", "Error parsing query"), 400)
        rows = [row for row in self._rows(select[1]) if _fits(row, conditions)]
        start, size = int(select[3]) - 1, min(int(select[4]), self.largest_page)
        page = rows[start : start + size]
        return answer({"QueryResponse": {select[1]: page, "startPosition": start + 1} if page else {}})

    def _rows(self, kind: str) -> Iterable[Mapping[str, object]]:
        closed = self.behaviour.locked_until
        rows: dict[str, list[dict[str, object]]] = {
            "JournalEntry": [entry.told for entry in self.books.standing()],
            "Account": [{"Id": account, "Active": "true"} for account in sorted(self.accounts)],
            "Class": [{"Id": number, "Active": "true"} for number in sorted(self.classes)],
            "Department": [{"Id": number, "Active": "true"} for number in sorted(self.locations)],
            "Customer": [{"Id": number, "Active": "true"} for number in sorted(self.customers)],
            "Preferences": [{"Id": "1", "AccountingInfoPrefs": {"BookCloseDate": str(closed)} if closed else {}}],
        }
        return rows[kind]

    def _outside(self, request: Request) -> Response | None:
        assert request.query_params.get("minorversion") == "75"
        if self.lender.lets_in(request):
            return None
        error = {"message": "message=AuthenticationFailed; errorCode=003200; statusCode=401", "code": "3200"}
        return answer({"fault": {"error": [error], "type": "AUTHENTICATION"}}, 401)


def _signed(entry: Mapping[str, Any]) -> dict[str, int]:
    amounts: dict[str, int] = {}
    for line in entry["Line"]:
        detail = line["JournalEntryLineDetail"]
        account, side = detail["AccountRef"]["value"], 1 if detail["PostingType"] == "Debit" else -1
        amounts[account] = amounts.get(account, 0) + side * minor(line["Amount"])
    return amounts


def _conditions(text: str | None) -> list[re.Match[str]] | None:
    found = [_CONDITION.fullmatch(part) for part in text.split(" AND ")] if text else []
    return [match for match in found if match] if all(found) else None


def _fits(row: Mapping[str, object], conditions: list[re.Match[str]]) -> bool:
    for name, sign, value in (condition.groups() for condition in conditions):
        own = str(row.get(name, ""))
        if not {"=": own == value, ">=": own >= value, "<=": own <= value}[sign]:
            return False
    return True


def _fault(code: str, detail: str) -> dict[str, object]:
    error = {"Message": detail.partition(":")[0], "Detail": detail, "code": code}
    return {"Fault": {"Error": [error], "type": "ValidationFault"}, "time": "2026-03-05T09:00:00.000-07:00"}
