"""What a refund would come to."""

import strawberry

from schema.refunds import quote


@strawberry.type
class RefundQueries:
    """Mixed into the root query."""

    refund_quote: quote.RefundQuoteResult | None = quote.QUERY
