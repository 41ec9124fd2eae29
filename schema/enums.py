"""Enums of the domain as the graph shows them, each value with its description."""

from enum import Enum
from typing import Any, TypeVar

import strawberry

E = TypeVar("E", bound=type[Enum])


def enum(cls: E, *, name: str | None = None, description: str, **values: str) -> E:
    """Show an enum of the domain in the graph; every value must be described, and only those that exist."""
    declared: Any = strawberry.enum(cls, name=name, description=description)
    definition = declared.__strawberry_definition__
    assert {value.name for value in definition.values} == set(values), f"describe exactly the values of {cls}"
    for value in definition.values:
        value.description = values[value.name]
    return cls
