"""The arithmetic of one lot, as its sessions come and go."""

from dataclasses import dataclass

from domain.kernel.money import to_decimal_string
from domain.ledger import breakage
from domain.ledger.rules import LIVE, Bucket
from domain.packages.trace import Moved, Revalued


@dataclass(slots=True)
class Running:
    """What is left of a lot after what has been told, and what was used of it; `recognised` without the tax in it."""

    currency: str
    left: int = 0
    used: int = 0
    value: int = 0
    tax: int = 0
    recognised: int = 0
    breakage_bp: int | None = None

    @property
    def net(self) -> int:
        """What use has recognised of the lot and may still recognise."""
        return self.value - self.tax + self.recognised

    def move(self, moved: Moved) -> None:
        """Count a movement."""
        if moved.source is Bucket.ISSUED:
            self.breakage_bp = moved.breakage_bp
        live = (moved.target in LIVE) - (moved.source in LIVE)
        use = (moved.target is Bucket.CONSUMED) - (moved.source is Bucket.CONSUMED)
        self.left += live * moved.sessions
        self.used += use * moved.sessions
        self.value += live * moved.value_minor
        self.tax += live * moved.tax_minor
        self.recognised += use * (moved.value_minor - moved.tax_minor)

    def revalue(self, revalued: Revalued) -> None:
        """Count an estimate."""
        self.value += revalued.value_change_minor
        self.recognised -= revalued.value_change_minor
        self.breakage_bp = revalued.breakage_bp

    def formula(self, moved: Moved) -> str:
        """What leaves is its part of the value left, with what that consists of; what comes is added to it."""
        value, taken = self.value, moved.value_minor
        if moved.source not in LIVE:
            return f"{self._money(value)} + {self._money(taken)} = {self._money(value + taken)}"
        if moved.target is Bucket.EXPIRED:
            return self._part(moved) + self._consists(moved, 0, moved.value_minor - moved.breakage_minor)
        if moved.target is not Bucket.CONSUMED:
            return self._part(moved)
        worth = taken - moved.tax_minor - moved.breakage_minor
        part = self._as_expected(moved) if moved.breakage_minor else ""
        return (part or self._part(moved)) + self._consists(moved, worth, moved.tax_minor)

    def _as_expected(self, moved: Moved) -> str:
        """What all uses so far have recognised by the estimate, less what they had before; else what they are worth."""
        of, used, due = self.used + self.left, self.used + moved.sessions, moved.value_minor - moved.tax_minor
        bp, by_then, money = self.breakage_bp, self.recognised + due, self._money
        if bp is None or breakage.recognised(self.net, used, of, bp) != by_then:
            return _share(self.net, moved.sessions, of, due - moved.breakage_minor, self.currency)
        before = f"; {money(by_then)} - {money(self.recognised)} = {money(due)}" if self.recognised else ""
        return self._by_then(used, of * (breakage.WHOLE_BP - bp), by_then) + before

    def estimate(self, revalued: Revalued) -> str:
        """What the sessions used have recognised in all by the estimate, and what that changes."""
        change, of = revalued.value_change_minor, (self.used + self.left) * (breakage.WHOLE_BP - revalued.breakage_bp)
        back = f"{self._money(abs(change))} {'back to deferred' if change >= 0 else 'more recognised'}"
        if not of:
            return back
        return f"{self._by_then(self.used, of, self.recognised - change)}; {back}"

    def _by_then(self, used: int, of: int, by_then: int) -> str:
        """What so many uses have recognised of so many that are expected, which are told in ten thousandths."""
        full = breakage.of_sessions(self.net, used * breakage.WHOLE_BP, of)
        exact = self.net * used * breakage.WHOLE_BP == full * of
        most = "" if full == by_then else f", at most {self._money(by_then)}"
        terms = f"{self._money(self.net)} × {used} / {_decimal(of, breakage.WHOLE_BP)}"  # noqa: RUF001
        return f"{terms} {'=' if exact else '≈'} {self._money(full)}{most}"

    def _part(self, moved: Moved) -> str:
        taken = moved.value_minor
        told = _share(self.value, moved.sessions, self.left, taken, self.currency)
        return told or f"{self._money(self.value)} - {self._money(taken)} = {self._money(self.value - taken)}"

    def _consists(self, moved: Moved, worth: int, tax: int) -> str:
        """Of what the value that was taken consists, where that is more than one thing."""
        named = ((worth, ""), (moved.breakage_minor, " breakage"), (tax, " tax"))
        parts = [(amount, name) for amount, name in named if amount]
        if len(parts) < 2 or not (moved.breakage_minor or tax):
            return ""
        (first, name), *rest = parts
        more = "".join(f" {'-' if each < 0 else '+'} {self._money(abs(each))}{what}" for each, what in rest)
        return f"; {self._money(moved.value_minor)} = {self._money(first)}{name}{more}"

    def _money(self, minor: int) -> str:
        return to_decimal_string(minor, self.currency)


def share(total: int, n: int, of: int, part: int, currency: str, n_text: str = "", of_text: str = "") -> str:
    """A part of a total in proportion, which rounding may have changed."""
    sign, money = "=" if total * n == part * of else "≈", to_decimal_string
    return f"{money(total, currency)} × {n_text or n} / {of_text or of} {sign} {money(part, currency)}"  # noqa: RUF001


def _share(total: int, n: int, of: int, part: int, currency: str) -> str:
    """The same, or nothing where it is another part."""
    return "" if abs(total * n - part * of) > of else share(total, n, of, part, currency)


def rate(bp: int) -> str:
    """Hundredths of a percent as percent: 1250 is `12.5`."""
    return _decimal(bp, 100)


def _decimal(amount: int, of: int) -> str:
    whole, rest = divmod(amount, of)
    return f"{whole}.{rest:0{len(str(of)) - 1}d}".rstrip("0").rstrip(".") if rest else str(whole)
