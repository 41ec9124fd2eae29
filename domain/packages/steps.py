"""Pure rendering of how a package came to its balance: movements, payments and other acts, with their arithmetic."""

from collections import Counter
from collections.abc import Mapping, Sequence

from domain.catalog.terms import Terms
from domain.kernel.money import to_decimal_string
from domain.ledger.accounts import Received
from domain.ledger.rules import LIVE, BonusValue, Bucket
from domain.packages import steps_books, steps_top_ups, steps_words
from domain.packages.notes import Noted
from domain.packages.steps_lots import Running, share
from domain.packages.trace import Agreed, Balance, Moved, Revalued, Step, TakenBack, Trace
from domain.packages.trace_books import Books


class Story:
    """Tells the steps of one package, oldest first, and keeps count as it goes.

    `booked` is what the journal has of each operation; what was owed is the price there.
    """

    def __init__(self, terms: Terms, currency: str, price_minor: int, booked: Mapping[str, Books]) -> None:
        self._terms, self._currency, self._price, self._booked = terms, currency, price_minor, booked
        self._books = Books()
        self._buckets: Counter[Bucket] = Counter()
        self._lots: dict[str, Running] = {}
        self._sold: list[Moved] = []
        self._totals: Mapping[str, Books] = {}

    @property
    def balance(self) -> Balance:
        """Where the package stands after what has been told."""
        return Balance(**{bucket.value.lower(): self._buckets[bucket] for bucket in Bucket}, books=self._books)

    def tell(self, traces: Sequence[Trace]) -> tuple[Step, ...]:
        """The steps of all the traces of a package."""
        changes = steps_books.changes(traces, self._booked, self._price)
        self._totals = steps_books.sums(traces, changes)
        self._sold = [trace.what for trace in traces if isinstance(trace.what, Moved) and trace.what.sold]
        return tuple(self._told(trace, change) for trace, change in zip(traces, changes, strict=True))

    def _told(self, trace: Trace, change: Books) -> Step:
        label, formula = self._words(trace, change)
        self._books += change
        return self._step(trace, label, formula, change)

    def _words(self, trace: Trace, change: Books) -> tuple[str, str]:
        match trace.what:
            case Moved() as moved:
                return steps_words.moved_label(trace, moved), self._moved(moved, change)
            case Received() as received:
                label = steps_words.paid_label(trace, received, self._currency)
                return label, self._paid(received, -received.settled_minor)
            case TakenBack(received=received):
                label = steps_words.taken_back_label(trace, received, self._currency)
                return label, self._paid(received, received.settled_minor)
            case Agreed(instalments=instalments) as agreed:
                amounts = [amount for _, amount in instalments]
                parts = " + ".join(map(self._money, amounts))
                return steps_words.agreed_label(agreed), f"{parts} = {self._money(sum(amounts))}"
            case Revalued() as revalued:
                return steps_words.revalued_label(revalued), self._revalued(revalued)
            case Noted() as noted:
                return noted.told(self._totals[trace.operation_id or ""], self._currency)

    def _paid(self, received: Received, change: int) -> str:
        """What is outstanding after it; only what was not kept counts."""
        money, before = self._money, self._books.outstanding_minor
        kept = f"{money(received.amount_minor)} - {money(received.kept_minor)} kept as credit = "
        settled = f"{kept}{money(received.settled_minor)}; " if received.kept_minor else ""
        sign = "-" if change < 0 else "+"
        return f"{settled}{money(before)} {sign} {money(abs(change))} = {money(before + change)} outstanding"

    def _moved(self, moved: Moved, change: Books) -> str:
        lot = self._lots.setdefault(moved.lot_id, Running(self._currency))
        formula = self._formula(lot, moved, change)
        lot.move(moved)
        self._buckets[moved.target] += moved.sessions
        self._buckets[moved.source] += moved.sessions if moved.source is Bucket.ISSUED else -moved.sessions
        return formula

    def _formula(self, lot: Running, moved: Moved, change: Books) -> str:
        if moved.sold:
            return self._price_share(moved) + self._with_tax(change)
        if moved.topped_up:
            return steps_top_ups.formula(moved, change, self._terms, self._currency)
        if moved.source in LIVE and moved.target in LIVE:
            return f"{moved.sessions} of {self._buckets[moved.source]}"
        return lot.formula(moved)

    def _price_share(self, moved: Moved) -> str:
        """A lot's part of the price: by list price times sessions, or by sessions where nothing has a list price."""
        sold, currency = self._sold, self._currency
        total, weights = sum(lot.value_minor for lot in sold), [self._weight(lot) for lot in sold]
        if any(weights):
            weight, whole = self._weight(moved), sum(weights)
            return share(total, weight, whole, moved.value_minor, currency, self._money(weight), self._money(whole))
        return share(total, moved.sessions, sum(lot.sessions for lot in sold), moved.value_minor, currency)

    def _with_tax(self, change: Books) -> str:
        """With the last of the lots comes the tax that the sale itself makes due."""
        if not change.tax_minor:
            return ""
        price = self._books.price_minor + change.price_minor
        net, tax = self._money(price - change.tax_minor), self._money(change.tax_minor)
        return f"; {net} + {tax} tax = {self._money(price)}"

    def _weight(self, lot: Moved) -> int:
        if lot.bonus and self._terms.price.bonus_value is BonusValue.ZERO:
            return 0
        return max(self._terms.items[lot.item].list_prices_minor, default=0) * lot.sessions

    def _revalued(self, revalued: Revalued) -> str:
        lot = self._lots.setdefault(revalued.lot_id, Running(self._currency))
        formula = lot.estimate(revalued)
        lot.revalue(revalued)
        return formula

    def _money(self, minor: int) -> str:
        return to_decimal_string(minor, self._currency)

    def _step(self, trace: Trace, label: str, formula: str, change: Books) -> Step:
        moved = trace.what if isinstance(trace.what, Moved) else None
        available = (moved.target is Bucket.AVAILABLE) - (moved.source is Bucket.AVAILABLE) if moved else 0
        return Step(
            operation_id=trace.operation_id,
            act=trace.act,
            recorded_at=trace.recorded_at,
            effective_at=trace.effective_at,
            label=f"{label}.",
            formula=formula,
            sessions_change=available * moved.sessions if moved else 0,
            change=change,
            after=self.balance,
            branch_id=trace.branch_id,
            service_id=moved.service_id if moved else None,
            lot_id=_lot_of(trace),
            practitioner_id=moved.practitioner_id if moved else None,
            booking_id=moved.booking_id if moved else None,
        )


def _lot_of(trace: Trace) -> str | None:
    return trace.what.lot_id if isinstance(trace.what, Moved | Revalued) else None
