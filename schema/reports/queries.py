"""The reports, gathered for the root."""

import strawberry

from schema.reports import deferred_revenue as deferred
from schema.reports import reconciliation as reconciled


@strawberry.type
class ReportQueries:
    """Mixed into the root query."""

    deferred_revenue: deferred.DeferredRevenue | None = deferred.QUERY
    reconciliation: reconciled.Reconciliation | None = reconciled.QUERY
