"""Signatures as Standard Webhooks has them: by HMAC-SHA256 over the id, the second and the bytes that are sent."""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime

PREFIX = "whsec_"
_VERSION = "v1"


def secret_of(key: bytes) -> str:
    """The secret as it is handed out; the key is 24 to 64 random bytes."""
    return PREFIX + b64encode(key).decode()


def key_of(secret: str) -> bytes:
    """The bytes that a secret stands for; raises ValueError."""
    return b64decode(secret.removeprefix(PREFIX), validate=True)


def signature(secret: str, id: str, timestamp: int, body: bytes) -> str:
    """One signature, with its version; raises ValueError for what is no secret."""
    signed = hmac.digest(key_of(secret), b"%s.%d.%s" % (id.encode(), timestamp, body), "sha256")
    return f"{_VERSION},{b64encode(signed).decode()}"


def signed_headers(secrets: Sequence[str], id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """The headers of a delivery: a signature by each secret that is good, the newest first."""
    timestamp = int(at.timestamp())
    return {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(secret, id, timestamp, body) for secret in secrets),
    }
