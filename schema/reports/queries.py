"""The reports, gathered for the root."""

import strawberry

from schema.reports import deferred_revenue as deferred
from schema.reports import reconciliation as reconciled
from schema.reports import simulate_policy as simulating
from schema.reports.policy_simulation import PolicySimulation


@strawberry.type
class ReportQueries:
    """Mixed into the root query."""

    deferred_revenue: deferred.DeferredRevenue | None = deferred.QUERY
    reconciliation: reconciled.Reconciliation | None = reconciled.QUERY
    simulate_policy: PolicySimulation | None = simulating.QUERY
