"""What our ERPNext expects of a journal entry, and how it complains."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from starlette.responses import Response

from tests.fakes.exactly import answer, minor

_SIDES = ("debit_in_account_currency", "credit_in_account_currency")
_LINE = {
    "type": "object",
    "properties": {
        "account": {"type": "string", "minLength": 1},
        _SIDES[0]: {"type": "number", "exclusiveMinimum": 0},
        _SIDES[1]: {"type": "number", "exclusiveMinimum": 0},
        "user_remark": {"type": "string"},
        "cost_center": {"type": "string"},
        "project": {"type": "string"},
        "room": {"type": "string"},
    },
    "required": ["account"],
    "oneOf": [{"required": [side]} for side in _SIDES],
    "additionalProperties": False,
}
_DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}


@dataclass(frozen=True, slots=True)
class Fault:
    """An exception of its own, and its words."""

    kind: str
    words: str

    def response(self, status: int = 417) -> Response:
        """As it is answered: a message is JSON in JSON in JSON."""
        told = {"exc_type": self.kind, "exception": f"frappe.exceptions.{self.kind}: {self.words}"}
        if self.words:
            message = json.dumps({"message": self.words, "title": "Message", "indicator": "red"})
            told["_server_messages"] = json.dumps([message])
        return answer(told, status)


def unlike(entry: Mapping[str, Any], id_field: str, company: str) -> Fault | None:
    """What an entry has that it must not, or lacks."""
    expected = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "docstatus": {"const": 1},
            "voucher_type": {"const": "Journal Entry"},
            "company": {"const": company},
            "posting_date": _DAY,
            "cheque_date": _DAY,
            id_field: {"type": "string", "maxLength": 140},
            "user_remark": {"type": "string"},
            "accounts": {"type": "array", "minItems": 2, "items": _LINE},
        },
        "required": ["docstatus", "voucher_type", "company", "posting_date", "accounts"],
        "additionalProperties": False,
    }
    for error in Draft202012Validator(expected).iter_errors(entry):
        return Fault("MandatoryError", f"{error.json_path} {error.message}")
    if sum(minor_of(line) for line in entry["accounts"]):
        return Fault("ValidationError", "Total Debit must be equal to Total Credit.")
    return None


def minor_of(line: Mapping[str, Any]) -> int:
    """Cents of a line: a debit is positive."""
    return minor(line.get(_SIDES[0], 0)) - minor(line.get(_SIDES[1], 0))
