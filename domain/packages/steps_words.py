"""Sentences of the steps that move sessions or money."""

from domain.kernel.money import to_decimal_string
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.rules import Bucket, Origin
from domain.packages.steps_lots import rate
from domain.packages.trace import Agreed, Moved, Revalued, Trace

_HAPPENED = {
    (Bucket.AVAILABLE, Bucket.HELD): "reserved by a booking",
    (Bucket.HELD, Bucket.AVAILABLE): "released by the booking",
    (Bucket.AVAILABLE, Bucket.CONSUMED): "used",
    (Bucket.HELD, Bucket.CONSUMED): "used",
    (Bucket.CONSUMED, Bucket.AVAILABLE): "given back",
    (Bucket.EXPIRED, Bucket.AVAILABLE): "reinstated",
    (Bucket.AVAILABLE, Bucket.REFUNDED): "refunded",
    (Bucket.AVAILABLE, Bucket.MOVED): "moved to another lot",
    (Bucket.MOVED, Bucket.AVAILABLE): "moved back",
}
_MEANT = {
    (Bucket.MOVED, "sell_package"): "moved into the package that renews this one",
    (Bucket.MOVED, "void_sale"): "taken back with the sale",
    (Bucket.MOVED, "upgrade_package"): "moved into the package that this one was upgraded to",
    (Bucket.REFUNDED, "lose_dispute"): "taken away for the lost dispute",
}
"""What a move means where its act makes it something of its own."""
_MISSED = {"NO_SHOW": "used up by a no-show", "LATE_CANCELLED": "used up by a late cancellation"}
"""What became of a booking that used its sessions although nobody came."""
_ISSUED = {
    Origin.PURCHASE: "bought",
    Origin.BONUS: "added free of charge",
    Origin.TOP_UP: "added by a top-up",
    Origin.TRANSFER: "taken over",
    Origin.GOODWILL: "granted as goodwill",
    Origin.IMPORT: "brought in from earlier records",
}
_PAID = {
    PaymentMethod.CASH: "in cash",
    PaymentMethod.CARD: "by card",
    PaymentMethod.BANK_TRANSFER: "by bank transfer",
    PaymentMethod.ONLINE_LINK: "through an online link",
    PaymentMethod.CUSTOMER_CREDIT: "from credit",
}


def moved_label(trace: Trace, moved: Moved) -> str:
    """What happened to the sessions."""
    sessions = "1 session" if moved.sessions == 1 else f"{moved.sessions} sessions"
    service = f" of {moved.service}" if moved.service else ""
    if moved.target is Bucket.EXPIRED:
        return f"{sessions} lapsed{_at(trace)}"
    return f"{sessions}{service} {'was' if moved.sessions == 1 else 'were'} {_happened(trace, moved)}{_at(trace)}"


def paid_label(trace: Trace, received: Received, currency: str) -> str:
    """How much was paid, how and where, and what of it was more than was owed."""
    kept = f", {to_decimal_string(received.kept_minor, currency)} of it kept as credit" if received.kept_minor else ""
    return f"{_amount(received, currency)} was paid {_PAID[received.method]}{_at(trace)}{kept}"


def taken_back_label(trace: Trace, received: Received, currency: str) -> str:
    """Which payment turned out to be none."""
    return f"{_amount(received, currency)} that was paid {_PAID[received.method]} was taken back{_at(trace)}"


def agreed_label(agreed: Agreed) -> str:
    """How many instalments, and when the last of them is due."""
    count, last_day = len(agreed.instalments), agreed.instalments[-1][0]
    if count == 1:
        return f"1 instalment was agreed, due on {last_day}"
    return f"{count} instalments were agreed, the last due on {last_day}"


def revalued_label(revalued: Revalued) -> str:
    """What share is expected to lapse."""
    return f"{rate(revalued.breakage_bp)} % of the sessions are expected never to be used"


def _amount(received: Received, currency: str) -> str:
    return f"{to_decimal_string(received.amount_minor, currency)} {currency}"


def _happened(trace: Trace, moved: Moved) -> str:
    match moved.source, moved.target:
        case (Bucket.ISSUED, _) | (Bucket.MOVED, _) | (_, Bucket.MOVED) if moved.handed:
            return _handed(trace, moved)
        case Bucket.ISSUED, _:
            return _ISSUED[moved.origin]
        case Bucket.AVAILABLE, Bucket.HELD if moved.booked_for:
            return f"reserved for {moved.booked_for:%Y-%m-%d %H:%M}"
        case Bucket.HELD, Bucket.CONSUMED if moved.booking_became in _MISSED:
            return _MISSED[moved.booking_became]
        case Bucket.AVAILABLE, target if (target, trace.act) in _MEANT:
            return _MEANT[target, trace.act]
    return _HAPPENED[moved.source, moved.target]


def _handed(trace: Trace, moved: Moved) -> str:
    """Whom sessions went to or came from; to who must not know that is another person."""
    who = moved.handed or ""
    if trace.act == "undo_transfer":
        return f"given back to {who}" if moved.target is Bucket.MOVED else f"given back by {who}"
    return f"handed on to {who}" if moved.target is Bucket.MOVED else f"received from {who}"


def _at(trace: Trace) -> str:
    return f" at {trace.branch}" if trace.branch else ""
