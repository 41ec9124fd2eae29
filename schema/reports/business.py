"""The reports on what comes in and what it is worth, gathered for the root."""

import strawberry

from schema.connections import Connection
from schema.reports import collections as collected
from schema.reports import customer_value as value
from schema.reports import metrics, profit


@strawberry.type
class BusinessQueries:
    """Mixed into the root query."""

    collections: collected.Collections | None = collected.QUERY
    package_profit: profit.PackageProfit | None = profit.QUERY
    package_metrics: metrics.PackageMetrics | None = metrics.QUERY
    customer_value: Connection[value.CustomerValue] | None = value.QUERY
