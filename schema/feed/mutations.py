"""The mutation about the feed, gathered for the root."""

import strawberry

from schema.feed import acknowledge_entries as acknowledging


@strawberry.type
class FeedMutations:
    """Mixed into the root mutation."""

    acknowledge_entries: acknowledging.AcknowledgeEntriesResult = acknowledging.MUTATION
