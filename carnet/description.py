"""The schema as text, and whether the committed text still says the same."""

import difflib
from pathlib import Path

_COMMITTED = Path(__file__).parent.parent / "schema" / "schema.graphql"


def printed() -> str:
    """The schema in GraphQL's own language."""
    from schema.graph import sdl

    return sdl()


def differences() -> list[str]:
    """What the committed text says and the code does not, or the other way round."""
    committed = _COMMITTED.read_text(encoding="utf-8") if _COMMITTED.exists() else ""
    lines = difflib.unified_diff(
        committed.splitlines(), printed().splitlines(), "schema/schema.graphql", "the code", lineterm="", n=2
    )
    return list(lines)
