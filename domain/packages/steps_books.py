"""Pure rule of what each step of a package did to its books; together they are what the journal says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.ledger.accounts import Account, Event, Received
from domain.ledger.rules import LIVE, Bucket, Origin
from domain.packages.notes import Noted
from domain.packages.trace import Moved, Revalued, TakenBack, Trace
from domain.packages.trace_books import Books

VOID, IMPORT, UPGRADE = "void_sale", "import_package", "upgrade_package"

_BOOKED = {
    Account.RECEIVABLE: ("price_minor", -1),
    Account.REVENUE: ("recognised_minor", 1),
    Account.BREAKAGE_REVENUE: ("breakage_minor", 1),
    Account.TAX_PAYABLE: ("tax_minor", 1),
    Account.FEE_INCOME: ("fees_minor", 1),
    Account.BAD_DEBT: ("bad_debt_minor", -1),
    Account.PRICE_CONCESSION: ("concessions_minor", -1),
    Account.DISPUTES: ("disputed_minor", -1),
    Account.PROVIDER_FEES: ("provider_fees_minor", -1),
    Account.REFUND_PAYABLE: ("refunded_minor", 1),
}
"""What amounts on these accounts are for a package, and with which sign a credit counts."""

_FORGIVES = (Event.VOID, Event.REFUND, Event.UPGRADE)
"""The events by which something that was owed for a package is owed no more, without being paid."""

ACCOUNTS = tuple(_BOOKED)
"""The accounts that tell of more than sessions and payments do; deferred revenue follows the sessions."""


def booked(event: Event, account: Account, credit_minor: int) -> Books:
    """What the lines of an account in an entry say of their package; what is owed stands as price.

    What a refund comes to went back when it was agreed; paying it out changes nothing any more.
    """
    if event is Event.REFUND_PAID:
        return Books()
    if account is Account.RECEIVABLE and event in _FORGIVES and credit_minor > 0:
        return Books(credited_minor=credit_minor)
    name, sign = _BOOKED[account]
    lost = credit_minor if (event, account) == (Event.DISPUTE_LOST, Account.DISPUTES) else 0
    return Books(**{name: sign * credit_minor}) + Books(refunded_minor=lost)


def changes(traces: Sequence[Trace], journal: Mapping[str, Books], price_minor: int) -> list[Books]:
    """What each trace changed: its own part, and with one of each operation what the journal has besides.

    The tax of a sale, the fee of a dispute and the like belong to no movement or payment.
    """
    found = [_own(trace) for trace in traces]
    totals, bearers, opened = sums(traces, found), _bearers(traces), set(map(_opens, traces))
    for operation_id, index in bearers.items():
        act, told = traces[index].act, totals[operation_id]
        posted = journal.get(operation_id, Books())
        if act == IMPORT:
            found[index] += _opening(posted, told, price_minor)
        elif act == UPGRADE:
            found[index] += _upgraded(_besides(posted, told), told, price_minor if operation_id in opened else 0)
        elif operation_id in journal:
            found[index] += _besides(posted, told)
    assert all(change.balanced for change in found), f"a step changes more of the price than there is: {found}"
    return found


def sums(traces: Sequence[Trace], found: Sequence[Books]) -> dict[str, Books]:
    """What each operation changed."""
    totals: dict[str, Books] = {}
    for trace, change in zip(traces, found, strict=True):
        if trace.operation_id is not None:
            totals[trace.operation_id] = totals.get(trace.operation_id, Books()) + change
    return totals


def _opens(trace: Trace) -> str | None:
    """The operation, where it issues sessions: of an upgrade it then opened this package, and else it closed it."""
    issued = isinstance(trace.what, Moved) and trace.what.source is Bucket.ISSUED
    return trace.operation_id if issued else None


def _bearers(traces: Sequence[Trace]) -> dict[str, int]:
    """Of each operation the trace that it is told by: an act in words, else the last sessions sold, else moved."""
    bearers: dict[str, int] = {}
    for index, trace in enumerate(traces):
        if trace.operation_id is not None:
            other = bearers.get(trace.operation_id, index)
            bearers[trace.operation_id] = index if _rank(trace) >= _rank(traces[other]) else other
    return bearers


def _rank(trace: Trace) -> int:
    match trace.what:
        case Noted():
            return 3
        case Moved(source=Bucket.ISSUED, origin=Origin.PURCHASE | Origin.BONUS | Origin.IMPORT):
            return 2
        case Moved() | Revalued():
            return 1
    return 0


def _own(trace: Trace) -> Books:
    match trace.what:
        case Moved():
            return _moved(trace.what, trace.act)
        case Revalued(value_change_minor=change):
            return Books(deferred_minor=change, breakage_minor=-change)
        case Received(settled_minor=settled):
            return Books(paid_minor=settled)
        case TakenBack(received=Received(settled_minor=settled)):
            return Books(paid_minor=-settled)
    return Books()


def _moved(moved: Moved, act: str) -> Books:
    """Value that leaves the sessions goes somewhere, and what comes to them comes from there."""
    if (moved.source in LIVE) == (moved.target in LIVE):
        return Books()
    sign = 1 if moved.source in LIVE else -1
    other = moved.target if sign > 0 else moved.source
    went = _went(moved, other, sign, act)
    return replace(went, deferred_minor=-sign * moved.value_minor)


def _went(moved: Moved, other: Bucket, sign: int, act: str) -> Books:
    value, tax, breakage = sign * moved.value_minor, sign * moved.tax_minor, sign * moved.breakage_minor
    match other:
        case Bucket.ISSUED if moved.handed or moved.origin in (Origin.TRANSFER, Origin.GOODWILL):
            return Books(moved_in_minor=-value)
        case Bucket.ISSUED:
            return Books(price_minor=-value)
        case Bucket.CONSUMED if act == IMPORT:
            return Books(used_before_minor=value)
        case Bucket.CONSUMED:
            return Books(recognised_minor=value - tax - breakage, breakage_minor=breakage, tax_minor=tax)
        case Bucket.EXPIRED:
            return Books(breakage_minor=breakage, tax_minor=value - breakage)
        case Bucket.REFUNDED:
            return Books(refunded_minor=value)
        case _ if act == VOID:
            return Books(credited_minor=value)
    return Books(moved_in_minor=-value)


def _besides(posted: Books, told: Books) -> Books:
    """What the journal has of an operation beyond what its movements and payments tell.

    What is owed besides was agreed besides; what is owed no more without being paid is credited.
    """
    credited = posted.credited_minor - told.credited_minor
    return Books(
        price_minor=posted.outstanding_minor - told.outstanding_minor + credited,
        credited_minor=credited,
        recognised_minor=posted.recognised_minor - told.recognised_minor,
        breakage_minor=posted.breakage_minor - told.breakage_minor,
        tax_minor=posted.tax_minor - told.tax_minor,
        refunded_minor=posted.refunded_minor - told.refunded_minor,
        fees_minor=posted.fees_minor,
        bad_debt_minor=posted.bad_debt_minor,
        concessions_minor=posted.concessions_minor,
        disputed_minor=posted.disputed_minor,
        provider_fees_minor=posted.provider_fees_minor,
    )


def _upgraded(besides: Books, told: Books, price_minor: int) -> Books:
    """What is not owed for the new package was brought by the old one, from which as much moved on.

    Its sessions carry less than its price, without the tax that is due with its sale, where some stay used: those were
    used of the old package, and are in its books. The old one has no price here.
    """
    price = price_minor - told.price_minor
    used_before = price - besides.tax_minor if price_minor else 0
    became = besides.recognised_minor + besides.tax_minor + used_before - besides.concessions_minor
    return replace(
        besides,
        price_minor=price,
        brought_minor=price - besides.price_minor,
        used_before_minor=used_before,
        moved_in_minor=became - price + besides.credited_minor,
    )


def _opening(posted: Books, told: Books, price_minor: int) -> Books:
    """What was paid before, which no payment here tells of; the journal has only what is still owed."""
    unlike = price_minor - told.price_minor
    return Books(
        price_minor=unlike,
        used_before_minor=unlike,
        paid_minor=price_minor - told.paid_minor - posted.outstanding_minor,
    )
