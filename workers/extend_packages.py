"""Carries on the extensions of many packages that were ordered and are not finished."""

from prometheus_client import Counter

from domain.expiry.carry_on import carry_on, unfinished

_EXTENDED = Counter("carnet_packages_extended", "Packages that were extended as one of many.")
_CHUNK = 50


async def extend_packages() -> None:
    """A part of each in turn, so that a large one keeps no other waiting, until each is finished or another has it."""
    extensions = await unfinished()
    while extensions:
        extensions = [extension_id for extension_id in extensions if await _carry_on(extension_id)]


async def _carry_on(extension_id: str) -> bool:
    extended = await carry_on(extension_id, _CHUNK)
    _EXTENDED.inc(extended or 0)
    return extended is not None
