"""The chain that a command is about."""

from carnet.failures import CannotStart
from domain.branches import store


async def chain_called(name: str) -> str:
    """The id of the chain of this name."""
    found = await store.chain_named(name)
    if not found:
        raise CannotStart(f"There is no chain {name!r} in this database.")
    return found.id


async def chain_meant(name: str | None) -> str:
    """The id of the chain of this name, or of the only one there is."""
    if name:
        return await chain_called(name)
    names = await store.chain_names()
    if not names:
        raise CannotStart("There is no chain in this database.")
    if len(names) > 1:
        raise CannotStart(
            f"There are {len(names)} chains in this database ({', '.join(names)}): name one with --chain."
        )
    return await chain_called(names[0])
