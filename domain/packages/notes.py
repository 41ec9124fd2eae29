"""Pure rendering of what changed a package without moving a session: last days, freezes, disputes, its end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.kernel.money import to_decimal_string
from domain.packages import notes_changes
from domain.packages.trace_books import Books


@dataclass(frozen=True, slots=True)
class Noted:
    """An act that is told from the facts of its outcome, or by what it did to the books."""

    act: str
    outcome: Mapping[str, Any]

    def told(self, books: Books, currency: str) -> tuple[str, str]:
        """What happened, in one sentence without its full stop, and the arithmetic of it; `books` by how much."""
        if self.act in _CHANGES:
            return _CHANGES[self.act](self.outcome, books, currency)
        if self.act in _BY_BOOKS:
            return _BY_BOOKS[self.act](books, currency)
        return _LABELS[self.act](self.outcome), _FORMULAS.get(self.act, _last_day)(self.outcome)


_LABELS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "extend_package": lambda said: f"The last day was moved to {said['last_day']}",
    "freeze_package": lambda said: f"The package was frozen from {said['starts_on']} until {said['thaws_on']}",
    "unfreeze_package": lambda said: f"The freeze was ended on {said['thawed_on']}",
    "open_dispute": lambda said: f"A payment of {_money(said, 'amount_minor')} {said['currency']} was disputed",
    "win_dispute": lambda said: f"The dispute was won on {said['thawed_on']}",
    "accept_branch_transfer": lambda said: f"The package moved from {said['from_branch']} to {said['to_branch']}",
    "rehome_package": lambda said: f"{said['from_branch']} closed, and the package moved to {said['to_branch']}",
}

_LABELS |= dict.fromkeys(
    ("merge_customers", "undo_customer_merge"), lambda _: "The package went over to another customer"
)


def _voided(books: Books, currency: str) -> tuple[str, str]:
    """The value of the sessions and the tax of the sale are the price that is owed no more."""
    return "The sale was voided", _sum(currency, -books.deferred_minor, -books.tax_minor)


def _lost(books: Books, currency: str) -> tuple[str, str]:
    """What never comes back: the value of the sessions taken away, the tax in it, and what that does not cover."""
    amount = to_decimal_string(books.refunded_minor, currency)
    label = f"The dispute was lost, and {amount} {currency} never comes back"
    return label, _sum(currency, -books.deferred_minor, -books.tax_minor, books.bad_debt_minor)


_BY_BOOKS: dict[str, Callable[[Books, str], tuple[str, str]]] = {"void_sale": _voided, "lose_dispute": _lost}

_CHANGES: dict[str, Callable[[Mapping[str, Any], Books, str], tuple[str, str]]] = {
    "request_refund": notes_changes.requested,
    "approve_refund": notes_changes.agreed,
    "refuse_refund": notes_changes.refused,
    "withdraw_refund": notes_changes.withdrawn,
    "pay_out_refund": notes_changes.paid_out,
    "upgrade_package": notes_changes.upgraded,
}

ACTS = (*_LABELS, *_BY_BOOKS, *_CHANGES)
"""The acts that are told so."""


def _last_day(said: Mapping[str, Any]) -> str:
    """How the latest last day of those that moved came about."""
    if not said["lots"]:
        return "no last day moves"
    lot = max(said["lots"], key=lambda lot: str(lot["last_day"]))
    days = (date.fromisoformat(lot["last_day"]) - date.fromisoformat(lot["was"])).days
    unit = "day" if abs(days) == 1 else "days"
    return f"{lot['was']} {'-' if days < 0 else '+'} {abs(days)} {unit} = {lot['last_day']}"


def _kept_back(said: Mapping[str, Any]) -> str:
    """What the provider took, with its fee where it asks one."""
    amount, fee = said["amount_minor"], said["fee_minor"]
    minor = [to_decimal_string(each, said["currency"]) for each in (amount, fee, amount + fee)]
    return f"{minor[0]} + {minor[1]} fee = {minor[2]}" if fee else f"{minor[0]} kept back"


def _went_along(said: Mapping[str, Any]) -> str:
    """What the new home owes as sessions from now on, and what it is owed."""
    unit = "session" if said["sessions"] == 1 else "sessions"
    unpaid = f"; {_money(said, 'unpaid_minor')} unpaid" if said["unpaid_minor"] else ""
    return f"{said['sessions']} {unit}, {_money(said, 'value_minor')} deferred{unpaid}"


_FORMULAS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "open_dispute": _kept_back,
    "accept_branch_transfer": _went_along,
    "rehome_package": _went_along,
}

_FORMULAS |= dict.fromkeys(("merge_customers", "undo_customer_merge"), lambda _: "nothing in it changes")


def _money(said: Mapping[str, Any], name: str) -> str:
    return to_decimal_string(said[name], said["currency"])


def _sum(currency: str, first: int, *more: int) -> str:
    terms = "".join(f" {'-' if each < 0 else '+'} {to_decimal_string(abs(each), currency)}" for each in more)
    return f"{to_decimal_string(first, currency)}{terms} = {to_decimal_string(first + sum(more), currency)}"
