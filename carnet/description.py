"""The schema as text, and events as JSON Schema: printed, written, and compared with what is committed."""

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


def write_schemas(directory: Path) -> None:
    """Write what events look like; what else is there stays."""
    from domain.webhooks.schemas import files

    directory.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (directory / name).write_bytes(content)


def schemas_outdated(directory: Path) -> list[str]:
    """Which files are missing, do not say what the code says, or are about no event."""
    from domain.webhooks.schemas import files

    found = {path.name: path.read_bytes() for path in directory.glob("*.json")}
    wrong = sorted(name for name in {*found, *files()} if found.get(name) != files().get(name))
    return [f"{directory / name} is not what the code says." for name in wrong]
