"""Carries on the extensions of many packages that were ordered and are not finished."""

from prometheus_client import Counter

from domain.expiry.carry_on import carry_on, unfinished

_EXTENDED = Counter("carnet_packages_extended", "Packages that were extended as one of many.")
_CHUNK = 50


async def extend_packages() -> None:
    """Until each is finished, or another worker has it."""
    for extension_id in await unfinished():
        while (extended := await carry_on(extension_id, _CHUNK)) is not None:
            _EXTENDED.inc(extended)
