"""An Odoo of our own: every call is a transaction, drafts are posted by a second one, and no reference is unique."""

import json
from collections.abc import Callable, Mapping, Sequence
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
from tests.fakes.odoo_shapes import CALLS, ENTRY, unlike
from tests.fakes.understanding import not_understood

API_KEY = "6578616d706c65"
JOURNAL = 3
_COMPANY = 1
_COMPARES: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda own, asked: bool(own == asked),
    "!=": lambda own, asked: bool(own != asked),
    "<=": lambda own, asked: bool(own <= asked),
    ">=": lambda own, asked: bool(own >= asked),
    "in": lambda own, asked: (own[0] if isinstance(own, list) else own) in asked,
}


def _behaviour() -> Behaviour:
    """Reads are POST too, and are spared."""
    return Behaviour(spared=["/search_read"])


@dataclass(slots=True)
class FakeOdoo:
    """One company, with its accounts, lock date and journal entries; only what is posted is booked."""

    accounts: set[int] = field(default_factory=lambda: {11, 21, 31, 41})
    analytic_accounts: set[int] = field(default_factory=lambda: {7, 12})
    partners: set[int] = field(default_factory=lambda: {58})
    behaviour: Behaviour = field(default_factory=_behaviour)
    books: Books = field(default_factory=Books)
    moves: dict[int, dict[str, Any]] = field(default_factory=dict)
    api_key: str = API_KEY
    says_when_locked: bool = True

    @property
    def app(self) -> ASGIApp:
        """What is served; its API is below /json/2."""
        route = Route("/json/2/{model}/{method}", self._call, methods=["POST"])
        told = not_understood(lambda words: _fault("werkzeug.exceptions.UnprocessableEntity", words, 422))
        return Misbehaving(Starlette(routes=[route], exception_handlers=told), self.behaviour)

    def set_back(self, ref: str) -> None:
        """Somebody sets a posted entry back to draft."""
        self.books.remove(ref)
        next(move for move in self.moves.values() if move["ref"] == ref)["state"] = "draft"

    async def _call(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"bearer {self.api_key}":
            return _fault("werkzeug.exceptions.Unauthorized", "Invalid apikey", 401)
        told = json.loads(await request.body(), parse_float=Decimal)
        model, method = request.path_params["model"], request.path_params["method"]
        complaint = unlike(told, CALLS.get(method))
        if complaint:
            return _fault("werkzeug.exceptions.UnprocessableEntity", complaint, 422)
        if method == "search_read":
            return self._search(model, told)
        if model != "account.move":
            raise LookupError(model)
        return {"create": self._create, "write": self._write, "action_post": self._post}[method](told)

    def _create(self, told: Mapping[str, Any]) -> Response:
        (values,) = told["vals_list"]
        complaint = self._complaint(values)
        if complaint is not None:
            return complaint
        number = len(self.moves) + 1
        self.moves[number] = {**values, "id": number, "state": "draft", "posted_before": False}
        return answer([number])

    def _write(self, told: Mapping[str, Any]) -> Response:
        (number,), values = told["ids"], told["vals"]
        lines = values["line_ids"]
        assert lines[0] == [5, 0, 0], "the lines of before have to go"
        complaint = self._complaint({**values, "line_ids": lines[1:]})
        if complaint is None:
            assert self.moves[number]["state"] == "draft"
            self.moves[number] |= {**values, "line_ids": lines[1:]}
        return complaint or answer(True)

    def _post(self, told: Mapping[str, Any]) -> Response:
        (number,) = told["ids"]
        move, locked = self.moves[number], self.behaviour.locked_until
        if locked is not None and date.fromisoformat(move["date"]) <= locked:
            words = f"You cannot add/modify entries prior to and inclusive of: Global Lock Date ({locked:%m/%d/%Y})."
            return _fault("odoo.exceptions.UserError", words if self.says_when_locked else "Bloqueado", 422)
        assert move["state"] == "draft"
        named = {
            int(one)
            for _, _, line in move["line_ids"]
            for ids in line.get("analytic_distribution", ())
            for one in ids.split(",")
        }
        if unknown := sorted(named - self.analytic_accounts):
            return _missing("account.analytic.account", unknown[0])
        move |= {"state": "posted", "posted_before": True}
        amounts: dict[str, int] = {}
        for _, _, line in move["line_ids"]:
            account = str(line["account_id"])
            amounts[account] = amounts.get(account, 0) + minor(line["debit"]) - minor(line["credit"])
        self.books.add(Entry(str(number), move["ref"], date.fromisoformat(move["date"]), amounts, move))
        return answer(False)

    def _complaint(self, values: Mapping[str, Any]) -> Response | None:
        complaint = unlike(values, ENTRY)
        if complaint:
            return _fault("odoo.exceptions.ValidationError", complaint, 422)
        for _, _, line in values["line_ids"]:
            if line["account_id"] not in self.accounts:
                return _missing("account.account", line["account_id"])
        if sum(minor(line["debit"]) - minor(line["credit"]) for _, _, line in values["line_ids"]):
            return _fault("odoo.exceptions.UserError", "The entry is not balanced.", 422)
        return None

    def _search(self, model: str, told: Mapping[str, Any]) -> Response:
        rows = self._rows(model)
        found = [row for row in rows if all(_COMPARES[sign](row[name], value) for name, sign, value in told["domain"])]
        found.sort(key=lambda row: row["id"])
        page = found[told["offset"] : told["offset"] + told["limit"]]
        fields = ["id", *told["fields"]]
        return answer([{name: row[name] for name in fields} for row in page])

    def _rows(self, model: str) -> Sequence[dict[str, Any]]:
        locked = str(self.behaviour.locked_until or date.min)
        locks = {"user_fiscalyear_lock_date": locked, "user_hard_lock_date": "0001-01-01"}
        models: dict[str, Callable[[], list[dict[str, Any]]]] = {
            "account.move": lambda: list(self.moves.values()),
            "account.move.line": lambda: [line for move in self.moves.values() for line in _lines(move)],
            "account.account": lambda: [{"id": number, "code": f"{number}0000"} for number in self.accounts],
            "account.analytic.account": lambda: [{"id": number, "name": "Porto"} for number in self.analytic_accounts],
            "res.partner": lambda: [{"id": number, "name": "Ana"} for number in self.partners],
            "account.journal": lambda: [{"id": JOURNAL, "company_id": [_COMPANY, "Harbour Wellness"]}],
            "res.company": lambda: [{"id": _COMPANY, **locks}],
        }
        return models[model]()


def _lines(move: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": move["id"] * 100 + number,
            "move_id": [move["id"], "MISC/2026/03/0001"],
            "account_id": [line["account_id"], "Account"],
            "balance": line["debit"] - line["credit"],
        }
        for number, (_, _, line) in enumerate(move["line_ids"])
    ]


def _missing(model: str, number: int) -> Response:
    words = f"Record does not exist or has been deleted.\n(Record: {model}({number},))"
    return _fault("odoo.exceptions.MissingError", words, 404)


def _fault(name: str, message: str, status: int) -> Response:
    told = {"name": name, "message": message, "arguments": [message], "context": {}, "debug": "Traceback"}
    return answer(told, status)
