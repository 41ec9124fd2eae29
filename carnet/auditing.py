"""What the auditor finds, for the operator who asks."""

from carnet.database import opened
from carnet.failures import CannotStart
from carnet.settings import Settings
from domain.branches.store import chain_named
from domain.ledger import audit


async def findings(settings: Settings, name: str | None) -> list[str]:
    """Everything that is wrong, with one chain or with all."""
    async with opened(settings.database):
        chains = [await _chain(name)] if name else await audit.chains()
        return [str(finding) for chain_id in chains for finding in await audit.audit_ledgers(chain_id)]


async def _chain(name: str) -> str:
    found = await chain_named(name)
    if not found:
        raise CannotStart(f"There is no chain {name!r} in this database.")
    return found.id
