"""The shapes of Xero: requests as its own description has them, its days, and its way to say no."""

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator
from starlette.responses import Response

from tests.fakes.exactly import answer

_SPEC = Path(__file__).parent / "specs" / "xero.json"


@cache
def _validator() -> Draft4Validator:
    components = json.loads(_SPEC.read_text())["components"]
    return Draft4Validator({"$ref": "#/components/schemas/ManualJournals", "components": components})


@cache
def _names(schema: str) -> frozenset[str]:
    return frozenset(json.loads(_SPEC.read_text())["components"]["schemas"][schema]["properties"])


def unlike(told: Any) -> str:
    """How the request differs from the description; names that it does not have are none either."""
    for error in _validator().iter_errors(told):
        return f"{error.json_path}: {error.message}"
    for journal in told.get("ManualJournals", ()):
        strange = set(journal) - _names("ManualJournal")
        for line in journal.get("JournalLines", ()):
            strange |= set(line) - _names("ManualJournalLine")
        if strange:
            return f"Nobody knows {sorted(strange)}."
    return "" if len(told.get("ManualJournals", ())) == 1 else "One journal at a time."


def ticks(day: date) -> str:
    """A day as Xero writes it."""
    return f"/Date({int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000}+0000)/"


def invalid(message: str) -> Response:
    """What Xero answers to a journal that it does not take."""
    elements = [{"ValidationErrors": [{"Message": message}]}]
    told = {"ErrorNumber": 10, "Type": "ValidationException", "Message": "A validation exception occurred"}
    return answer({**told, "Elements": elements}, 400)
