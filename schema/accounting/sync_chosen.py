"""What a client chose of several systems or credentials, as the domain knows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from strawberry.utils.str_converters import to_camel_case

from domain.accounting.connectors.protocol import System
from domain.kernel.errors import FieldProblem, InvalidInput


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a client chose, as the domain knows it, and where in the input it is."""

    name: str
    settings: Mapping[str, str]
    credentials: Mapping[str, str]

    @property
    def system(self) -> System:
        """The system; it is called here as there."""
        return System[self.name.upper()]

    def refused(self, bad: InvalidInput, field: str) -> InvalidInput:
        """What is bad, at its place in the input."""
        return InvalidInput(*(self._placed(problem, field) for problem in bad.problems))

    def _placed(self, problem: FieldProblem, field: str) -> FieldProblem:
        where, *names = problem.path
        if where not in ("settings", "credentials"):
            return problem
        return FieldProblem((field, to_camel_case(self.name), *names), problem.message)


_SECRETS = frozenset({"clientId", "clientSecret", "refreshToken", "apiKey", "apiSecret", "secret"})


def chosen(one_of: Any) -> Chosen:
    """The one of an input that has exactly one, its secrets apart."""
    name, given = next((name, value) for name, value in vars(one_of).items() if value)
    said = {to_camel_case(each): str(value) for each, value in vars(given).items() if value is not None}
    secrets = {each: value for each, value in said.items() if each in _SECRETS}
    return Chosen(name, {each: value for each, value in said.items() if each not in _SECRETS}, secrets)
