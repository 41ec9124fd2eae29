"""Secrets at rest: sealed with the newest key of the settings, and opened with any of them, so that keys can change."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_keys: MultiFernet | None = None


class CannotUnseal(Exception):
    """None of the keys opens what was sealed, or there is no key at all."""

    def __init__(self) -> None:
        super().__init__("A secret cannot be opened with the keys of the settings. See CARNET_VAULT_KEYS.")


def use_keys(keys: Sequence[str]) -> None:
    """From now on seal with the first key; each is 32 bytes in URL-safe base64, as `new_key` makes them."""
    global _keys
    _keys = MultiFernet([Fernet(key) for key in keys]) if keys else None


def new_key() -> str:
    """A new key for the settings."""
    return Fernet.generate_key().decode()


def key_from(secret: str) -> str:
    """The key that follows from another secret, and by which nothing of that one is learned."""
    return urlsafe_b64encode(hashlib.sha256(b"carnet vault " + secret.encode()).digest()).decode()


def seal(text: str) -> str:
    """The text as it may be stored."""
    if _keys is None:
        raise CannotUnseal
    return _keys.encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text that was sealed."""
    if _keys is None:
        raise CannotUnseal
    try:
        return _keys.decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotUnseal from error
