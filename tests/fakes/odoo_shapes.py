"""What our Odoo expects of its calls and of a journal entry."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

_IDS = {"type": "array", "items": {"type": "integer"}, "minItems": 1}
_LINE = {
    "type": "object",
    "properties": {
        "account_id": {"type": "integer"},
        "name": {"type": "string"},
        "debit": {"type": "number", "minimum": 0},
        "credit": {"type": "number", "minimum": 0},
        "partner_id": {"type": "integer"},
        "analytic_distribution": {
            "type": "object",
            "patternProperties": {r"^\d+(,\d+)*$": {"const": 100}},
            "additionalProperties": False,
        },
    },
    "required": ["account_id", "debit", "credit"],
    "additionalProperties": False,
}
ENTRY = {
    "type": "object",
    "properties": {
        "move_type": {"const": "entry"},
        "journal_id": {"type": "integer"},
        "ref": {"type": "string", "minLength": 1},
        "date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        "narration": {"type": "string"},
        "line_ids": {
            "type": "array",
            "minItems": 2,
            "items": {
                "type": "array",
                "prefixItems": [{"const": 0}, {"const": 0}, _LINE],
                "minItems": 3,
                "maxItems": 3,
            },
        },
    },
    "required": ["move_type", "journal_id", "date", "line_ids"],
    "additionalProperties": False,
}
CALLS: Mapping[str, Mapping[str, Any]] = {
    "create": {
        "required": ["vals_list"],
        "properties": {"vals_list": {"type": "array"}},
        "additionalProperties": False,
    },
    "write": {"required": ["ids", "vals"], "properties": {"ids": _IDS, "vals": {}}, "additionalProperties": False},
    "action_post": {"required": ["ids"], "properties": {"ids": _IDS}, "additionalProperties": False},
    "search_read": {
        "required": ["domain", "fields"],
        "properties": {
            "domain": {"type": "array", "items": {"type": "array", "minItems": 3, "maxItems": 3}},
            "fields": {"type": "array"},
            "order": {"type": "string"},
            "limit": {"type": "integer"},
            "offset": {"type": "integer"},
        },
        "additionalProperties": False,
    },
}
"""By the name of the method; what is not named is refused."""


def unlike(told: object, expected: Mapping[str, Any] | None) -> str:
    """What is wrong, or nothing."""
    if expected is None:
        return "there is no such method"
    for error in Draft202012Validator(expected).iter_errors(told):
        return f"{error.json_path} {error.message}"
    return ""
