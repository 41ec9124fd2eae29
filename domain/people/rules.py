"""Pure rules of people: how the secret of an API key is kept."""

import hashlib

KEY_PREFIX = "ck_"


def hashed(secret: str) -> str:
    """What is kept of an API key: it is long and random, so a plain SHA-256 cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()
