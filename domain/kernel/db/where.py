"""Conditions of a statement, collected one by one with their numbered arguments."""

from typing import Any


class Where:
    """A WHERE clause that grows: `where.add("p.id = {id}", id=…)`; its text and `args` go to one statement."""

    def __init__(self) -> None:
        self._conditions: list[str] = []
        self.args: list[Any] = []

    def value(self, value: Any) -> str:
        """Take an argument and return its placeholder."""
        self.args.append(value)
        return f"${len(self.args)}"

    def add(self, condition: str, **values: Any) -> None:
        """Add a condition, with the values that its names in braces stand for."""
        self._conditions.append(condition.format(**{name: self.value(value) for name, value in values.items()}))

    def add_given(self, condition: str, value: Any) -> None:
        """Add a condition on `{value}` when there is one."""
        if value is not None:
            self.add(condition, value=value)

    def __str__(self) -> str:
        return " AND ".join(f"({condition})" for condition in self._conditions)
