"""Whether an event is from who knows the secret, and of now: as Standard Webhooks says."""

import binascii
import hmac
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from domain.webhooks.signing import signature

TOLERANCE = timedelta(minutes=5)
"""How far the clocks may be apart, and how long what was overheard can be sent again."""

_LONGEST_ID = 255
_MOST_SIGNATURES = 20
_DIGEST = 32


class NotTaken(Exception):
    """Why an event is not taken, with a code for programs."""

    code: ClassVar[str]


class HeaderMalformed(NotTaken):
    """A header is missing, or is not what Standard Webhooks says."""

    code = "HEADER_MALFORMED"


class TimestampStale(NotTaken):
    """It was signed too long ago, or is of the future."""

    code = "TIMESTAMP_STALE"


class SignatureWrong(NotTaken):
    """None of the signatures is by a secret that is good."""

    code = "SIGNATURE_WRONG"


def verified(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The id of the event; raises NotTaken."""
    event_id = _id(headers.get("webhook-id", ""))
    timestamp = _timestamp(headers.get("webhook-timestamp", ""))
    given = _signatures(headers.get("webhook-signature", ""))
    if abs(int(now.timestamp()) - timestamp) > TOLERANCE.total_seconds():
        raise TimestampStale("webhook-timestamp is more than five minutes from now. Sign at every attempt, by a clock.")
    expected = [signature(secret, event_id, timestamp, body) for secret in secrets]
    if not any(hmac.compare_digest(one, other) for one in expected for other in given):
        raise SignatureWrong("No signature is by the secret of this hook over the bytes that came.")
    return event_id


def _id(given: str) -> str:
    if not (1 <= len(given) <= _LONGEST_ID and given.isascii() and given.isprintable() and " " not in given):
        raise HeaderMalformed(f"webhook-id is 1 to {_LONGEST_ID} printable ASCII characters without blanks.")
    return given


def _timestamp(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= 12):
        raise HeaderMalformed("webhook-timestamp is a number of seconds since 1970.")
    return int(given)


def _signatures(given: str) -> list[str]:
    """Those of the version that we know; of others nothing can be said."""
    parts = given.split(" ")
    if not all(version and comma for version, comma, _ in (part.partition(",") for part in parts)):
        raise HeaderMalformed("webhook-signature is one or more of `v1,` and a signature, with blanks between them.")
    known = [part for part in parts if part.startswith("v1,")]
    if not known or len(parts) > _MOST_SIGNATURES or not all(map(_is_digest, known)):
        raise HeaderMalformed("webhook-signature has `v1,` and an HMAC-SHA256 in base 64.")
    return known


def _is_digest(part: str) -> bool:
    try:
        return len(b64decode(part.removeprefix("v1,"), validate=True)) == _DIGEST
    except (binascii.Error, ValueError):
        return False
