"""What our QuickBooks expects of a journal entry."""

from jsonschema import Draft202012Validator

_REFERENCE = {
    "type": "object",
    "properties": {"value": {"type": "string", "minLength": 1}},
    "required": ["value"],
    "additionalProperties": False,
}
_ENTITY = {
    "type": "object",
    "properties": {"Type": {"enum": ["Customer"]}, "EntityRef": _REFERENCE},
    "required": ["Type", "EntityRef"],
    "additionalProperties": False,
}
_DETAIL = {
    "type": "object",
    "properties": {
        "PostingType": {"enum": ["Debit", "Credit"]},
        "AccountRef": _REFERENCE,
        "ClassRef": _REFERENCE,
        "DepartmentRef": _REFERENCE,
        "Entity": _ENTITY,
    },
    "required": ["PostingType", "AccountRef"],
    "additionalProperties": False,
}
_LINE = {
    "type": "object",
    "properties": {
        "Amount": {"type": "number", "exclusiveMinimum": 0},
        "Description": {"type": "string", "maxLength": 4000},
        "DetailType": {"const": "JournalEntryLineDetail"},
        "JournalEntryLineDetail": _DETAIL,
    },
    "required": ["Amount", "DetailType", "JournalEntryLineDetail"],
    "additionalProperties": False,
}
ENTRY = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "DocNumber": {"type": "string", "maxLength": 21},
            "TxnDate": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
            "PrivateNote": {"type": "string", "maxLength": 4000},
            "CurrencyRef": _REFERENCE,
            "Line": {"type": "array", "minItems": 2, "items": _LINE},
        },
        "required": ["Line"],
        "additionalProperties": False,
    }
)
