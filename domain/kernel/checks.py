"""Collects everything that is wrong with the fields of an input, so that all of it is refused at once."""

import re
from collections.abc import Iterable

from domain.kernel.errors import FieldProblem, InvalidInput
from domain.kernel.money import MAX_MINOR

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_EMAIL = re.compile(r"[^\s@<>(),:;\"\\]{1,64}@[^\s@<>(),:;\"\\.]+(\.[^\s@<>(),:;\"\\.]+)+")
_CODE = re.compile(r"[A-Z0-9-]{1,20}")


class Checks:
    """The problems found so far; `passed` refuses them together."""

    def __init__(self) -> None:
        self._problems: list[FieldProblem] = []

    def that(self, holds: bool, otherwise: str, *path: str) -> None:
        """Note a problem unless the condition holds."""
        if not holds:
            self._problems.append(FieldProblem(path, otherwise))

    def none_of(self, problems: Iterable[FieldProblem]) -> None:
        """Note problems that a rule has found."""
        self._problems.extend(problems)

    def text(self, value: str, most: int, *path: str, lines: bool = False) -> str:
        """The text without the blanks around it; may be empty."""
        bare = value.strip()
        control = _CONTROL_BUT_LINES if lines else _CONTROL
        self.that(len(bare) <= most, f"{path[-1]} holds at most {most} characters.", *path)
        self.that(not control.search(bare), f"{path[-1]} holds characters that cannot be written.", *path)
        return bare

    def required(self, value: str, most: int, *path: str) -> str:
        """The text without the blanks around it; must not be empty."""
        bare = self.text(value, most, *path)
        self.that(bool(bare), f"{path[-1]} must not be blank.", *path)
        return bare

    def code(self, value: str, *path: str) -> str:
        """A short name for lists, labels and look-ups: capital letters, digits and hyphens."""
        bare = value.strip()
        self.that(bool(_CODE.fullmatch(bare)), f"{path[-1]} is 1 to 20 of A-Z, 0-9 and hyphens.", *path)
        return bare

    def between(self, value: int, least: int, most: int, *path: str) -> None:
        """Note a problem unless the number lies in the range, both ends included."""
        self.that(least <= value <= most, f"{path[-1]} lies between {least} and {most}.", *path)

    def amount(self, minor: int, *path: str) -> None:
        """Note a problem unless money can come in by this amount."""
        self.that(minor > 0, f"{path[-1]} must be more than zero.", *path)
        self.that(minor < MAX_MINOR, f"{path[-1]} is larger than any amount Carnet keeps.", *path)

    def email(self, value: str | None, *path: str) -> str | None:
        """The e-mail address in lower case, as it is looked up; None when it is left out or blank."""
        bare = (value or "").strip().lower()
        good = not bare or (len(bare) <= 254 and _EMAIL.fullmatch(bare) and not _CONTROL.search(bare))
        self.that(bool(good), f"{path[-1]} is not an e-mail address.", *path)
        return bare or None

    def passed(self) -> None:
        """Refuse the input unless nothing was wrong with it."""
        if self._problems:
            raise InvalidInput(*self._problems)
