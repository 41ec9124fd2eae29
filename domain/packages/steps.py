"""Pure rendering of how a package came to its balance: movements, payments and other acts, with their arithmetic."""

from collections import Counter
from collections.abc import Sequence

from domain.catalog.terms import Terms
from domain.kernel.money import to_decimal_string
from domain.ledger.accounts import PaymentMethod, Received
from domain.ledger.rules import LIVE, BonusValue, Bucket, Origin
from domain.packages.notes import Noted
from domain.packages.trace import Balance, Moved, Step, Trace

_HAPPENED = {
    (Bucket.AVAILABLE, Bucket.HELD): "reserved by a booking",
    (Bucket.HELD, Bucket.AVAILABLE): "released by the booking",
    (Bucket.AVAILABLE, Bucket.CONSUMED): "used",
    (Bucket.HELD, Bucket.CONSUMED): "used",
    (Bucket.CONSUMED, Bucket.AVAILABLE): "given back",
    (Bucket.EXPIRED, Bucket.AVAILABLE): "reinstated",
    (Bucket.AVAILABLE, Bucket.REFUNDED): "refunded",
    (Bucket.AVAILABLE, Bucket.MOVED): "moved to another lot",
}
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


class Story:
    """Tells the steps of one package, oldest first, and keeps count as it goes."""

    def __init__(self, terms: Terms, currency: str, owed_minor: int) -> None:
        self._terms, self._currency = terms, currency
        self._outstanding = owed_minor
        self._buckets: Counter[Bucket] = Counter()
        self._left: Counter[str] = Counter()
        self._value: Counter[str] = Counter()

    @property
    def balance(self) -> Balance:
        """Where the package stands after what has been told."""
        return Balance(
            **{bucket.value.lower(): self._buckets[bucket] for bucket in Bucket},
            value_left_minor=sum(self._value.values()),
            outstanding_minor=self._outstanding,
        )

    def tell(self, traces: Sequence[Trace]) -> tuple[Step, ...]:
        """The steps of all the traces of a package."""
        sold = [trace.what for trace in traces if isinstance(trace.what, Moved) and trace.what.sold]
        return tuple(self._told(trace, sold) for trace in traces)

    def _told(self, trace: Trace, sold: Sequence[Moved]) -> Step:
        match trace.what:
            case Moved():
                return self._moved(trace, trace.what, sold)
            case Received():
                return self._paid(trace, trace.what)
            case Noted():
                return self._step(trace, trace.what.label, trace.what.formula)

    def _paid(self, trace: Trace, received: Received) -> Step:
        amount, before = self._money(received.amount_minor), self._money(self._outstanding)
        self._outstanding -= received.amount_minor
        label = f"{amount} {self._currency} was paid {_PAID[received.method]}"
        formula = f"{before} - {amount} = {self._money(self._outstanding)} outstanding"
        return self._step(trace, label + _at(trace), formula)

    def _moved(self, trace: Trace, moved: Moved, sold: Sequence[Moved]) -> Step:
        formula = self._price_share(moved, sold) if moved.sold else self._formula(moved)
        live = (moved.target in LIVE) - (moved.source in LIVE)
        available = (moved.target is Bucket.AVAILABLE) - (moved.source is Bucket.AVAILABLE)
        self._left[moved.lot_id] += live * moved.sessions
        self._value[moved.lot_id] += live * moved.value_minor
        self._buckets[moved.target] += moved.sessions
        self._buckets[moved.source] += moved.sessions if moved.source is Bucket.ISSUED else -moved.sessions
        return self._step(trace, _label(trace, moved), formula, available * moved.sessions, live * moved.value_minor)

    def _price_share(self, moved: Moved, sold: Sequence[Moved]) -> str:
        """A lot's part of the price: by list price times sessions, or by sessions where nothing has a list price."""
        total, weights = sum(lot.value_minor for lot in sold), [self._weight(lot) for lot in sold]
        if any(weights):
            weight, whole = self._weight(moved), sum(weights)
            return self._share(total, weight, whole, moved.value_minor, self._money(weight), self._money(whole))
        return self._share(total, moved.sessions, sum(lot.sessions for lot in sold), moved.value_minor)

    def _weight(self, lot: Moved) -> int:
        if lot.bonus and self._terms.price.bonus_value is BonusValue.ZERO:
            return 0
        return max(self._terms.items[lot.item].list_prices_minor, default=0) * lot.sessions

    def _formula(self, moved: Moved) -> str:
        """What leaves a lot is its part of the value left; what comes back or moves in is added to it."""
        value, taken = self._value[moved.lot_id], moved.value_minor
        if moved.source in LIVE and moved.target in LIVE:
            return f"{moved.sessions} of {self._buckets[moved.source]}"
        if moved.source in LIVE:
            return self._share(value, moved.sessions, self._left[moved.lot_id], taken)
        return f"{self._money(value)} + {self._money(taken)} = {self._money(value + taken)}"

    def _share(self, total: int, n: int, of: int, part: int, n_text: str = "", of_text: str = "") -> str:
        sign = "=" if total * n == part * of else "≈"
        return f"{self._money(total)} × {n_text or n} / {of_text or of} {sign} {self._money(part)}"  # noqa: RUF001

    def _money(self, minor: int) -> str:
        return to_decimal_string(minor, self._currency)

    def _step(self, trace: Trace, label: str, formula: str, sessions_change: int = 0, value_change: int = 0) -> Step:
        moved = trace.what if isinstance(trace.what, Moved) else None
        return Step(
            operation_id=trace.operation_id,
            act=trace.act,
            recorded_at=trace.recorded_at,
            effective_at=trace.effective_at,
            label=f"{label}.",
            formula=formula,
            sessions_change=sessions_change,
            value_change_minor=value_change,
            after=self.balance,
            branch_id=trace.branch_id,
            service_id=moved.service_id if moved else None,
            lot_id=moved.lot_id if moved else None,
            practitioner_id=moved.practitioner_id if moved else None,
            booking_id=moved.booking_id if moved else None,
        )


def _label(trace: Trace, moved: Moved) -> str:
    sessions = "1 session" if moved.sessions == 1 else f"{moved.sessions} sessions"
    service = f" of {moved.service}" if moved.service else ""
    if moved.target is Bucket.EXPIRED:
        return f"{sessions} lapsed{_at(trace)}"
    return f"{sessions}{service} {'was' if moved.sessions == 1 else 'were'} {_happened(trace, moved)}{_at(trace)}"


def _happened(trace: Trace, moved: Moved) -> str:
    match moved.source, moved.target:
        case Bucket.ISSUED, _:
            return _ISSUED[moved.origin]
        case Bucket.AVAILABLE, Bucket.HELD if moved.booked_for:
            return f"reserved for {moved.booked_for:%Y-%m-%d %H:%M}"
        case Bucket.HELD, Bucket.CONSUMED if moved.booking_became in _MISSED:
            return _MISSED[moved.booking_became]
        case Bucket.AVAILABLE, Bucket.MOVED if trace.act == "sell_package":
            return "moved into the package that renews this one"
    return _HAPPENED[moved.source, moved.target]


def _at(trace: Trace) -> str:
    return f" at {trace.branch}" if trace.branch else ""
