"""The registry of connectors: each is a file here, named as its system, that says what it is opened with."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec

from domain.accounting.connectors.http import Http
from domain.accounting.connectors.oauth import Client, Tokens
from domain.accounting.connectors.protocol import Connector, System
from domain.kernel.addresses import MayNotBeCalled, target
from domain.kernel.errors import FieldProblem

ADDRESSES = frozenset({"url", "api", "tokenUrl"})
"""What settings call the address that is called."""


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
    reads_back: bool = True
    """Whether it tells what is booked, so that there is something to compare."""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Settings that can only be one of these."""
    sound: Mapping[str, Callable[[str], object]] = field(default_factory=dict)
    """Credentials that show by themselves whether they can be any: what raises ValueError is none."""


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
    """What is missing to open a connector, and what it knows nothing of."""
    try:
        its = kind(system)
    except LookupError as error:
        yield FieldProblem(("system",), str(error))
        return
    yield from _missing("settings", its.settings, settings)
    yield from _missing("credentials", its.credentials, credentials)
    yield from _bad_settings(system, its, settings)
    yield from _bad_credentials(system, its, credentials)


def _bad_settings(system: System, its: Kind, settings: Mapping[str, object]) -> Iterable[FieldProblem]:
    for name in sorted(set(settings) - {*its.settings, *its.optional}):
        yield FieldProblem(("settings", name), f"{system} takes no {name}.")
    for name, choices in its.choices.items():
        if settings.get(name, choices[0]) not in ("", *choices):
            yield FieldProblem(("settings", name), f"{name} is {' or '.join(choices)}.")
    for name in sorted(ADDRESSES & set(settings)):
        try:
            target(str(settings[name]))
        except MayNotBeCalled as reason:
            yield FieldProblem(("settings", name), f"{name} {reason}.")


def _bad_credentials(system: System, its: Kind, credentials: Mapping[str, str]) -> Iterable[FieldProblem]:
    for name in sorted(set(credentials) - {*its.credentials, *its.optional}):
        yield FieldProblem(("credentials", name), f"{system} takes no {name}.")
    for name in sorted(set(credentials) & set(its.sound)):
        try:
            its.sound[name](credentials[name])
        except ValueError:
            yield FieldProblem(("credentials", name), f"{name} is not what {system} takes. Look it up there again.")


def _missing(where: str, needed: Iterable[str], given: Mapping[str, object]) -> Iterable[FieldProblem]:
    for name in needed:
        if given.get(name) in (None, ""):
            yield FieldProblem((where, name), f"{name} is needed.")
