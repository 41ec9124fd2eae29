"""The events as JSON Schema: one for each name, as `carnet events` writes them to docs/events."""

from collections.abc import Mapping

import orjson

from domain.kernel.ids import ALPHABET, LENGTH
from domain.webhooks.events import SENTENCES

_WHOLE_NUMBER = {"type": "integer", "minimum": 1}


def files() -> Mapping[str, bytes]:
    """The content of every file by its name."""
    return {f"{name}.json": _written(schema(name)) for name in SENTENCES}


def schema(name: str) -> Mapping[str, object]:
    """What an event of this name looks like; fields may be added to it later."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:carnet:event:{name}",
        "title": name,
        "description": SENTENCES[name],
        "type": "object",
        "required": ["id", "type", "timestamp", "data"],
        "properties": {
            "id": _id("whd", "The same as the header webhook-id, at every attempt and when it is replayed."),
            "type": {"const": name},
            "timestamp": {"type": "string", "format": "date-time", "description": "When it was written down, in UTC."},
            "data": _data(),
        },
    }


def _data() -> Mapping[str, object]:
    properties = {
        "chainId": _id("chn", "Your chain."),
        "position": _WHOLE_NUMBER
        | {"description": "The place of the operation in the sealed order; not each is told."},
        "operationId": _id("op", "The operation in the audit log."),
        "branchId": _optional(_id("brn", "The branch where it happened, if it was at one.")),
        "packageId": _optional(_id("pkg", "The package that changed, if one did.")),
        "packageVersion": _optional(_WHOLE_NUMBER | {"description": "The version that the package has from then on."}),
        "customerId": _optional(_id("cus", "The customer it was for, if it was for one.")),
    }
    return {"type": "object", "required": list(properties), "properties": properties}


def _id(prefix: str, description: str) -> dict[str, object]:
    return {"type": "string", "pattern": f"^{prefix}_[{ALPHABET}]{{{LENGTH}}}$", "description": description}


def _optional(schema: Mapping[str, object]) -> Mapping[str, object]:
    return {**schema, "type": [schema["type"], "null"]}


def _written(schema: Mapping[str, object]) -> bytes:
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2) + b"\n"
