"""Ready refund policies: data with their sources, which a chain may adopt into its terms and adjust."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from domain.catalog.rules import impossible
from domain.catalog.terms import Item, Price, Refunding, Terms, Validity
from domain.kernel.errors import FieldProblem
from domain.kernel.money import is_currency

_FILES = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule stands: in which law or scheme, where in it, and a page that tells of it where one was read."""

    title: str
    place: str
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """A refund policy to adopt; with a currency where its amounts are in one, with a country where it is a law there.

    `note` says what the policy does, and where the rule it stands for says more than terms can.
    """

    code: str
    name: str
    note: str
    sources: tuple[Source, ...]
    refund: Refunding
    country: str | None = None
    sector: str | None = None
    currency: str | None = None

    def fits(self, currency: str) -> bool:
        """Whether prices in the currency can have this policy."""
        return self.currency in (None, currency)


class BadPreset(ValueError):
    """A file that is no preset, and why."""


class NotAdoptable(ValueError):
    """No preset of this code, or none for prices in this currency, and which there are."""


_ADAPTER = TypeAdapter(Preset)
_AMOUNTS = tuple(field.name for field in fields(Refunding) if field.name.endswith("_minor"))


@cache
def presets() -> tuple[Preset, ...]:
    """Every preset there is, by code."""
    found = [loaded(path.read_text(encoding="utf-8"), path.stem) for path in _FILES.glob("*.json")]
    return tuple(sorted(found, key=lambda preset: preset.code))


def adoptable(code: str, currency: str) -> Preset:
    """The preset of this code, for terms with prices in this currency; otherwise says which ones fit these."""
    fitting = ", ".join(preset.code for preset in presets() if preset.fits(currency))
    found = next((preset for preset in presets() if preset.code == code), None)
    if found is None:
        raise NotAdoptable(f"There is no preset {code!r}. For prices in {currency} choose one of {fitting}")
    if not found.fits(currency):
        amounts = f"The amounts of {code} are in {found.currency}, the price is in {currency}"
        raise NotAdoptable(f"{amounts}. Choose one of {fitting}")
    return found


def fitting_presets(country: str | None, currency: str | None) -> list[Preset]:
    """Those that are for this country or for none, and fit prices in this currency; what is None does not limit."""
    return [
        preset
        for preset in presets()
        if (country is None or preset.country in (None, country)) and (currency is None or preset.fits(currency))
    ]


def impossible_policy(refund: Refunding, currency: str, group: str = "refund") -> Iterator[FieldProblem]:
    """What cannot be honoured in a refund policy, each with its own reason; `group` is where in the input it is."""
    price = Price(10_000, currency)
    for problem in impossible(Terms((Item(("srv_any",), 1),), price, Validity(days=1), refund=refund)):
        yield FieldProblem((group, *problem.path[1:]), problem.message)


def loaded(text: str, code: str) -> Preset:
    """The preset of a file, whose name is its code; refuses unknown words, impossible terms and amounts in nothing."""
    raw = json.loads(text)
    unknown = _unknown(raw)
    if unknown:
        raise BadPreset(f"{code}: nothing is called {', '.join(unknown)}")
    preset = _ADAPTER.validate_python(raw)
    for problem in _problems(preset, code):
        raise BadPreset(f"{code}: {problem}")
    return preset


def _unknown(raw: dict[str, object]) -> list[str]:
    """Words that no field has; they would be passed over without a sound."""
    refund = raw.get("refund")
    named = set(refund) if isinstance(refund, dict) else set()
    preset = {field.name for field in fields(Preset)}
    return sorted((set(raw) - preset) | (named - {field.name for field in fields(Refunding)}))


def _problems(preset: Preset, code: str) -> list[str]:
    problems = [] if preset.code == code else [f"its code is {preset.code}"]
    if not preset.sources:
        problems.append("it names no source")
    if preset.currency is not None and not is_currency(preset.currency):
        problems.append(f"{preset.currency} is no currency")
    if preset.currency is None and any(getattr(preset.refund, name) for name in _AMOUNTS):
        problems.append("its amounts are in no currency")
    return problems + [problem.message for problem in impossible_policy(preset.refund, preset.currency or "EUR")]
