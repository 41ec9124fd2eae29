"""Benchmarks that start from a database that was migrated before, as all tests do."""

from dataclasses import replace

import pytest

from tests.fixtures.postgres import Server


@pytest.fixture
def migrated_server(postgres_server: Server, postgres_template: str) -> Server:
    """A PostgreSQL server on which every new database is migrated already."""
    return replace(postgres_server, template=postgres_template)
