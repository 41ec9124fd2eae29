"""What every test may ask for: a database of its own, on SQLite and on PostgreSQL."""

import gc
import os
from collections.abc import Generator

import pytest

from tests.fixtures.memory import keep_files_in_memory
from tests.fixtures.order import is_on_postgres, remember_models, takes_long

_RARELY = (50_000, 20, 20)
"""How many new objects the collector of garbage waits for: tests leave little behind, and to look takes long."""
_KEPT = ("CARNET_HYPOTHESIS_EXAMPLES", "CARNET_NIGHT")
"""What only says how long to search."""

pytest_plugins = ["tests.fixtures.databases", "tests.fixtures.former_databases", "tests.fixtures.told_demo"]


def pytest_configure() -> None:
    """The settings of whoever runs the tests must not change what the tests find."""
    for name in [name for name in os.environ if name.startswith("CARNET_") and name not in _KEPT]:
        del os.environ[name]
    keep_files_in_memory()
    remember_models()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many tests wait for a process that they have started."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those on PostgreSQL come last, and before others those that take long, so that none is left alone at the end."""
    items.sort(key=lambda item: (is_on_postgres(item), not takes_long(item)))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported now stays, so that the collector of garbage need not look through it in every test."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_RARELY)
        gc.enable()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
