"""An ERPNext of our own: knows no idempotency, keeps our id unique in its field, and books what is submitted."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.fakes.behaviour import Behaviour, Misbehaving
from tests.fakes.books import Books, Entry
from tests.fakes.erpnext_shapes import Fault, minor_of, unlike
from tests.fakes.exactly import answer
from tests.fakes.understanding import not_understood

TOKEN = "key:secret"
COMPANY = "Harbour Wellness"
_LINKS = {"cost_center": "Cost Center", "project": "Project", "room": "Room"}
_COMPARES: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda own, asked: bool(own == asked),
    "<": lambda own, asked: bool(own < asked),
    "<=": lambda own, asked: bool(own <= asked),
    ">=": lambda own, asked: bool(own >= asked),
    "between": lambda own, asked: bool(asked[0] <= own <= asked[1]),
    "is": lambda own, asked: bool(own) == (asked == "set"),
}


@dataclass(slots=True)
class FakeErpNext:
    """One company, with its accounts, cost centers, frozen days and journal entries."""

    accounts: set[str] = field(default_factory=lambda: {"Cash - HW", "Deferred - HW", "Sales - HW", "VAT - HW"})
    cost_centers: set[str] = field(default_factory=lambda: {"Porto - HW", "Lisbon - HW"})
    others: dict[str, set[str]] = field(default_factory=lambda: {"Project": {"Opening"}, "Room": {"Blue"}})
    """Further records that lines can name; rooms by a dimension of the site's own."""
    hidden: set[str] = field(default_factory=set)
    """Kinds of records that the user may not read."""
    id_field: str = "custom_carnet_id"
    behaviour: Behaviour = field(default_factory=Behaviour)
    books: Books = field(default_factory=Books)
    drafts: list[dict[str, Any]] = field(default_factory=list)
    token: str = TOKEN
    says_when_locked: bool = True
    largest_page: int = 500

    @property
    def app(self) -> ASGIApp:
        """What is served; its API is below /api/resource."""
        root = "/api/resource"
        routes = [
            Route(f"{root}/Journal Entry", self._create, methods=["POST"]),
            Route(f"{root}/Journal Entry/{{name}}", self._submit, methods=["PUT"]),
            Route(f"{root}/{{kind}}", self._list, methods=["GET"]),
            Route(f"{root}/{{kind}}/{{name}}", self._single, methods=["GET"]),
        ]
        told = not_understood(lambda words: Fault("ValidationError", words).response())
        return Misbehaving(Starlette(routes=routes, exception_handlers=told), self.behaviour)

    async def _create(self, request: Request) -> Response:
        entry = json.loads(await request.body(), parse_float=Decimal)
        ours = entry.get(self.id_field)
        taken = [one for one in self.books.entries if one.told[self.id_field] == ours]
        if self.id_field != "cheque_no" and taken:
            return Fault("UniqueValidationError", f"Journal Entry {ours} must be unique").response()
        return self._refused(request) or self._checked(entry) or self._book(entry)

    async def _submit(self, request: Request) -> Response:
        change = json.loads(await request.body(), parse_float=Decimal)
        entry = next((one for one in self.drafts if one["name"] == request.path_params["name"]), None)
        if entry is None:
            return Fault("DoesNotExistError", "There is no such entry").response(404)
        submitted = {**entry, **change}
        refused = self._refused(request) or self._checked(submitted)
        if refused is None:
            self.drafts.remove(entry)
            return self._book(submitted)
        return refused

    def _checked(self, entry: Mapping[str, Any]) -> Response | None:
        fault = unlike(entry, self.id_field, COMPANY) or self._unknown(entry)
        locked = self.behaviour.locked_until
        if fault is None and locked is not None and date.fromisoformat(entry["posting_date"]) <= locked:
            words = f"You are not authorized to add or update entries before {locked:%d-%m-%Y}"
            fault = Fault("ValidationError", words if self.says_when_locked else "Não autorizado")
        return fault.response() if fault else None

    def _unknown(self, entry: Mapping[str, Any]) -> Fault | None:
        for line in entry["accounts"]:
            if line["account"] not in self.accounts:
                return Fault("LinkValidationError", f"Could not find Row #1: Account: <b>{line['account']}</b>")
            for name, kind in _LINKS.items():
                if line.get(name) not in {None, *self._names(kind)}:
                    return Fault("LinkValidationError", f"Could not find Row #1: {kind}: {line[name]}")
        return None

    def _book(self, entry: dict[str, Any]) -> Response:
        name, amounts = f"ACC-JV-2026-{len(self.books.entries) + 1:05}", dict[str, int]()
        for line in entry["accounts"]:
            amounts[line["account"]] = amounts.get(line["account"], 0) + minor_of(line)
        told = {**entry, "name": name, "docstatus": 1}
        day = date.fromisoformat(entry["posting_date"])
        self.books.add(Entry(name, entry[self.id_field], day, amounts, told))
        return answer({"data": told})

    async def _list(self, request: Request) -> Response:
        refused, kind = self._refused(request), request.path_params["kind"]
        if refused is not None:
            return refused
        if kind in self.hidden:
            return Fault("PermissionError", f"No permission for {kind}").response(403)
        rows = self._rows(kind)
        if rows is None:
            return Fault("DoesNotExistError", f"DocType {kind} not found").response(404)
        asked: Sequence[tuple[str, str, Any]] = json.loads(request.query_params["filters"])
        known = {"name", "custom_carnet_id"} if kind == "Journal Entry" and self.id_field != "cheque_no" else {"name"}
        for row in rows:
            known |= set(row)
        if not {name for name, _, _ in asked} <= known and rows:
            return Fault("DataError", "Field not permitted in query").response(417)
        found = [row for row in rows if all(_COMPARES[sign](row.get(name), value) for name, sign, value in asked)]
        start = int(request.query_params["limit_start"])
        size = min(int(request.query_params["limit_page_length"]), self.largest_page)
        return answer({"data": sorted(found, key=lambda row: str(row["name"]))[start : start + size]})

    def _rows(self, kind: str) -> list[dict[str, Any]] | None:
        locked = self.behaviour.locked_until
        kinds: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "Journal Entry": self._entries,
            "GL Entry": lambda: [row for one in self.books.entries for row in _ledger(one)],
            "Account": lambda: [*map(_leaf, self.accounts), {**_leaf("Assets - HW"), "is_group": 1}],
            "Cost Center": lambda: [*map(_leaf, self.cost_centers), {**_leaf("Main - HW"), "is_group": 1}],
            "Accounting Dimension": lambda: [_dimension("Room"), {**_dimension("Desk"), "disabled": 1}],
            "Custom Field": lambda: [*map(_custom, ("room", "desk", "shelf"))],
            **{other: partial(_named, names) for other, names in self.others.items()},
            "Company": lambda: [{"name": COMPANY, "accounts_frozen_till_date": str(locked) if locked else None}],
            "Period Closing Voucher": list,
        }
        return kinds[kind]() if kind in kinds else None

    def _names(self, kind: str) -> Collection[str]:
        return self.cost_centers if kind == "Cost Center" else self.others[kind]

    def _entries(self) -> list[dict[str, Any]]:
        booked = [{**one.told, "docstatus": 2 if one.gone else 1} for one in self.books.entries]
        return booked + [{**draft, "docstatus": 0} for draft in self.drafts]

    async def _single(self, request: Request) -> Response:
        return self._refused(request) or Fault("DoesNotExistError", "There is no such document").response(404)

    def _refused(self, request: Request) -> Response | None:
        if request.headers.get("authorization") == f"token {self.token}":
            return None
        return Fault("AuthenticationError", "").response(401)


def _ledger(entry: Entry) -> list[dict[str, Any]]:
    """The lines of the ledger that an entry makes."""
    told: dict[str, Any] = entry.told
    return [
        {
            "name": f"{entry.remote_id}-{number}",
            "posting_date": entry.day.isoformat(),
            "company": COMPANY,
            "voucher_type": "Journal Entry",
            "voucher_no": entry.remote_id,
            "is_cancelled": int(entry.gone),
            "account": line["account"],
            "debit": line.get("debit_in_account_currency", 0),
            "credit": line.get("credit_in_account_currency", 0),
        }
        for number, line in enumerate(told["accounts"])
    ]


def _leaf(name: str) -> dict[str, Any]:
    return {"name": name, "company": COMPANY, "is_group": 0, "disabled": 0}


def _named(names: Iterable[str]) -> list[dict[str, Any]]:
    return [{"name": name} for name in names]


def _custom(field: str) -> dict[str, Any]:
    return {"name": f"Journal Entry Account-{field}", "dt": "Journal Entry Account", "fieldname": field}


def _dimension(kind: str) -> dict[str, Any]:
    return {"name": kind, "fieldname": kind.lower(), "document_type": kind, "disabled": 0}
