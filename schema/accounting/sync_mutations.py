"""The mutations about handing the journal to accounting systems, gathered for the root."""

import strawberry

from schema.accounting import connect_accounting as connecting
from schema.accounting import map_account as mapping
from schema.accounting import pause_connection as pausing
from schema.accounting import reconcile as reconciling
from schema.accounting import resume_connection as resuming
from schema.accounting import retry_delivery as retrying


@strawberry.type
class SyncMutations:
    """Mixed into the root mutation."""

    connect_accounting: connecting.ConnectAccountingResult = connecting.MUTATION
    map_account: mapping.MapAccountResult = mapping.MUTATION
    pause_connection: pausing.PauseConnectionResult = pausing.MUTATION
    resume_connection: resuming.ResumeConnectionResult = resuming.MUTATION
    retry_delivery: retrying.RetryDeliveryResult = retrying.MUTATION
    reconcile: reconciling.ReconcileResult = reconciling.MUTATION
