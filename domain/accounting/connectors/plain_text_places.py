"""Where files of plain text are written: below one folder, which whoever starts the process names."""

from pathlib import Path

from domain.kernel.ids import prefix_of

_root: Path | None = None


def use_folder(path: Path | None) -> None:
    """From now on files are written below this folder; none, and nothing is written."""
    global _root
    _root = path


def folder_of(connection_id: str) -> Path | None:
    """The folder of a connection, named by its id: so no chain reaches the files of another."""
    if _root is None or not prefix_of(connection_id):
        return None
    return _root / connection_id
