"""Pure rendering of what changed a package without moving a session: last days, freezes, disputes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.kernel.money import to_decimal_string


@dataclass(frozen=True, slots=True)
class Noted:
    """An act that is told from the facts of its outcome."""

    act: str
    outcome: Mapping[str, Any]

    @property
    def label(self) -> str:
        """What happened, in one sentence without its full stop."""
        return _LABELS[self.act](self.outcome)

    @property
    def formula(self) -> str:
        """The arithmetic of it."""
        return _kept_back(self.outcome) if self.act == "open_dispute" else _last_day(self.outcome)


_LABELS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "extend_package": lambda said: f"The last day was moved to {said['last_day']}",
    "freeze_package": lambda said: f"The package was frozen from {said['starts_on']} until {said['thaws_on']}",
    "unfreeze_package": lambda said: f"The freeze was ended on {said['thawed_on']}",
    "open_dispute": lambda said: f"A payment of {_money(said, 'amount_minor')} {said['currency']} was disputed",
    "win_dispute": lambda said: f"The dispute was won on {said['thawed_on']}",
}

ACTS = tuple(_LABELS)
"""The acts that are told so."""


def _last_day(said: Mapping[str, Any]) -> str:
    """How the latest last day of those that moved came about."""
    if not said["lots"]:
        return "0 days"
    lot = max(said["lots"], key=lambda lot: str(lot["last_day"]))
    days = (date.fromisoformat(lot["last_day"]) - date.fromisoformat(lot["was"])).days
    unit = "day" if abs(days) == 1 else "days"
    return f"{lot['was']} {'-' if days < 0 else '+'} {abs(days)} {unit} = {lot['last_day']}"


def _kept_back(said: Mapping[str, Any]) -> str:
    amount, fee = _money(said, "amount_minor"), _money(said, "fee_minor")
    return f"{amount} + {fee} = {to_decimal_string(said['amount_minor'] + said['fee_minor'], said['currency'])}"


def _money(said: Mapping[str, Any], name: str) -> str:
    return to_decimal_string(said[name], said["currency"])
