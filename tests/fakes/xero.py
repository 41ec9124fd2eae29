"""A Xero of our own: checks journals by Xero's own description, remembers idempotency keys, keeps what is booked."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.fakes.behaviour import Behaviour, Misbehaving
from tests.fakes.books import Books, Entry
from tests.fakes.exactly import answer, minor
from tests.fakes.oauth import Lender
from tests.fakes.xero_shapes import invalid, ticks, unlike

TENANT = "5f5b7f0e-0d4a-4c2c-9d0e-2f5a3f1f7c11"
_OURS = re.compile(r"\(Carnet (\S+)[^)]*\)$")
_CONTAINS = re.compile(r'Narration\.Contains\("([^"]+)"\)')
_DAYS = re.compile(r"Date >= DateTime\((\d+), (\d+), (\d+)\) AND Date <= DateTime\((\d+), (\d+), (\d+)\)")


@dataclass(slots=True)
class FakeXero:
    """One organisation, with its accounts, tracking categories, lock date and journals."""

    currency: str = "EUR"
    accounts: set[str] = field(default_factory=lambda: {"090", "200", "610", "800", "820"})
    tracking: dict[str, set[str]] = field(default_factory=lambda: {"Branch": {"Porto", "Lisbon"}})
    behaviour: Behaviour = field(default_factory=Behaviour)
    lender: Lender = field(default_factory=Lender)
    books: Books = field(default_factory=Books)
    says_when_locked: bool = True
    largest_page: int = 100
    keys: dict[str, tuple[bytes, dict[str, object]]] = field(default_factory=dict)

    @property
    def app(self) -> ASGIApp:
        """What is served; its API is below /api.xro/2.0."""
        root = "/api.xro/2.0"
        routes = [
            Route("/token", self.lender.token, methods=["POST"]),
            Route(f"{root}/ManualJournals", self._book, methods=["PUT"]),
            Route(f"{root}/ManualJournals", self._list, methods=["GET"]),
            Route(f"{root}/Organisation", self._organisation, methods=["GET"]),
            Route(f"{root}/Accounts", self._accounts, methods=["GET"]),
            Route(f"{root}/TrackingCategories", self._categories, methods=["GET"]),
        ]
        return Misbehaving(Starlette(routes=routes), self.behaviour)

    async def _book(self, request: Request) -> Response:
        outside = self._outside(request)
        if outside is not None:
            return outside
        body, key = await request.body(), request.headers.get("idempotency-key", "")
        if not 0 < len(key) <= 128:
            return invalid("The Idempotency-Key has to have 1 to 128 characters.")
        if key in self.keys:
            first, answered = self.keys[key]
            return answer(answered) if first == body else invalid("The Idempotency-Key was used for another request.")
        told = json.loads(body, parse_float=Decimal)
        complaint = unlike(told)
        if complaint:
            return invalid(complaint)
        (journal,) = told["ManualJournals"]
        complaint = self._complaint(journal)
        if complaint:
            return invalid(complaint)
        told = {"Id": str(uuid4()), "Status": "OK", "ManualJournals": [self._booked(journal)]}
        self.keys[key] = body, told
        return answer(told)

    def _complaint(self, journal: Mapping[str, Any]) -> str:
        lines, locked = journal["JournalLines"], self.behaviour.locked_until
        for line in lines:
            if line["AccountCode"] not in self.accounts:
                return f"Account code '{line['AccountCode']}' is not a valid code for this document."
            tracking: dict[str, str] = {category["Name"]: category["Option"] for category in line["Tracking"]}
            known = all(option in self.tracking.get(name, ()) for name, option in tracking.items())
            if len(line["Tracking"]) > 2 or not known:
                return "The tracking of a line is not known."
        if locked is not None and date.fromisoformat(journal["Date"]) <= locked:
            when = f", currently set at {locked:%d-%b-%Y}" if self.says_when_locked else ""
            return f"The document date cannot be before the period lock date{when}"
        if len(lines) < 2 or sum(minor(line["LineAmount"]) for line in lines) != 0:
            return "The total debits must equal total credits."
        return ""

    def _booked(self, journal: dict[str, Any]) -> dict[str, object]:
        amounts: dict[str, int] = {}
        for line in journal["JournalLines"]:
            amounts[line["AccountCode"]] = amounts.get(line["AccountCode"], 0) + minor(line["LineAmount"])
        day, ours = date.fromisoformat(journal["Date"]), _OURS.search(journal["Narration"])
        told = {**journal, "ManualJournalID": str(uuid4()), "Date": ticks(day), "ShowOnCashBasisReports": True}
        self.books.add(Entry(told["ManualJournalID"], ours[1] if ours else "", day, amounts, told))
        return told

    async def _list(self, request: Request) -> Response:
        outside = self._outside(request)
        if outside is not None:
            return outside
        page = int(request.query_params["page"])
        entries = _ordered(self._where(request.query_params.get("where", "")), request.query_params["order"], page)
        if entries is None:
            return invalid("The where clause cannot be parsed.")
        size = min(int(request.query_params["pageSize"]), self.largest_page)
        journals = [
            {**entry.told, "Status": "VOIDED" if entry.gone else "POSTED"}
            for entry in entries[(page - 1) * size : page * size]
        ]
        pages = {"page": page, "pageSize": size, "pageCount": -(-len(entries) // size), "itemCount": len(entries)}
        return answer({"Status": "OK", "pagination": pages, "ManualJournals": journals})

    def _where(self, clause: str) -> list[Entry] | None:
        contains, days = _CONTAINS.fullmatch(clause), _DAYS.fullmatch(clause)
        if contains:
            return [entry for entry in self.books.entries if contains[1] in str(entry.told["Narration"])]
        if days is None:
            return None
        numbers = [int(number) for number in days.groups()]
        first, last = date(*numbers[:3]), date(*numbers[3:])
        return [entry for entry in self.books.entries if first <= entry.day <= last]

    async def _organisation(self, request: Request) -> Response:
        locked = self.behaviour.locked_until
        organisation = {
            "Name": "Harbour",
            "BaseCurrency": self.currency,
            "EndOfYearLockDate": ticks(date(2020, 1, 31)),
        }
        if locked is not None:
            organisation["PeriodLockDate"] = ticks(locked)
        return self._outside(request) or answer({"Organisations": [organisation]})

    async def _accounts(self, request: Request) -> Response:
        rows: list[dict[str, str]] = [{"Code": code, "Status": "ACTIVE"} for code in sorted(self.accounts)]
        return self._outside(request) or answer({"Accounts": [{"Name": "Bank", "Status": "ACTIVE"}, *rows]})

    async def _categories(self, request: Request) -> Response:
        """One option of each was archived."""
        rows = [{"Name": name, "Status": "ACTIVE", "Options": _options(its)} for name, its in self.tracking.items()]
        return self._outside(request) or answer({"TrackingCategories": rows})

    def _outside(self, request: Request) -> Response | None:
        if not self.lender.lets_in(request):
            return answer({"Title": "Unauthorized", "Status": 401, "Detail": "TokenExpired: token expired"}, 401)
        if request.headers.get("xero-tenant-id") != TENANT:
            return answer({"Title": "Forbidden", "Status": 403, "Detail": "AuthenticationUnsuccessful"}, 403)
        return None


def _ordered(entries: list[Entry] | None, order: str, page: int) -> list[Entry] | None:
    """What is alike in what it is ordered by comes in another order each time."""
    if entries is None:
        return None
    name = {"ManualJournalID ASC": "remote_id", "Date ASC": "day"}[order]
    return sorted(entries[::-1] if page % 2 else entries, key=attrgetter(name))


def _options(names: Iterable[str]) -> list[dict[str, str]]:
    active = [{"Name": name, "Status": "ACTIVE"} for name in sorted(names)]
    return [*active, {"Name": "Closed", "Status": "ARCHIVED"}]
