"""Proves the ledgers of every chain, and raises the alarm where the proof fails."""

from collections import Counter

import structlog
from prometheus_client import Gauge

from domain.ledger import audit
from domain.ledger.audit import Check, Finding

log = structlog.get_logger()

_FINDINGS = Gauge("carnet_audit_findings", "What the last audit of all chains found wrong; must be 0.", ["check"])
_NEWEST = 5_000
"""How many of a chain's newest seals are proved with each audit; once a day all are."""


async def audit_ledgers() -> None:
    """Both ledgers in full, and the newest part of the sealed order."""
    await _audit(_NEWEST)


async def audit_ledgers_and_all_seals() -> None:
    """Both ledgers, and the sealed order from its beginning."""
    await _audit(None)


async def _audit(newest_seals: int | None) -> None:
    found: Counter[Check] = Counter()
    for chain_id in await audit.chains():
        findings = await audit.audit_ledgers(chain_id, newest_seals)
        found.update(finding.check for finding in findings)
        _tell(chain_id, findings)
    for check in Check:
        _FINDINGS.labels(check).set(found[check])


def _tell(chain_id: str, findings: list[Finding]) -> None:
    for finding in findings:
        log.error("the ledgers do not agree", chain=chain_id, finding=str(finding))
    if not findings:
        log.info("the ledgers agree", chain=chain_id)
