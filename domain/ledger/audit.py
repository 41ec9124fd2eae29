"""The auditor: proves for one chain that its ledgers hold together, and names what does not and where."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from domain.ledger import audit_changes_store as changes
from domain.ledger import audit_promises_store as promises
from domain.ledger import audit_store as store
from domain.ledger import seal
from domain.ledger import totals_store as totals
from domain.ledger.audit_store import Doubt


class Check(StrEnum):
    """What the auditor proves."""

    LOT_COUNTS = "LOT_COUNTS"
    BUCKETS = "BUCKETS"
    ENTRIES = "ENTRIES"
    DEFERRED_REVENUE = "DEFERRED_REVENUE"
    RECEIVABLE = "RECEIVABLE"
    HOMES = "HOMES"
    DUE_BETWEEN_BRANCHES = "DUE_BETWEEN_BRANCHES"
    SETTLED = "SETTLED"
    HOLDS = "HOLDS"
    CHARGES = "CHARGES"
    CREDIT = "CREDIT"
    FREEZES = "FREEZES"
    REFUNDS = "REFUNDS"
    REFUNDED = "REFUNDED"
    REFUND_PAYABLE = "REFUND_PAYABLE"
    PRICES = "PRICES"
    QUEUE = "QUEUE"
    TOTALS = "TOTALS"
    SEALS = "SEALS"


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a proof fails."""

    check: Check
    subject: str
    detail: str
    expected: int | str
    found: int | str

    def __str__(self) -> str:
        return f"{self.check}: {self.subject}, {self.detail}: {self.expected} expected, {self.found} found"


_PROOFS: dict[Check, Callable[[str], Awaitable[list[Doubt]]]] = {
    Check.LOT_COUNTS: store.wrong_counts,
    Check.BUCKETS: store.negative_buckets,
    Check.ENTRIES: store.unbalanced_entries,
    Check.DEFERRED_REVENUE: store.wrong_deferred_revenue,
    Check.RECEIVABLE: store.wrong_receivables,
    Check.HOMES: store.left_behind,
    Check.DUE_BETWEEN_BRANCHES: store.wrong_dues,
    Check.SETTLED: store.wrong_settlements,
    Check.HOLDS: promises.wrong_holds,
    Check.CHARGES: promises.wrong_charges,
    Check.CREDIT: promises.overdrawn_credit,
    Check.FREEZES: promises.wrong_freezes,
    Check.REFUNDS: changes.wrong_refunds,
    Check.REFUNDED: changes.wrong_refunded,
    Check.REFUND_PAYABLE: changes.wrong_payables,
    Check.PRICES: changes.wrong_prices,
    Check.QUEUE: store.forgotten_operations,
    Check.TOTALS: totals.wrong_totals,
}


async def audit_ledgers(chain_id: str, newest_seals: int | None = None) -> list[Finding]:
    """Everything that is wrong with the chain's ledgers; of the seals all are proved, or only so many of the newest."""
    findings = [
        Finding(check, doubt.subject, doubt.detail, doubt.expected, doubt.found)
        for check, prove in _PROOFS.items()
        for doubt in await prove(chain_id)
    ]
    return findings + await _broken_seals(chain_id, newest_seals)


async def _broken_seals(chain_id: str, newest: int | None) -> list[Finding]:
    after = max(0, await seal.newest_position(chain_id) - newest) if newest else 0
    return [
        Finding(Check.SEALS, broken.operation_id, f"position {broken.position}", broken.expected, broken.found)
        for broken in await seal.verify_chain(chain_id, after)
    ]


async def chains() -> list[str]:
    """The chains there are to audit."""
    return await store.all_chains()
