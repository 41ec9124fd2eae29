"""The registry of connectors: each is a file here, named as its system, that says what it is opened with."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

from domain.accounting.connectors.http import Http
from domain.accounting.connectors.oauth import Client, Tokens
from domain.accounting.connectors.protocol import Connector, System
from domain.kernel.addresses import MayNotBeCalled, target
from domain.kernel.errors import FieldProblem

ADDRESSES = frozenset({"url", "api", "tokenUrl"})
"""What settings call the address that is called."""
SETTLES = timedelta(seconds=15)
SETTLES_SLOWLY = timedelta(minutes=2)
"""For those that know no idempotency: longer than any of them lets a request be at work."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a connector is opened with; `tokens` keeps those of the connection, for whom Carnet is this client."""

    settings: Mapping[str, object]
    credentials: Mapping[str, str]
    http: Http
    tokens: Callable[[Client], Tokens]
    connection_id: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A system: how it is opened, which settings and credentials that takes, and how many of its calls at once."""

    open: Callable[[Opening], Connector]
    settings: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    at_once: int = 4
    settles: timedelta = SETTLES
    """Before this a request without an answer may be at work there still, and looking for it would find nothing."""
    reads_back: bool = True
    """Whether it tells what is booked, so that there is something to compare."""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Settings that can only be one of these."""
    sound: Mapping[str, Callable[[str], object]] = field(default_factory=dict)
    """Settings and credentials that show by themselves whether they can be any: what raises ValueError is none."""
    account: Callable[[Mapping[str, object], str], None] | None = None
    """By its settings, raises ValueError for what can be no account; None where only the system itself knows."""


KINDS: dict[System, Kind] = {}
"""The systems that were asked for."""


def kind(system: System) -> Kind:
    """What there is to know of a system; raises LookupError where it has no connector."""
    if system not in KINDS:
        name = f"{__package__}.{system.lower()}"
        if find_spec(name) is None:
            raise LookupError(f"There is no connector to {system}.")
        KINDS[system] = import_module(name).KIND
    return KINDS[system]


def open_connector(system: System, opening: Opening) -> Connector:
    """A connector, to be closed by whoever opened it."""
    return kind(system).open(opening)


def problems(system: System, settings: Mapping[str, object], credentials: Mapping[str, str]) -> Iterable[FieldProblem]:
    """What is missing to open a connector, what it knows nothing of, and what cannot be what it is said to be."""
    try:
        kind(system)
    except LookupError as error:
        yield FieldProblem(("system",), str(error))
        return
    yield from bad_settings(system, settings)
    yield from bad_credentials(system, credentials)


def bad_settings(system: System, settings: Mapping[str, object]) -> Iterable[FieldProblem]:
    """What is wrong with the settings alone."""
    its = kind(system)
    yield from _missing("settings", its.settings, settings)
    yield from _unknown(system, "settings", (*its.settings, *its.optional), settings)
    yield from _unsound(system, "settings", its, settings)
    for name, choices in its.choices.items():
        if settings.get(name, choices[0]) not in ("", *choices):
            yield FieldProblem(("settings", name), f"{name} is {' or '.join(choices)}.")
    for name in sorted(ADDRESSES & set(settings)):
        try:
            target(str(settings[name]))
        except MayNotBeCalled as reason:
            yield FieldProblem(("settings", name), f"{name} {reason}.")


def bad_credentials(system: System, credentials: Mapping[str, str]) -> Iterable[FieldProblem]:
    """What is wrong with the credentials alone."""
    its = kind(system)
    yield from _missing("credentials", its.credentials, credentials)
    yield from _unknown(system, "credentials", its.credentials, credentials)
    yield from _unsound(system, "credentials", its, credentials)


def _unknown(system: System, where: str, taken: Iterable[str], given: Mapping[str, object]) -> Iterable[FieldProblem]:
    for name in sorted(set(given) - set(taken)):
        yield FieldProblem((where, name), f"{system} takes no {name}.")


def _unsound(system: System, where: str, its: Kind, given: Mapping[str, object]) -> Iterable[FieldProblem]:
    for name in sorted(set(given) & set(its.sound)):
        try:
            if given[name] not in (None, ""):
                its.sound[name](str(given[name]))
        except ValueError:
            yield FieldProblem((where, name), f"{name} is not what {system} takes. Look it up there again.")


def _missing(where: str, needed: Iterable[str], given: Mapping[str, object]) -> Iterable[FieldProblem]:
    for name in needed:
        if given.get(name) in (None, ""):
            yield FieldProblem((where, name), f"{name} is needed.")
