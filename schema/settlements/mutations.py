"""The mutations about settlements, gathered for the root."""

import strawberry

from schema.settlements import approve_settlement as approve
from schema.settlements import cancel_settlement as cancel
from schema.settlements import confirm_settlement as confirm
from schema.settlements import dispute_settlement_entry as dispute
from schema.settlements import resolve_settlement_dispute as resolve
from schema.settlements import run_settlement as run


@strawberry.type
class SettlementMutations:
    """Mixed into the root mutation."""

    run_settlement: run.RunSettlementResult = run.MUTATION
    dispute_settlement_entry: dispute.DisputeSettlementEntryResult = dispute.MUTATION
    resolve_settlement_dispute: resolve.ResolveSettlementDisputeResult = resolve.MUTATION
    approve_settlement: approve.ApproveSettlementResult = approve.MUTATION
    cancel_settlement: cancel.CancelSettlementResult = cancel.MUTATION
    confirm_settlement: confirm.ConfirmSettlementResult = confirm.MUTATION
