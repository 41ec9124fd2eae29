"""What the auditor finds, for the operator who asks."""

from carnet.database import opened
from carnet.settings import Settings
from carnet.tenants import chain_called
from domain.ledger import audit


async def findings(settings: Settings, name: str | None) -> list[str]:
    """Everything that is wrong, with one chain or with all."""
    async with opened(settings.database):
        chains = [await chain_called(name)] if name else await audit.chains()
        return [str(finding) for chain_id in chains for finding in await audit.audit_ledgers(chain_id)]
