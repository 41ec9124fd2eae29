"""What a refund that waits would come to now."""

from domain.kernel.errors import Refusal
from domain.refunds import quoting
from domain.refunds.asked import Asked, State
from domain.refunds.view import RefundView
from schema.context import Info
from schema.refunds.quoted import RefundQuote, quote_of


async def quoted_now(info: Info, view: RefundView) -> RefundQuote | None:
    """The quote as its approver would bind it; none of one that is decided, or that could not be agreed to now."""
    if view.state is not State.REQUESTED:
        return None
    asked = Asked(view.package_id, view.sessions, view.booking_ids, view.hardship, view.goodwill_minor, view.to_credit)
    try:
        return quote_of(await quoting.refund_quote(info.context.actor, asked, approving=view.id))
    except Refusal:
        return None
