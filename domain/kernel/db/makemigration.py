"""Writes the next migration from the models: `python -m domain.kernel.db.makemigration NAME`."""

import asyncio
import sys
from pathlib import Path

from tortoise.migrations.writer import MigrationWriter, format_migration_name

from domain.kernel.db.migrate import changes


def main(name: str) -> None:
    """Write one numbered file; read it before it is committed, since it will change real data."""
    for change in asyncio.run(changes()):
        number = int(change.name[:4])
        writer = MigrationWriter(
            format_migration_name(number, name),
            change.app_label,
            change.operations,
            dependencies=change.dependencies,
            initial=change.initial,
            migrations_module=change.migrations_module,
        )
        sys.stdout.write(f"{Path(str(writer.write()))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
